"""The JSON API: what it answers, page by page, and what it refuses."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from quotes.api import RATE, api
from quotes.models import Article, Quote
from tests.factories import make_attribution, make_quote, make_speaker
from tests.html import page, texts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    caches["local"].clear()


def answer(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    return response.json()


def test_a_quote_with_its_chain(founding_article: Article, client: Client) -> None:
    call = Quote.objects.get(words__contains="Putin's calls")
    told = answer(client, f"quotes/{call.pk}")
    assert (told["speaker"], told["class"], told["grade"]) == ("Donald Trump", "secondhand", "D")
    (report,) = told["attributions"]
    assert [relay["name"] for relay in report["relays"]] == ["Yuri Ushakov"]
    start, end = report["content"][0]
    assert founding_article.revisions.get().text[start:end].startswith("to answer")
    assert told["safe_wording"].startswith("According to")
    assert answer(client, f"attributions/{report['id']}")["words"] == report["words"]
    article = answer(client, f"articles/{founding_article.pk}")
    assert article["outlet"] == "Newspoint"


def test_a_list_is_the_search_page_by_page_and_additions_move_nothing(client: Client) -> None:
    speaker = make_speaker()
    for number in range(7):
        make_attribution(f"We will rebuild bridge number {number} before winter.", speaker=speaker)
    make_attribution("Nothing of the kind.", speaker=speaker)
    first = answer(client, "quotes?q=bridge&page_size=3")
    make_attribution("We will rebuild bridge number 99 before winter.", speaker=speaker)
    found = [row["id"] for row in first["results"]]
    following = first["next"]
    while following:
        following_page = client.get(following).json()
        found += [row["id"] for row in following_page["results"]]
        following = following_page["next"]
    assert len(found) == 7
    assert found == sorted(found, reverse=True)
    back = client.get(client.get(first["next"]).json()["previous"]).json()
    assert [row["id"] for row in back["results"]] == found[:3]


def test_how_a_search_is_read(client: Client) -> None:
    told = answer(client, 'search?q=class:secondhnd "open')
    assert told["q"] == 'class:secondhand "open"'
    assert len(told["repairs"]) == 2


def test_speakers_outlets_articles(founding_article: Article, client: Client) -> None:
    (trump,) = answer(client, "speakers?name=donald")["results"]
    assert answer(client, f"speakers/{trump['id']}")["said"] == trump["said"] > 0
    (outlet,) = answer(client, "outlets")["results"]
    assert outlet["articles"] == 1
    assert len(answer(client, f"articles?outlet={outlet['slug']}")["results"]) == 1
    assert answer(client, "articles?outlet=nope")["results"] == []


@pytest.mark.parametrize("position", ["zzz", b64encode(b"p=abc").decode(), b64encode(b"p=1&o=-4").decode(), "%ff"])
def test_bad_cursors_are_refused_in_words(client: Client, position: str) -> None:
    make_quote()
    assert "ursor" in str(answer(client, f"quotes?cursor={position}", 404)["detail"])


def test_merged_and_empty_quotes(client: Client) -> None:
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    survivor = report.variant.quote
    gone, empty = make_quote("Other words.", merged_into=survivor), make_quote("Nobody reports this.")
    assert answer(client, f"quotes/{gone.pk}")["id"] == survivor.pk
    answer(client, f"quotes/{empty.pk}", 404)


def test_nothing_can_be_written(client: Client) -> None:
    assert client.post("/api/v1/quotes").status_code == 405
    methods = {method for path in api.get_openapi_schema()["paths"].values() for method in path}
    assert methods == {"get"}


def test_the_rate_is_kept_for_each_reader(client: Client, reporter_client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(RATE, "num_requests", 3)
    statuses = [client.get("/api/v1/outlets").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert reporter_client.get("/api/v1/outlets").status_code == 200
    spoofed = client.get("/api/v1/outlets", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert spoofed.status_code == 429


def test_the_page_for_people_names_every_address(client: Client) -> None:
    tree = page(client, "/api/")
    paths = {text.removeprefix("GET ") for text in texts(tree, "section code") if text.startswith("GET /")}
    assert paths == set(api.get_openapi_schema()["paths"])
