"""What became of what somebody relayed: of whom, and whether a firsthand source was found later. Counts, never a score."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Exists, OuterRef, Q

from quotes.models import Flag, Match, Quote, Speaker
from quotes.models.quote import FIRSTHAND, QuoteQuerySet
from quotes.services import watch

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Relayed:
    """How many quotes of whom; of these, how many have a firsthand source now, and how many of those say otherwise."""

    total: int
    speakers: tuple[tuple[str, int], ...]
    """Those relayed most, with the number of quotes, the most first; nobody who is not named."""

    watches: tuple[tuple[str, int, int | None], ...]
    """The same, of whom one person is meant: name and number, and the number of the reader's watch of that speaker
    through the intermediary, if any."""

    matched: int
    differed: int

    @property
    def untested(self) -> int:
        return self.total - self.matched - self.differed


def with_results(quotes: QuoteQuerySet) -> QuoteQuerySet:
    """Adds `is_firsthand`: a firsthand report is linked; and `differs`: one says otherwise.

    One says otherwise when a change of meaning stands between the quote and a firsthand one of the same speaker that no
    editor called different, or an editor upheld *accounts differ*.
    """
    altered = Match.objects.exclude(alarms=[]).exclude(outcome=Match.Outcome.DIFFERENT)
    one_side = altered.filter(one__quote=OuterRef("pk"), other__quote__sourcing__in=FIRSTHAND)
    other_side = altered.filter(other__quote=OuterRef("pk"), one__quote__sourcing__in=FIRSTHAND)
    upheld = Flag.objects.filter(quote=OuterRef("pk"), kind="accounts_differ", state=Flag.State.UPHELD)
    return quotes.annotate(
        is_firsthand=Q(sourcing__in=FIRSTHAND), differs=Exists(one_side) | Exists(other_side) | Exists(upheld)
    )


def relayed(speaker: Speaker, reader: User | AnonymousUser) -> Relayed:
    """One query."""
    watched = watch.number(reader, Q(speaker=OuterRef("speaker"), intermediary=speaker))
    quotes = with_results(Quote.objects.shown().relayed_by(speaker)).annotate(watched=watched).order_by()
    rows = quotes.values_list("speaker__name", "speaker", "watched", "is_firsthand", "differs").annotate(n=Count("pk"))
    by_speaker, results = Counter[str](), Counter[str]()
    meant: dict[str, set[tuple[int, int | None]]] = defaultdict(set)
    for name, pk, number, is_firsthand, differs, n in rows:
        by_speaker[name or ""] += n
        meant[name or ""].add((pk, number))
        results["differed" if differs else "matched" if is_firsthand else "untested"] += n
    named = [(name, n) for name, n in by_speaker.most_common() if name][:MOST_NAMED]
    watches = [(name, *next(iter(meant[name]))) for name, _ in named if len(meant[name]) == 1]
    return Relayed(by_speaker.total(), tuple(named), tuple(watches), results["matched"], results["differed"])


RESULTS = {
    "matched": ("a firsthand source was found later and matched", Q(is_firsthand=True, differs=False)),
    "differed": ("a firsthand source was found later and differed", Q(differs=True)),
    "untested": ("no firsthand source is known", Q(is_firsthand=False, differs=False)),
}
"""Result of what was relayed -> how it is said, and its condition after `with_results`."""
