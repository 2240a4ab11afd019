"""Finding quotes: by words and filters, and the question *have we seen this?*"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db.models import Prefetch

from quotes.models import Flag, Outlet, Quote, Speaker, Variant
from quotes.models.quote import QuoteQuerySet
from quotes.services import index
from quotes.text.match import Evidence, Wording, evidence
from quotes.text.normalize import fingerprint
from quotes.text.reasons import words_of

MOST_CANDIDATES = 40
LEAST_COVERED = 0.5
"""The share of the shorter wording, by weight, from which one is shown as the other reworded."""

LEAST_SHARED = 2
"""Content words that both must have."""

SHOWN = 12

How = Literal["exact", "reworded"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A quote that was found for pasted words, and how its wording compares with them."""

    quote: Quote
    wording: str
    how: How
    reasons: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)


def filtered(found: QuoteQuerySet, criteria: dict[str, Any]) -> QuoteQuerySet:
    """Quotes narrowed by the criteria of forms.FilterForm; empty ones are ignored. One query when run, and
    one for each of speaker, via and outlet."""
    if criteria.get("q"):
        found = found.with_words(criteria["q"])
    if criteria.get("speaker"):
        found = found.filter(speaker__in=_speakers(criteria["speaker"]))
    if criteria.get("via"):
        found = found.relayed_by_any(_speakers(criteria["via"]))
    if criteria.get("outlet"):
        found = found.in_outlets(_outlets(criteria["outlet"]))
    if criteria.get("sourcing"):
        found = found.of_class(criteria["sourcing"])
    if criteria.get("flag"):
        found = found.flagged("" if criteria["flag"] == "any" else criteria["flag"])
    after, before = criteria.get("after"), criteria.get("before")
    if isinstance(after, date) or isinstance(before, date):
        found = found.seen_between(after, before)
    return ordered(found, criteria.get("sort") or "new")


SORTS = {"new": "Newest first", "old": "Oldest first", "most": "Most reported"}


def ordered(found: QuoteQuerySet, sort: str) -> QuoteQuerySet:
    """The quotes in one of the orders of SORTS."""
    if sort == "old":
        return found.oldest_first()
    return found.most_reported_first() if sort == "most" else found.newest_first()


def _speakers(name: str) -> list[int]:
    return list(Speaker.objects.matching(name).values_list("pk", flat=True)[:200])


def _outlets(name: str) -> list[int]:
    return list(Outlet.objects.filter(name__icontains=name).values_list("pk", flat=True)[:200])


def seen(words: str) -> list[Seen]:
    """Quotes with these words, exactly or reworded, the most alike first. Up to seven queries.

    An empty list means: not in what Hearsay has read. It does not mean that nobody said it.
    """
    exact = Quote.objects.shown().filter(variants__fingerprint=fingerprint(words)).distinct()
    found = [Seen(quote, quote.words, "exact") for quote in exact.with_row_details()[:SHOWN]]
    known = {entry.quote.pk for entry in found}
    reworded = sorted(_compared(words, known), key=lambda pair: -pair[1].mass * pair[1].coverage)[:SHOWN]
    for variant, shared in reworded:
        if variant.quote_id not in known:
            known.add(variant.quote_id)
            reasons = words_of(shared)
            alarms = [str(alarm) for alarm in shared.alarms]
            found.append(Seen(variant.quote, variant.wording, "reworded", reasons, alarms))
    return found


def _compared(words: str, known: set[int]) -> Iterable[tuple[Variant, Evidence]]:
    """Wordings that share telling words, with what they share. Five queries."""
    near = index.near(words)
    shown = Variant.objects.filter(quote__report_count__gt=0).exclude(quote__in=known)
    in_force = Prefetch("quote__flags", queryset=Flag.objects.in_force(), to_attr="flags_in_force")
    variants = (
        shown.select_related("quote__speaker")
        .prefetch_related(in_force)
        .in_bulk([candidate.variant for candidate in near.candidates[:MOST_CANDIDATES]])
    )
    for variant in variants.values():
        here, there = Wording(words, form=""), Wording(variant.wording, form="")
        found = evidence(here, there, heard="unknown", frequencies=near.frequencies)
        if found.coverage >= LEAST_COVERED and len(found.shared) >= LEAST_SHARED:
            yield variant, found


def speakers_named(words: str) -> list[Speaker]:
    """Speakers whose name holds the words, for a short query. One query."""
    if len(words.split()) > 5:
        return []
    return list(Speaker.objects.matching(words).with_counts()[:8])
