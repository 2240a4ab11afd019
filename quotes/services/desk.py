"""What an editor does to one row of the queue, by a key or a button: the same few acts for whatever waits.

*yes* upholds a flag, accepts a reading, makes one quote of a pair, makes a flag of a reader's report, or says who it is;
*no* is the contrary; *unsure* cannot tell two wordings apart; *take* takes a flag up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max

from quotes.models import Attribution, Decision, Flag, Match, Problem
from quotes.models.review import NEUTRAL
from quotes.services import flag as flags
from quotes.services import merge, people, problem, review
from quotes.services.queue import alike, subjects
from quotes.services.record import NotAllowed

GONE = "This does not wait any more."


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a kind of row: what its button says, what follows, what is said then, and what it takes."""

    label: str
    consequence: str
    said: str
    reasons: tuple[str, ...] = ()
    """Reasons that often hold; another can always be written."""

    needs_reason: bool = False


LOOKED = ("I compared it with the article.", "The evidence on this flag shows it.", "The outlet says so itself.")
ACTS: dict[tuple[str, str], Act] = {
    ("flag", "yes"): Act("Uphold", "It shows as upheld at once.", "Upheld", LOOKED, needs_reason=True),
    ("flag", "no"): Act(
        "Not upheld",
        "The flag ends; the quote stands.",
        "Not upheld",
        ("I compared it with the article: it is not so.", "The evidence on this flag does not show it."),
        needs_reason=True,
    ),
    ("flag", "take"): Act("Take it up", "Others see for 15 minutes that you are on it.", "Taken up"),
    ("problem", "yes"): Act(
        "Make a flag of it",
        "The flag shows on the quote at once.",
        "Made a flag",
        ("The reader is right as far as I can see.",),
        needs_reason=True,
    ),
    ("problem", "no"): Act(
        "Dismiss",
        "Nothing changes; the report is kept.",
        "Dismissed",
        ("The quote stands in the article like that.", "Nothing in it can be checked.", "It is about something else."),
        needs_reason=True,
    ),
    ("match", "yes"): Act("Same quote", "The two become one quote.", "Same quote"),
    ("match", "no"): Act("Different", "They stay apart for good.", "Different quotes"),
    ("match", "unsure"): Act("Can’t tell", "They stay apart until somebody knows.", "Left apart"),
    ("reading", "yes"): Act("Accept", "It is right as it is read.", "Accepted"),
    ("reading", "no"): Act(
        "Reject",
        "It leaves the site; its history stays.",
        "Rejected",
        (
            "Nobody is said to have said this.",
            "These words are the article’s own.",
            "It is part of another attribution.",
            "It is furniture of the page, not the article.",
        ),
        needs_reason=True,
    ),
    ("mention", "yes"): Act("That is who", "All reports that print this name move there.", "Resolved"),
}
"""What may be done to each kind of row."""

IN_BULK = frozenset((("reading", "yes"), ("reading", "no"), ("match", "yes"), ("match", "no"), ("flag", "take")))
"""Acts on several rows at once; besides these, any result of a flag of a neutral kind."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What an editor chose for one row: what they saw of it, and why."""

    act: str
    seen: str
    reason: str = ""
    name: str = ""
    """Who it is, for *mention*; what the flag is about, for *problem*."""


def seen_of(kind: str, subject: Any) -> str:
    """What a form carries so that two editors notice each other: a version, an outcome, or the last report there was."""
    if kind == "mention":
        return str(alike(subject).aggregate(last=Max("pk"))["last"] or 0)
    return str(getattr(subject, "version", "") or getattr(subject, "outcome", "") or subject.state)


def act_on(*, kind: str, number: int, choice: Choice, actor: User) -> Decision:
    """Carries one act out, and gives its Decision. As many queries as the act itself, and two.

    Raises NotAllowed for an act the kind does not know or what its service refuses, and Conflict when somebody was first.
    """
    act = ACTS.get((kind, choice.act))
    subject = subjects(kind, [number]).get(number) if act else None
    if act is None or subject is None:
        raise NotAllowed(GONE)
    if act.needs_reason and not choice.reason.strip():
        raise NotAllowed("Say why: it stays in the history.")
    return CARRIED_OUT[kind](subject, choice, actor)


def in_bulk(kind: str, subject: Any, act: str) -> bool:
    """Whether an act may be done to several rows at once: neutral ones only, never what is serious or changes a meaning."""
    if kind == "match" and subject.alarms:
        return False
    if kind == "flag" and subject.kind in NEUTRAL:
        return (kind, act) in ACTS
    return (kind, act) in IN_BULK


def _version(choice: Choice) -> int:
    """The version that was seen; 0, which no row has, for anything else."""
    return int(choice.seen) if choice.seen.isdecimal() and len(choice.seen) < 19 else 0


def _flag(flag: Flag, choice: Choice, actor: User) -> Decision:
    if choice.act == "take":
        flags.claim(flag=flag, actor=actor, version=_version(choice))
    else:
        result = Flag.State.UPHELD if choice.act == "yes" else Flag.State.NOT_UPHELD
        flags.settle_flag(flag=flag, actor=actor, version=_version(choice), result=result, reason=choice.reason)
    return Decision.objects.filter(flag=flag, actor=actor).latest("pk")


def _problem(subject: Problem, choice: Choice, actor: User) -> Decision:
    if choice.act == "no":
        return problem.dismiss(problem=subject, actor=actor, reason=choice.reason)
    kind = choice.name or subject.kind
    return problem.make_flag(problem=subject, actor=actor, kind=kind, reason=choice.reason)


def _match(pair: Match, choice: Choice, actor: User) -> Decision:
    answer: merge.Answer = {"yes": "same", "no": "different"}.get(choice.act, "unsure")  # type: ignore[assignment]
    return merge.judge(pair=pair, actor=actor, answer=answer, seen=choice.seen, reason=choice.reason)


def _reading(report: Attribution, choice: Choice, actor: User) -> Decision:
    act = review.accept if choice.act == "yes" else review.reject
    return act(attribution=report, actor=actor, version=_version(choice), reason=choice.reason)


def _mention(report: Attribution, choice: Choice, actor: User) -> Decision:
    numbers = alike(report).filter(pk__lte=_version(choice)).values_list("pk", flat=True)[: people.MOST_MOVED]
    return people.resolve(reports=list(numbers), name=choice.name, actor=actor, reason=choice.reason)


CARRIED_OUT: dict[str, Callable[[Any, Choice, User], Decision]] = {
    "flag": _flag,
    "problem": _problem,
    "match": _match,
    "reading": _reading,
    "mention": _mention,
}
