from __future__ import annotations

import pytest

from quotes.text.match import Wording, compare
from quotes.text.speech import form_of

REPORTED = "that he would never resign and would fight on to the last day"


def kinds(one: Wording, other: Wording) -> list[str]:
    return [alarm.kind for alarm in compare(one, other, heard="same").alarms]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('"I will go"', "direct"),
        ("“I will go.”", "direct"),
        ("''We won't go''", "direct"),
        ("‘Go now’", "direct"),
        ("I will go", "indirect"),
        ("It's fine, don't go", "indirect"),
        ('he said "go" now', ""),
        ("“Go.” “Now.”", ""),
        ("", "indirect"),
    ],
)
def test_form(text: str, form: str) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize(
    "direct",
    [
        '"He would never resign and would fight on to the last day."',
        "“He would never resign, and would fight on to the last day”",
    ],
)
def test_a_report_in_quotation_marks_raises_an_alarm(direct: str) -> None:
    assert "direct" in kinds(Wording(direct), Wording(REPORTED))
    assert "direct" in kinds(Wording(REPORTED), Wording(direct))


@pytest.mark.parametrize(
    "direct",
    [
        '"I will never resign and will fight on to the last day."',
        '"I would never resign and I would fight on to the last day."',
        '"Never resign, and fight on to the last day."',
        '"We said he would never resign and would fight on to the last day."',
    ],
)
def test_what_one_can_say_of_oneself_raises_none(direct: str) -> None:
    assert "direct" not in kinds(Wording(direct), Wording(REPORTED))


def test_two_reports_and_two_quotations_raise_none() -> None:
    quoted = f'"{REPORTED}"'
    assert "direct" not in kinds(Wording(REPORTED), Wording(REPORTED.replace("never ", "")))
    assert "direct" not in kinds(Wording(quoted), Wording(quoted))


def test_what_is_known_of_the_form_outweighs_the_marks() -> None:
    bare = "he would never resign and would fight on to the last day"
    assert "direct" in kinds(Wording(bare, form="direct"), Wording(bare, form="indirect"))
    assert "direct" not in kinds(Wording(bare, form=""), Wording(f'"{bare}"'))
