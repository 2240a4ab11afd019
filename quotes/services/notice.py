"""An event as somebody is told of it away from the site: what happened, and who said what through whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Q, Subquery, When

from quotes.models import Attribution, Event, Flag, Quote
from quotes.services import sourcing

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
"""Control characters, line and paragraph separators, and what turns the direction of writing."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One event in two sentences."""

    event: Event
    happened: str
    """What happened, in a sentence."""

    known: str
    """The wording that is safe to print: who said what, and through whom it is known."""

    @property
    def quote(self) -> Quote:
        return self.event.living_quote

    @property
    def title(self) -> str:
        """In a few words: *Denied: Ann Lee, “We will rebuild …”*."""
        return one_line(f"{self.event.label}: {_who(self.quote)}, “{shortened(self.quote.words, 80)}”")


def notices(events: Iterable[Event]) -> list[Notice]:
    """The events with their context, in the order given. Five queries, however many; events come with their details."""
    told = list(events)
    quotes = {event.living_quote.pk: event.living_quote for event in told}
    best = _best_reports(quotes)
    flags: dict[int, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.disputing().filter(quote__in=quotes):
        flags[flag.quote_id].append(flag)
    known = {pk: one_line(_known(quote, best.get(pk, []), flags[pk])) for pk, quote in quotes.items()}
    return [Notice(event, one_line(event.detail), known[event.living_quote.pk]) for event in told]


def _best_reports(quotes: Iterable[int]) -> dict[int, list[Attribution]]:
    """Of each quote the report that sourcing.best_report would choose: of its class, in its words, the earliest."""
    own = Attribution.objects.shown().filter(
        variant__quote=OuterRef("pk"), variant__wording=OuterRef("words"), sourcing=OuterRef("sourcing")
    )
    current = Q(revision__article__current_number=None) | Q(revision__article__current_number=F("revision__number"))
    published = F("revision__article__published").asc(nulls_last=True)
    earliest = own.order_by(Case(When(current, then=0), default=1), published, "pk")
    best = Quote.objects.filter(pk__in=quotes).values_list(Subquery(earliest.values("pk")[:1]), "pk")
    quote_of = {attribution: quote for attribution, quote in best if attribution}
    reports = Attribution.objects.filter(pk__in=quote_of).with_evidence()
    return {quote_of[report.pk]: [report] for report in reports}


def _known(quote: Quote, reports: Sequence[Attribution], flags: Sequence[Flag]) -> str:
    if not reports:
        return f"{_who(quote)}, once: “{quote.words}” No article reports this any more."
    return sourcing.safe_wording_of(quote, reports, flags)


def _who(quote: Quote) -> str:
    return quote.speaker.name if quote.speaker else quote.speaker_printed or "Somebody not named"


def one_line(text: str) -> str:
    """Without line breaks and other control characters, with which a name could feign a line or a header."""
    return " ".join(CONTROL.sub(" ", text).split())


def shortened(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rsplit(' ', 1)[0]} …"
