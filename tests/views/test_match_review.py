"""The pages on which an editor says whether it is the same quote."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Decision, Match, Quote
from quotes.services import merge
from tests.html import page, text_of
from tests.services.test_match import OLD, says
from tests.services.test_merge import NOT_OLD, PARAPHRASE, REWORDED, asked, quote

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def some_pairs() -> list[Match]:
    """Two questions, the likeliest first."""
    for words in (OLD, NOT_OLD):
        says(words)
    for words in (
        "We shot down 159 of the drones over the harbour.",
        "We shot down 195 of the drones over the harbour.",
    ):
        says(words, speaker="Bob Stone")
    return list(Match.objects.asked().likeliest_first())


def send(client: Client, pair: Match, answer: str, **kwargs: str) -> object:
    return client.post(f"/review/matches/{pair.pk}/?kind=alarmed", {"answer": answer, "seen": pair.outcome}, **kwargs)  # type: ignore[arg-type]


def test_the_pair_shows_both_wordings_and_what_changed(editor_client: Client) -> None:
    says(OLD)
    says(NOT_OLD)
    found = page(editor_client, f"/review/matches/{asked().pk}/")
    one, other = found.cssselect(".pair blockquote")
    assert text_of(one) == OLD
    assert text_of(other) == NOT_OLD
    assert [text_of(mark) for mark in other.cssselect("ins")] == ["not"]
    assert "Only one of the two says “not”." in text_of(found)
    assert len(found.cssselect(".pair .chain")) == 2


@pytest.mark.parametrize("answer", ["different", "unsure"])
def test_an_answer_leads_to_the_next_pair(editor_client: Client, answer: str) -> None:
    first, second, *_ = some_pairs()
    response = send(editor_client, first, answer)
    assert response.status_code == 302  # type: ignore[attr-defined]
    assert response["Location"].startswith(f"/review/matches/{second.pk}/?kind=alarmed&done=")  # type: ignore[index]
    found = page(editor_client, response["Location"])  # type: ignore[index]
    assert "Saved: you" in text_of(found)
    assert found.cssselect("form.done button")


def test_htmx_gets_the_next_pair_alone_and_its_address(editor_client: Client) -> None:
    first, second, *_ = some_pairs()
    response = send(editor_client, first, "different", headers=HTMX)
    assert response.headers["HX-Push-Url"].startswith(f"/review/matches/{second.pk}/")  # type: ignore[attr-defined]
    assert "<html" not in response.content.decode()  # type: ignore[attr-defined]
    assert f"/review/matches/{second.pk}/" in response.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_after_the_last_pair_comes_the_list(editor_client: Client, headers: dict[str, str]) -> None:
    says(OLD)
    says(NOT_OLD)
    response = send(editor_client, asked(), "different", headers=headers)
    address = response.headers.get("Location") or response.headers["HX-Redirect"]  # type: ignore[attr-defined]
    assert address.startswith("/review/matches/?kind=alarmed&done=")
    assert "No pair waits for an answer" in text_of(page(editor_client, address))


def test_what_somebody_else_answered_is_said_and_shown(editor_client: Client, second_editor: User) -> None:
    says(OLD)
    says(NOT_OLD)
    pair = asked()
    merge.judge(pair=pair, actor=second_editor, answer="different", seen="proposed")
    response = send(editor_client, pair, "same")
    found = text_of(html.fromstring(response.content))  # type: ignore[attr-defined]
    assert "Somebody else answered this in the meantime." in found
    assert "edgar said they are different quotes" in found
    assert Match.objects.get().outcome == "different"


@pytest.mark.parametrize("kind", ["alarmed", "reworded", "suggested", "nonsense", ""])
def test_the_list_of_one_kind(editor_client: Client, kind: str) -> None:
    some_pairs()
    found = page(editor_client, f"/review/matches/?kind={kind}")
    known = kind if kind != "nonsense" else ""
    assert len(found.cssselect("tbody tr")) == Match.objects.asked().of_kind(known).count()


@pytest.mark.parametrize("done", ["", "x", "0", "99999999999999999999", "１２"])
def test_an_odd_number_of_a_decision_is_passed_over(editor_client: Client, done: str) -> None:
    some_pairs()
    assert editor_client.get("/review/matches/", {"done": done}).status_code == 200


# --- the page that mends one quote ---


def test_split_by_hand(editor_client: Client) -> None:
    first, second = says(OLD), says(REWORDED, days=1)
    old = quote(first)
    data = {"reason": "Another day.", "split": second.variant_id}
    assert editor_client.post(f"/quotes/{old.pk}/arrange/", data)["Location"] == f"/quotes/{old.pk}/arrange/"
    assert quote(second) != old


def test_take_a_report_out_by_hand(editor_client: Client) -> None:
    first, second = says(OLD), says(OLD, days=1)
    old = quote(first)
    editor_client.post(f"/quotes/{old.pk}/arrange/", {"reason": "Another day.", "take_out": second.pk})
    assert quote(second) != old
    assert "took a report out" in text_of(page(editor_client, f"/quotes/{old.pk}/"))


@pytest.mark.parametrize("typed", ["{}", " {} ", "https://hearsay.example/quotes/{}/", "/quotes/{}"])
def test_merge_by_address_or_number(editor_client: Client, typed: str) -> None:
    first, second = says(OLD), says(PARAPHRASE)
    old, gone = quote(first), quote(second)
    data = {"reason": "One speech.", "merge": "yes", "other": typed.format(old.pk)}
    response = editor_client.post(f"/quotes/{gone.pk}/arrange/", data)
    assert response["Location"] == f"/quotes/{old.pk}/arrange/"
    assert editor_client.get(f"/quotes/{gone.pk}/")["Location"] == f"/quotes/{old.pk}/"
    assert editor_client.get(f"/quotes/{gone.pk}/arrange/")["Location"] == f"/quotes/{old.pk}/arrange/"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"split": "1"}, "Say why"),
        ({"merge": "yes", "other": "", "reason": "One."}, "Give the address or the number"),
        ({"merge": "yes", "other": "no number", "reason": "One."}, "There is no quote at this address"),
        ({"merge": "yes", "other": "999999", "reason": "One."}, "There is no quote at this address"),
        ({"merge": "yes", "other": "１" * 30, "reason": "One."}, "There is no quote at this address"),
    ],
)
def test_what_cannot_be_done_is_said(editor_client: Client, data: dict[str, str], said: str) -> None:
    only = quote(says(OLD))
    assert said in text_of(html.fromstring(editor_client.post(f"/quotes/{only.pk}/arrange/", data).content))
    assert Quote.objects.count() == 1


@pytest.mark.parametrize("data", [{"split": "0"}, {"split": "x"}, {"take_out": "9" * 40}, {}])
def test_what_is_not_of_this_quote_any_more_is_said(editor_client: Client, data: dict[str, str]) -> None:
    only = quote(says(OLD))
    response = editor_client.post(f"/quotes/{only.pk}/arrange/", {"reason": "No.", **data})
    found = html.fromstring(response.content)
    assert "that part is not in this quote any more" in text_of(found)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("button", ["merge", "split", "take_out", "move"])
def test_a_quote_that_was_merged_meanwhile_is_shown_with_what_was_typed(
    editor_client: Client, second_editor: User, button: str
) -> None:
    first, second, third = says(OLD), says(PARAPHRASE), says(NOT_OLD)
    kept, gone, other = quote(first), quote(second), quote(third)
    merge.merge(quote=gone, into=kept, actor=second_editor, reason="One speech.")
    kept, gone = (kept, gone) if quote(second) == kept else (gone, kept)
    target = {"other": str(other.pk)} if button == "merge" else {"into": str(other.pk)}
    data = {"reason": "I know why.", button: str(first.pk), **target}
    found = html.fromstring(editor_client.post(f"/quotes/{gone.pk}/arrange/", data).content)
    assert "has been merged into this one in the meantime" in text_of(found)
    form = next(form for form in found.forms if "I know why." in text_of(form))
    assert form.get("action") == f"/quotes/{kept.pk}/arrange/"
    assert Decision.objects.count() == 1


def test_the_quote_page_lists_what_was_told_apart(editor_client: Client, client: Client) -> None:
    first, _ = says(OLD), says(NOT_OLD)
    send(editor_client, asked(), "different")
    found = page(client, f"/quotes/{quote(first).pk}/").cssselect("#similar")[0]
    assert NOT_OLD in text_of(found)
    assert "different" in text_of(found)
    assert "Only one of the two says “not”." in text_of(found)


@pytest.mark.parametrize(
    "data",
    [
        {"answer": "different", "seen": "proposed", "reason": "a\x00b"},
        {"answer": "different", "seen": "pro\x00posed"},
        {"answer": "perhaps", "seen": "proposed"},
        {"answer": "different", "seen": "proposed", "reason": "x" * 5001},
        {},
    ],
)
def test_what_cannot_be_read_is_refused_in_words(editor_client: Client, data: dict[str, str]) -> None:
    says(OLD)
    says(NOT_OLD)
    response = editor_client.post(f"/review/matches/{asked().pk}/", data)
    assert response.status_code == 200
    assert html.fromstring(response.content).cssselect("[role=alert]")
    assert not Decision.objects.exists()
