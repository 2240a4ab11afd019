"""How other programs search Hearsay."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from quotes.http import Request


@require_GET
def opensearch(request: Request) -> HttpResponse:
    """The OpenSearch 1.1 description by which a browser offers the search of quotes."""
    kind = "application/opensearchdescription+xml"
    return render(request, "search/opensearch.xml", {"base": request.build_absolute_uri("/")}, content_type=kind)
