"""Problems that readers report. They are never public: an editor makes a flag of one, or says why not."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from quotes.models import Decision, Problem, Quote
from quotes.models.review import ACTIVE, KINDS
from quotes.services.flag import new_flag, reopen_if_denied
from quotes.services.journal import Journal
from quotes.services.record import Conflict, NotAllowed, record
from quotes.services.turns import in_turn

LONGEST = 2000
SETTLED = "Somebody else has dealt with this report already."


def report(*, quote: Quote, words: str, kind: str = "", made_by: User | None = None) -> Problem:
    """Keeps a reader's word. Two queries. Raises NotAllowed when it says nothing, or names a kind there is not."""
    if not words.strip():
        raise NotAllowed("Say what is wrong.")
    if kind and kind not in KINDS:
        raise NotAllowed("Choose what it is about, or leave it open.")
    survivor = Quote.objects.get(pk=quote.pk).survivor
    return Problem.objects.create(quote=survivor, words=words.strip()[:LONGEST], kind=kind, made_by=made_by)


def make_flag(*, problem: Problem, actor: User, kind: str, reason: str) -> Decision:
    """Makes a flag of it; when one of the kind is open on the quote, it goes with that one. About ten queries.

    Undone, the flag is gone again, as long as nobody has worked on it. Raises NotAllowed without a reason or for an unknown
    kind, Conflict when somebody dealt with it first.
    """
    _needs_reason(reason)
    journal = Journal()
    with in_turn():
        quote = Quote.objects.get(pk=problem.quote_id).survivor
        flag = quote.flags.filter(kind=kind, state__in=ACTIVE).first()
        if flag is None:
            flag = new_flag(quote=quote, actor=actor, kind=kind, reason=reason)
            journal.made(flag)
            reopen_if_denied(flag)
        told = {"flag": flag.label}
        verb = "made a flag of a reader’s report"
        return _settle(problem, actor, verb, reason, journal, told, state="flagged", flag_id=flag.pk)


def dismiss(*, problem: Problem, actor: User, reason: str) -> Decision:
    """Leaves it at that. Raises NotAllowed without a reason, Conflict when somebody dealt with it first."""
    _needs_reason(reason)
    with in_turn():
        return _settle(problem, actor, "dismissed a reader’s report", reason, Journal(), {}, state="dismissed")


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed("Say why: a reader took the trouble.")


def _settle(
    problem: Problem, actor: User, verb: str, reason: str, journal: Journal, told: dict[str, str], **fields: Any
) -> Decision:
    settled = {"settled_by_id": actor.pk, "settled_at": timezone.now(), "settled_reason": reason.strip()}
    known = len(journal.changes)
    journal.set(Problem.objects.waiting().filter(pk=problem.pk), **settled, **fields)
    if len(journal.changes) == known:
        raise Conflict(SETTLED)
    return record(
        actor=actor,
        verb=verb,
        quote=problem.quote,
        after={"problem": problem.label, "words": problem.words, **told},
        changes=journal.changes,
        reason=reason,
        is_public=False,
    )
