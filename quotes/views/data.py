"""A quote and its attributions as linked data: JSON-LD (schema.org, PROV) and W3C Web Annotations."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from quotes.http import Request, refuse_report_taken_down, refuse_taken_down
from quotes.models import Attribution, Quote
from quotes.services import sourcing
from quotes.services.linked import Linked
from quotes.services.summary import reports_of
from quotes.text.citation import plain

JSON_LD = "application/ld+json"
ANNOTATION = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


@require_GET
def quote(request: Request, pk: int) -> HttpResponse:
    """The Quotation with every report and its chain. Merged quotes are told as the one they lead to."""
    found, base = _quote(pk), request.build_absolute_uri("/")
    reports = reports_of(found)
    cited = sourcing.citation_of(found, reports, base)
    node = Linked(base).quotation(found, reports, found.flags.all(), citation=plain(cited) if cited else "")
    return _json(node, JSON_LD)


@require_GET
def reports(request: Request, pk: int) -> HttpResponse:
    """Every attribution of the quote as an annotation of its article."""
    found = _quote(pk)
    return _json(Linked(request.build_absolute_uri("/")).annotations(found, reports_of(found)), ANNOTATION)


@require_GET
def attribution(request: Request, pk: int) -> HttpResponse:
    refuse_report_taken_down(pk)
    found = get_object_or_404(Attribution.objects.shown().with_evidence(), pk=pk)
    return _json(Linked(request.build_absolute_uri("/")).annotation(found), ANNOTATION)


def _quote(pk: int) -> Quote:
    found = get_object_or_404(Quote.objects.select_related("speaker", "merged_into"), pk=pk).survivor
    refuse_taken_down(found)
    return found


def _json(node: dict[str, Any], media_type: str) -> HttpResponse:
    return HttpResponse(json.dumps(node, ensure_ascii=False), content_type=media_type)
