from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Quote
from tests.factories import make_article, make_attribution, make_flag, make_outlet, make_speaker
from tests.html import page, texts


@pytest.fixture
def quotes(db: None, editor: User) -> None:
    lee, roe = make_speaker("Ann Lee"), make_speaker("Paul Roe")
    firsthand = make_attribution("The bridge will be rebuilt.", speaker=lee)
    make_attribution("The tunnel will be closed.", speaker=lee, via=(roe,))
    make_attribution(
        "Trams are the future here.",
        speaker=roe,
        article=make_article("Trams are the future here.", outlet=make_outlet(name="Harbour Herald")),
    )
    assert firsthand.variant is not None
    make_flag(firsthand.variant.quote, editor, kind="denied")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"bridge", "tunnel", "Trams"}),
        ("q=bridge", {"bridge"}),
        ("q=BRIDGE+rebuilt", {"bridge"}),
        ("q=bridge+tunnel", set()),
        ("q=%25", set()),
        ("speaker=ann", {"bridge", "tunnel"}),
        ("via=roe", {"tunnel"}),
        ("outlet=harbour", {"Trams"}),
        ("sourcing=secondhand", {"tunnel"}),
        ("flag=denied", {"bridge"}),
        ("flag=any", {"bridge"}),
        ("flag=cut_short", set()),
        ("speaker=ann&sourcing=firsthand", {"bridge"}),
        ("after=2025-05-21", {"bridge", "tunnel", "Trams"}),
        ("after=2025-05-22", set()),
        ("before=2025-05-20", set()),
        ("speaker=nobody", set()),
    ],
)
def test_filters(quotes: None, client: Client, query: str, expected: set[str]) -> None:
    said = texts(page(client, f"/quotes/?{query}"), "td.said")
    assert {word for word in ("bridge", "tunnel", "Trams") if any(word in line for line in said)} == expected


def test_each_filter_has_a_chip_that_takes_it_off(quotes: None, client: Client) -> None:
    tree = page(client, "/quotes/?speaker=ann&sourcing=secondhand&page=1")
    chips = tree.cssselect(".chips a")
    assert [chip.get("href") for chip in chips] == ["?sourcing=secondhand", "?speaker=ann"]
    assert "Class: Secondhand" in texts(tree, ".chips a")[1]


def test_orders(quotes: None, client: Client) -> None:
    new, old = (texts(page(client, f"/quotes/?sort={sort}"), "td.said") for sort in ("new", "old"))
    assert new == list(reversed(old))


def test_htmx_gets_the_fragment_and_caches_know(quotes: None, client: Client) -> None:
    response = client.get("/quotes/?speaker=ann", headers={"HX-Request": "true"})
    tree = html.fromstring(response.content)
    assert not tree.cssselect("html > head, .masthead")
    assert tree.cssselect("table.quotes")
    assert "HX-Request" in response["Vary"]


def test_pages(db: None, client: Client) -> None:
    speaker = make_speaker()
    for number in range(30):
        make_attribution(f"Remark number {number} of the day.", speaker=speaker)
    first, second = page(client, "/quotes/?q=remark"), page(client, "/quotes/?q=remark&page=2")
    assert (len(texts(first, "tbody tr")), len(texts(second, "tbody tr"))) == (25, 5)
    assert first.cssselect("a[rel=next]")[0].get("href") == "?q=remark&page=2"
    assert second.findtext(".//title").startswith("Quotes, page 2")
    assert Quote.objects.count() == 30


def test_a_field_that_cannot_be_read_is_said_so_and_the_others_hold(quotes: None, client: Client) -> None:
    tree = page(client, "/quotes/?speaker=roe&after=garbage")
    assert len(texts(tree, "td.said")) == 1
    assert any("From: Enter a valid date. This filter was left out." in line for line in texts(tree, ".alarm"))
    assert tree.cssselect("details.facets[open]")
