"""The lasting address of one attribution."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from quotes.http import Request, refuse_report_taken_down
from quotes.models import Attribution


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """To its place in the article, in the version that has the words."""
    refuse_report_taken_down(pk)
    shown = Attribution.objects.shown().select_related("revision__article")
    return redirect(get_object_or_404(shown, pk=pk))
