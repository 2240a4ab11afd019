"""Feeds: everybody sees what is read, editors add, pause and remove."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from quotes.models import Feed, Job
from tests.factories import make_feed
from tests.html import texts

pytestmark = pytest.mark.django_db


def test_everybody_sees_which_feeds_are_read_and_how_they_do(client: Client) -> None:
    make_feed("https://a.example/feed", title="The Lake Post")
    make_feed("https://b.example/feed", fault="The page is gone.", failures=3)
    page = client.get(reverse("feed_browse")).content.decode()
    assert "The Lake Post" in page
    assert "in trouble:</strong> The page is gone." in page
    assert page.index("The page is gone") < page.index("The Lake Post")
    assert reverse("feed_add") not in page


def test_an_editor_adds_one(editor_client: Client) -> None:
    response = editor_client.post(
        reverse("feed_add"), {"url": "a.example/feed", "outlet": "The Lake Post"}, follow=True
    )
    feed = Feed.objects.get()
    assert (feed.url, feed.outlet) == ("https://a.example/feed", "The Lake Post")
    page = response.content.decode()
    assert "waiting to be read" in page
    assert "hx-trigger" in page
    assert Job.objects.get(feed=feed).is_due


@pytest.mark.parametrize("url", ["", "ftp://a.example", "javascript:alert(1)", "x" * 3000])
def test_what_is_no_address_is_said(editor_client: Client, url: str) -> None:
    response = editor_client.post(reverse("feed_add"), {"url": url})
    assert response.status_code == 200
    assert texts(html.fromstring(response.content), ".error")
    assert not Feed.objects.exists()


def test_it_is_paused_goes_on_and_is_removed(editor_client: Client) -> None:
    feed = make_feed()
    editor_client.post(feed.get_absolute_url(), {"pause": "1"})
    assert Feed.objects.get().is_paused
    assert "paused" in editor_client.get(feed.get_absolute_url()).content.decode()
    editor_client.post(feed.get_absolute_url(), {"go_on": "1"})
    assert not Feed.objects.get().is_paused
    editor_client.post(feed.get_absolute_url(), {"remove": "1"})
    assert not Feed.objects.exists()


def test_reporters_cannot_touch_feeds(reporter_client: Client) -> None:
    feed = make_feed()
    for act in ("pause", "remove", "read"):
        assert reporter_client.post(feed.get_absolute_url(), {act: "1"}).status_code == 403
    assert not Feed.objects.get().is_paused


def test_a_title_from_outside_is_escaped(editor_client: Client) -> None:
    feed = make_feed(
        title="<script>alert(1)</script>", fault="<b>", offers=["https://a.example/<i>", "https://b.example/"]
    )
    for url in (reverse("feed_browse"), feed.get_absolute_url()):
        page = editor_client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<b>" not in page
        assert "<i>" not in page
