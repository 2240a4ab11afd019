"""Linked data held against the vocabularies themselves, and expanded by a JSON-LD processor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from pyld import jsonld
from rdflib.namespace import PROV, SDO

from quotes.models import Article, Attribution, Quote
from quotes.services.linked import Linked
from quotes.services.summary import reports_of
from tests.factories import make_attribution, make_flag, make_speaker

BASE = "https://news.example/"
SCHEMA, PROVENANCE, OA = "https://schema.org/", str(PROV), "http://www.w3.org/ns/oa#"
CONTEXTS = {
    "https://schema.org": {"@vocab": SCHEMA, "url": {"@type": "@id"}},
    "http://www.w3.org/ns/anno.jsonld": {
        "oa": OA,
        "as": "http://www.w3.org/ns/activitystreams#",
        "dcterms": "http://purl.org/dc/terms/",
        "id": "@id",
        "type": "@type",
        **{
            name: f"oa:{name}"
            for name in (
                "Annotation TextualBody SpecificResource TextQuoteSelector TextPositionSelector TimeState".split()
            )
        },
        "AnnotationCollection": "as:OrderedCollection",
        "AnnotationPage": "as:OrderedCollectionPage",
        "Software": "as:Application",
        "body": {"@type": "@id", "@id": "oa:hasBody"},
        "target": {"@type": "@id", "@id": "oa:hasTarget"},
        "source": {"@type": "@id", "@id": "oa:hasSource"},
        "selector": {"@type": "@id", "@id": "oa:hasSelector"},
        "state": {"@type": "@id", "@id": "oa:hasState"},
        "cached": {"@type": "@id", "@id": "oa:cachedSource"},
        "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
        "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
        **{name: f"oa:{name}" for name in ("exact prefix suffix start end sourceDate".split())},
        **{name: f"oa:{name}" for name in ("classifying identifying describing".split())},
        "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
        "format": "dcterms:format",
        "generator": {"@type": "@id", "@id": "as:generator"},
        "generated": "dcterms:issued",
        "name": "http://xmlns.com/foaf/0.1/name",
        "label": "http://www.w3.org/2000/01/rdf-schema#label",
        "total": "as:totalItems",
        "first": {"@type": "@id", "@id": "as:first"},
        "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
        "startIndex": "as:startIndex",
    },
}
"""What the standards' contexts say of the terms used here; nothing is fetched."""


def load(url: str, options: object) -> dict[str, Any]:
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": CONTEXTS[url]}}


def expanded(node: dict[str, Any]) -> list[dict[str, Any]]:
    """The document as a JSON-LD processor understands it, once it has been written and read."""
    found: list[dict[str, Any]] = jsonld.expand(json.loads(json.dumps(node)), {"documentLoader": load})
    return found


def terms(node: Any) -> Iterator[str]:
    """Every property and type in an expanded document."""
    if isinstance(node, list):
        for one in node:
            yield from terms(one)
    elif isinstance(node, dict):
        yield from node.get("@type", [])
        for name, value in node.items():
            if not name.startswith("@"):
                yield name
            if name != "@type":
                yield from terms(value)


@pytest.fixture
def call(founding_article: Article) -> Quote:
    return Quote.objects.get(words__contains="Putin's calls")


def test_every_term_of_a_quotation_is_in_its_vocabulary(call: Quote) -> None:
    node = expanded(Linked(BASE).quotation(call, reports_of(call), citation="A line"))
    used = set(terms(node))
    known = {str(SDO): SDO.__annotations__, PROVENANCE: PROV.__annotations__}
    for term in used:
        vocabulary = next(base for base in known if term.startswith(base))
        assert term.removeprefix(vocabulary) in known[vocabulary], term
    assert {f"{SCHEMA}Quotation", f"{SCHEMA}spokenByCharacter", f"{PROVENANCE}wasQuotedFrom"} <= used


def test_the_chain_leads_from_the_article_to_the_quotation(call: Quote) -> None:
    """Newspoint quoted what Ushakov told, who quoted Trump."""
    graph = Linked(BASE).quotation(call, reports_of(call))["@graph"]
    nodes = {node["@id"]: node for node in graph}
    report = graph[-1]
    assert report["prov:wasAttributedTo"]["name"] == "Newspoint"
    telling = nodes[report["prov:wasQuotedFrom"]["@id"]]
    assert telling["prov:wasAttributedTo"]["name"] == "Yuri Ushakov"
    assert telling["prov:wasQuotedFrom"] == {"@id": f"{BASE}quotes/{call.pk}/"}
    assert graph[0]["spokenByCharacter"]["name"] == "Donald Trump"
    assert graph[0]["contributor"][0]["contributor"]["name"] == "Yuri Ushakov"
    assert "prov:hadPrimarySource" not in json.dumps(graph)


@pytest.mark.django_db
def test_a_firsthand_report_has_its_primary_source() -> None:
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    quote = report.variant.quote
    graph = Linked(BASE).quotation(quote, reports_of(quote))["@graph"]
    assert graph[-1]["prov:hadPrimarySource"] == graph[-1]["prov:wasQuotedFrom"] == {"@id": graph[0]["@id"]}


def test_an_upheld_wrong_speaker_is_no_creator(call: Quote, editor: User) -> None:
    flag = make_flag(call, editor, kind="wrong_speaker")
    linked = Linked(BASE)
    assert "creator" in linked.quotation(call, reports_of(call), [flag])["@graph"][0]
    flag.state = "upheld"
    first = linked.quotation(call, reports_of(call), [flag])["@graph"][0]
    assert "creator" not in first
    assert first["spokenByCharacter"]["name"] == "Donald Trump"


def test_an_annotation_finds_its_words_again(call: Quote) -> None:
    (report,) = reports_of(call)
    node = Linked(BASE).annotation(report)
    (target,) = node["target"]
    quoted, position = target["selector"]
    text = report.revision.text
    assert text[position["start"] : position["end"]] == quoted["exact"]
    assert text[: position["start"]].endswith(quoted["prefix"])
    assert node["body"][0]["value"] == "secondhand"
    assert "Intermediary 1: Yuri Ushakov" in [body.get("value") for body in node["body"]]
    for body in node["body"]:
        for selector in body.get("selector", [])[1:]:
            assert text[selector["start"] : selector["end"]] == body["selector"][0]["exact"]


def test_annotations_expand_and_lose_nothing(call: Quote) -> None:
    """A term that the context does not define would vanish."""
    reports = reports_of(call)
    (collection,) = expanded(Linked(BASE).annotations(call, reports))
    used = set(terms(collection))
    assert {f"{OA}hasTarget", f"{OA}exact", f"{OA}motivatedBy", f"{OA}cachedSource"} <= used
    keys = {key for key in json_keys(Linked(BASE).annotations(call, reports)) if not key.startswith("@")}
    assert keys <= set(CONTEXTS["http://www.w3.org/ns/anno.jsonld"])


def json_keys(node: Any) -> Iterator[str]:
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from json_keys(value)
    if isinstance(node, dict):
        yield from node


def test_no_query_when_the_evidence_is_loaded(call: Quote, django_assert_num_queries: Any) -> None:
    reports, call = reports_of(call), Quote.objects.select_related("speaker").get(pk=call.pk)
    with django_assert_num_queries(0):
        Linked(BASE).quotation(call, reports)
        Linked(BASE).annotations(call, reports)


@pytest.mark.django_db
def test_a_document_that_speaks_and_an_unnamed_speaker() -> None:
    paper = make_attribution("Profits will fall.", speaker=make_speaker("Annual report", kind="document"))
    nobody = make_attribution("Trains will stop.", speaker=None, speaker_printed="two officials")
    for report, expected in ((paper, None), (nobody, "two officials")):
        assert isinstance(report, Attribution)
        assert report.variant is not None
        quote = Quote.objects.get(pk=report.variant.quote_id)
        told = Linked(BASE).quotation(quote, reports_of(quote))["@graph"][0]
        assert told.get("spokenByCharacter", {}).get("name") == expected
