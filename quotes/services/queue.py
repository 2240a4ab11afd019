"""What waits for an editor, in one list: flags, readers' reports, pairs that may be one quote, names nobody could place, and
readings a machine is unsure of.

Sorted by reach × tier × freshness: how many articles the quote stands in; a serious flag before a flag before a question; and
what came today before what came this week.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, CharField, Count, F, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from quotes.models import Attribution, Flag, Match, Problem, Quote, Variant
from quotes.models.attribution import AttributionQuerySet
from quotes.models.review import SERIOUS, held_now

UNSURE = 0.5
"""The confidence below which a reading waits for a person."""

BIGGEST = 2**63 - 1
"""The highest number a row can have; the databases refuse to look for a higher one."""

VIEWS = {
    "all": "All",
    "mine": "Mine",
    "unclaimed": "Unclaimed",
    "waiting": "Waiting",
    "second": "Needs a second editor",
    "reopened": "Reopened",
}
"""Value of `?view=` -> its name."""

KINDS = {
    "flag": "Flags",
    "problem": "Readers’ reports",
    "match": "Same quote?",
    "mention": "Who is it?",
    "reading": "Unsure readings",
}
"""Value of `?kind=` -> its name."""

TIERS = {"serious": 8, "flag": 4, "problem": 4, "match": 2, "mention": 2, "reading": 1}


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the queue: the thing itself, by kind, and why it is here."""

    kind: str
    subject: Flag | Problem | Attribution | Match
    why: str

    @property
    def key(self) -> str:
        """Its name in addresses and forms: *reading-12*."""
        return f"{self.kind}-{self.subject.pk}"


class Queue:
    """The queue of one editor, in one view; `within` narrows it down to some quotes."""

    def __init__(self, editor: User, view: str, kind: str = "", within: QuerySet[Any] | None = None) -> None:
        self.editor, self.view, self.kind = editor, view, kind
        self.by_kind: dict[str, int] = {}
        self._within = None if within is None else within.order_by().values("pk")

    def rows(self) -> QuerySet[Any]:
        """(kind, number, weight, moment) of everything in the view, the most pressing first: one query when sliced."""
        first, *rest = [make() for kind, make in self._parts().items() if self.kind in ("", kind)] or [
            self._flags().none()
        ]
        rows: QuerySet[Any] = first.union(*rest, all=True)
        return rows.order_by("-weight", F("moment").desc(nulls_last=True), "row", "number")

    def items(self, rows: Sequence[tuple[str, int, int, datetime]]) -> list[Item]:
        """The things that rows name, in their order. One query for each table among them."""
        found = {table: subjects(table, _numbers(rows, table)) for table in {_table(row) for row, *_ in rows}}
        known = [(kind, found[_table(kind)].get(number)) for kind, number, _, _ in rows]
        return [item_of(kind, subject) for kind, subject in known if subject is not None]

    def counts(self) -> dict[str, int]:
        """How many are in each view. Two queries: one for flags, one for everything else."""
        flags = _narrowed(_untaken(Flag.objects.active()), self._within, "quote").aggregate(
            all=_count(Q()),
            mine=_count(held_now() & Q(claimed_by=self.editor)),
            unclaimed=_count(_free()),
            waiting=_count(Q(state=Flag.State.WAITING)),
            second=_count(_second(self.editor)),
            reopened=_count(Q(state=Flag.State.REOPENED)),
        )
        self.by_kind = {"flag": flags[self.view]} | self._questions()
        questions = sum(number for kind, number in self.by_kind.items() if kind != "flag")
        return flags | {"all": flags["all"] + questions, "unclaimed": flags["unclaimed"] + questions}

    @property
    def total(self) -> int:
        """How many rows the queue has. No query after `counts`."""
        return sum(self.by_kind.get(kind, 0) for kind in self._parts() if self.kind in ("", kind))

    def _questions(self) -> dict[str, int]:
        """How many of each kind wait besides flags. One query."""
        counted = _counted_anywhere() if self._within is None else _counted(self._within)
        return dict(counted.all())

    def _parts(self) -> dict[str, Any]:
        flags = {"flag": self._flags}
        if self.view not in ("all", "unclaimed"):
            return flags
        questions = {"problem": self._problems, "match": self._pairs, "mention": self._names, "reading": self._unsure}
        return flags | questions

    def _flags(self) -> QuerySet[Any]:
        wanted = {
            "all": Flag.objects.active(),
            "mine": Flag.objects.held_by(self.editor),
            "unclaimed": Flag.objects.active().filter(_free()),
            "waiting": Flag.objects.filter(state=Flag.State.WAITING),
            "second": Flag.objects.active().filter(_second(self.editor)),
            "reopened": Flag.objects.filter(state=Flag.State.REOPENED),
        }[self.view]
        tier = Case(When(kind__in=SERIOUS, then=TIERS["serious"]), default=TIERS["flag"])
        found = _narrowed(_untaken(wanted), self._within, "quote")
        return _weighed(found, "flag", F("quote__article_count"), tier, "raised_at")

    def _problems(self) -> QuerySet[Any]:
        waiting = _narrowed(_untaken(Problem.objects.waiting()), self._within, "quote")
        return _weighed(waiting, "problem", F("quote__article_count"), Value(TIERS["problem"]), "made_at")

    def _unsure(self) -> QuerySet[Any]:
        tier = Value(TIERS["reading"])
        return _weighed(
            _narrowed(_readings(), self._within, "variant__quote"),
            "reading",
            F("variant__quote__article_count"),
            tier,
            "revision__seen_at",
        )

    def _pairs(self) -> QuerySet[Any]:
        reach = Greatest("one__quote__article_count", "other__quote__article_count")
        pairs = _narrowed(_doubtful(), self._within, "one__quote", "other__quote")
        return _weighed(pairs, "match", reach, Value(TIERS["match"]), "one__quote__last_seen")

    def _names(self) -> QuerySet[Any]:
        """One row for each name as printed, by the first report that has it; its reach is that of all of them."""
        by_name = _narrowed(_mentions(), self._within, "variant__quote").order_by().values("speaker_printed")
        found = by_name.annotate(
            row=Value("mention", output_field=CharField()),
            number=Min("pk"),
            moment=Max("revision__seen_at"),
            weight=Count("pk") * TIERS["mention"] * _fresh(Max("revision__seen_at")),
        )
        rows: QuerySet[Any] = found.values_list("row", "number", "weight", "moment")
        return rows


def _narrowed(found: QuerySet[Any], within: QuerySet[Any] | None, *quotes: str) -> QuerySet[Any]:
    """Those of which one of these quotes is within."""
    if within is None:
        return found
    return found.filter(reduce(or_, (Q(**{f"{quote}__in": within}) for quote in quotes)))


def _counted(within: QuerySet[Any] | None) -> QuerySet[Any]:
    """(kind, how many wait) of every kind but flags."""
    problems, *others = (
        found.order_by().values(row=Value(kind, output_field=CharField())).annotate(n=number).values_list("row", "n")
        for kind, found, number in (
            ("problem", _narrowed(_untaken(Problem.objects.waiting()), within, "quote"), Count("pk")),
            ("reading", _narrowed(_readings(), within, "variant__quote"), Count("pk")),
            ("match", _narrowed(_doubtful(), within, "one__quote", "other__quote"), Count("pk")),
            ("mention", _narrowed(_mentions(), within, "variant__quote"), Count("speaker_printed", distinct=True)),
        )
    )
    counted: QuerySet[Any] = problems.union(*others, all=True)
    return counted


@cache
def _counted_anywhere() -> QuerySet[Any]:
    """What every act counts again; not evaluated, and made once, since that takes as long as asking it."""
    return _counted(None)


def waiting() -> dict[str, int]:
    """How many of each kind wait for any editor. Two queries."""
    return {"flag": _untaken(Flag.objects.active()).count()} | Queue(User(), "all")._questions()


def subjects(kind: str, numbers: Iterable[int]) -> dict[int, Any]:
    """The things of one kind with what a row shows of them, by number; nothing on what was taken down. One query."""
    known = SHOWN[_table(kind)]()
    return known.in_bulk([number for number in numbers if 0 < number <= BIGGEST])


def _flags_shown() -> QuerySet[Flag]:
    return _untaken(Flag.objects.with_people().select_related("quote__speaker"))


def _problems_shown() -> QuerySet[Problem]:
    return _untaken(Problem.objects.select_related("quote__speaker", "made_by"))


def _pairs_shown() -> QuerySet[Match]:
    down = Variant.objects.taken_down().values("pk")
    return Match.objects.exclude(Q(one__in=down) | Q(other__in=down)).with_wordings()


def _reports_shown() -> QuerySet[Attribution]:
    told = Attribution.objects.exclude(pk__in=Attribution.objects.taken_down().values("pk"))
    return told.select_related("speaker", "variant__quote__speaker", "revision__article__outlet")


SHOWN = {"flag": _flags_shown, "problem": _problems_shown, "match": _pairs_shown, "reading": _reports_shown}


def item_of(kind: str, subject: Any) -> Item:
    return Item(kind, subject, _why(kind, subject))


def alike(report: Attribution) -> AttributionQuerySet:
    """The reports that print the same name as this one, which nobody could place."""
    return _mentions().filter(speaker_printed=report.speaker_printed)


def _untaken(found: QuerySet[Any]) -> QuerySet[Any]:
    """Without flags or problems of what was taken down."""
    return found.exclude(quote__in=Quote.objects.taken_down().values("pk"))


def _free() -> Q:
    """Active flags that nobody holds, and that wait for nothing."""
    return ~held_now() & ~Q(state=Flag.State.WAITING)


def _second(editor: User) -> Q:
    """Serious flags that a first editor weighed, and this one may."""
    return Q(first_by__isnull=False) & ~Q(first_by=editor) & ~Q(raised_by=editor)


def _readings() -> QuerySet[Attribution]:
    """Readings nobody has decided on, of texts that still stand, that a machine is unsure of."""
    current = Q(revision__article__current_number=None) | Q(revision__article__current_number=F("revision__number"))
    unsure = Attribution.objects.shown().undecided().filter(current, confidence__lt=UNSURE, variant__isnull=False)
    return unsure.filter(Q(speaker__isnull=False) | Q(candidates=[]) | Q(speaker_printed=""))


def _mentions() -> AttributionQuerySet:
    """Reports that name somebody who may be one of several."""
    return Attribution.objects.shown().unresolved().filter(variant__isnull=False).exclude(candidates=[])


def _doubtful() -> QuerySet[Match]:
    """Pairs that may be one quote; without what is suggested for a translation."""
    return Match.objects.asked().filter(is_suggestion=False)


def _numbers(rows: Iterable[tuple[str, int, int, datetime]], table: str) -> list[int]:
    return [number for row, number, _, _ in rows if _table(row) == table]


def _table(kind: str) -> str:
    """Readings and mentions are both attributions."""
    return "reading" if kind == "mention" else kind


def _why(kind: str, subject: Any) -> str:
    """Why it waits, in a sentence."""
    if kind == "flag":
        return f"“{subject.reason}”"
    if kind == "match":
        return " ".join(subject.alarms) or f"Probability {subject.score:.2f}. A machine may not link these by itself."
    if kind == "problem":
        return f"“{subject.words}”"
    if kind == "mention":
        return f"May be {' or '.join(str(name) for name, _ in subject.candidates)}."
    return f"Read with a confidence of {subject.confidence:.2f}."


def _count(condition: Q) -> Any:
    return Count("pk", filter=condition) if condition else Count("pk")


def _weighed(found: QuerySet[Any], kind: str, reach: Any, tier: Any, since: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = (
        found.order_by()
        .annotate(
            row=Value(kind, output_field=CharField()),
            number=F("pk"),
            weight=Greatest(reach, 1) * tier * _fresh(F(since)),
            moment=F(since),
        )
        .values_list("row", "number", "weight", "moment")
    )
    return rows


def _fresh(since: Any) -> Case:
    """What came within a day weighs four times, within a week twice what is older."""
    now = timezone.now()
    return Case(
        When(GreaterThan(since, now - timedelta(days=1)), then=4),
        When(GreaterThan(since, now - timedelta(days=7)), then=2),
        default=1,
        output_field=IntegerField(),
    )
