"""Several ticked rows at once: only what is neutral, each in a transaction of its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from quotes.models import Attribution, Decision, Flag, Match
from quotes.services import review
from quotes.services.flag import claim
from quotes.views.review import MOST_AT_ONCE
from tests.factories import make_attribution, make_flag, make_speaker
from tests.html import page, text_of, texts
from tests.services.test_desk import MAKE, a_flag, a_pair

pytestmark = pytest.mark.django_db
ADDRESS = "/review/several/"


def readings(number: int) -> list[Attribution]:
    return [
        make_attribution(f"The dam number {n} will hold.", speaker=make_speaker(f"Speaker {n}"), confidence=0.2)
        for n in range(number)
    ]


def key(subject: Any) -> str:
    kinds = {Attribution: "reading", Flag: "flag", Match: "match"}
    return f"{kinds[type(subject)]}-{subject.pk}"


def ticked(client: Client, *subjects: Any) -> dict[str, Any]:
    """What the form of ticked rows sends, as it stands."""
    tree = page(client, ADDRESS + "?" + "&".join(f"item={key(subject)}" for subject in subjects))
    return _sent(tree.cssselect("main form")[0])


def _sent(form: html.HtmlElement) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    return data


def do(client: Client, data: dict[str, Any], **given: Any) -> html.HtmlElement:
    response = client.post(ADDRESS, {**data, **given})
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def statuses() -> list[str]:
    return list(Attribution.objects.order_by("pk").values_list("status", flat=True))


# --- done ---


def test_all_ticked_rows_are_listed_with_what_may_be_done(editor_client: Client) -> None:
    rows = [*readings(2), a_flag(), a_pair()]
    tree = page(editor_client, ADDRESS + "?" + "&".join(f"item={key(row)}" for row in rows))
    assert texts(tree, "main h2") == ["4 ticked"]
    assert [label.rsplit(": ", 1)[-1] for label in texts(tree, "fieldset label")]
    acts = {radio.get("value") for radio in tree.cssselect("input[name=act]")}
    assert acts == {"yes", "no", "take"}
    for words in ("The dam number 0", "The dam number 1", "Secondhand:"):
        assert words in text_of(tree.cssselect("main form ul")[0])


@pytest.mark.parametrize(("act", "reason", "status"), [("yes", "", "accepted"), ("no", "A caption.", "rejected")])
def test_readings_are_decided_on_each_with_a_decision(
    act: str, reason: str, status: str, editor_client: Client
) -> None:
    rows = readings(5)
    tree = do(editor_client, ticked(editor_client, *rows), act=act, reason=reason)
    assert "Done: 5" in text_of(tree)
    assert "Not done" not in text_of(tree)
    assert statuses() == [status] * 5
    assert set(Decision.objects.values_list("attribution", "reason")) == {(row.pk, reason) for row in rows}


def test_flags_are_taken_up_and_neutral_ones_settled(editor_client: Client, editor: User) -> None:
    flags = [a_flag(), a_flag(), a_flag("fabricated")]
    tree = do(editor_client, ticked(editor_client, *flags), act="take")
    assert "Done: 3" in text_of(tree)
    assert set(Flag.objects.values_list("state", "claimed_by")) == {("claimed", editor.pk)}
    tree = do(editor_client, ticked(editor_client, *flags), act="yes", reason="I looked at the wire.")
    assert [*texts(tree, "main h2")] == ["Done: 2", "Not done: 1"]
    assert "Fabricated or satire" in text_of(tree)
    assert list(Flag.objects.order_by("pk").values_list("state", flat=True)) == ["upheld", "upheld", "claimed"]


def test_pairs_are_answered_but_not_those_whose_meaning_changed(editor_client: Client) -> None:
    plain, alarmed = a_pair(), a_pair(alarms=["Only one of the two says “not”."])
    tree = page(editor_client, f"{ADDRESS}?item={key(plain)}&item={key(alarmed)}")
    assert text_of(tree).count("Not in bulk: decide on it by itself.") == 1
    tree = do(editor_client, ticked(editor_client, plain, alarmed), act="no")
    assert [*texts(tree, "main h2")] == ["Done: 1", "Not done: 1"]
    assert list(Match.objects.order_by("pk").values_list("outcome", flat=True)) == ["different", "proposed"]


def test_what_cannot_be_done_together_offers_no_act(editor_client: Client) -> None:
    problem, mention = MAKE["problem"](), MAKE["mention"]()
    tree = page(editor_client, f"{ADDRESS}?item=problem-{problem.pk}&item=mention-{mention.pk}")
    assert text_of(tree).count("Not in bulk: decide on it by itself.") == 2
    assert not tree.cssselect("input[name=act]")
    data = {"item": [f"problem-{problem.pk}", f"mention-{mention.pk}"], "act": "yes", "reason": "So."}
    do(editor_client, data)
    assert not Decision.objects.exists()


def test_an_act_that_only_some_rows_know_is_done_to_those(editor_client: Client) -> None:
    reading, flag = readings(1)[0], a_flag("denied")
    tree = do(editor_client, ticked(editor_client, reading, flag), act="yes")
    assert [*texts(tree, "main h2")] == ["Done: 1", "Not done: 1"]
    assert Flag.objects.get().state == "open"
    reading.refresh_from_db()
    assert reading.status == "accepted"


def test_all_of_it_is_undone_together(editor_client: Client) -> None:
    tree = do(editor_client, ticked(editor_client, *readings(5)), act="yes")
    form = tree.cssselect("form[action='/decisions/undo/']")[0]
    assert "Undo all 5" in text_of(form)
    assert editor_client.post("/decisions/undo/", _sent(form))["Location"] == "/review/"
    assert statuses() == ["proposed"] * 5
    assert Decision.objects.exclude(undoes=None).count() == 5


# --- a reason ---


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_reason_is_asked_for_before_anything_is_done(reason: str, editor_client: Client) -> None:
    rows = readings(3)
    tree = do(editor_client, ticked(editor_client, *rows), act="no", reason=reason)
    assert "Say why" in text_of(tree.cssselect(".field.wrong")[0])
    assert not Decision.objects.exists()
    again = _sent(tree.cssselect("main form")[0])  # what was ticked and chosen is still there
    assert again["item"] == [key(row) for row in rows]
    assert again["act"] == ["no"]
    do(editor_client, again, reason="A caption.")
    assert statuses() == ["rejected"] * 3


def test_settling_flags_needs_a_reason_taking_them_up_does_not(editor_client: Client) -> None:
    flag = a_flag()
    for act in ("yes", "no"):
        assert "Say why" in text_of(do(editor_client, ticked(editor_client, flag), act=act))
    assert not Decision.objects.exists()
    assert "Done: 1" in text_of(do(editor_client, ticked(editor_client, flag), act="take"))


# --- somebody else ---


def test_what_another_editor_was_first_at_stands_in_nobody_s_way(editor_client: Client, second_editor: User) -> None:
    rows = readings(3)
    data = ticked(editor_client, *rows)
    review.reject(attribution=rows[1], actor=second_editor, version=1, reason="Nobody said so.")
    tree = do(editor_client, data, act="yes")
    assert [*texts(tree, "main h2")] == ["Done: 2", "Not done: 1"]
    assert "Somebody else changed this attribution" in text_of(tree)
    assert statuses() == ["accepted", "rejected", "accepted"]


def test_a_form_that_comes_back_still_knows_what_was_seen(editor_client: Client, second_editor: User) -> None:
    rows = readings(2)
    data = ticked(editor_client, *rows)
    review.accept(attribution=rows[0], actor=second_editor, version=1)
    tree = do(editor_client, data, act="no", reason="")  # no reason: the form comes back
    tree = do(editor_client, _sent(tree.cssselect("main form")[0]), act="no", reason="A caption.")
    assert [*texts(tree, "main h2")] == ["Done: 1", "Not done: 1"]
    assert statuses() == ["accepted", "rejected"]


def test_a_flag_in_another_s_hands_is_left(editor_client: Client, second_editor: User) -> None:
    flag = claim(flag=a_flag(), actor=second_editor, version=1)
    tree = do(editor_client, ticked(editor_client, flag), act="take")
    assert "edgar has been on this flag since" in text_of(tree)
    assert Flag.objects.get().claimed_by == second_editor


def test_what_nobody_saw_is_not_decided_on(editor_client: Client) -> None:
    row = readings(1)[0]
    tree = do(editor_client, {"item": key(row), "act": "yes"})
    assert [*texts(tree, "main h2")] == ["Not done: 1"]
    assert statuses() == ["proposed"]


# --- rights and nonsense ---


def test_only_editors_decide(client: Client, reporter_client: Client, editor_client: Client, outsider: User) -> None:
    rows = readings(2)
    data = {**ticked(editor_client, *rows), "act": "yes"}
    assert client.post(ADDRESS, data)["Location"].startswith("/account/login/")
    assert reporter_client.post(ADDRESS, data).status_code == 403
    outsider.user_permissions.add(Permission.objects.get(codename="settle_flag"))
    client.force_login(outsider)  # may settle flags, and no more
    assert "Not done: 2" in text_of(do(client, data))
    assert statuses() == ["proposed"] * 2


@pytest.mark.parametrize(
    "items",
    [[], [""], ["x"], ["reading-"], ["reading-0"], ["reading-999999"], ["nonsense-1"], ["reading-" + "9" * 40], ["-1"]],
)
def test_nothing_ticked_is_said(items: list[str], editor_client: Client) -> None:
    readings(1)
    for response in (
        editor_client.get(ADDRESS, {"item": items}),
        editor_client.post(ADDRESS, {"item": items, "act": "yes"}),
    ):
        assert response.status_code == 200
        assert "Nothing is ticked, or it waits no more." in text_of(html.fromstring(response.content))
    assert not Decision.objects.exists()


@pytest.mark.parametrize("act", ["", "unsure", "delete", "\x00", "yes no"])
def test_an_act_that_nobody_offered_is_refused(act: str, editor_client: Client) -> None:
    tree = do(editor_client, ticked(editor_client, *readings(2)), act=act)
    assert tree.cssselect(".field.wrong, .error")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 5001])
def test_a_reason_that_cannot_be_kept_is_refused(reason: str, editor_client: Client) -> None:
    tree = do(editor_client, ticked(editor_client, *readings(2)), act="no", reason=reason)
    assert tree.cssselect(".field.wrong")
    assert not Decision.objects.exists()


def test_one_row_ticked_twice_is_one(editor_client: Client) -> None:
    row = readings(1)[0]
    do(editor_client, {"item": [key(row)] * 5, f"seen-{key(row)}": "1", "act": "yes"})
    assert Decision.objects.count() == 1


def test_no_more_than_a_page_or_two_at_once_and_no_query_for_the_rest(editor_client: Client) -> None:
    row = readings(1)[0]
    numbers = [f"reading-{number}" for number in range(10_000, 10_900)]
    with CaptureQueriesContext(connection) as captured:
        tree = page(editor_client, f"{ADDRESS}?item={key(row)}&" + "&".join(f"item={number}" for number in numbers))
    assert len(captured) <= MOST_AT_ONCE + 10
    assert texts(tree, "main h2") == ["1 ticked"]


def test_hostile_words_are_escaped(editor_client: Client, reporter: User) -> None:
    bad = "<script>alert(1)</script>"
    report = make_attribution(f"We saw {bad} here.", speaker=make_speaker(bad), confidence=0.1)
    assert report.variant is not None
    flag = make_flag(report.variant.quote, reporter)
    data = ticked(editor_client, report, flag)
    for given in ({"act": "no"}, {"act": "no", "reason": bad}, {"act": "no", "reason": bad}):
        body = editor_client.post(ADDRESS, {**data, **given}).content.decode()
        assert bad not in body
        assert "&lt;script&gt;" in body
