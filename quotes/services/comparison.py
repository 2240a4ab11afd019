"""Two to four wordings, speakers or outlets side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from quotes.models import Attribution, Outlet, Quote, Speaker, Variant
from quotes.services.summary import of_current_texts
from quotes.text.match import Wording as Compared
from quotes.text.match import compare
from quotes.text.reasons import words_of
from quotes.text.verdict import CLASS_NAMES

FEWEST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording with who prints it, against the first of those compared."""

    variant: Variant
    reports: tuple[Attribution, ...]
    """The earliest first."""

    reasons: tuple[str, ...]
    """What it shares with the first, in words; empty for the first itself."""

    alarms: tuple[str, ...]
    """What changed in meaning from the first, in words."""


def wordings(numbers: Sequence[int]) -> list[Wording]:
    """The variants of these numbers in that order, without those that no article prints. Four queries."""
    chosen = list(dict.fromkeys(numbers))[:MOST]
    variants = Variant.objects.shown().select_related("quote__speaker").in_bulk(chosen)
    shown = Attribution.objects.shown().filter(variant__in=variants).with_evidence()
    by_variant: dict[int | None, list[Attribution]] = defaultdict(list)
    for report in shown.in_order_of_publication():
        by_variant[report.variant_id].append(report)
    found: list[Wording] = []
    first: Variant | None = None
    for number in chosen:
        variant = variants.get(number)
        if variant is None:
            continue
        reasons, alarms = _against(first, variant) if first else ((), ())
        first = first or variant
        found.append(Wording(variant, tuple(of_current_texts(by_variant[number])), reasons, alarms))
    return found


def _against(first: Variant, other: Variant) -> tuple[tuple[str, ...], tuple[str, ...]]:
    same = first.quote.speaker_id is not None and first.quote.speaker_id == other.quote.speaker_id
    found = compare(Compared(first.wording), Compared(other.wording), heard="same" if same else "unknown")
    return tuple(words_of(found.evidence)), tuple(str(alarm) for alarm in found.alarms)


@dataclass(frozen=True, slots=True)
class Tally:
    """Somebody's or some outlet's quotes, counted by class, the best first."""

    subject: Speaker | Outlet
    total: int
    by_class: tuple[tuple[str, int], ...]
    more: int
    """Of a speaker, quotes of others known through them; of an outlet, articles read."""


def speakers(numbers: Sequence[int]) -> list[Tally]:
    """The speakers of these numbers, in that order. Two queries."""
    found = Speaker.objects.listed().with_counts().in_bulk(list(dict.fromkeys(numbers))[:MOST])
    rows = Quote.objects.shown().filter(speaker__in=found).order_by().values_list("speaker", "sourcing")
    counts = _counted(rows.annotate(n=Count("pk")))
    return [_tally(found[n], counts[n], found[n].relayed_count) for n in _known(numbers, found)]  # type: ignore[attr-defined]


def outlets(numbers: Sequence[int]) -> list[Tally]:
    """The outlets of these numbers, in that order. Two queries."""
    found = Outlet.objects.with_counts().in_bulk(list(dict.fromkeys(numbers))[:MOST])
    rows = Quote.outlets.through.objects.filter(outlet__in=found).values_list("outlet", "quote__sourcing")
    counts = _counted(rows.annotate(n=Count("pk")))
    return [_tally(found[n], counts[n], found[n].article_count) for n in _known(numbers, found)]  # type: ignore[attr-defined]


def in_common(found: Iterable[Outlet]) -> int:
    """How many quotes all of these outlets report. One query."""
    quotes = Quote.objects.shown()
    for outlet in found:
        quotes = quotes.in_outlet(outlet)
    return quotes.count()


def _known(numbers: Sequence[int], found: Iterable[int]) -> list[int]:
    known = set(found)
    return [number for number in dict.fromkeys(numbers) if number in known]


def _counted(rows: Iterable[tuple[int, str, int]]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for subject, sourcing, n in rows:
        counts[subject][sourcing] = n
    return counts


def _tally(subject: Speaker | Outlet, counts: dict[str, int], more: int) -> Tally:
    by_class = tuple((name, counts[name]) for name in CLASS_NAMES if name in counts)
    return Tally(subject, sum(counts.values()), by_class, more)
