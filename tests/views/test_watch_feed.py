from __future__ import annotations

from typing import Any

import feedparser
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from quotes.models import Inbox, Quote
from quotes.services import watch
from tests.factories import make_attribution, make_event, make_quote, make_speaker, make_watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def quote(reporter: User) -> Quote:
    report = make_attribution(speaker=make_speaker("Ada Moor"), via=(make_speaker("Bob Stone"),))
    assert report.variant is not None
    make_watch(reporter, quote=report.variant.quote)
    return report.variant.quote


def address() -> str:
    return reverse("watch_feed", args=[Inbox.objects.get().feed_key])


def test_it_parses_and_says_what_happened(quote: Quote, client: Client) -> None:
    make_event(quote, "denied", detail="A denial was recorded: Never & <never>.")
    newest = make_event(quote, "upheld", detail="The flag “Denied” was upheld: So.")
    answer = client.get(address())
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert read.feed.title == "What you watch · Hearsay"
    assert [entry.title.split(":")[0] for entry in read.entries] == ["Flag upheld", "Denied"]
    entry = read.entries[0]
    assert entry.link == f"http://testserver{quote.get_absolute_url()}"
    assert entry.id == f"tag:testserver,2026:event/{newest.pk}"
    assert "The flag “Denied” was upheld: So." in entry.summary
    assert "According to Bob Stone, Ada Moor said" in entry.summary
    assert "Never &amp; &lt;never&gt;." in read.entries[1].summary
    assert entry.author == "Ada Moor"


def test_it_is_private(quote: Quote, client: Client) -> None:
    answer = client.get(address())
    assert answer["Cache-Control"] == "private"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


def test_it_works_where_reading_asks_for_an_account(quote: Quote, client: Client, settings: Any) -> None:
    settings.HEARSAY_ANONYMOUS_READING = False
    assert client.get(address()).status_code == 200
    assert client.get("/watches/").status_code == 302
    assert client.get(quote.get_absolute_url()).status_code == 302


def test_a_renewed_address_and_a_guessed_one(quote: Quote, client: Client) -> None:
    old = address()
    watch.renew_feed(inbox=Inbox.objects.get())
    assert client.get(old).status_code == 404
    assert client.get("/watches/feed/guess.atom").status_code == 404
    assert client.get(address()).status_code == 200
    assert client.post(address()).status_code == 405


def test_not_for_an_inactive_account(quote: Quote, reporter: User, client: Client) -> None:
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    assert client.get(address()).status_code == 404


def test_empty_and_with_odd_characters(quote: Quote, reporter: User, client: Client) -> None:
    assert feedparser.parse(client.get(address()).content).entries == []
    other = make_quote("Bell \x07 and \ufffe <b>bold</b> ]]>", make_speaker("Eve \x0b Hart"))
    make_watch(reporter, quote=other)
    make_event(other, "denied", detail="Line\nbreak \x08 end")
    read = feedparser.parse(client.get(address()).content)
    assert not read.bozo
    assert len(read.entries) == 1


def test_it_shows_the_newest_fifty(quote: Quote, client: Client) -> None:
    for _ in range(53):
        make_event(quote, "upheld")
    assert len(feedparser.parse(client.get(address()).content).entries) == 50
