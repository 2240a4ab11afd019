"""Method and coverage: how Hearsay reads, how well, and what it does not know."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from quotes.http import Request
from quotes.models import Article, Outlet
from quotes.services.accuracy import measured
from quotes.text.attribute import extractor
from quotes.text.tagger import state
from quotes.text.verdict import CLASS_MEANINGS, CLASS_NAMES, GRADES


@require_GET
def detail(request: Request) -> HttpResponse:
    context = {
        "classes": [(CLASS_NAMES[key], meaning) for key, meaning in CLASS_MEANINGS.items()],
        "grades": [(value.capitalize(), meaning) for value, meaning in GRADES.items()],
        "figures": measured(),
        "reader": extractor(),
        "state": state(),
        "articles": Article.objects.count(),
        "outlets": Outlet.objects.count(),
    }
    return render(request, "method/detail.html", context)
