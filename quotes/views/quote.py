"""Quotes: the list, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRedirect

from quotes import charts
from quotes.forms import FlagForm
from quotes.http import Request, TakenDown, asked, may, render
from quotes.listing import Listing
from quotes.models import Attribution, Decision, Match, Quote, Variant, Watch
from quotes.models.decision import DecisionQuerySet
from quotes.models.quote import FIRSTHAND
from quotes.services import origins, sourcing, takedown, watch
from quotes.services.linked import Linked
from quotes.services.search import speakers_named
from quotes.services.summary import as_if_shown, reports_of
from quotes.text.citation import plain
from quotes.text.diff import drift
from quotes.text.meaning import alarms
from quotes.text.query import LONGEST
from quotes.throttle import throttled

PASTED = 9
"""Words without an operator from which a search is a pasted quote: *Have we seen this?*"""

LONG = 240
"""Characters from which a quote is set in a smaller size."""

MOST_TOLD = 8
"""Reports shown with their words in the article; the table of the spread has them all."""

MOST_SPREAD = 40
"""Reports in the table of the spread until all are asked for: `?all=yes`."""

MOST_SIMILAR = 60
"""Pairs of wordings looked through for quotes that resemble one."""


@dataclass(frozen=True)
class WordingRow:
    """One wording of a quote with the attributions that print it."""

    variant: Variant
    reports: list[Attribution]
    best: str
    """The quote's best version."""

    alarms: list[str]
    """What changed in meaning against the best version, in words."""

    @property
    def is_best(self) -> bool:
        return self.variant.wording == self.best

    @property
    def first(self) -> Attribution:
        return self.reports[0]

    @property
    def drift(self) -> str:
        """What it dropped, added or put otherwise against the best version, in a sentence; empty for the best itself."""
        return "" if self.is_best else drift(self.best, self.variant.wording, self.outlets)

    @property
    def outlets(self) -> int:
        """Newsrooms that print it, or articles where none is known."""
        articles = [report.revision.article for report in self.reports]
        return len({article.outlet_id or f"article {article.pk}" for article in articles})


@require_GET
@throttled("search")
def browse(request: Request) -> HttpResponse:
    """The search of quotes: the address says all of it, and older or filled-in addresses are folded into one line.

    A pasted quote goes to *Have we seen this?*, unless `?words=yes` asks for its words one by one.
    """
    listing = Listing(request)
    is_pasted = len(listing.query.terms) >= PASTED and listing.query.is_plain
    if is_pasted and not request.GET.keys() & {"words", "format"}:
        seen = f"{reverse('home_seen')}?{urlencode({'q': asked(request, 'q', LONGEST)})}"
        return HttpResponseClientRedirect(seen) if request.htmx else redirect(seen)
    elsewhere = listing.elsewhere("Quotes")
    if elsewhere is not None:
        return elsewhere
    words = " ".join(term.value for term in listing.query.of("")) if listing.query.is_plain else ""
    context = _with_watch(listing) | {
        "title": listing.title("Quotes"),
        "words": words,
        "speakers": speakers_named(words),
    }
    return render(request, "quote/browse.html", "quote/_results.html", context)


def _with_watch(listing: Listing) -> dict[str, Any]:
    """The list, and the number of the reader's watch of this search, which comes with the rows: no query where there are any."""
    person, at_search = listing.request.user, watch.at_search(str(listing.query))
    if not listing.query.terms or not person.is_authenticated:
        return listing.context()
    listing.quotes = listing.quotes.annotate(watch_number=watch.number(person, at_search))
    context = listing.context()
    first = next(iter(context["page"].object_list), None)
    watched = (
        first.watch_number if first else Watch.objects.of(person).filter(at_search).values_list("pk", flat=True).first()
    )
    return context | {"watch_number": watched, "watch_query": urlencode({"search": str(listing.query)})}


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    watched = watch.number(request.user, watch.AT_QUOTE)
    quotes = Quote.objects.select_related("speaker", "merged_into").annotate(watch_number=watched)
    quote = get_object_or_404(quotes, pk=pk)
    if quote.merged_into is not None:
        return redirect(quote.merged_into)
    down = takedown.of_quote(quote)
    if down and not may(request.user, "take_down"):
        raise TakenDown(down)
    reports = as_if_shown(quote) if down else reports_of(quote)
    flags = [*quote.flags.with_people()]
    found = origins.origins(reports)
    base = request.build_absolute_uri("/")
    cited = sourcing.citation_of(quote, reports, base)
    best = sourcing.best_report(quote, reports)
    told = in_full(reports, found, best)
    decisions = Decision.objects.about_quote(quote)
    spread = found if request.GET.get("all") else first_of(found, MOST_SPREAD)
    context = {
        "quote": quote,
        "is_long": len(quote.words) > LONG,
        "reports": reports,
        "told": told,
        "untold": len(reports) - len(told),
        "chains": charts.chains(reports),
        "timeline": charts.timeline(found),
        "wordings": wordings(quote, reports),
        "verdict": sourcing.verdict_of(quote, reports),
        "safe_wording": sourcing.safe_wording_of(quote, reports, flags),
        "grade_reason": sourcing.grade_reason_of(quote, reports, found, flags),
        "signals": sourcing.signals_of(quote, reports),
        "coverage": sourcing.coverage_of(quote),
        "citation": plain(cited) if cited else "",
        "linked": Linked(base).quotation(quote, [best], flags, citation=plain(cited)) if best and cited else None,
        "firsthand": [report for report in reports if report.sourcing in FIRSTHAND],
        "origins": found,
        "spread": spread,
        "spread_count": sum(len(origin.reports) for origin in spread),
        "flags": flags,
        "flags_in_force": [flag for flag in flags if flag.is_active or flag.state == "upheld"],
        "decisions": _shown(decisions, request),
        "down": down,
        "similar": _similar(quote),
        "flag_form": FlagForm(auto_id="flag_%s"),
    }
    return render_page(request, "quote/detail.html", context)


def _shown(decisions: DecisionQuerySet, request: Request) -> DecisionQuerySet:
    """Desk heads read everything, editors all that does not stand on what was taken down, others results alone."""
    if may(request.user, "take_down"):
        return decisions
    return decisions.shown() if may(request.user, "settle_flag") else decisions.shown().public()


def in_full(
    reports: Sequence[Attribution], found: Sequence[origins.Origin], best: Attribution | None
) -> list[Attribution]:
    """The reports that are shown with their words in the article: all, or the best and the first of each origin."""
    if len(reports) <= MOST_TOLD:
        return list(reports)
    first = [report for origin in found for report in origin.reports[:1]]
    rest = [report for report in reports if report not in first and report != best]
    return sorted(list(dict.fromkeys([*([best] if best else []), *first, *rest]))[:MOST_TOLD], key=reports.index)


def first_of(found: Iterable[origins.Origin], most: int) -> list[origins.Origin]:
    """The origins with their earliest reports, as many in all as may be shown."""
    cut, left = [], most
    for origin in found:
        if left > 0:
            cut.append(replace(origin, reports=origin.reports[:left]))
            left -= len(cut[-1].reports)
    return cut


@dataclass(frozen=True)
class SimilarRow:
    """Another quote that may be, or was said not to be, the same; by its likeliest wording."""

    match: Match
    own: Variant
    other: Variant


def _similar(quote: Quote) -> list[SimilarRow]:
    """The other quotes that resemble this one, the likeliest first, suggestions last. One query."""
    best: dict[int, SimilarRow] = {}
    for match in Match.objects.touching(quote).between_quotes().likeliest_first().with_wordings()[:MOST_SIMILAR]:
        own, other = (match.one, match.other) if match.one.quote_id == quote.pk else (match.other, match.one)
        best.setdefault(other.quote_id, SimilarRow(match, own, other))
    return list(best.values())


def wordings(quote: Quote, reports: Iterable[Attribution]) -> list[WordingRow]:
    """The wordings, the best version first, each with its reports in order of publication."""
    grouped: dict[Variant, list[Attribution]] = {}
    for report in reports:
        if report.variant is not None:
            grouped.setdefault(report.variant, []).append(report)
    rows = [
        WordingRow(variant, found, quote.words, _changes(quote.words, variant.wording))
        for variant, found in grouped.items()
    ]
    return sorted(rows, key=lambda row: not row.is_best)


def _changes(best: str, wording: str) -> list[str]:
    """What changed in meaning from the best version, in words; nothing for the best version itself."""
    return [str(alarm) for alarm in alarms(best, wording)] if wording != best else []
