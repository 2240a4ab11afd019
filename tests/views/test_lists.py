"""The lists of articles, speakers and outlets: orders, searching, counts."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import feedparser
import pytest
from django.test import Client

from tests.factories import make_article, make_attribution, make_outlet, make_speaker
from tests.html import page, texts


@pytest.fixture
def rows(db: None) -> None:
    late, early = datetime(2025, 5, 21, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)
    words = "We will rebuild the bridge, said somebody on Tuesday."
    busy, quiet = make_outlet(name="Busy Herald", slug="busy"), make_outlet(name="A Quiet Echo")
    make_article(words, title="Bridge", published=early, outlet=busy)
    make_article(words, title="Castle", published=late, outlet=busy)
    make_article(words, title="Abbey", published=None, outlet=quiet)
    lee, roe = make_speaker("Ann Lee"), make_speaker("Paul Roe")
    make_speaker("Zoe Silent")
    make_attribution("The dam will hold.", speaker=lee, via=(roe,))
    make_attribution("The road will not.", speaker=lee)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/articles/", ["Castle", "Bridge", "Abbey"]),
        ("/articles/?sort=old", ["Bridge", "Castle", "Abbey"]),
        ("/articles/?sort=title", ["Abbey", "Bridge", "Castle"]),
        ("/articles/?sort=nonsense", ["Castle", "Bridge", "Abbey"]),
        ("/articles/?q=CAST", ["Castle"]),
        ("/articles/?outlet=busy", ["Castle", "Bridge"]),
        ("/speakers/", ["Ann Lee", "Paul Roe", "Zoe Silent"]),
        ("/speakers/?sort=relayed", ["Paul Roe", "Ann Lee", "Zoe Silent"]),
        ("/speakers/?sort=name", ["Ann Lee", "Paul Roe", "Zoe Silent"]),
        ("/speakers/?q=ROE", ["Paul Roe"]),
        ("/outlets/", ["A Quiet Echo", "Busy Herald"]),
        ("/outlets/?sort=articles", ["Busy Herald", "A Quiet Echo"]),
    ],
)
def test_orders(rows: None, client: Client, url: str, expected: list[str]) -> None:
    first_cells = [cell for cell in texts(page(client, url), "tbody tr td:first-child a") if cell in expected]
    assert first_cells == expected


def test_the_order_in_force_is_marked_and_the_others_are_links(rows: None, client: Client) -> None:
    tree = page(client, "/articles/?sort=old&page=1")
    assert texts(tree, ".sorts [aria-current]") == ["Oldest first"]
    assert [link.get("href") for link in tree.cssselect(".sorts a")] == ["?sort=new", "?sort=title"]


def test_counts_lead_to_what_they_count(rows: None, client: Client) -> None:
    row = next(r for r in page(client, "/speakers/").cssselect("tbody tr") if "Paul Roe" in r.text_content())
    said, relayed = row.cssselect("td.numeric a")
    assert (said.text, relayed.text) == ("0", "1")
    assert len(page(client, relayed.get("href")).cssselect("tbody tr")) == 1


@pytest.mark.parametrize("sort", ["new", "old", "most"])
def test_quotes_of_a_speaker_are_ordered(rows: None, client: Client, sort: str) -> None:
    link = next(a for a in page(client, "/speakers/").cssselect("tbody a") if a.text == "Ann Lee").get("href")
    said = texts(page(client, f"{link}?sort={sort}"), "td.said")
    assert sorted(said) == ["“The dam will hold.”", "“The road will not.”"]


@pytest.mark.parametrize("kind", ["speakers", "outlets", "articles"])
def test_every_list_as_data(rows: None, client: Client, kind: str) -> None:
    response = client.get(f"/{kind}/?format=json")
    told = json.loads(b"".join(response.streaming_content))[kind]  # type: ignore[attr-defined]
    shown = page(client, f"/{kind}/").cssselect("tbody tr")
    assert len(told) == len(shown) >= 2
    assert told[0]["url"].startswith("http://testserver/")
    printed = b"".join(client.get(f"/{kind}/?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    read = list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff"), newline="")))
    assert [row["id"] for row in read] == [str(row["id"]) for row in told]


def test_articles_make_a_feed_and_lists_without_days_none(rows: None, client: Client) -> None:
    read = feedparser.parse(client.get("/articles/?outlet=busy&format=atom").content)
    assert not read.bozo
    assert [entry.title for entry in read.entries] == ["Castle", "Bridge"]
    assert client.get("/articles/?outlet=busy&format=feed").json()["items"][0]["_hearsay"] == {"outlet": "Busy Herald"}
    for kind in ("speakers", "outlets"):
        assert client.get(f"/{kind}/?format=atom")["Content-Type"].startswith("text/html")
        assert "Atom" not in " ".join(texts(page(client, f"/{kind}/"), ".formats a"))
