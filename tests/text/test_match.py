from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from quotes.text.match import PROPOSE_AT, Wording, compare, is_fragment_of, likeness
from tests.text.awkward import any_text, many

LONG = "Vladimir, you can pick up the phone anytime, and I'll be happy to answer and happy to talk to you."


def test_it_works() -> None:
    found = compare(Wording(LONG), Wording(f"“{LONG}”"))
    assert (found.score, found.reasons, found.alarms) == (1.0, ("The words are the same.",), ())


@pytest.mark.parametrize(
    "other",
    [
        "Vladimir, you can pick up your phone any time, and I will be happy to answer and happy to talk to you.",
        "You can pick up the phone anytime, and I'll be happy to answer",
        "I'll be happy to answer and happy to talk to you. Vladimir, you can pick up the phone anytime",
        f"He told him: {LONG} And that was the end of the call between the two of them.",
    ],
)
def test_proposed(other: str) -> None:
    assert compare(Wording(LONG), Wording(other)).score >= PROPOSE_AT


@pytest.mark.parametrize("other", ["The dam above the town is old and nobody has looked at it for years.", "phone", ""])
def test_not_proposed(other: str) -> None:
    assert compare(Wording(LONG), Wording(other)).score < PROPOSE_AT


def test_a_lost_not_is_alike_and_alarms() -> None:
    found = compare(
        Wording("We will not send any troops to the border"), Wording("We will send any troops to the border")
    )
    assert found.score > 0.9
    assert [alarm.kind for alarm in found.alarms] == ["negation"]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (date(2025, 5, 21), date(2025, 5, 21), "Reported on the same day."),
        (date(2025, 5, 21), date(2025, 5, 22), "Reported 1 day apart."),
        (date(2025, 5, 28), date(2025, 5, 21), "Reported 7 days apart."),
    ],
)
def test_circumstances(one: date, other: date, reason: str) -> None:
    found = compare(Wording("no", "Ann Lee", one), Wording("No.", "Ann Lee", other))
    assert found.reasons[1:] == ("Both are put down to Ann Lee.", reason)


@pytest.mark.parametrize(
    ("fragment", "longer", "expected"),
    [
        ("“happy to answer”", LONG, True),
        ("he would be “happy to answer” him", LONG, True),  # the quoted words alone
        ("answer happy", "happy to answer it", False),  # order counts
        ("happy to shout", LONG, False),
        (LONG, "happy to answer", False),
        (LONG, LONG, False),
        ("", LONG, False),
        ("of the", LONG, False),  # no content word
    ],
)
def test_is_fragment_of(fragment: str, longer: str, expected: bool) -> None:
    assert is_fragment_of(fragment, longer) is expected


@many
@given(any_text, any_text)
def test_any_text(one: str, other: str) -> None:
    found = compare(Wording(one), Wording(other))
    assert 0 <= found.score <= 1
    assert found.score == pytest.approx(compare(Wording(other), Wording(one)).score)
    assert found.reasons
    assert compare(Wording(one), Wording(one)).score == 1


@many
@given(any_text, any_text)
def test_likeness_is_the_score_without_its_reasons(one: str, other: str) -> None:
    assert likeness(one, other) == pytest.approx(compare(Wording(one), Wording(other)).score)
    assert likeness(one, other) == likeness(other, one)


def test_wordings_without_words_are_not_alike() -> None:
    assert likeness("👍", "🔥") == 0
    assert likeness("👍", "👍") == 1
