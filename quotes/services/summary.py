"""Keeps a quote's derived fields true to its attributions. The one place that writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
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


def refresh(quote_ids: Iterable[int | None], *, is_news: bool = True) -> None:
    """Recomputes the derived fields of these quotes; quotes nobody reports or has acted on any more go.

    Fifteen queries and one for each quote that changed; one more when a firsthand report was found: who watches is told
    and flags are looked at again, unless it is no news but only shown again.
    """
    wanted = {pk for pk in quote_ids if pk is not None}
    if not wanted:
        return
    reports = _reports(wanted)
    disputed = _disputed(wanted)
    reported: dict[Quote, list[Attribution]] = {}
    now_firsthand: dict[Quote, list[Attribution]] = {}
    for quote in Quote.objects.filter(pk__in=wanted).select_related("speaker"):
        if reports[quote.pk]:
            reported[quote] = of_current_texts(reports[quote.pk])
            before = quote.sourcing
            _derive(quote, reported[quote], is_disputed=quote.pk in disputed)
            quote.save(update_fields=DERIVED)
            if is_news and before and before not in FIRSTHAND and quote.sourcing in FIRSTHAND:
                now_firsthand[quote] = reported[quote]
        else:
            _retire(quote)
    _link(wanted, reported)
    if now_firsthand:
        events.note_firsthand(now_firsthand)
        quotes = {quote.pk for quote in now_firsthand}
        if reopen_by_rule(quotes, "A firsthand report was linked."):
            refresh(quotes)  # they may be disputed no more


def differences(quote_ids: Collection[int]) -> dict[int, list[str]]:
    """What is kept of these quotes otherwise than their reports say, in words, by quote; without those that are right.

    Nine queries, and up to eight for each quote that nobody reports.
    """
    reports, disputed, found = _reports(quote_ids), _disputed(quote_ids), {}
    outlets = _linked(Quote.outlets.through, "outlet_id", quote_ids)
    intermediaries = _linked(Quote.intermediaries.through, "speaker_id", quote_ids)
    entries = SearchEntry.objects.in_bulk(list(quote_ids))
    for quote in Quote.objects.filter(pk__in=quote_ids).select_related("speaker"):
        kept, own = {name: getattr(quote, name) for name in DERIVED}, of_current_texts(reports[quote.pk])
        if own:
            _derive(quote, own, is_disputed=quote.pk in disputed)
        else:
            _empty(quote)
        wrong = [_told(name, old, getattr(quote, name)) for name, old in kept.items() if old != getattr(quote, name)]
        if outlets.get(quote.pk, set()) != _outlets_of(own):
            wrong.append("its outlets are not those of its reports")
        if intermediaries.get(quote.pk, set()) != _intermediaries_of(own):
            wrong.append("its intermediaries are not those of its reports")
        wrong += _misfiled(entries.get(quote.pk), full_text.entry(quote, own) if own else None)
        if not own and not quote.merged_into_id and not _has_record(quote):
            wrong.append("nobody reports it and nobody has acted on it, so it should be gone")
        if wrong:
            found[quote.pk] = wrong
    return found


def _told(name: str, kept: Any, right: Any) -> str:
    """A field that is wrong; in full where both values are short."""
    both = f"{name} is {kept!r}, its reports say {right!r}"
    return both if len(both) <= 120 and not isinstance(kept, datetime) else f"{name} is not what its reports say"


def _misfiled(kept: SearchEntry | None, right: SearchEntry | None) -> list[str]:
    if kept is None or right is None:
        return [] if kept is right else [f"its entry for searching is {'missing' if right else 'left over'}"]
    same = (kept.words, kept.stems) == (right.words, right.stems)
    return [] if same else ["its entry for searching is not made of its reports"]


def _linked(table: Any, column: str, quote_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for quote, pk in table.objects.filter(quote__in=quote_ids).values_list("quote_id", column):
        found.setdefault(quote, set()).add(pk)
    return found


def _reports(wanted: Collection[int]) -> dict[int, list[Attribution]]:
    """What reports each of these quotes, in order of publication, without the articles' texts. Three queries."""
    found: dict[int, list[Attribution]] = {pk: [] for pk in wanted}
    shown = Attribution.objects.shown().filter(variant__quote__in=wanted).defer("revision__text")
    shown = shown.select_related("variant", "revision__article__outlet").prefetch_related("relays__intermediary")
    for attribution in shown.in_order_of_publication():
        if attribution.variant is not None:
            found[attribution.variant.quote_id].append(attribution)
    return found


def _disputed(wanted: Collection[int]) -> set[int]:
    return set(Flag.objects.disputing().filter(quote__in=wanted).values_list("quote", flat=True))


def _outlets_of(reports: Sequence[Attribution]) -> set[int]:
    return {report.revision.article.outlet_id for report in reports if report.revision.article.outlet_id}


def _intermediaries_of(reports: Sequence[Attribution]) -> set[int]:
    return {relay.intermediary_id for report in reports for relay in report.relays.all() if relay.intermediary_id}


def _link(wanted: Collection[int], reported: Mapping[Quote, Sequence[Attribution]]) -> None:
    """Writes which outlets and intermediaries each quote has, and what it is searched by. Six queries."""
    outlets, intermediaries = Quote.outlets.through, Quote.intermediaries.through
    for table in (outlets, intermediaries, SearchEntry):
        table.objects.filter(quote__in=wanted).delete()
    outlets.objects.bulk_create(
        outlets(quote_id=quote.pk, outlet_id=pk)
        for quote, reports in reported.items()
        for pk in sorted(_outlets_of(reports))
    )
    intermediaries.objects.bulk_create(
        intermediaries(quote_id=quote.pk, speaker_id=pk)
        for quote, reports in reported.items()
        for pk in sorted(_intermediaries_of(reports))
    )
    SearchEntry.objects.bulk_create(full_text.entry(quote, reports) for quote, reports in reported.items())


def as_if_shown(quote: Quote) -> list[Attribution]:
    """The reports of a quote that was taken down, for the desk; its derived fields are those it had, unsaved. Four queries."""
    standing = Attribution.objects.standing().filter(variant__quote=quote).with_evidence()
    reports = of_current_texts([*standing.in_order_of_publication()])
    if reports:
        _derive(quote, reports, is_disputed=Flag.objects.disputing().filter(quote=quote).exists())
    return reports


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
    """A quote with a record behind it stays, empty, so that its address and history do; without its words when it, or all
    that reports it, was taken down."""
    if quote.merged_into_id or _has_record(quote):
        _empty(quote)
        quote.save(update_fields=DERIVED)
        Quote.objects.taken_down().filter(pk=quote.pk).update(words="", speaker_printed="")
    else:
        for variant in quote.variants.all():
            index.remove(variant)
        quote.delete()


def _empty(quote: Quote) -> None:
    quote.report_count = quote.article_count = quote.outlet_count = quote.origin_count = 0
    quote.sourcing, quote.grade, quote.via = "", "", []


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
