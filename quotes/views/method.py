"""Method and coverage: how Hearsay reads, how well, and what it does not know."""

from __future__ import annotations

from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from quotes.http import Request
from quotes.models import Article, Outlet
from quotes.models.review import DISPUTING, KIND_MEANINGS, KINDS, SERIOUS
from quotes.services.accuracy import measured, measured_matching
from quotes.services.sourcing import SIGNALS
from quotes.text.attribute import extractor
from quotes.text.tagger import state
from quotes.text.verdict import CLASS_MEANINGS, CLASS_NAMES, GRADES

MOST_OUTLETS = 20
"""Outlets listed with what is tracked of them; the list of outlets has them all."""


@require_GET
def detail(request: Request) -> HttpResponse:
    """Three queries."""
    context = {
        "classes": [(key, CLASS_NAMES[key], meaning) for key, meaning in CLASS_MEANINGS.items()],
        "grades": [(value.capitalize(), meaning) for value, meaning in GRADES.items()],
        "signals": SIGNALS,
        "flags": [
            (KINDS[kind], meaning, kind in SERIOUS, kind in DISPUTING) for kind, meaning in KIND_MEANINGS.items()
        ],
        "figures": measured(),
        "matching": measured_matching(),
        "reader": extractor(),
        "state": state(),
        "read": Article.objects.shown().aggregate(
            articles=Count("pk"), outlets=Count("outlet", distinct=True), since=Min("published"), until=Max("published")
        ),
        "outlets": Outlet.objects.most_articles_first()[:MOST_OUTLETS],
    }
    return render(request, "method/detail.html", context)
