"""Quotes: the list, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from quotes import charts, formats
from quotes.forms import DaysForm, FlagForm, SearchForm
from quotes.http import Request, asked, chosen, paginate, render
from quotes.models import Attribution, Decision, Match, Quote, Variant
from quotes.models.quote import FIRSTHAND
from quotes.models.review import KINDS
from quotes.services import origins, sourcing
from quotes.services.facets import facets
from quotes.services.linked import Linked
from quotes.services.search import SORTS, Search, ordered
from quotes.services.summary import reports_of
from quotes.text.citation import plain
from quotes.text.meaning import alarms
from quotes.text.query import LONGEST, OPERATORS, Query, Term, parse

PASTED = 9
"""Words without an operator from which a search is a pasted quote: *Have we seen this?*"""

LONG = 240
"""Characters from which a quote is set in a smaller size."""

MOST_TOLD = 8
"""Reports shown with their words in the article; the table of the spread has them all."""

MOST_SIMILAR = 60
"""Pairs of wordings looked through for quotes that resemble one."""


@dataclass(frozen=True)
class WordingRow:
    """One wording of a quote with the attributions that print it."""

    variant: Variant
    reports: list[Attribution]
    is_best: bool
    alarms: list[str]
    """What changed in meaning against the best version, in words."""

    @property
    def first(self) -> Attribution:
        return self.reports[0]


@require_GET
def browse(request: Request) -> HttpResponse:
    """The search of quotes: the address says all of it, and older or filled-in addresses are folded into one line."""
    folded = _folded(request.GET)
    if folded is not None:
        return redirect(f"{reverse('quote_browse')}?{folded}")
    query = parse(asked(request, "q", LONGEST), KINDS)
    if len(query.terms) >= PASTED and query.is_plain:
        return redirect(f"{reverse('home_seen')}?{urlencode({'q': asked(request, 'q', LONGEST)})}")
    found = Search(query)
    sort = chosen(request, "sort", SORTS)
    quotes = ordered(found.quotes(), sort)
    data = formats.response(request, quotes, _title(query))
    if data is not None:
        return data
    counted = facets(found)
    context = {
        "form": SearchForm({"q": str(query), "sort": sort}, auto_id="search_%s"),
        "days": DaysForm({name: "".join(t.value for t in query.of(name)[:1]) for name in ("after", "before")}),
        "query": query,
        "sort": sort,
        "sorts": SORTS,
        "title": _title(query),
        "facets": counted.facets,
        "page": paginate(request, quotes.with_row_details(), count=counted.total),
    }
    return render(request, "quote/browse.html", "quote/_results.html", context)


def _folded(given: QueryDict) -> str | None:
    """The address in which operators given by themselves (*?speaker=Lee*) are part of the search; None when none is."""
    named = [(name, value.strip()) for name in OPERATORS for value in given.getlist(name)]
    if not named:
        return None
    kept = given.copy()
    terms = [Term(name, value[:200]) for name, value in named if value]
    days = {name for name, _ in named}
    query = parse(given.get("q", ""), KINDS)
    rest = Query(tuple(term for term in query.terms if term.name not in days & {"after", "before"}))
    kept["q"] = " ".join(filter(None, [str(rest), *map(str, terms)]))
    for name in (*OPERATORS, "page"):
        kept.pop(name, None)
    return kept.urlencode()


def _title(query: Query) -> str:
    return f"Quotes: {query}" if query.terms else "Quotes"


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    quote = get_object_or_404(Quote.objects.select_related("speaker", "merged_into"), pk=pk)
    if quote.merged_into is not None:
        return redirect(quote.merged_into)
    reports = reports_of(quote)
    flags = [*quote.flags.with_people()]
    found = origins.origins(reports)
    base = request.build_absolute_uri("/")
    cited = sourcing.citation_of(quote, reports, base)
    best = sourcing.best_report(quote, reports)
    told = in_full(reports, found, best)
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
        "flags": flags,
        "flags_in_force": [flag for flag in flags if flag.is_active or flag.state == "upheld"],
        "decisions": Decision.objects.about_quote(quote),
        "similar": _similar(quote),
        "flag_form": FlagForm(auto_id="flag_%s"),
    }
    return render_page(request, "quote/detail.html", context)


def in_full(
    reports: Sequence[Attribution], found: Sequence[origins.Origin], best: Attribution | None
) -> list[Attribution]:
    """The reports that are shown with their words in the article: all, or the best and the first of each origin."""
    if len(reports) <= MOST_TOLD:
        return list(reports)
    first = [report for origin in found for report in origin.reports[:1]]
    rest = [report for report in reports if report not in first and report != best]
    return sorted(list(dict.fromkeys([*([best] if best else []), *first, *rest]))[:MOST_TOLD], key=reports.index)


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
        WordingRow(variant, found, variant.wording == quote.words, _changes(quote.words, variant.wording))
        for variant, found in grouped.items()
    ]
    return sorted(rows, key=lambda row: not row.is_best)


def _changes(best: str, wording: str) -> list[str]:
    """What changed in meaning from the best version, in words; nothing for the best version itself."""
    return [str(alarm) for alarm in alarms(best, wording)] if wording != best else []
