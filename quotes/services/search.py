"""Finding quotes: by words and filters, and the question *have we seen this?*"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Case, Q, Value, When
from django.db.models.expressions import Combinable

from quotes.models import Outlet, Quote, Speaker, Variant
from quotes.models.quote import QuoteQuerySet
from quotes.text.match import Comparison, Wording, compare
from quotes.text.normalize import content_words, fingerprint

MOST_CANDIDATES = 400
LEAST_ALIKE = 0.5
SHOWN = 12

How = Literal["exact", "reworded"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A quote that was found for pasted words, and how its wording compares with them."""

    quote: Quote
    wording: str
    how: How
    comparison: Comparison


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
    """Quotes with these words, exactly or reworded, the most alike first. Two or three queries.

    An empty list means: not in what Hearsay has read. It does not mean that nobody said it.
    """
    exact = Quote.objects.shown().filter(variants__fingerprint=fingerprint(words)).distinct()
    found = [
        Seen(quote, quote.words, "exact", compare(Wording(words), Wording(words)))
        for quote in exact.with_row_details()[:SHOWN]
    ]
    known = {entry.quote.pk for entry in found}
    reworded = sorted(_compared(words, known), key=lambda pair: -pair[1].score)[:SHOWN]
    quotes = {
        quote.pk: quote for quote in Quote.objects.filter(pk__in=[v.quote_id for v, _ in reworded]).with_row_details()
    }
    for variant, comparison in reworded:
        if variant.quote_id not in known:
            known.add(variant.quote_id)
            found.append(Seen(quotes[variant.quote_id], variant.wording, "reworded", comparison))
    return found


def _compared(words: str, known: set[int]) -> Iterable[tuple[Variant, Comparison]]:
    """Wordings that share telling words, those that share most first, with their comparison."""
    stems = {re.split(r"['.]", word)[0] for word in content_words(words)}  # don’t is printed with either apostrophe
    telling = sorted((stem for stem in stems if len(stem) > 1), key=len, reverse=True)[:6]
    if not telling:
        return
    shared: Combinable = Value(0)
    for word in telling:
        holds = Q(wording__icontains=word) | Q(wording__contains=word.upper()) | Q(wording__contains=word.title())
        shared = shared + Case(When(holds, then=Value(1)), default=Value(0))
    candidates = Variant.objects.filter(quote__report_count__gt=0).exclude(quote__in=known)
    candidates = candidates.annotate(shared=shared).filter(shared__gt=0).order_by("-shared", "-pk")
    for variant in candidates[:MOST_CANDIDATES]:
        comparison = compare(Wording(words), Wording(variant.wording))
        if comparison.score >= LEAST_ALIKE:
            yield variant, comparison


def speakers_named(words: str) -> list[Speaker]:
    """Speakers whose name holds the words, for a short query. One query."""
    if len(words.split()) > 5:
        return []
    return list(Speaker.objects.matching(words).with_counts()[:8])
