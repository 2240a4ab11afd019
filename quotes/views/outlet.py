"""Outlets: the list, and the page of one with its articles and quotes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.shortcuts import render as render_page
from django.views.decorators.http import require_GET

from quotes import formats
from quotes.http import Request, chosen, paginate, render
from quotes.listing import Listing
from quotes.models import Article, Outlet, Quote
from quotes.services import watch

ORDERS = {"name": "By name", "articles": "Most articles"}


@require_GET
def browse(request: Request) -> HttpResponse:
    sort = chosen(request, "sort", ORDERS)
    found = Outlet.objects.with_counts().order_by("name" if sort == "name" else "-article_count", "name")
    data = formats.response(request, found, "Outlets", "outlets")
    if data is not None:
        return data
    return render_page(request, "outlet/browse.html", {"page": paginate(request, found), "sort": sort, "sorts": ORDERS})


@require_GET
def detail(request: Request, slug: str) -> HttpResponse:
    watched = watch.number(request.user, watch.AT_OUTLET)
    outlet = get_object_or_404(Outlet.objects.with_counts().annotate(watch_number=watched), slug=slug)
    listing = Listing(request, Quote.objects.shown().in_outlet(outlet))
    title = f"{outlet}: quotes it reports"
    elsewhere = listing.elsewhere(title)
    if elsewhere is not None:
        return elsewhere
    context = listing.context(("class", "grade", "speaker", "via")) | {
        "outlet": outlet,
        "articles": Article.objects.shown().in_outlet(outlet).newest_first()[:5],
        "title": listing.title(title),
    }
    return render(request, "outlet/detail.html", "quote/_results.html", context)
