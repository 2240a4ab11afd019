"""The home page and its one box."""

from __future__ import annotations

import re

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from quotes.forms import LookForm, PasteForm
from quotes.http import Request, asked, may
from quotes.models import Article, Quote
from quotes.services import ingest, search
from quotes.services.queue import VIEWS, Queue
from quotes.throttle import throttled

LINK = re.compile(r"^(?:https?://\S+|(?:www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*)$", re.I)
ARTICLE_WORDS = 120
"""More words than this are an article, not a quote."""


@require_GET
def index(request: Request) -> HttpResponse:
    return _page(request, LookForm(auto_id="look_%s"))


def _page(request: Request, form: LookForm) -> HttpResponse:
    shown = Quote.objects.shown()
    context = {
        "form": form,
        "spreading": shown.most_reported_first().filter(article_count__gt=1).with_row_details()[:5],
        "latest": shown.newest_first().with_row_details()[:8],
    }
    if may(request.user, "settle_flag"):
        counts = Queue(request.user, "all").counts()  # type: ignore[arg-type]  # signed in: they have a right
        context["waiting"] = [(name, label, counts[name]) for name, label in VIEWS.items()]
    return render(request, "home/index.html", context)


@require_http_methods(["GET", "POST"])
@throttled("search")
def look(request: Request) -> HttpResponse:
    """Sends what was pasted to where it is answered: a link, an article, or words."""
    if request.method == "GET":  # somebody came back by address, after signing in say
        return redirect("home_index")
    form = LookForm(request.POST, auto_id="look_%s")
    if not form.is_valid():
        return _page(request, form)
    pasted = form.cleaned_data["box"]
    if LINK.match(pasted):
        return _link(request, pasted)
    if len(pasted.split()) > ARTICLE_WORDS or pasted.count("\n\n") > 2:
        return render(request, "add/paste.html", {"form": PasteForm(initial={"text": pasted}), "pasted": True})
    return redirect(f"{reverse('home_seen')}?{urlencode({'q': pasted[:2000]})}")


def _link(request: Request, pasted: str) -> HttpResponseRedirect:
    """To the article when it is known, else to Add with the address filled in: to be fetched by those who may."""
    try:
        url = ingest.canonical_url(pasted)
    except ingest.Refused:
        url = pasted
    article = Article.objects.at_url(url).first()
    if article is not None:
        return redirect(article)
    page = "add_link" if may(request.user, "add_article") else "add_paste"
    return redirect(f"{reverse(page)}?{urlencode({'url': url})}")


@require_GET
@throttled("search")
def seen(request: Request) -> HttpResponse:
    """*Have we seen this?*"""
    words = asked(request, "q", longest=2000)
    if not words:
        return redirect("home_index")
    found = search.seen(words)
    context = {
        "words": words,
        "found": found,
        "answer": search.answer(found),
        "whole": any(entry.how != "partly" for entry in found),
        "speakers": search.speakers_named(words),
        "articles": Article.objects.shown().count(),
    }
    return render(request, "home/seen.html", context)
