"""What waits for an editor, in one list: flags, readings a machine is unsure of, and pairs that may be one quote.

Sorted by reach × tier × freshness: how many articles the quote stands in; a serious flag before a flag before a question; and
what came today before what came this week.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone

from quotes.models import Attribution, Flag, Match
from quotes.models.review import SERIOUS

UNSURE = 0.5
"""The confidence below which a reading waits for a person."""

VIEWS = {
    "all": "All",
    "mine": "Mine",
    "unclaimed": "Unclaimed",
    "waiting": "Waiting",
    "second": "Needs a second editor",
    "reopened": "Reopened",
}
"""Value of `?view=` -> its name."""

KINDS = {"flag": "Flags", "reading": "Unsure readings", "match": "Same quote?"}
"""Value of `?kind=` -> its name."""

TIERS = {"serious": 8, "flag": 4, "match": 2, "reading": 1}


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the queue: the thing itself, by kind, and why it is here."""

    kind: str
    subject: Flag | Attribution | Match
    why: str


class Queue:
    """The queue of one editor, in one view."""

    def __init__(self, editor: User, view: str, kind: str = "") -> None:
        self.editor, self.view, self.kind = editor, view, kind

    def rows(self) -> QuerySet[Any]:
        """(kind, number, weight, moment) of everything in the view, the most pressing first: one query when sliced."""
        first, *rest = [make() for kind, make in self._parts().items() if self.kind in ("", kind)] or [
            self._flags().none()
        ]
        rows: QuerySet[Any] = first.union(*rest, all=True)
        return rows.order_by("-weight", "-moment", "row", "pk")

    def items(self, rows: Sequence[tuple[str, int, int, datetime]]) -> list[Item]:
        """The things that rows name, in their order. Three queries, and those of the relays of readings."""
        found: dict[str, dict[int, Any]] = {
            "flag": Flag.objects.with_people().select_related("quote__speaker").in_bulk(_numbers(rows, "flag")),
            "reading": Attribution.objects.select_related(
                "speaker", "variant__quote__speaker", "revision__article__outlet"
            ).in_bulk(_numbers(rows, "reading")),
            "match": Match.objects.with_wordings().in_bulk(_numbers(rows, "match")),
        }
        known = [(kind, found[kind].get(number)) for kind, number, _, _ in rows]
        return [Item(kind, subject, _why(kind, subject)) for kind, subject in known if subject is not None]

    def counts(self) -> dict[str, int]:
        """How many are in each view. One query for flags, and one each for readings and pairs."""
        flags = Flag.objects.active().aggregate(
            all=_count(Q()),
            mine=_count(Q(pk__in=Flag.objects.held_by(self.editor))),
            unclaimed=_count(Q(pk__in=_unclaimed())),
            waiting=_count(Q(state=Flag.State.WAITING)),
            second=_count(_second(self.editor)),
            reopened=_count(Q(state=Flag.State.REOPENED)),
        )
        questions = _readings().count() + _doubtful().count()
        return flags | {"all": flags["all"] + questions, "unclaimed": flags["unclaimed"] + questions}

    def _parts(self) -> dict[str, Any]:
        if self.view in ("all", "unclaimed"):
            return {"flag": self._flags, "reading": self._unsure, "match": self._pairs}
        return {"flag": self._flags}

    def _flags(self) -> QuerySet[Any]:
        wanted = {
            "all": Flag.objects.active(),
            "mine": Flag.objects.held_by(self.editor),
            "unclaimed": _unclaimed(),
            "waiting": Flag.objects.filter(state=Flag.State.WAITING),
            "second": Flag.objects.active().filter(_second(self.editor)),
            "reopened": Flag.objects.filter(state=Flag.State.REOPENED),
        }[self.view]
        tier = Case(When(kind__in=SERIOUS, then=TIERS["serious"]), default=TIERS["flag"])
        return _weighed(wanted, "flag", F("quote__article_count"), tier, "raised_at")

    def _unsure(self) -> QuerySet[Any]:
        tier = Value(TIERS["reading"])
        return _weighed(_readings(), "reading", F("variant__quote__article_count"), tier, "revision__seen_at")

    def _pairs(self) -> QuerySet[Any]:
        reach = Greatest("one__quote__article_count", "other__quote__article_count")
        return _weighed(_doubtful(), "match", reach, Value(TIERS["match"]), "one__quote__last_seen")


def _unclaimed() -> QuerySet[Flag]:
    return Flag.objects.held_by_nobody().exclude(state=Flag.State.WAITING)


def _second(editor: User) -> Q:
    """Serious flags that a first editor weighed, and this one may."""
    return Q(first_by__isnull=False) & ~Q(first_by=editor) & ~Q(raised_by=editor)


def _readings() -> QuerySet[Attribution]:
    """Readings nobody has decided on, of texts that still stand, that a machine is unsure of."""
    current = Q(revision__article__current_number=None) | Q(revision__article__current_number=F("revision__number"))
    return Attribution.objects.undecided().filter(current, confidence__lt=UNSURE, variant__isnull=False)


def _doubtful() -> QuerySet[Match]:
    """Pairs that may be one quote; without what is suggested for a translation."""
    return Match.objects.asked().filter(is_suggestion=False)


def _numbers(rows: Iterable[tuple[str, int, int, datetime]], kind: str) -> list[int]:
    return [number for row, number, _, _ in rows if row == kind]


def _why(kind: str, subject: Any) -> str:
    """Why it waits, in a sentence."""
    if kind == "flag":
        return f"“{subject.reason}”"
    if kind == "match":
        return " ".join(subject.alarms) or f"Probability {subject.score:.2f}. A machine may not link these by itself."
    if subject.speaker is None and subject.candidates:
        return f"Who said it is open: {' or '.join(str(name) for name, _ in subject.candidates)}."
    return f"Read with a confidence of {subject.confidence:.2f}."


def _count(condition: Q) -> Any:
    return Count("pk", filter=condition) if condition else Count("pk")


def _weighed(found: QuerySet[Any], kind: str, reach: Any, tier: Any, since: str) -> QuerySet[Any]:
    now = timezone.now()
    fresh = Case(
        When(**{f"{since}__gt": now - timedelta(days=1)}, then=4),
        When(**{f"{since}__gt": now - timedelta(days=7)}, then=2),
        default=1,
        output_field=IntegerField(),
    )
    rows: QuerySet[Any] = (
        found.order_by()
        .annotate(
            row=Value(kind, output_field=CharField()),
            weight=Greatest(reach, 1) * tier * fresh,
            moment=F(since),
        )
        .values_list("row", "pk", "weight", "moment")
    )
    return rows
