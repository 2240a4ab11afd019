from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Watch
from tests.factories import make_event, make_quote, make_speaker, make_watch
from tests.html import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(reporter: User) -> Watch:
    quote = make_quote(speaker=make_speaker("Ada Moor"))
    make_event(quote, "denied")
    return make_watch(reporter, quote=quote, events=["denied"], period="weekly")


def test_it_shows_what_was_chosen(made: Watch, reporter_client: Client) -> None:
    tree = page(reporter_client, made.get_absolute_url())
    assert [box.get("value") for box in tree.cssselect("input[checked]")] == ["denied", "weekly"]
    assert "About 1 a month" in text_of(tree.cssselect("#expected")[0])


def test_changing(made: Watch, reporter_client: Client) -> None:
    answer = reporter_client.post(made.get_absolute_url(), {"events": ["upheld", "reversed"], "period": "never"})
    assert answer.status_code == 302
    before = made.from_event
    made.refresh_from_db()
    assert (made.events, made.period, made.from_event) == (["upheld", "reversed"], "never", before)


def test_counting_again_changes_nothing(made: Watch, reporter_client: Client) -> None:
    reporter_client.post(made.get_absolute_url(), {"events": ["upheld"], "period": "never", "count": "1"})
    made.refresh_from_db()
    assert (made.events, made.period) == (["denied"], "weekly")


def test_removing(made: Watch, reporter_client: Client) -> None:
    assert reporter_client.post(made.get_absolute_url(), {"remove": "1"})["Location"] == "/watches/"
    assert not Watch.objects.exists()
    assert "You do not watch this any more: Ada Moor" in text_of(page(reporter_client, "/watches/"))


def test_somebody_elses_can_be_neither_seen_nor_changed_nor_removed(made: Watch, editor_client: Client) -> None:
    url = made.get_absolute_url()
    assert editor_client.get(url).status_code == 404
    assert editor_client.post(url, {"remove": "1"}).status_code == 404
    assert editor_client.post(url, {"events": ["upheld"], "period": "never"}).status_code == 404
    made.refresh_from_db()
    assert (made.events, made.period) == (["denied"], "weekly")


def test_without_signing_in(made: Watch, client: Client) -> None:
    assert client.get(made.get_absolute_url()).status_code == 302
    assert client.post(made.get_absolute_url(), {"remove": "1"}).status_code == 302
    assert Watch.objects.exists()


def test_what_is_gone_is_not_found(reporter_client: Client) -> None:
    assert reporter_client.get("/watches/999/").status_code == 404
