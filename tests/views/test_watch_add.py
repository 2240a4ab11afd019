from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Inbox, Outlet, Quote, Speaker, Watch
from quotes.models.watch import EVENTS
from tests.factories import make_event, make_outlet, make_quote, make_speaker, make_watch
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db

ALL = {"events": list(EVENTS), "period": "daily"}


@pytest.fixture
def quote() -> Quote:
    return make_quote(speaker=make_speaker("Ada Moor"))


def expected(client: Client, url: str) -> str:
    return text_of(page(client, url).cssselect("#expected")[0])


def test_what_is_watched_which_events_and_how_much_to_expect(quote: Quote, reporter_client: Client) -> None:
    for _ in range(30):
        make_event(quote, "upheld")
    tree = page(reporter_client, f"/watches/add/?quote={quote.pk}")
    assert "Ada Moor: “We will rebuild the bridge.”" in text_of(tree)
    boxes = tree.cssselect("input[type=checkbox]")
    assert [box.get("value") for box in boxes] == list(EVENTS)
    assert all(box.get("checked") is not None for box in boxes)
    assert texts(tree, "label[for=watch_events_3]") == ["Denied. Somebody flagged it as denied."]
    assert tree.cssselect("input[type=radio][checked]")[0].get("value") == "daily"
    assert text_of(tree.cssselect("#expected")[0]) == "To be expected: About 7 a week, by the last 30 days."


@pytest.mark.parametrize("target", ["quote", "speaker", "speaker through", "outlet", "search"])
def test_one_click_and_it_is_watched(target: str, reporter: User, reporter_client: Client) -> None:
    rows: dict[str, Any] = {"quote": make_quote(), "speaker": make_speaker(), "outlet": make_outlet()}
    aide = make_speaker("Bob Stone")
    address, kept = {
        "quote": (f"quote={rows['quote'].pk}", "quote:1"),
        "speaker": (f"speaker={rows['speaker'].pk}", "speaker:1"),
        "speaker through": (f"speaker={rows['speaker'].pk}&via={aide.pk}", "speaker:1 via:2"),
        "outlet": (f"outlet={rows['outlet'].pk}", "outlet:1"),
        "search": ("search=via%3AUshakov+bridge", "search:via:Ushakov bridge"),
    }[target]
    kept = (
        kept.replace(":1", f":{rows[target.split()[0]].pk}").replace(":2", f":{aide.pk}")
        if target != "search"
        else kept
    )
    answer = reporter_client.post(f"/watches/add/?{address}", ALL)
    made = Watch.objects.get()
    assert (made.target, made.person, made.events, made.period) == (kept, reporter, list(EVENTS), "daily")
    assert answer["Location"] == made.subject_url
    assert Inbox.objects.get().person == reporter
    assert "You watch this now: " in text_of(page(reporter_client, "/watches/"))


def test_counting_saves_nothing(quote: Quote, reporter_client: Client) -> None:
    for kind in ("upheld", "upheld", "denied"):
        make_event(quote, kind)
    url = f"/watches/add/?quote={quote.pk}"
    given = {"events": ["denied"], "period": "weekly", "count": "1"}
    answer = reporter_client.post(url, given)
    assert "About 1 a month, by the last 30 days." in answer.content.decode()
    assert b"<h1>Watch</h1>" in answer.content
    assert answer.content.count(b" checked") == 2
    fragment = reporter_client.post(url, given, headers={"HX-Request": "true"}).content.decode()
    assert fragment.startswith('<p id="expected"')
    assert "About 1 a month" in fragment
    nothing = reporter_client.post(url, {"period": "daily", "count": "1"}, headers={"HX-Request": "true"})
    assert "Nothing in the last 30 days." in nothing.content.decode()
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"events": []}, "Choose at least one event."),
        ({"events": ["rain"]}, "Select a valid choice"),
        ({"period": "hourly"}, "Select a valid choice"),
        ({"period": ""}, "Choose how often you want an e-mail."),
    ],
)
def test_what_is_refused_is_said(wrong: dict[str, Any], said: str, quote: Quote, reporter_client: Client) -> None:
    answer = reporter_client.post(f"/watches/add/?quote={quote.pk}", ALL | wrong)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "quote=999",
        "quote=x",
        "quote=",
        "speaker=999",
        "speaker=²",
        "outlet=0",
        "speaker={speaker}&via=999",
        "quote=99999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(query: str, reporter_client: Client) -> None:
    url = f"/watches/add/?{query.format(speaker=make_speaker().pk)}"
    assert reporter_client.get(url).status_code == 404
    assert reporter_client.post(url, ALL).status_code == 404
    assert not Watch.objects.exists()


@pytest.mark.parametrize("query", ["", "search=", "search=-", "search=" + "x" * 600])
def test_a_search_that_cannot_be_watched_says_so(query: str, reporter_client: Client) -> None:
    tree = page(reporter_client, f"/watches/add/?{query}")
    assert len(texts(tree, ".messages .error")) == 1
    assert not Watch.objects.exists()


def test_what_is_watched_already_leads_to_its_watch(quote: Quote, reporter: User, reporter_client: Client) -> None:
    made = make_watch(reporter, quote=quote)
    gone = make_quote("Merged.", merged_into=quote)
    for pk in (quote.pk, gone.pk):
        assert reporter_client.get(f"/watches/add/?quote={pk}")["Location"] == f"/watches/{made.pk}/"


def test_somebody_elses_watch_of_the_same_is_not_in_the_way(
    quote: Quote, editor: User, reporter_client: Client
) -> None:
    make_watch(editor, quote=quote)
    reporter_client.post(f"/watches/add/?quote={quote.pk}", ALL)
    assert Watch.objects.count() == 2


def test_signing_in_comes_first(quote: Quote, client: Client) -> None:
    url = f"/watches/add/?quote={quote.pk}"
    assert client.get(url)["Location"].startswith("/account/login/?next=")
    assert client.post(url, ALL).status_code == 302
    assert not Watch.objects.exists()


def test_anybody_signed_in_may(quote: Quote, outsider: User, client: Client) -> None:
    client.force_login(outsider)
    client.post(f"/watches/add/?quote={quote.pk}", ALL)
    assert Watch.objects.get().person == outsider


def test_too_many_are_refused(
    quote: Quote, reporter: User, reporter_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotes.services.watch.MOST_WATCHES", 1)
    make_watch(reporter, outlet=make_outlet())
    answer = reporter_client.post(f"/watches/add/?quote={quote.pk}", ALL)
    assert "You watch 1 things already. Remove one first." in answer.content.decode()
    assert Watch.objects.count() == 1
    assert [Speaker.objects.count(), Outlet.objects.count()] == [1, 1]
