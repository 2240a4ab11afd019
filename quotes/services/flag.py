"""Flags: raised by one person, worked through by editors to a result, always with a reason.

    open → claimed (15 minutes, renewed) → waiting → upheld | not upheld | explained | superseded | duplicate → reopened

A serious flag takes two editors, neither the one who raised it, and to be upheld two items of evidence. Every act is one
transaction with its Decision; an act on a version that is no longer true is refused and writes nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from quotes.models import Evidence, Flag, Quote
from quotes.models.review import ACTIVE, DECIDED, EVIDENCE, KINDS, NEEDED_EVIDENCE
from quotes.services import events, summary
from quotes.services.record import Conflict, NotAllowed, record
from quotes.services.reopening import NO_FIRST, NOBODY, REOPENED, act, reopen_by_rule
from quotes.services.turns import in_turn

RESULTS = {
    Flag.State.UPHELD: "Upheld",
    Flag.State.NOT_UPHELD: "Not upheld",
    Flag.State.EXPLAINED: "Explained",
    Flag.State.SUPERSEDED: "Superseded by another decision",
    Flag.State.DUPLICATE: "Duplicate of another flag",
}


def raise_flag(*, quote: Quote, actor: User, kind: str, reason: str) -> Flag:
    """Raises a flag on a quote, or on the one it was merged into. A denial reopens what was decided before. Six queries.

    Raises NotAllowed without a reason or for an unknown kind; Conflict when one of the kind is open.
    """
    with in_turn():
        flag = new_flag(quote=quote, actor=actor, kind=kind, reason=reason)
        told = {"flag": flag.label}
        record(actor=actor, verb="raised flag", quote=flag.quote, flag=flag, after=told, reason=flag.reason)
        reopen_if_denied(flag)
    return flag


def new_flag(*, quote: Quote, actor: User, kind: str, reason: str) -> Flag:
    """The flag alone, for a caller that records it. Raises as `raise_flag` does."""
    if kind not in KINDS:
        raise NotAllowed("Choose what the flag is about.")
    reason = _given(reason, "Say why: a flag needs a reason.")
    quote = Quote.objects.get(pk=quote.pk).survivor  # it may have been merged while the form was open
    try:
        with transaction.atomic():
            return Flag.objects.create(quote=quote, kind=kind, reason=reason, raised_by=actor)
    except IntegrityError:
        raise Conflict(f"A flag “{KINDS[kind]}” is open on this quote already. Add to that one.") from None


def reopen_if_denied(flag: Flag) -> None:
    """A denial reopens what was decided before on its quote."""
    events.note_denial(flag)
    if flag.kind == "denied" and reopen_by_rule({flag.quote_id}, "A denial was recorded.", but=flag):
        summary.refresh({flag.quote_id})


def add_evidence(*, flag: Flag, actor: User, kind: str, note: str, url: str = "", archive_url: str = "") -> Evidence:
    """Puts something to a flag that is being worked on. Two queries. Raises NotAllowed for what cannot be looked at."""
    if kind not in EVIDENCE:
        raise NotAllowed("Choose what kind of evidence it is.")
    if not Flag.objects.active().filter(pk=flag.pk).exists():
        raise Conflict("This flag has been settled. Reopen it to add evidence.")
    evidence = Evidence(
        flag=flag,
        kind=kind,
        note=_given(note, "Say what it shows."),
        url=url.strip(),
        archive_url=archive_url.strip(),
        added_by=actor,
    )
    try:
        evidence.clean_fields()
    except ValidationError:
        raise NotAllowed("An address must begin with http:// or https://.") from None
    with in_turn():
        evidence.save()
        told = {
            "flag": flag.label,
            "evidence": evidence.label,
            "address": evidence.url,
            "archived": evidence.archive_url,
        }
        record(
            actor=actor,
            verb="added evidence",
            quote=flag.quote,
            flag=flag,
            after=told,
            reason=evidence.note,
            is_public=False,
        )
    return evidence


# --- who is on it ----------------------------------------------------------------------------------


def claim(*, flag: Flag, actor: User, version: int) -> Flag:
    """Takes an active flag up for CLAIM. Raises Conflict when somebody else is on it."""
    _not_held_by_another(flag, actor)
    return act(flag, actor, version, "claimed flag", _in_hands_of(actor))


def _in_hands_of(actor: User) -> dict[str, Any]:
    now = timezone.now()
    return NOBODY | {"state": Flag.State.CLAIMED, "claimed_by": actor, "claimed_at": now, "claimed_since": now}


def renew(*, flag: Flag, actor: User) -> bool:
    """Keeps one's own claim while its page is open; False when it is no longer one's own. One query, no Decision."""
    return bool(Flag.objects.held_by(actor).filter(pk=flag.pk).update(claimed_at=timezone.now()))


def take_over(*, flag: Flag, actor: User, version: int, reason: str) -> Flag:
    """Takes a flag from whoever is on it, with a note for them."""
    reason = _given(reason, "Leave a note for whoever was on it.")
    return act(flag, actor, version, "took flag over", _in_hands_of(actor), reason)


def release(*, flag: Flag, actor: User, version: int) -> Flag:
    """Gives one's own claim back."""
    if flag.holder != actor:
        raise Conflict("You are not on this flag any more.")
    return act(flag, actor, version, "released flag", {"state": flag.resting_state, **NOBODY})


def wait(*, flag: Flag, actor: User, version: int, due_on: date, reason: str) -> Flag:
    """Waits for a reply until a day. Raises NotAllowed without saying for what, or for a day gone by."""
    _not_held_by_another(flag, actor)
    if due_on < timezone.localdate():
        raise NotAllowed("Choose a day that is still to come.")
    reason = _given(reason, "Say whom you asked, and for what. Not who a confidential source is.")
    changed = {"state": Flag.State.WAITING, **NOBODY, "due_on": due_on}
    return act(flag, actor, version, "waits", changed, reason, until=due_on.isoformat())


# --- the result ------------------------------------------------------------------------------------


def settle_flag(
    *, flag: Flag, actor: User, version: int, result: str, reason: str, duplicate_of: Flag | None = None
) -> Flag:
    """Ends an active flag with a result, and grades the quote again; of a serious one, records the first editor's view.

    The second editor must reach the same result; reaching another one clears the first view, and the flag is open
    again. About twenty queries. Raises NotAllowed when a rule forbids it, Conflict when somebody else acted first.
    """
    if result not in RESULTS:
        raise NotAllowed("Choose a result.")
    reason = _given(reason, "Say why: settling a flag needs a reason.")
    _not_held_by_another(flag, actor)
    if result == Flag.State.DUPLICATE and not _may_be_repeated(duplicate_of, flag):
        raise NotAllowed("Name the flag on this quote that it repeats; not one that is a duplicate itself.")
    if flag.is_serious and flag.raised_by_id == actor.pk:
        raise NotAllowed("You raised this flag: two other editors decide on it.")
    if flag.is_serious:
        _may_weigh(flag, actor, result)
        if flag.first_by_id is None:
            first = {"first_by": actor, "first_result": result, "first_reason": reason, "state": flag.resting_state}
            return act(
                flag, actor, version, f"found first: {RESULTS[Flag.State(result)].lower()}", first | NOBODY, reason
            )
        if flag.first_result != result:
            return act(
                flag,
                actor,
                version,
                "found otherwise than the first editor",
                NO_FIRST | NOBODY | {"state": flag.resting_state},
                reason,
                found=RESULTS[Flag.State(result)],
            )
    ended = {
        "state": result,
        "settled_by": actor,
        "settled_reason": reason,
        "settled_at": timezone.now(),
        "duplicate_of": duplicate_of if result == Flag.State.DUPLICATE else None,
        "due_on": None,
    }
    with in_turn():
        told = {"repeats": str(duplicate_of)} if result == Flag.State.DUPLICATE else {}
        act(flag, actor, version, "settled flag", ended | NOBODY, reason, **told)
        if flag.kind == "denied" and result == Flag.State.UPHELD:
            reopen_by_rule({flag.quote_id}, "A denial was upheld.", but=flag)
        summary.refresh({flag.quote_id})
    return flag


def _may_be_repeated(other: Flag | None, flag: Flag) -> bool:
    return other is not None and other.quote_id == flag.quote_id and other.state in (*ACTIVE, *DECIDED)


def _may_weigh(flag: Flag, actor: User, result: str) -> None:
    """Raises NotAllowed unless this editor may say what becomes of a serious flag."""
    if flag.first_by_id == actor.pk:
        raise NotAllowed("You were the first editor: somebody else must be the second.")
    if result == Flag.State.UPHELD and flag.evidence.count() < NEEDED_EVIDENCE:
        raise NotAllowed(f"A serious flag needs {NEEDED_EVIDENCE} items of evidence before it is upheld.")


# --- once more -------------------------------------------------------------------------------------


def reopen(*, flag: Flag, actor: User, version: int, reason: str) -> Flag:
    """Opens a settled flag again, and grades the quote again. Raises Conflict when another of its kind is open."""
    reason = _given(reason, "Say what is new.")
    if flag.is_active:
        raise Conflict("This flag is open already.")
    try:
        with in_turn():
            act(flag, actor, version, "reopened flag", REOPENED, reason)
            summary.refresh({flag.quote_id})
    except IntegrityError:
        raise Conflict(f"Another flag “{flag.label}” is open on this quote: add to that one.") from None
    return flag


def _not_held_by_another(flag: Flag, actor: User) -> None:
    if flag.holder is not None and flag.holder != actor:
        since = timezone.localtime(flag.claimed_since or flag.claimed_at)
        raise Conflict(f"{flag.holder} has been on this flag since {since:%H:%M}. Take it over first, with a note.")


def _given(reason: str, otherwise: str) -> str:
    if not reason.strip():
        raise NotAllowed(otherwise)
    return reason.strip()
