"""What editors do to attributions: accept, correct, reject; add, move and remove relays.

Every function takes the version its caller saw; if somebody changed the attribution since, Conflict is
raised and nothing is written. Each act leaves one Decision.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from quotes.models import Attribution, Relay
from quotes.services import match, summary
from quotes.services.extract import day_of
from quotes.services.record import Conflict, NotAllowed, record
from quotes.services.resolve import named
from quotes.text.relay import Step, is_pickup, sourcing

CHANGED = "Somebody else changed this attribution while you were looking at it. Nothing was saved; look again and repeat what still holds."


def accept(*, attribution: Attribution, actor: User, version: int, reason: str = "") -> None:
    """Confirms the machine's reading. About eight queries."""
    _decide(attribution, actor, version, "accepted", reason, lambda row: _set(row, status=Attribution.Status.ACCEPTED))


def reject(*, attribution: Attribution, actor: User, version: int, reason: str) -> None:
    """Takes a misreading off the site; the row and its history stay. Raises NotAllowed without a reason."""
    if not reason.strip():
        raise NotAllowed("Say why: rejecting an attribution needs a reason.")
    _decide(attribution, actor, version, "rejected", reason, lambda row: _set(row, status=Attribution.Status.REJECTED))


def correct(
    *, attribution: Attribution, actor: User, version: int, speaker_name: str, hedged: bool, reason: str = ""
) -> None:
    """Sets the speaker (empty: nobody can be named) and the hedge. The words move to that speaker's quotes.

    Raises NotAllowed when several speakers go by the name.
    """

    def change(row: Attribution) -> None:
        name = speaker_name.strip()
        unchanged = row.speaker is not None and row.speaker.name == name
        speaker = row.speaker if unchanged else named(name) if name else None
        if name and speaker is None:
            raise NotAllowed(f"Several speakers go by “{name}”. Use a name that only one of them has.")
        _set(row, status=Attribution.Status.CORRECTED, speaker=speaker, hedged=hedged)
        day = day_of(row.revision.article)
        if row.variant is not None and row.variant.quote.speaker_id != row.speaker_id:
            _set(row, is_placed=False)  # where it stood was a place among another speaker's quotes
            match.place(row, row.variant.wording, day)
            match.propose([row], day)

    _decide(attribution, actor, version, "corrected", reason, change)


def add_relay(
    *,
    attribution: Attribution,
    actor: User,
    version: int,
    name: str,
    description: str = "",
    role: str = "",
    reason: str = "",
) -> None:
    """Adds a relay at the article's end of the chain: a named intermediary, or one described as printed."""
    if not name.strip() and not description.strip():
        raise NotAllowed("Name the intermediary, or describe them as the article does.")

    def change(row: Attribution) -> None:
        intermediary = named(name) if name.strip() else None
        if name.strip() and intermediary is None:
            raise NotAllowed(f"Several speakers go by “{name.strip()}”. Use a name that only one of them has.")
        Relay.objects.create(
            attribution=row,
            position=row.relays.count() + 1,
            intermediary=intermediary,
            description=description.strip()[:500],
            role=role.strip()[:300],
        )
        _rechain(row)

    _decide(attribution, actor, version, "added relay", reason, change)


def move_relay(*, relay: Relay, actor: User, version: int, towards_speaker: bool) -> None:
    """Swaps a relay with its neighbour. Raises NotAllowed at the end of the chain."""

    def change(row: Attribution) -> None:
        chain = list(row.relays.all())
        at = _place_in(chain, relay)
        other = at - 1 if towards_speaker else at + 1
        if not 0 <= other < len(chain):
            raise NotAllowed("It stands at that end of the chain already.")
        chain[at], chain[other] = chain[other], chain[at]
        _renumber(row, chain)
        _rechain(row)

    _decide(relay.attribution, actor, version, "moved relay", "", change)


def remove_relay(*, relay: Relay, actor: User, version: int, reason: str = "") -> None:
    """Takes one step out of the chain."""

    def change(row: Attribution) -> None:
        chain = list(row.relays.all())
        chain.pop(_place_in(chain, relay)).delete()
        _renumber(row, chain)
        _rechain(row)

    _decide(relay.attribution, actor, version, "removed relay", reason, change)


def _place_in(chain: list[Relay], relay: Relay) -> int:
    places = [at for at, step in enumerate(chain) if step.pk == relay.pk]
    if not places:
        raise Conflict(CHANGED)
    return places[0]


def snapshot(attribution: Attribution) -> dict[str, Any]:
    """What a decision compares before and after. Two queries."""
    return {
        "speaker": attribution.speaker.name if attribution.speaker else None,
        "chain": [relay.label for relay in attribution.relays.select_related("intermediary")],
        "sourcing": attribution.sourcing,
        "hedged": attribution.hedged,
        "status": attribution.get_status_display(),
    }


def _decide(
    attribution: Attribution,
    actor: User,
    version: int,
    verb: str,
    reason: str,
    change: Callable[[Attribution], None],
) -> None:
    """One act: claim the version, change, record, refresh. All or nothing."""
    with transaction.atomic():
        claimed = Attribution.objects.filter(pk=attribution.pk, version=version).update(version=F("version") + 1)
        if not claimed:
            raise Conflict(CHANGED)
        row = Attribution.objects.select_related("speaker", "variant__quote", "revision__article__outlet").get(
            pk=attribution.pk
        )
        before, quote = snapshot(row), row.variant.quote if row.variant else None
        change(row)
        after = snapshot(row)
        record(actor=actor, verb=verb, quote=quote, attribution=row, before=before, after=after, reason=reason)
        summary.refresh({quote.pk if quote else None, row.variant.quote_id if row.variant else None})


def _set(row: Attribution, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def _renumber(row: Attribution, chain: list[Relay]) -> None:
    """Positions 1, 2, …; by way of high ones, since no two may share one even for a moment."""
    for position, relay in enumerate(chain, start=1):
        Relay.objects.filter(pk=relay.pk).update(position=position + 1000)
    row.relays.filter(position__gt=1000).update(position=F("position") - 1000)


def _rechain(row: Attribution) -> None:
    """The sourcing class that follows from the chain as it now stands."""
    steps = [_step(relay) for relay in row.relays.select_related("intermediary")]
    outlet = row.revision.article.outlet
    pickup = is_pickup(row.venue, outlet.name if outlet else "")
    _set(row, sourcing=sourcing(steps, pickup=pickup), status=Attribution.Status.CORRECTED)


def _step(relay: Relay) -> Step:
    if not relay.is_stated:
        return "not stated"
    is_person = relay.kind in {"person", "group", "unnamed"}
    return "unnamed" if relay.intermediary_id is None and is_person else "named"
