from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Quote
from tests.factories import make_article, make_attribution, make_flag, make_outlet, make_speaker
from tests.html import page, text_of, texts


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
        ("q=%25", {"bridge", "tunnel", "Trams"}),
        ("speaker=ann", {"bridge", "tunnel"}),
        ("via=roe", {"tunnel"}),
        ("outlet=harbour", {"Trams"}),
        ("class=secondhand", {"tunnel"}),
        ("flag=denied", {"bridge"}),
        ("flag=any", {"bridge"}),
        ("flag=cut_short", set()),
        ("speaker=ann&class=firsthand", {"bridge"}),
        ("after=2025-05-21", {"bridge", "tunnel", "Trams"}),
        ("after=2025-05-22", set()),
        ("before=2025-05-20", set()),
        ("speaker=nobody", set()),
    ],
)
def test_filters(quotes: None, client: Client, query: str, expected: set[str]) -> None:
    said = texts(page(client, f"/quotes/?{query}"), "td.said")
    assert {word for word in ("bridge", "tunnel", "Trams") if any(word in line for line in said)} == expected


def test_older_addresses_become_one_line(quotes: None, client: Client) -> None:
    response = client.get("/quotes/?speaker=ann&class=secondhand&page=3&sort=old")
    assert response.status_code == 302
    assert response["Location"] == "/quotes/?sort=old&q=speaker%3Aann+class%3Asecondhand"


def test_days_that_are_set_replace_those_typed(quotes: None, client: Client) -> None:
    response = client.get("/quotes/?q=bridge+after%3A2020&after=2025-05-01&before=")
    assert response["Location"] == "/quotes/?q=bridge+after%3A2025-05-01"


def test_each_part_has_a_chip_that_takes_it_off(quotes: None, client: Client) -> None:
    tree = page(client, "/quotes/?q=speaker:ann+class:secondhand&page=1")
    chips = [chip.get("href") for chip in tree.cssselect(".chips a")]
    assert chips == ["/quotes/?q=class%3Asecondhand", "/quotes/?q=speaker%3Aann"]


def test_facets_narrow_and_widen(quotes: None, client: Client) -> None:
    tree = page(client, "/quotes/?q=speaker:ann")
    links = {text_of(link): link.get("href") for link in tree.cssselect(".facets a")}
    assert links["Secondhand 1"] == "/quotes/?q=speaker%3Aann+class%3Asecondhand"
    assert links["Paul Roe 1"] in {
        "/quotes/?q=speaker%3Aann+via%3A%22Paul+Roe%22",
        "/quotes/?q=speaker%3Aann+speaker%3A%22Paul+Roe%22",
    }
    assert len(texts(page(client, links["Secondhand 1"]), "td.said")) == 1


def test_repairs_are_said(quotes: None, client: Client) -> None:
    tree = page(client, "/quotes/?q=via:+bridge+class:secondhnd")
    assert texts(tree, ".notice") == [
        "The space after “via:” was taken out.",
        "“class:secondhnd” was read as “class:secondhand”.",
    ]


def test_a_pasted_quote_is_looked_up(quotes: None, client: Client) -> None:
    response = client.get("/quotes/", {"q": "We were told that the bridge will be rebuilt"})
    assert response["Location"].startswith("/seen/?q=We+were+told")


@pytest.mark.parametrize("kind", ["csv", "json", "feed", "atom"])
def test_the_list_as_data(quotes: None, client: Client, kind: str) -> None:
    response = client.get(f"/quotes/?q=speaker:ann&sort=old&format={kind}")
    body = (b"".join(response.streaming_content) if response.streaming else response.content).decode()  # type: ignore[attr-defined]
    assert body.index("The bridge will be rebuilt.") < body.index("The tunnel will be closed.")
    assert "Trams" not in body


def test_orders(quotes: None, client: Client) -> None:
    new, old = (texts(page(client, f"/quotes/?sort={sort}"), "td.said") for sort in ("new", "old"))
    assert new == list(reversed(old))


def test_htmx_gets_the_fragment_and_caches_know(quotes: None, client: Client) -> None:
    response = client.get("/quotes/?q=speaker:ann", headers={"HX-Request": "true"})
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
    assert second.findtext(".//title").startswith("Quotes: remark, page 2")
    assert Quote.objects.count() == 30


PASTED = "one two three four five six seven eight nine ten eleven"


def test_a_pasted_quote_is_looked_for_word_by_word_when_asked(db: None, client: Client) -> None:
    assert client.get(f"/quotes/?q={PASTED}")["Location"].startswith("/seen/")
    assert client.get(f"/quotes/?q={PASTED}&words=yes").status_code == 200
    assert client.get(f"/quotes/?q={PASTED}&format=csv")["Content-Type"].startswith("text/csv")
    moved = client.get(f"/quotes/?q={PASTED}", HTTP_HX_REQUEST="true")
    assert moved["HX-Redirect"].startswith("/seen/")


def test_odd_letters_in_a_search_do_not_break_its_feed(db: None, client: Client) -> None:
    for query in ("%01x", "speaker:%01x", '"a %01 b"'):
        assert client.get(f"/quotes/?format=atom&q={query}").status_code == 200, query
        assert client.get(f"/articles/?format=atom&q={query}").status_code == 200, query


def test_a_name_with_quotation_marks_is_found_by_its_facet(db: None, client: Client) -> None:
    make_attribution("The dam will hold.", speaker=make_speaker('Dwayne "The Rock" Johnson'))
    make_attribution("The road will open.", speaker=make_speaker("Ann Lee"))
    (link,) = [a for a in page(client, "/quotes/").cssselect(".facets a") if "Dwayne" in a.text_content()]
    assert len(page(client, link.get("href")).cssselect("table.quotes tbody tr")) == 1
