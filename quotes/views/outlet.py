"""Outlets: the list, and the page of one with its articles and quotes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from quotes.http import Request, paginate
from quotes.models import Article, Outlet, Quote


@require_GET
def browse(request: Request) -> HttpResponse:
    by_name = request.GET.get("sort") != "articles"
    found = Outlet.objects.with_counts().order_by("name" if by_name else "-article_count", "name")
    return render(request, "outlet/browse.html", {"page": paginate(request, found), "by_name": by_name})


@require_GET
def detail(request: Request, slug: str) -> HttpResponse:
    outlet = get_object_or_404(Outlet, slug=slug)
    quotes = Quote.objects.shown().in_outlet(outlet).newest_first().with_row_details()
    context = {
        "outlet": outlet,
        "articles": Article.objects.in_outlet(outlet).newest_first()[:10],
        "page": paginate(request, quotes),
    }
    return render(request, "outlet/detail.html", context)
