"""Finding quotes: by words and filters, and the question *have we seen this?*"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import Literal

from django.db.models import Prefetch, Q

from quotes.models import Flag, Outlet, Quote, Speaker, Variant
from quotes.models.naming import called, holding
from quotes.models.quote import QuoteQuerySet
from quotes.models.speaker import SpeakerQuerySet
from quotes.services import full_text, index
from quotes.text.match import Evidence, Wording, evidence
from quotes.text.normalize import fingerprint
from quotes.text.query import Query, Term
from quotes.text.reasons import words_of

MOST_CANDIDATES = 40
LEAST_COVERED = 0.5
"""The share of the shorter wording, by weight, from which one is shown as the other reworded."""

MOST_COVERED = 0.85
"""The share of the pasted words, by weight, from which all of them count as known."""

GOES_ON = 0.7
"""The share of a known wording, by weight, below which it says more than was pasted."""

LEAST_SHARED = 2
"""Content words that both must have."""

SHOWN = 12
MOST_NAMES = 200
"""People or outlets one name may stand for."""

How = Literal["exact", "reworded", "shortened", "partly"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A quote that was found for pasted words, and how they compare with its wording.

    *shortened*: all of the pasted words are known, from a wording that says more. *partly*: less than half of them are.
    """

    quote: Quote
    wording: str
    how: How
    share: float = 1.0
    """Of the pasted words, by weight, how much (0 to 1) the wording has."""

    reasons: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        return {
            "exact": "These very words.",
            "reworded": "The same in other words, as far as words tell.",
            "shortened": "All of yours, out of a wording that says more.",
            "partly": f"Only a part: {round(100 * self.share)} % of your words by weight.",
        }[self.how]


ANSWERS: dict[How | None, str] = {
    "exact": "Yes, in these very words.",
    "shortened": "Yes, and more was said: yours is shortened.",
    "reworded": "Yes, or something like it: in other words.",
    "partly": "Only partly.",
    None: "Not found.",
}


def answer(found: Sequence[Seen]) -> str:
    """The best that was found, in a sentence."""
    ways = {entry.how for entry in found}
    return next(said for how, said in ANSWERS.items() if how in ways or how is None)


class Search:
    """The quotes that fit a query. Terms of one operator are alternatives, operators narrow; names are looked up once.

    With `is_one_query` names are not looked up first: slower when asked again and again, but part of one query.
    """

    def __init__(self, query: Query, within: QuoteQuerySet | None = None, *, is_one_query: bool = False) -> None:
        self.query = query
        self.within = within
        self.is_one_query = is_one_query

    @property
    def is_narrowed(self) -> bool:
        """It does not search the whole list."""
        return bool(self.query.terms) or self.within is not None

    def quotes(self, *, but: Collection[str] = ()) -> QuoteQuerySet:
        """Of all that are shown, or of those it searches within; `but` leaves operators out, to count what else they find.

        One query when run; the first call looks up speakers, one query for each name.
        """
        found = Quote.objects.shown() if self.within is None else self.within
        for name in dict.fromkeys(term.name for term in self.query.terms if term.name and term.name not in but):
            wanted = [term for term in self.query.of(name) if not term.is_excluded]
            unwanted = [term for term in self.query.of(name) if term.is_excluded]
            if wanted:
                found = self._narrowed(found, name, wanted)
            if unwanted:
                found = found.exclude(pk__in=self._narrowed(Quote.objects.all(), name, unwanted).values("pk"))
        words = self.query.of("")
        return full_text.matching(
            found,
            [term.value for term in words if not term.is_exact and not term.is_excluded],
            [term.value for term in words if term.is_exact and not term.is_excluded],
            [term.value for term in words if term.is_excluded],
        )

    def _narrowed(self, found: QuoteQuerySet, name: str, terms: Sequence[Term]) -> QuoteQuerySet:
        values = [term.value for term in terms]
        match name:
            case "speaker":
                return found.filter(speaker__in=self._people(terms))
            case "via":
                return found.relayed_by_any(self._people(terms))
            case "outlet":
                return found.in_outlets(Outlet.objects.filter(_named("name", terms)))
            case "to":
                return found.filter(_named("addressee", terms))
            case "class":
                return found.filter(sourcing__in=values)
            case "grade":
                return found.filter(grade__in=values)
            case "flag":
                return found.flagged([] if "any" in values else values)
        for value in values:
            day = date.fromisoformat(value)
            found = found.seen_between(day, None) if name == "after" else found.seen_between(None, day)
        return found

    def _people(self, terms: Sequence[Term]) -> list[int] | SpeakerQuerySet:
        if self.is_one_query:
            return Speaker.objects.filter(reduce(or_, (Q(pk__in=_going_by(term).values("pk")) for term in terms)))
        return [pk for term in terms for pk in self._numbers[term]]

    @cached_property
    def _numbers(self) -> dict[Term, list[int]]:
        """Who each name may be; in quotation marks the whole name counts."""
        asked = {term: _going_by(term) for term in (*self.query.of("speaker"), *self.query.of("via"))}
        return {term: list(people.values_list("pk", flat=True)[:MOST_NAMES]) for term, people in asked.items()}


def _going_by(term: Term) -> SpeakerQuerySet:
    """Who a name may be."""
    return Speaker.objects.going_by(term.value) if term.is_exact else Speaker.objects.matching(term.value)


def _named(field: str, terms: Iterable[Term]) -> Q:
    return reduce(or_, ((called if term.is_exact else holding)(field, term.value) for term in terms))


SORTS = {"new": "Latest report first", "old": "Oldest first", "most": "Most reported"}


def ordered(found: QuoteQuerySet, sort: str) -> QuoteQuerySet:
    """The quotes in one of the orders of SORTS."""
    if sort == "old":
        return found.oldest_first()
    return found.most_reported_first() if sort == "most" else found.newest_first()


def seen(words: str) -> list[Seen]:
    """Quotes with these words, exactly or reworded, the most alike first. Up to seven queries.

    An empty list means: not in what Hearsay has read. It does not mean that nobody said it.
    """
    printed = Variant.objects.shown().filter(fingerprint=fingerprint(words))
    exact = Quote.objects.shown().filter(pk__in=printed.values("quote"))
    found = [Seen(quote, quote.words, "exact") for quote in exact.with_row_details()[:SHOWN]]
    known = {entry.quote.pk for entry in found}
    reworded = sorted(_compared(words, known), key=lambda pair: -pair[1].mass * pair[1].coverage)[:SHOWN]
    for variant, shared in reworded:
        if variant.quote_id not in known:
            known.add(variant.quote_id)
            reasons = words_of(shared)
            alarms = [str(alarm) for alarm in shared.alarms]
            found.append(Seen(variant.quote, variant.wording, _how(shared), shared.shares[0], reasons, alarms))
    return found


def _how(shared: Evidence) -> How:
    pasted, known = shared.shares
    if pasted >= MOST_COVERED and known < GOES_ON:
        return "shortened"
    return "reworded" if pasted >= LEAST_COVERED else "partly"


def _compared(words: str, known: set[int]) -> Iterable[tuple[Variant, Evidence]]:
    """Wordings that share telling words, with what they share. Five queries."""
    near = index.near(words)
    shown = Variant.objects.shown().exclude(quote__in=known)
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
    if not words or len(words.split()) > 5:
        return []
    return list(Speaker.objects.matching(words).listed().with_counts()[:8])
