from __future__ import annotations

from django.test import Client

from quotes.models import Article, Speaker
from tests.factories import make_speaker
from tests.html import page, text_of, texts


def test_four_tabs_with_counts(founding_article: Article, client: Client) -> None:
    aide = Speaker.objects.get(name="Yuri Ushakov")
    tabs = texts(page(client, aide.get_absolute_url()), ".tabs a")
    assert [tab.rsplit(" ", 1)[0] for tab in tabs] == [
        "Said",
        "Said firsthand",
        "Said through others",
        "Relayed by them",
    ]
    said, firsthand, others, relayed = (int(tab.rsplit(" ", 1)[1]) for tab in tabs)
    assert said == firsthand + others
    assert (others, relayed) == (0, 3)


def test_relayed_by_them_lists_what_others_said(founding_article: Article, client: Client) -> None:
    aide = Speaker.objects.get(name="Yuri Ushakov")
    rows = texts(page(client, f"{aide.get_absolute_url()}?tab=relayed"), "tbody tr")
    assert len(rows) == 3
    assert all("Donald Trump" in row for row in rows)


def test_namesakes_are_pointed_out(db: None, client: Client) -> None:
    one, other = make_speaker("Ann Lee", role="mayor"), make_speaker("Ann Lee", role="painter")
    words = text_of(page(client, one.get_absolute_url()))
    assert "Another speaker shares this name: Ann Lee, painter" in words
    assert other.get_absolute_url() in [a.get("href") for a in page(client, one.get_absolute_url()).cssselect("a")]


def test_a_merged_speaker_redirects(db: None, client: Client) -> None:
    kept = make_speaker()
    gone = make_speaker("A. Lee", merged_into=kept)
    assert client.get(gone.get_absolute_url())["Location"] == kept.get_absolute_url()
