from __future__ import annotations

import json

import pytest
from django.test import Client

from quotes.models import Article, Quote
from tests.factories import make_quote
from tests.html import page, texts


@pytest.fixture
def call(founding_article: Article) -> Quote:
    return Quote.objects.get(words__contains="Putin's calls")


@pytest.mark.parametrize(("kind", "opening"), [("bib", "@article{hearsay"), ("ris", "TY  - NEWS"), ("json", "[{")])
def test_each_format_names_the_relay(call: Quote, client: Client, kind: str, opening: str) -> None:
    response = client.get(f"{call.get_absolute_url()}cite.{kind}")
    body = response.content.decode()
    assert body.startswith(opening)
    assert "Donald Trump, as relayed by Yuri Ushakov (Russian presidential aide)" in body
    assert f'filename="hearsay-{call.pk}.{kind}"' in response["Content-Disposition"]
    if kind == "json":
        assert json.loads(body)[0]["container-title"] == "Newspoint"


def test_the_page_cites_in_one_line(call: Quote, client: Client) -> None:
    (line,) = texts(page(client, call.get_absolute_url()), "#citation")
    assert line.startswith(
        "Donald Trump, as relayed by Yuri Ushakov (Russian presidential aide), in Newspoint, 21 May 2025"
    )
    assert line.endswith(f"http://testserver/quotes/{call.pk}/")


def test_what_cannot_be_cited_is_not_found(db: None, client: Client) -> None:
    quote = make_quote()
    for url in (f"{quote.get_absolute_url()}cite.bib", f"{quote.get_absolute_url()}cite.doc", "/quotes/999/cite.bib"):
        assert client.get(url).status_code == 404, url


def test_a_merged_quote_is_cited_by_the_one_it_leads_to(call: Quote, client: Client) -> None:
    gone = make_quote("Other words.", merged_into=call)
    assert b"Yuri Ushakov" in client.get(f"{gone.get_absolute_url()}cite.ris").content
