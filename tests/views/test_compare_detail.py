from __future__ import annotations

import pytest
from django.test import Client

from quotes.models import Outlet, Speaker
from tests.factories import make_article, make_attribution, make_outlet, make_quote, make_speaker
from tests.html import page, texts

pytestmark = pytest.mark.django_db


def test_wordings_are_held_against_the_first(client: Client) -> None:
    ann = make_speaker()
    one = make_attribution("The school will not close this year.", speaker=ann)
    other = make_attribution("The school will close this year.", speaker=ann)
    tree = page(client, f"/compare/?wording={one.variant_id}&wording={other.variant_id}")
    first, second = tree.cssselect(".compare section")
    assert texts(second, "del") == ["not"]
    assert texts(second, ".alarm") == ["Only one of the two says “not”."]
    assert not texts(first, "del, ins, .alarm")
    assert any("Longest run in common" in text for text in texts(second, "dd"))


def test_speakers_by_class(client: Client) -> None:
    ann, bob = make_speaker(), make_speaker("Bob Stone")
    make_attribution("The dam will hold.", speaker=ann)
    make_attribution("The road will open.", speaker=ann, via=(bob,))
    tree = page(client, f"/compare/?speaker={bob.pk}&speaker={ann.pk}")
    assert texts(tree, ".compare h2") == ["Bob Stone", "Ann Lee"]
    assert texts(tree.cssselect(".compare section")[1], "dd") == ["2", "1 50 %", "1 50 %", "0"]
    for link in tree.cssselect(".compare dd a"):
        assert len(page(client, link.get("href")).cssselect("table.quotes tbody tr")) == int(link.text), link.get(
            "href"
        )


def test_outlets_and_what_they_have_in_common(client: Client) -> None:
    ann, words = make_speaker(), "The dam will hold."
    quote = make_quote(words, ann)
    papers = [make_outlet(name=name) for name in ("Echo", "Herald", "Quiet")]
    for paper in papers[:2]:
        make_attribution(words, speaker=ann, quote=quote, article=make_article(f"She said: {words}", outlet=paper))
    tree = page(client, f"/compare/?outlet={papers[0].pk}&outlet={papers[1].pk}")
    assert "All of them report 1 quote in common." in texts(tree, "main p")
    tree = page(client, "/compare/?" + "&".join(f"outlet={paper.pk}" for paper in papers))
    assert "All of them report 0 quotes in common." in texts(tree, "main p")
    assert Outlet.objects.count() == 3


@pytest.mark.parametrize(
    "query", ["", "?wording=1", "?wording=x&wording=99999999999999999999", "?speaker=1&speaker=1", "?outlet="]
)
def test_too_few_is_said_and_taught(client: Client, query: str) -> None:
    make_speaker()
    assert "it takes two at least" in " ".join(texts(page(client, f"/compare/{query}"), ".empty"))


def test_more_than_four_are_cut_and_said(client: Client) -> None:
    people = [make_speaker(f"Person {n}") for n in range(6)]
    tree = page(client, "/compare/?" + "&".join(f"speaker={one.pk}" for one in people))
    assert len(tree.cssselect(".compare section")) == 4
    assert "At most four are compared" in texts(tree, ".notice")[0]
    assert Speaker.objects.count() == 6
