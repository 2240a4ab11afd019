"""Who is it that some articles name? Every report, with the words around it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Attribution, Decision, Speaker
from quotes.services import people
from tests.factories import make_attribution, make_speaker
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(db: None) -> list[Attribution]:
    """Three reports of an envoy who may be one of two Ann Lees, or Bob Stone."""
    make_speaker("Ann Lee", role="envoy"), make_speaker("Ann Lee", role="painter")
    candidates = [["Ann Lee (envoy)", 0.6], ["Ann Lee (painter)", 0.3], ["Bob Stone", 0.1]]
    return [
        make_attribution(f"The report number {n} is ready.", speaker_printed="the envoy", candidates=candidates)
        for n in range(3)
    ]


def envoy() -> Speaker:
    return Speaker.objects.get(role="envoy")


def address(row: Attribution) -> str:
    return f"/review/mentions/{row.pk}/"


def sent(client: Client, row: Attribution, **given: Any) -> dict[str, Any]:
    """The form as it stands: every report ticked, nobody chosen."""
    data: dict[str, Any] = {"reports": []}
    for name, value in page(client, address(row)).cssselect("form:has(fieldset.ticks)")[0].form_values():
        if name == "reports":
            data["reports"].append(value)
        else:
            data[name] = value
    assert data["candidate"] == "on"  # lxml's word for the empty value of “somebody else”
    return {**data, "candidate": "", **given}


def told(response: Any) -> html.HtmlElement:
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def speakers() -> list[str]:
    return [str(row.speaker or "") for row in Attribution.objects.order_by("pk")]


def test_every_report_is_listed_with_its_words_and_whom_it_may_mean(
    rows: list[Attribution], editor_client: Client
) -> None:
    make_attribution("Nothing is ready.", speaker_printed="the clerk", candidates=[["Ann Lee", 1]])
    tree = page(editor_client, address(rows[1]))
    assert texts(tree, "h1") == ["Who is “the envoy”?"]
    assert texts(tree, "legend") == ["3 reports that nobody could place", "It is, in the ticked ones"]
    assert [box.get("value") for box in tree.cssselect("[name=reports][checked]")] == [
        str(row.pk) for row in reversed(rows)
    ]
    assert [radio.get("value") for radio in tree.cssselect("[name=candidate]")] == [
        f"Ann Lee #{envoy().pk}",
        f"Ann Lee #{Speaker.objects.get(role='painter').pk}",
        "Bob Stone",
        "",
    ]
    assert "The report number 2 is ready." in text_of(tree)
    assert "Nothing is ready." not in text_of(tree)


def test_a_candidate_is_chosen_for_the_ticked_ones(rows: list[Attribution], editor_client: Client) -> None:
    data = sent(editor_client, rows[0], candidate=f"Ann Lee #{envoy().pk}", reports=[rows[0].pk, rows[2].pk])
    response = editor_client.post(address(rows[0]), data)
    assert response["Location"] == f"/speakers/{envoy().pk}/edit/"
    assert "Resolved in 2: Ann Lee." in texts(page(editor_client, response["Location"]), ".messages li")
    assert speakers() == ["Ann Lee", "", "Ann Lee"]
    assert Decision.objects.get().speaker == envoy()


def test_somebody_else_is_named_and_made(rows: list[Attribution], editor_client: Client) -> None:
    editor_client.post(
        address(rows[0]), sent(editor_client, rows[0], name=" Eve  Hart ", reason="The caption says so.")
    )
    assert speakers() == ["Eve Hart"] * 3
    assert Decision.objects.get().reason == "The caption says so."


def test_a_candidate_chosen_comes_before_a_name_typed(rows: list[Attribution], editor_client: Client) -> None:
    editor_client.post(address(rows[0]), sent(editor_client, rows[0], name="Eve Hart", candidate="Bob Stone"))
    assert speakers() == ["Bob Stone"] * 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Say who it is."),
        ({"name": "  "}, "Say who it is."),
        ({"name": "Ann Lee"}, "Several speakers go by “Ann Lee”"),
        ({"name": "Ann Lee #999999"}, "Ann Lee #999999"),
        ({"candidate": "Bob Stone #1"}, "Bob Stone #1"),
        ({"name": "x" * 321}, "at most 320"),
        ({"name": "a\x00b"}, "Null characters"),
        ({"reason": "x" * 5001, "name": "Eve Hart"}, "at most 5000"),
        ({"reports": [], "name": "Eve Hart"}, "none was ticked"),
        ({"reports": ["x", "0", "-3", "9" * 40], "name": "Eve Hart"}, "none was ticked"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_ticked_and_typed_is_kept(
    given: dict[str, Any], said: str, rows: list[Attribution], editor_client: Client
) -> None:
    chosen = {"reports": [rows[2].pk], **given}
    tree = told(editor_client.post(address(rows[0]), sent(editor_client, rows[0], **chosen)))
    assert said in text_of(tree)
    ticked = [box.get("value") for box in tree.cssselect("[name=reports][checked]")]
    assert ticked == [str(rows[2].pk)] * (given.get("reports") is None)
    if "\x00" not in given.get("name", ""):
        assert tree.cssselect("[name=name]")[0].get("value", "").strip() == given.get("name", "").strip()
    assert speakers() == [""] * 3
    assert not Decision.objects.exists()


def test_a_candidate_that_was_chosen_stays_chosen(rows: list[Attribution], editor_client: Client) -> None:
    data = sent(editor_client, rows[0], candidate="Bob Stone", reports=[])
    tree = told(editor_client.post(address(rows[0]), data))
    assert [radio.get("value") for radio in tree.cssselect("[name=candidate][checked]")] == ["Bob Stone"]


@pytest.mark.parametrize("candidate", ["a\x00b", "x" * 321])
def test_a_candidate_that_nobody_offered_is_refused(
    candidate: str, rows: list[Attribution], editor_client: Client
) -> None:
    told(editor_client.post(address(rows[0]), sent(editor_client, rows[0], candidate=candidate)))
    assert speakers() == [""] * 3


# --- somebody else ---


def test_what_another_editor_resolved_is_left_as_it_is(
    rows: list[Attribution], editor_client: Client, second_editor: User
) -> None:
    data = sent(editor_client, rows[0], candidate="Bob Stone")
    people.resolve(reports=[rows[1].pk], name=f"Ann Lee #{envoy().pk}", actor=second_editor)
    response = editor_client.post(address(rows[0]), data, follow=True)
    assert "Resolved in 2: Bob Stone." in text_of(told(response))
    assert speakers() == ["Bob Stone", "Ann Lee", "Bob Stone"]


def test_the_second_editor_is_told_that_it_is_done(
    rows: list[Attribution], editor_client: Client, second_editor: User
) -> None:
    data = sent(editor_client, rows[0], name="Eve Hart")
    people.resolve(reports=[row.pk for row in rows], name="Bob Stone", actor=second_editor)
    for response in (editor_client.post(address(rows[0]), data), editor_client.get(address(rows[0]))):
        assert "Somebody has said who it is in the meantime." in text_of(told(response))
    assert speakers() == ["Bob Stone"] * 3
    assert Decision.objects.count() == 1


# --- rights and nonsense ---


def test_only_editors_resolve(rows: list[Attribution], client: Client, reporter_client: Client, outsider: User) -> None:
    data = {"reports": [rows[0].pk], "name": "Eve Hart"}
    assert client.post(address(rows[0]), data)["Location"].startswith("/account/login/")
    assert reporter_client.post(address(rows[0]), data).status_code == 403
    client.force_login(outsider)
    assert client.get(address(rows[0])).status_code == client.post(address(rows[0]), data).status_code == 403
    assert speakers() == [""] * 3


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_what_is_not_there_is_not_found(number: str, editor_client: Client) -> None:
    for send in (editor_client.get, editor_client.post):
        assert send(f"/review/mentions/{number}/").status_code == 404


def test_a_report_that_names_nobody_has_nothing_to_resolve(editor_client: Client) -> None:
    row = make_attribution(speaker=make_speaker())
    assert "Somebody has said who it is" in text_of(page(editor_client, address(row)))


def test_hostile_words_are_escaped(editor_client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    make_speaker(bad)
    row = make_attribution(f"We saw {bad} there.", speaker_printed=bad, candidates=[[bad, 0.5]])
    for data in (None, {"reports": [], "name": bad, "reason": bad, "candidate": bad}):
        response = editor_client.post(address(row), data) if data else editor_client.get(address(row))
        assert "<script>alert" not in response.content.decode()
        assert "&lt;script&gt;" in response.content.decode()
