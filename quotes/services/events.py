"""Notes what happened to quotes, in the transaction that made it happen: what watches are told of.

Every function costs the same few queries however many rows it is given; an event that is noted already is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Q

from quotes.models import Article, Attribution, Event, Flag, Match, Quote
from quotes.text.diff import drift
from quotes.text.meaning import alarms
from quotes.text.verdict import CLASS_NAMES

LIKELY = 0.5
"""Probability from which a wording that means something else counts as a quote's own, altered: below it, it is another remark."""

SHOWN = 200
"""Characters of an altered wording that are told."""

FOUND = {
    "record": "{} links a record of the words.",
    "firsthand": "{} had it from the speaker.",
    "pickup": "{} credits another outlet that had it from the speaker.",
}


def _note(events: Iterable[Event]) -> None:
    """One query, or none without events."""
    Event.objects.bulk_create(events, ignore_conflicts=True)


# --- an article was read ---------------------------------------------------------------------------


def note_reports(article: Article, placed: Sequence[Attribution]) -> None:
    """A version of an article was read for the first time, and its new attributions stand in their quotes.

    To be called before those quotes are counted again: what they said until now is what a new wording drifted from.
    Up to four queries.
    """
    reports: dict[int, list[Attribution]] = {}
    for report in _shown(placed):
        if report.variant is not None:
            reports.setdefault(report.variant.quote_id, []).append(report)
    if not reports:
        return
    others = Attribution.objects.shown().exclude(revision=placed[0].revision_id)
    before = set(others.filter(revision__article=article, variant__quote__in=reports).values_list("variant__quote"))
    events = [
        Event(kind="report", quote_id=quote, article=article, detail=_reports_it(article, found[0]))
        for quote, found in reports.items()
        if (quote,) not in before
    ]
    known = Quote.objects.shown().in_bulk(list(reports))
    if known:
        worded = [report.variant_id for quote in known for report in reports[quote]]
        old = set(others.filter(variant__in=worded).values_list("variant", flat=True).distinct())
        for quote in known.values():
            told = (_drift(article, quote, report) for report in reports[quote.pk] if report.variant_id not in old)
            events += [Event(kind="drifted", quote=quote, article=article, detail=t) for t in filter(None, told)][:1]
    _note(events)


def _shown(reports: Iterable[Attribution]) -> list[Attribution]:
    """With words, and not what an editor rejected in another version."""
    return [report for report in reports if report.variant and report.status != Attribution.Status.REJECTED]


def _place(article: Article) -> str:
    return article.outlet.name if article.outlet else f"“{article.title}”"


def _reports_it(article: Article, report: Attribution) -> str:
    return f"{_place(article)} reports it: {CLASS_NAMES[report.sourcing].lower()}."


def _drift(article: Article, quote: Quote, report: Attribution) -> str:
    """What the article did with the words that were known; empty when nothing can be said."""
    told = drift(quote.words, report.variant_words, 1)
    sentences = [f"{_place(article)}{told.removeprefix('1 outlet')}"] if told else []
    return " ".join([*sentences, *map(str, alarms(quote.words, report.variant_words))])


def note_altered(article: Article, placed: Sequence[Attribution]) -> None:
    """A version of an article was read for the first time, and its wordings were held against what others print.

    A wording in which a *not* or an *if* is gone joins no quote by machine: an editor is asked. Those who watch the
    quote are told already, with the question. Up to three queries.
    """
    own = {report.variant_id: report for report in _shown(placed)}
    touching = Q(one__in=own) | Q(other__in=own)
    asked = Match.objects.filter(touching, outcome=Match.Outcome.PROPOSED, is_suggestion=False, score__gte=LIKELY)
    pairs = list(asked.exclude(alarms=[]).select_related("one", "other").order_by("-score", "pk")) if own else []
    if pairs:
        elsewhere = Attribution.objects.shown().filter(variant__in=own).exclude(revision__article=article)
        old = set(elsewhere.values_list("variant", flat=True).distinct())
        _note(_altered(article, pairs, {pk for pk in own if pk not in old}, set(own)))


def _altered(article: Article, pairs: Iterable[Match], new: set[int | None], own: set[int | None]) -> Iterator[Event]:
    for pair in pairs:
        for mine, other in ((pair.one, pair.other), (pair.other, pair.one)):
            if mine.pk in new and other.pk not in own:
                words = mine.wording if len(mine.wording) <= SHOWN else f"{mine.wording[: SHOWN - 1]}…"
                told = f"{_place(article)} prints what may be the same remark: “{words}” {' '.join(pair.alarms)}"
                yield Event(kind="drifted", quote_id=other.quote_id, article=article, detail=told)


# --- a quote was counted again, a flag was worked on ------------------------------------------------


def note_firsthand(found: Mapping[Quote, Sequence[Attribution]]) -> None:
    """Quotes that became firsthand, with their reports. One query."""
    events = []
    for quote, reports in found.items():
        first = next(report for report in reports if report.sourcing == quote.sourcing)
        article = first.revision.article
        told = FOUND[quote.sourcing].format(_place(article))
        events.append(Event(kind="firsthand", quote=quote, article=article, detail=told))
    _note(events)


def note_denial(flag: Flag) -> None:
    """A flag was raised: only a denial is an event by itself. One query, or none."""
    if flag.kind == "denied":
        _note([Event(kind="denied", quote_id=flag.quote_id, flag=flag, detail=f"A denial was recorded: {flag.reason}")])


def note_act(flag: Flag, was: str, reason: str) -> None:
    """Something was done to a flag that was in the state `was`: it was upheld, or is upheld no more. One query, or none."""
    is_upheld, was_upheld = flag.state == Flag.State.UPHELD, was == Flag.State.UPHELD
    if is_upheld != was_upheld:
        told = f"The flag “{flag.label}” was {'upheld' if is_upheld else 'upheld and is open again'}: {reason}"
        kind = "upheld" if is_upheld else "reversed"
        _note([Event(kind=kind, quote_id=flag.quote_id, flag=flag, detail=told)])
