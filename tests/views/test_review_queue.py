from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Article, Quote
from tests.factories import make_flag
from tests.html import page, texts


@pytest.fixture
def waiting(founding_article: Article, reporter: User) -> Quote:
    quote = Quote.objects.get(words__startswith="Vladimir, you can")
    make_flag(quote, reporter, kind="fabricated", reason="Is it satire?")
    return quote


def test_views_have_counts_that_lead_to_them(waiting: Quote, editor_client: Client) -> None:
    tree = page(editor_client, "/review/")
    for tab in tree.cssselect(".tabs a"):
        count = int(tab.cssselect(".muted")[0].text)
        assert len(page(editor_client, tab.get("href")).cssselect("tbody tr")) == min(count, 25), tab.text
    assert texts(tree, "tbody tr")[0].startswith("Tick row 1 Fabricated or satire")


def test_every_row_leads_to_where_it_is_worked_on(waiting: Quote, editor_client: Client) -> None:
    rows = page(editor_client, "/review/").cssselect("[data-row]")
    assert rows
    for row in rows:
        assert editor_client.get(row.get("href")).status_code == 200


def test_one_kind_alone(waiting: Quote, editor_client: Client) -> None:
    assert len(page(editor_client, "/review/?kind=flag").cssselect("tbody tr")) == 1
    assert texts(page(editor_client, "/review/?view=mine"), ".empty p")[0] == "Nothing waits here."


def test_home_says_what_waits(waiting: Quote, editor_client: Client, client: Client) -> None:
    assert "Unclaimed" in " ".join(texts(page(editor_client, "/"), ".chips"))
    assert not page(client, "/").cssselect(".chips")


def test_queue_stays_small_in_queries(
    waiting: Quote, editor_client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        editor_client.get("/review/")


@pytest.mark.parametrize("view", ["mine", "waiting", "second", "reopened"])
@pytest.mark.parametrize("kind", ["reading", "match"])
def test_views_of_flags_have_nothing_else(waiting: Quote, editor_client: Client, view: str, kind: str) -> None:
    assert not page(editor_client, f"/review/?view={view}&kind={kind}").cssselect("tbody tr")
