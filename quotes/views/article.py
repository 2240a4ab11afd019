"""Articles: the list, and one article's text with its attributions marked."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from quotes import formats
from quotes.http import Request, asked, chosen, paginate
from quotes.models import Article, Attribution, Outlet
from quotes.text.segments import Mark, Segment, paragraphs
from quotes.text.spans import Span

ORDERS = {"new": "Newest first", "old": "Oldest first", "title": "By title"}
MARKED = frozenset(("content", "relay", "relay_cue"))


@require_GET
def browse(request: Request) -> HttpResponse:
    """All articles, or those with the words of `?q=` in their titles, of the outlet `?outlet=` names by its slug."""
    sort, words, slug = chosen(request, "sort", ORDERS), asked(request, "q"), asked(request, "outlet")
    outlet = get_object_or_404(Outlet, slug=slug) if slug else None
    found = Article.objects.titled(words).in_order(sort).with_list_details()
    found = found.in_outlet(outlet) if outlet else found
    title = " ".join(filter(None, ["Articles", f"of {outlet}" if outlet else "", f"titled {words}" if words else ""]))
    data = formats.response(request, found, title, "articles")
    if data is not None:
        return data
    context = {"page": paginate(request, found), "sort": sort, "sorts": ORDERS}
    return render(request, "article/browse.html", context | {"words": words, "outlet": outlet, "title": title})


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    article = get_object_or_404(
        Article.objects.select_related("outlet", "copied_from__outlet").prefetch_related("revisions"), pk=pk
    )
    revisions = [*article.revisions.all()]
    asked_for = [revision for revision in revisions if str(revision.number) == request.GET.get("version")]
    current = asked_for[0] if asked_for else article.current_revision
    attributions = [*Attribution.objects.shown().filter(revision=current).with_evidence().in_text_order()]
    context = {
        "article": article,
        "current": current,
        "revisions": revisions,
        "attributions": attributions,
        "paragraphs": marked_paragraphs(current.text if current else "", attributions),
    }
    return render(request, "article/detail.html", context)


def marked_paragraphs(text: str, attributions: Iterable[Attribution]) -> list[list[Segment]]:
    """The text in segments; each content begins with its attribution's number, counted from 1."""
    marks = [
        Mark(Span(span.start, span.end), _role(span.role, attribution), number)
        for number, attribution in enumerate(attributions, start=1)
        for span in attribution.spans.all()
        if span.role in MARKED
    ]
    return paragraphs(text, marks)


def _role(role: str, attribution: Attribution) -> str:
    return f"m-{role} s-{attribution.sourcing}" if role == "content" else f"m-{role}"
