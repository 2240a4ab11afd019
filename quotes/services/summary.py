"""Keeps a quote's derived fields true to its attributions. The one place that writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from quotes.models import Attribution, Flag, Match, Quote, SearchEntry
from quotes.models.quote import FIRSTHAND
from quotes.services import events, full_text, index, origins
from quotes.services.reopening import reopen_by_rule
from quotes.text.verdict import BEST_FIRST, best_class, grade

DERIVED = [
    "words",
    "form",
    "sourcing",
    "grade",
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

    Fifteen queries and one for each quote that changed; one more when a firsthand report was found.
    """
    wanted = {pk for pk in quote_ids if pk is not None}
    reports: dict[int, list[Attribution]] = {pk: [] for pk in wanted}
    shown = (
        Attribution.objects.shown()
        .filter(variant__quote__in=wanted)
        .select_related("variant", "revision__article__outlet")
    )
    shown = shown.prefetch_related("relays__intermediary").in_order_of_publication()
    for attribution in shown:
        if attribution.variant is not None:
            reports[attribution.variant.quote_id].append(attribution)
    disputed = set(Flag.objects.disputing().filter(quote__in=wanted).values_list("quote", flat=True))
    reported: dict[Quote, list[Attribution]] = {}
    now_firsthand: dict[Quote, list[Attribution]] = {}
    for quote in Quote.objects.filter(pk__in=wanted).select_related("speaker"):
        if reports[quote.pk]:
            reported[quote] = of_current_texts(reports[quote.pk])
            before = quote.sourcing
            _derive(quote, reported[quote], is_disputed=quote.pk in disputed)
            quote.save(update_fields=DERIVED)
            if before and before not in FIRSTHAND and quote.sourcing in FIRSTHAND:
                now_firsthand[quote] = reported[quote]
        else:
            _retire(quote)
    _link(wanted, reported)
    if now_firsthand:
        events.note_firsthand(now_firsthand)
        quotes = {quote.pk for quote in now_firsthand}
        if reopen_by_rule(quotes, "A firsthand report was linked."):
            refresh(quotes)  # they may be disputed no more


def _link(wanted: Collection[int], reported: Mapping[Quote, Sequence[Attribution]]) -> None:
    """Writes which outlets and intermediaries each quote has, and what it is searched by. Six queries."""
    outlets, intermediaries = Quote.outlets.through, Quote.intermediaries.through
    for table in (outlets, intermediaries, SearchEntry):
        table.objects.filter(quote__in=wanted).delete()
    outlets.objects.bulk_create(
        outlets(quote_id=quote.pk, outlet_id=pk)
        for quote, reports in reported.items()
        for pk in sorted({r.revision.article.outlet_id for r in reports if r.revision.article.outlet_id})
    )
    intermediaries.objects.bulk_create(
        intermediaries(quote_id=quote.pk, speaker_id=pk)
        for quote, reports in reported.items()
        for pk in sorted({relay.intermediary_id for r in reports for relay in r.relays.all() if relay.intermediary_id})
    )
    SearchEntry.objects.bulk_create(full_text.entry(quote, reports) for quote, reports in reported.items())


def reports_of(quote: Quote) -> list[Attribution]:
    """The attributions that report a quote, in order of publication, with their evidence. Three queries."""
    shown = Attribution.objects.shown().filter(variant__quote=quote).with_evidence()
    return of_current_texts([*shown.in_order_of_publication()])


def of_current_texts(reports: list[Attribution]) -> list[Attribution]:
    """One article's reports from its current revision, else the last that has any: its versions count once."""
    chosen: dict[int, tuple[bool, int]] = {}
    for report in reports:
        article = report.revision.article_id
        chosen[article] = max(_standing(report), chosen.get(article, (False, 0)))
    return [report for report in reports if _standing(report) == chosen[report.revision.article_id]]


def _standing(report: Attribution) -> tuple[bool, int]:
    return report.is_in_current_text, report.revision.number


def _derive(quote: Quote, reports: list[Attribution], *, is_disputed: bool) -> None:
    articles = {attribution.revision.article for attribution in reports}
    days = [article.published or article.added_at for article in articles]
    best = min(reports, key=_preference)
    found = origins.origins(reports)
    quote.words = best.variant_words
    quote.form = best.form
    quote.sourcing = best_class([attribution.sourcing for attribution in reports])
    quote.grade = grade([origin.sourcing for origin in found], is_disputed=is_disputed)
    quote.via = _intermediaries(reports)
    quote.speaker_printed = best.speaker_printed
    quote.report_count = len(reports)
    quote.article_count = len(articles)
    quote.outlet_count = len({article.outlet_id for article in articles if article.outlet_id})
    quote.origin_count = origins.count(found)
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
        -len(attribution.variant_words),
    )


def _retire(quote: Quote) -> None:
    """A quote with a record behind it stays, empty, so that its address and history do."""
    if quote.merged_into_id or _has_record(quote):
        quote.report_count = quote.article_count = quote.outlet_count = quote.origin_count = 0
        quote.sourcing, quote.grade, quote.via = "", "", []
        quote.save(update_fields=DERIVED)
    else:
        for variant in quote.variants.all():
            index.remove(variant)
        quote.delete()


def _has_record(quote: Quote) -> bool:
    """Somebody has acted on it or watches it, or another quote was merged into it. Up to seven queries."""
    return (
        Attribution.objects.filter(variant__quote=quote).exists()
        or quote.flags.exists()
        or quote.problems.exists()
        or quote.watches.exists()
        or quote.decisions.exists()
        or quote.merged.exists()
        or Match.objects.touching(quote).on_record().exists()
    )
