"""Outlets: the list, and the page of one with its articles and quotes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from quotes.http import Request, chosen, paginate
from quotes.models import Article, Outlet, Quote
from quotes.services.search import SORTS, ordered

ORDERS = {"name": "By name", "articles": "Most articles"}


@require_GET
def browse(request: Request) -> HttpResponse:
    sort = chosen(request, "sort", ORDERS)
    found = Outlet.objects.with_counts().order_by("name" if sort == "name" else "-article_count", "name")
    return render(request, "outlet/browse.html", {"page": paginate(request, found), "sort": sort, "sorts": ORDERS})


@require_GET
def detail(request: Request, slug: str) -> HttpResponse:
    outlet = get_object_or_404(Outlet, slug=slug)
    sort = chosen(request, "sort", SORTS)
    quotes = ordered(Quote.objects.shown().in_outlet(outlet), sort).with_row_details()
    context = {
        "outlet": outlet,
        "articles": Article.objects.in_outlet(outlet).newest_first()[:10],
        "page": paginate(request, quotes),
        "sort": sort,
        "sorts": SORTS,
    }
    return render(request, "outlet/detail.html", context)
