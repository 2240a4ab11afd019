"""Problems that readers report. They are never public: an editor makes a flag of one, or says why not."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from quotes.models import Decision, Problem, Quote
from quotes.models.review import ACTIVE, KINDS
from quotes.services.flag import raise_flag
from quotes.services.journal import Journal
from quotes.services.record import Conflict, NotAllowed, record

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

    Raises NotAllowed as raise_flag does, Conflict when somebody dealt with it first.
    """
    with transaction.atomic():
        quote = Quote.objects.get(pk=problem.quote_id).survivor
        flag = quote.flags.filter(kind=kind, state__in=ACTIVE).first()
        flag = flag or raise_flag(quote=quote, actor=actor, kind=kind, reason=reason)
        return _settle(problem, actor, "made a flag of a reader’s report", reason, state="flagged", flag_id=flag.pk)


def dismiss(*, problem: Problem, actor: User, reason: str) -> Decision:
    """Leaves it at that. Raises NotAllowed without a reason, Conflict when somebody dealt with it first."""
    if not reason.strip():
        raise NotAllowed("Say why: a reader took the trouble.")
    with transaction.atomic():
        return _settle(problem, actor, "dismissed a reader’s report", reason, state="dismissed")


def _settle(problem: Problem, actor: User, verb: str, reason: str, **fields: Any) -> Decision:
    journal = Journal()
    settled = {"settled_by_id": actor.pk, "settled_at": timezone.now(), "settled_reason": reason.strip()}
    journal.set(Problem.objects.waiting().filter(pk=problem.pk), **settled, **fields)
    if not journal.changes:
        raise Conflict(SETTLED)
    return record(
        actor=actor,
        verb=verb,
        quote=problem.quote,
        after={"problem": problem.label, "words": problem.words},
        changes=journal.changes,
        reason=reason,
    )
