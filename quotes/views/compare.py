"""Two to four wordings, speakers or outlets side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from quotes.http import Request, number_in
from quotes.services import comparison
from quotes.throttle import throttled

KINDS = {"wording": "wordings", "speaker": "speakers", "outlet": "outlets"}
"""Name in the address, as often as there are things to compare -> what they are."""


@require_GET
@throttled("search")
def detail(request: Request) -> HttpResponse:
    """`?wording=4&wording=7`; the first is the one the others are held against. What is not known is left out."""
    kind = next((kind for kind in KINDS if kind in request.GET), "wording")
    numbers = [number_in(value) for value in request.GET.getlist(kind)]
    found: list[Any] = getattr(comparison, KINDS[kind])(numbers)
    context = {
        "kind": kind,
        "kinds": KINDS[kind],
        "asked": len(set(numbers)),
        "found": found,
        "enough": len(found) >= comparison.FEWEST,
        "most": comparison.MOST,
        "common": comparison.in_common(tally.subject for tally in found) if kind == "outlet" and found else 0,
    }
    return render(request, "compare/detail.html", context)
