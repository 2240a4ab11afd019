"""Articles: the list, and one article's text with its attributions marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from quotes import formats
from quotes.http import Request, asked, chosen, may, paginate, refuse_article_taken_down
from quotes.models import Article, Attribution, Outlet, Revision
from quotes.text.notices import corrections
from quotes.text.segments import Mark, Segment, paragraphs
from quotes.text.spans import Span, hull
from quotes.throttle import throttled

ORDERS = {"new": "Newest first", "old": "Oldest first", "title": "By title"}
MARKED = frozenset(("content", "relay", "relay_cue"))


@require_GET
@throttled("search")
def browse(request: Request) -> HttpResponse:
    """All articles, or those with the words of `?q=` in their titles, of the outlet `?outlet=` names by its slug."""
    sort, words, slug = chosen(request, "sort", ORDERS), asked(request, "q"), asked(request, "outlet")
    outlet = get_object_or_404(Outlet, slug=slug) if slug else None
    found = Article.objects.shown().titled(words).in_order(sort).with_list_details()
    found = found.in_outlet(outlet) if outlet else found
    title = " ".join(filter(None, ["Articles", f"of {outlet}" if outlet else "", f"titled {words}" if words else ""]))
    data = formats.response(request, found, title, "articles")
    if data is not None:
        return data
    context = {"page": paginate(request, found), "sort": sort, "sorts": ORDERS}
    return render(request, "article/browse.html", context | {"words": words, "outlet": outlet, "title": title})


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """One version of the article, `?version=`, and how its quotes differ from those of the version before."""
    article = get_object_or_404(
        Article.objects.select_related(
            "outlet", "takedown", "copied_from__outlet", "copied_from__takedown"
        ).prefetch_related("revisions"),
        pk=pk,
    )
    is_down = hasattr(article, "takedown")
    if is_down and not may(request.user, "take_down"):
        refuse_article_taken_down(article)
    revisions = [*article.revisions.all()]
    asked_for = [revision for revision in revisions if str(revision.number) == request.GET.get("version")]
    current = asked_for[0] if asked_for else article.current_revision
    reports = Attribution.objects.standing() if is_down else Attribution.objects.shown()
    attributions = [*reports.filter(revision=current).with_evidence().in_text_order()]
    earlier = [revision for revision in revisions if current and revision.number < current.number]
    context = {
        "article": article,
        "down": [article.takedown] if is_down else [],
        "current": current,
        "revisions": revisions,
        "cards": cards(attributions),
        "corrections": corrections(current.text) if current else (),
        "links": article.links.looked_at()[:1],
        "paragraphs": marked_paragraphs(current.text if current else "", attributions),
        "before": earlier[-1] if earlier else None,
        "edits": edits(_wordings(earlier[-1]), attributions) if earlier else None,
    }
    return render(request, "article/detail.html", context)


@dataclass(frozen=True, slots=True)
class Card:
    """One attribution beside the text: its number there, and that of the one it stands inside (0: none)."""

    number: int
    report: Attribution
    inside: int


def cards(attributions: Sequence[Attribution]) -> list[Card]:
    """In text order; what is said within what another says is told so. No query after with_evidence."""
    reach = [_reach(attribution) for attribution in attributions]
    found = []
    for at, (report, own) in enumerate(zip(attributions, reach, strict=True)):
        around = [
            (other.end - other.start, number)
            for number, other in enumerate(reach, start=1)
            if number != at + 1 and other != own and other.start <= own.start and own.end <= other.end
        ]
        found.append(Card(at + 1, report, min(around)[1] if around else 0))
    return found


def _reach(attribution: Attribution) -> Span:
    """From the first word of its content to the last."""
    content = [Span(span.start, span.end) for span in attribution.spans.all() if span.role == "content"]
    return hull(content) if content else Span(attribution.start, attribution.start)


@dataclass(frozen=True, slots=True)
class Edit:
    """What a new version did with one quote: *gone*, *new* or *reworded*."""

    kind: str
    before: str
    after: str


def edits(before: Iterable[tuple[int, str]], after: Iterable[Attribution]) -> list[Edit]:
    """How the quotes of a version differ from those (quote, wording) of the one before; the same wording is no edit."""
    old, new = list(before), [(r.variant.quote_id, r.variant_words) for r in after if r.variant]
    kept = Counter(old) & Counter(new)
    gone, come = list((Counter(old) - kept).elements()), list((Counter(new) - kept).elements())
    found = []
    for quote, wording in gone:
        again = next((one for one in come if one[0] == quote), None)
        if again:
            come.remove(again)
        found.append(Edit("reworded", wording, again[1]) if again else Edit("gone", wording, ""))
    return [*found, *(Edit("new", "", wording) for _, wording in come)]


def _wordings(revision: Revision) -> list[tuple[int, str]]:
    """The quotes of a version with their wordings, in text order. One query."""
    shown = Attribution.objects.shown().filter(revision=revision, variant__isnull=False).in_text_order()
    return list(shown.values_list("variant__quote", "variant__wording"))


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
