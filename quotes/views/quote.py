"""Quotes: the list, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.views.decorators.http import require_GET

from quotes.forms import FilterForm, FlagForm
from quotes.http import Request, paginate, render
from quotes.models import Attribution, Decision, Match, Quote, Variant
from quotes.services import origins, search
from quotes.services.summary import of_current_texts
from quotes.text.verdict import verdict

LONG = 240
"""Characters from which a quote is set in a smaller size."""

MOST_SIMILAR = 60
"""Pairs of wordings looked through for quotes that resemble one."""


@dataclass(frozen=True)
class WordingRow:
    """One wording of a quote with the attributions that print it."""

    variant: Variant
    reports: list[Attribution]
    is_best: bool


@require_GET
def browse(request: Request) -> HttpResponse:
    form = FilterForm(request.GET or None, auto_id="filter_%s")
    form.is_valid()  # a field that cannot be read is said so; the others still hold
    criteria = form.cleaned_data if form.is_bound else {}
    found = search.filtered(Quote.objects.shown(), criteria)
    page = paginate(request, found.with_row_details())
    context = {"form": form, "page": page, "chips": _chips(form, criteria)}
    return render(request, "quote/browse.html", "quote/_results.html", context)


def _chips(form: FilterForm, criteria: dict[str, object]) -> list[tuple[str, str, str]]:
    """(field, label, value) of each filter in force, for a link that takes it off."""
    found = []
    for name, value in criteria.items():
        if value and name != "sort":
            field = form.fields[name]
            shown = dict(getattr(field, "choices", [])).get(value, value)
            found.append((name, str(field.label or name.title()), str(shown)))
    return found


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    quote = get_object_or_404(Quote.objects.select_related("speaker", "merged_into"), pk=pk)
    if quote.merged_into is not None:
        return redirect(quote.merged_into)
    shown = Attribution.objects.shown().filter(variant__quote=quote).with_evidence()
    reports = of_current_texts([*shown.order_by("revision__article__published", "pk")])
    flags = [*quote.flags.with_people()]
    context = {
        "quote": quote,
        "is_long": len(quote.words) > LONG,
        "reports": reports,
        "wordings": wordings(quote, reports),
        "verdict": _verdict(quote, reports),
        "origins": origins.origins(reports),
        "flags": flags,
        "flags_in_force": [flag for flag in flags if flag.is_active or flag.state == "upheld"],
        "decisions": Decision.objects.about_quote(quote),
        "similar": _similar(quote),
        "flag_form": FlagForm(auto_id="flag_%s"),
    }
    return render_page(request, "quote/detail.html", context)


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
    rows = [WordingRow(variant, found, variant.wording == quote.words) for variant, found in grouped.items()]
    return sorted(rows, key=lambda row: not row.is_best)


def _verdict(quote: Quote, reports: list[Attribution]) -> str:
    best = [report for report in reports if report.sourcing == quote.sourcing]
    if not best:
        return "No article reports this any more."
    chains = [[relay.label for relay in report.relays.all() if relay.is_stated] for report in best]
    via = chains[0] if quote.sourcing == "thirdhand" else [name for chain in chains for name in chain]
    return verdict(
        quote.sourcing,
        via,
        articles=quote.article_count,
        outlets=quote.outlet_count,
        origins=quote.origin_count,
        hedged=all(report.hedged for report in best),
    )
