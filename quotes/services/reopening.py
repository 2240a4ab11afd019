"""One act on a flag with its Decision, and the rule by which settled flags open again of themselves."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F

from quotes.models import Attribution, Flag, Revision
from quotes.models.review import ACTIVE
from quotes.services import events
from quotes.services.journal import Journal, columns
from quotes.services.record import Conflict, record
from quotes.services.turns import in_turn

NOBODY: dict[str, Any] = {"claimed_by": None, "claimed_at": None, "claimed_since": None, "due_on": None}
"""In nobody's hands, and waiting for nothing."""

NO_FIRST: dict[str, Any] = {"state": Flag.State.OPEN, "first_by": None, "first_result": "", "first_reason": ""}
"""Open, and without the view of a first editor."""

REOPENED = NO_FIRST | NOBODY | {"state": Flag.State.REOPENED, "duplicate_of": None}


def act(
    flag: Flag, actor: User | None, version: int, verb: str, changed: dict[str, Any], reason: str = "", **told: str
) -> Flag:
    """Writes one act with its Decision, if the flag is still as its reader saw it; `told` is what the record says besides."""
    before, was, known, journal = flag.get_state_display(), flag.state, columns(flag), Journal()
    with in_turn():
        same = Flag.objects.filter(pk=flag.pk, version=version)
        same = same if changed is REOPENED else same.filter(state__in=ACTIVE)
        if not same.update(version=F("version") + 1, **changed):
            raise Conflict("Somebody else has worked on this flag in the meantime. Look at what is true now, below.")
        flag.refresh_from_db()
        journal.differences(flag, known)
        record(
            actor=actor,
            verb=verb,
            quote=flag.quote,
            flag=flag,
            before={"flag": flag.label, "state": before},
            after={"flag": flag.label, "state": flag.get_state_display(), **told},
            changes=journal.changes,
            reason=reason,
            is_public=(was in ACTIVE) != flag.is_active,  # it was settled, or is open again
        )
        events.note_act(flag, was, reason)
    return flag


def reopen_by_rule(quotes: Collection[int], why: str, *, but: Flag | None = None) -> int:
    """Opens what was decided on these quotes again, because what it rested on changed; gives how many.

    Recorded as Hearsay's own act. A flag stays as it is when another of its kind is open. The caller grades the quotes
    again when any was opened. Two queries, and four a flag.
    """
    opened = 0
    active = set(Flag.objects.active().filter(quote__in=quotes).values_list("quote", "kind"))
    for flag in Flag.objects.settled().filter(quote__in=quotes).exclude(pk=but.pk if but else 0):
        if (flag.quote_id, flag.kind) not in active:
            active.add((flag.quote_id, flag.kind))
            with suppress(Conflict, IntegrityError), transaction.atomic():  # somebody is on it this very moment
                act(flag, None, flag.version, "reopened flag", REOPENED, why)
                opened += 1
    return opened


def of_changed_text(revision: Revision) -> set[int]:
    """Opens what was decided on quotes whose wording the article had in its version before and has no more.

    Gives those quotes, for the caller to grade again. Two queries.
    """
    reported = Attribution.objects.shown().filter(revision__article=revision.article_id, variant__isnull=False)
    kept = reported.filter(revision=revision).values("variant")
    lost = reported.filter(revision__number=revision.number - 1).exclude(variant__in=kept)
    quotes = set(lost.values_list("variant__quote", flat=True))
    if quotes:
        reopen_by_rule(quotes, f"The text of “{revision.article}” changed.")
    return quotes
