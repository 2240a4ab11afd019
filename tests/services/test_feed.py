from __future__ import annotations

import csv
import io
import json
from typing import Any

import feedparser
import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import etree

from quotes.models import Quote
from quotes.services import export, feed
from tests.factories import make_attribution, make_flag, make_speaker

pytestmark = pytest.mark.django_db

BASE = "https://news.example/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def quotes(editor: User) -> list[Quote]:
    ann, bob = make_speaker("Ann Lee"), make_speaker("=HYPERLINK(1)")
    first = make_attribution("We said “yes”, and\x0b then <b>no</b>; we did.", speaker=ann)
    second = make_attribution("to close the tunnel", speaker=bob, via=(ann,), form="indirect")
    assert first.variant is not None
    assert second.variant is not None
    make_flag(first.variant.quote, editor, kind="denied")
    return [first.variant.quote, second.variant.quote]


def test_rows(quotes: list[Quote], django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        rows = list(export.rows(Quote.objects.order_by("pk"), BASE))
    assert [list(row) for row in rows] == [list(export.LISTS["quotes"].columns)] * 2
    assert (rows[0]["speaker"], rows[0]["flags"], rows[0]["verbatim"]) == ("Ann Lee", ["denied"], True)
    assert (rows[1]["through"], rows[1]["class"], rows[1]["grade"]) == (["Ann Lee"], "secondhand", "D")
    assert rows[1]["url"] == f"https://news.example/quotes/{quotes[1].pk}/"
    assert json.loads(json.dumps(rows)) == rows


def test_csv_reads_back_and_holds_no_formula(quotes: list[Quote]) -> None:
    printed = "".join(export.csv_lines(Quote.objects.order_by("pk"), BASE))
    assert printed.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff"), newline="")))
    assert rows[0]["words"] == quotes[0].words
    assert rows[1]["speaker"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_formulas_are_defused(cell: str) -> None:
    assert export.cell(cell) == f"'{cell}"


def test_json_feed(quotes: list[Quote]) -> None:
    found = feed.json_feed(
        Quote.objects.order_by("pk"), title="Quotes", home=BASE, address=f"{BASE}?format=feed", base=BASE
    )
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    one, two = found["items"]
    assert one["id"] == f"tag:news.example,2026:quote/{quotes[0].pk}"
    assert "&lt;b&gt;no&lt;/b&gt;" in one["content_html"]
    assert one["title"].startswith("Ann Lee: “We said")
    assert two["title"] == "=HYPERLINK(1): to close the tunnel"  # reported speech has no marks
    assert "\x0b" not in json.dumps(found, ensure_ascii=False)


def test_atom_is_well_formed_whatever_the_words(quotes: list[Quote]) -> None:
    printed = feed.atom(
        Quote.objects.order_by("pk"), title="A & B", home=BASE, address=f"{BASE}?format=atom", base=BASE
    )
    read = feedparser.parse(printed.encode())
    assert not read.bozo, read.bozo_exception
    assert [entry.title for entry in read.entries][1] == "=HYPERLINK(1): to close the tunnel"
    tree = etree.fromstring(printed.encode())
    assert tree.tag == f"{ATOM}feed"
    assert [link.get("rel") for link in tree.findall(f"{ATOM}link")] == ["alternate", "self"]
    entries = tree.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries] == ["Ann Lee", "=HYPERLINK(1)"]
    assert all(entry.findtext(f"{ATOM}updated") and entry.findtext(f"{ATOM}id") for entry in entries)


def test_the_list_is_sent_row_by_row_and_whole(quotes: list[Quote], client: Client) -> None:
    response = client.get("/quotes/?q=speaker:lee&format=json")
    found = json.loads(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert found["title"] == "Quotes: speaker:lee"
    assert found["url"] == "http://testserver/quotes/?q=speaker%3Alee"
    assert [row["id"] for row in found["quotes"]] == [quotes[0].pk]
    assert 'filename="quotes-speakerlee.json"' in response["Content-Disposition"]


def test_opensearch(client: Client) -> None:
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    tree = etree.fromstring(response.content)
    template = tree.find("{http://a9.com/-/spec/opensearch/1.1/}Url").get("template")
    assert template == "http://testserver/quotes/?q={searchTerms}"
