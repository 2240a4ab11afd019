"""Keeps a quote's derived fields true to its attributions. The one place that writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quotes.models import Attribution, Match, Quote
from quotes.services import index, origins
from quotes.text.verdict import BEST_FIRST, best_class

DERIVED = [
    "words",
    "sourcing",
    "via",
    "speaker_printed",
    "report_count",
    "article_count",
    "outlet_count",
    "origin_count",
    "first_seen",
    "last_seen",
]


def refresh(quote_ids: Iterable[int | None]) -> None:
    """Recomputes the derived fields of these quotes; quotes nobody reports or has acted on any more go.

    Six queries and one for each quote that changed.
    """
    wanted = {pk for pk in quote_ids if pk is not None}
    reports: dict[int, list[Attribution]] = {pk: [] for pk in wanted}
    shown = (
        Attribution.objects.shown()
        .filter(variant__quote__in=wanted)
        .select_related("variant", "revision__article__outlet")
    )
    shown = shown.prefetch_related("relays__intermediary")
    for attribution in shown:
        if attribution.variant is not None:
            reports[attribution.variant.quote_id].append(attribution)
    for quote in Quote.objects.filter(pk__in=wanted):
        if reports[quote.pk]:
            _derive(quote, of_current_texts(reports[quote.pk]))
            quote.save(update_fields=DERIVED)
        else:
            _retire(quote)


def of_current_texts(reports: list[Attribution]) -> list[Attribution]:
    """One article's reports from its current revision, else the last that has any: its versions count once."""
    chosen: dict[int, tuple[bool, int]] = {}
    for report in reports:
        article = report.revision.article_id
        chosen[article] = max(_standing(report), chosen.get(article, (False, 0)))
    return [report for report in reports if _standing(report) == chosen[report.revision.article_id]]


def _standing(report: Attribution) -> tuple[bool, int]:
    return report.is_in_current_text, report.revision.number


def _derive(quote: Quote, reports: list[Attribution]) -> None:
    articles = {attribution.revision.article for attribution in reports}
    days = [article.published or article.added_at for article in articles]
    best = min(reports, key=_preference)
    quote.words = best.variant.wording if best.variant else ""
    quote.sourcing = best_class([attribution.sourcing for attribution in reports])
    quote.via = _intermediaries(reports)
    quote.speaker_printed = best.speaker_printed
    quote.report_count = len(reports)
    quote.article_count = len(articles)
    quote.outlet_count = len({article.outlet_id for article in articles if article.outlet_id})
    quote.origin_count = origins.count(origins.origins(reports))
    quote.first_seen, quote.last_seen = min(days), max(days)


def _intermediaries(reports: list[Attribution]) -> list[dict[str, Any]]:
    """Everyone through whom the quote is known, once, stated before inferred."""
    relays = [relay for report in reports for relay in report.relays.all() if relay.is_stated]
    by_label: dict[str, bool] = {}
    for relay in sorted(relays, key=lambda relay: relay.inferred):
        by_label.setdefault(relay.label, relay.inferred)
    return [{"label": label, "inferred": inferred} for label, inferred in by_label.items()]


def _preference(attribution: Attribution) -> tuple[int, int, int]:
    """The best version: closest to the source, in quotation marks, the longest."""
    form = ["direct", "mixed", "indirect"].index(attribution.form)
    return (
        BEST_FIRST.index(attribution.sourcing),
        form,
        -len(attribution.variant.wording if attribution.variant else ""),
    )


def _retire(quote: Quote) -> None:
    """A quote with a record behind it stays, empty, so that its address and history do."""
    if quote.merged_into_id or _has_record(quote):
        quote.report_count = quote.article_count = quote.outlet_count = quote.origin_count = 0
        quote.sourcing, quote.via = "", []
        quote.save(update_fields=DERIVED)
    else:
        for variant in quote.variants.all():
            index.remove(variant)
        quote.delete()


def _has_record(quote: Quote) -> bool:
    """An editor has acted on it, or another quote was merged into it. Up to five queries."""
    return (
        Attribution.objects.filter(variant__quote=quote).exists()
        or quote.flags.exists()
        or quote.decisions.exists()
        or quote.merged.exists()
        or Match.objects.touching(quote).on_record().exists()
    )
