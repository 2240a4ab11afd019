"""Linked data by address, and inside the quote's own page."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from quotes.models import Article, Attribution, Quote
from tests.factories import make_attribution, make_quote, make_speaker
from tests.html import page


@pytest.fixture
def call(founding_article: Article) -> Quote:
    return Quote.objects.get(words__contains="Putin's calls")


def test_a_quote_alone_and_in_its_page(call: Quote, client: Client) -> None:
    alone = client.get(f"/quotes/{call.pk}.jsonld")
    assert alone["Content-Type"] == "application/ld+json"
    tree = page(client, call.get_absolute_url())
    (embedded,) = tree.cssselect('script[type="application/ld+json"]')
    assert json.loads(embedded.text)["@graph"][0] == alone.json()["@graph"][0]
    (link,) = tree.cssselect('link[rel=alternate][type="application/ld+json"]')
    assert link.get("href") == f"/quotes/{call.pk}.jsonld"


def test_hostile_words_cannot_end_the_data_block(db: None, client: Client) -> None:
    bad = "</script><script>alert(1)</script>\u2028&amp;"
    report = make_attribution(bad, speaker=make_speaker())
    assert report.variant is not None
    body = client.get(report.variant.quote.get_absolute_url()).content.decode()
    assert "<script>alert" not in body
    (embedded,) = page(client, report.variant.quote.get_absolute_url()).cssselect('script[type="application/ld+json"]')
    assert json.loads(embedded.text)["@graph"][0]["text"] == bad


def test_annotations_name_their_profile(call: Quote, client: Client) -> None:
    response = client.get(f"/quotes/{call.pk}/annotations.jsonld")
    assert response["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    (item,) = response.json()["first"]["items"]
    report = Attribution.objects.get(variant__quote=call)
    alone = client.get(f"/attributions/{report.pk}.jsonld").json()
    assert {name: value for name, value in alone.items() if name != "@context"} == item


def test_an_attribution_has_a_lasting_address(call: Quote, client: Client) -> None:
    report = Attribution.objects.get(variant__quote=call)
    response = client.get(f"/attributions/{report.pk}/")
    assert response.status_code == 302
    assert response["Location"] == report.get_absolute_url()


def test_rejected_and_unknown_are_not_found(call: Quote, client: Client) -> None:
    report = Attribution.objects.get(variant__quote=call)
    Attribution.objects.filter(pk=report.pk).update(status="rejected")
    for url in (f"/attributions/{report.pk}/", f"/attributions/{report.pk}.jsonld", "/quotes/999.jsonld"):
        assert client.get(url).status_code == 404, url


def test_a_merged_quote_is_told_as_the_one_it_leads_to(call: Quote, client: Client) -> None:
    gone = make_quote("Other words.", merged_into=call)
    told = client.get(f"/quotes/{gone.pk}.jsonld").json()["@graph"][0]
    assert told["@id"].endswith(f"/quotes/{call.pk}/")
