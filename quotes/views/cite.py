"""A quote as a citation, in the formats that reference managers read."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from quotes.http import Request, refuse_taken_down
from quotes.models import Quote
from quotes.services import sourcing
from quotes.services.summary import reports_of
from quotes.text.citation import Citation, bibtex, csl, ris

KINDS: dict[str, tuple[str, Callable[[Citation], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris),
    "json": ("application/vnd.citationstyles.csl+json", lambda cited: json.dumps(csl(cited), ensure_ascii=False)),
}
"""Ending -> media type and writer."""


@require_GET
def quote(request: Request, pk: int, kind: str) -> HttpResponse:
    """The best report of a quote, cited. Merged quotes are cited by the one they lead to."""
    if kind not in KINDS:
        raise Http404
    cited = get_object_or_404(Quote.objects.select_related("speaker", "merged_into"), pk=pk).survivor
    refuse_taken_down(cited)
    found = sourcing.citation_of(cited, reports_of(cited), request.build_absolute_uri("/"))
    if found is None:
        raise Http404
    media_type, write = KINDS[kind]
    response = HttpResponse(write(found), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="hearsay-{cited.pk}.{kind}"'
    return response
