"""What editors do to speakers: merge two into one, split one in two, name, date titles, match with Wikidata, keep apart.

Each act is one transaction, leaves one Decision about the speaker, and can be undone exactly (services.undo) as long as
nobody has changed the same things since. A merged speaker's address leads to the one it was merged into.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from quotes.models import Alias, Attribution, Decision, Quote, Relay, Speaker, Variant
from quotes.services import index, match, summary
from quotes.services.extract import day_of
from quotes.services.journal import Journal, columns
from quotes.services.merge import join_alike
from quotes.services.record import Conflict, NotAllowed, record
from quotes.services.resolve import named, root
from quotes.services.turns import in_turn

CHANGED = "Somebody else changed this speaker while you were looking. Nothing was saved; look again and repeat what still holds."
MOST_MOVED = 200
"""Reports that one split or one resolving moves: each is placed among quotes anew."""


# --- two are one -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moves:
    """What a merge would move, in numbers."""

    reports: int
    relayed: int
    quotes: int
    names: int
    alike: int
    """Quotes of both in the same words, which become one where it may be one occasion."""


def preview(speaker: Speaker, into: Speaker) -> Moves:
    """What merging would move. Five queries."""
    theirs = Variant.objects.filter(quote__speaker=into, quote__merged_into=None)
    same = Variant.objects.filter(quote__speaker=speaker, quote__merged_into=None)
    return Moves(
        reports=speaker.attributions.count(),
        relayed=speaker.relayed.count(),
        quotes=Quote.objects.shown().said_by(speaker).count(),
        names=speaker.aliases.count(),
        alike=same.filter(fingerprint__in=theirs.values("fingerprint")).values("quote").distinct().count(),
    )


def merge(*, speaker: Speaker, into: Speaker, actor: User, version: int, reason: str) -> Decision:
    """Makes one speaker of two: all that was said, relayed and named moves. About forty queries, one for each quote moved.

    Quotes in the same words become one where a machine would have made them one. `version` is that of `speaker`. Raises
    NotAllowed without a reason, for one kept apart, or for itself; Conflict when it has changed or been merged meanwhile.
    """
    _needs(reason, "Say why: merging two speakers needs a reason.")
    if speaker.pk == into.pk:
        raise NotAllowed("That is this speaker already. Choose another one.")
    with in_turn():
        gone, kept = _claimed(speaker, version), Speaker.objects.get(pk=into.pk)
        if kept.merged_into_id or gone.merged_into_id:
            raise Conflict("One of the two has been merged in the meantime. Look again.")
        if gone.apart_from.filter(pk=kept.pk).exists():
            raise NotAllowed("An editor said that these are two people. Undo that first, in the history.")
        Speaker.objects.filter(pk=kept.pk).update(version=F("version") + 1)
        journal, moves = Journal(), preview(gone, kept)
        come = set(Quote.objects.filter(speaker=gone).values_list("pk", flat=True))
        touched = _move_all(gone, kept, journal)
        touched |= join_alike(kept, come, journal)
        decision = record(
            actor=actor,
            verb="merged two speakers",
            speaker=kept,
            before={"speaker": f"{gone.name}, and {kept.name}"},
            after={"speaker": kept.name, "reports": moves.reports, "relayed": moves.relayed, "quotes": moves.quotes},
            changes=journal.changes,
            reason=reason,
        )
        summary.refresh(touched)
    return decision


def _move_all(gone: Speaker, kept: Speaker, journal: Journal) -> set[int | None]:
    """Leaves nothing but the address that leads to the other; the quotes that changed."""
    said = Attribution.objects.filter(speaker=gone)
    touched: set[int | None] = set(said.values_list("variant__quote", flat=True))
    touched |= set(Relay.objects.filter(intermediary=gone).values_list("attribution__variant__quote", flat=True))
    touched |= set(Quote.objects.filter(speaker=gone).values_list("pk", flat=True))
    said.update(version=F("version") + 1)
    journal.set(said, speaker_id=kept.pk)
    journal.set(Relay.objects.filter(intermediary=gone), intermediary_id=kept.pk)
    journal.set(Quote.objects.filter(speaker=gone), speaker_id=kept.pk)
    _move_names(gone, kept, journal)
    for other in gone.apart_from.all():
        _part(kept, other, journal)
    journal.set(Speaker.objects.filter(Q(pk=gone.pk) | Q(merged_into=gone)), merged_into_id=kept.pk)
    return touched


def _move_names(gone: Speaker, kept: Speaker, journal: Journal) -> None:
    """Its aliases, but those the other has already, and its own name as one."""
    there = set(kept.aliases.values_list("text", "kind", "valid_from"))
    new = [alias.pk for alias in gone.aliases.all() if (alias.text, alias.kind, alias.valid_from) not in there]
    journal.set(Alias.objects.filter(pk__in=new), speaker_id=kept.pk)
    if gone.name != kept.name and not kept.aliases.filter(text=gone.name, kind=Alias.Kind.NAME).exists():
        journal.made(Alias.objects.create(speaker=kept, text=gone.name))


# --- one is two ------------------------------------------------------------------------------------


def split(
    *,
    speaker: Speaker,
    reports: Collection[int],
    relayed: Collection[int],
    name: str,
    actor: User,
    version: int,
    reason: str,
) -> Speaker:
    """Gives some of what one speaker said and relayed to another, by name: a new one, or one who goes by it.

    `reports` are numbers of attributions, `relayed` of relays. A new namesake is kept apart from the old one. About thirty
    queries for each report. Raises NotAllowed without a reason, a name, or anything to move.
    """
    _needs(reason, "Say why: splitting a speaker needs a reason.")
    with in_turn():
        old, journal = _claimed(speaker, version), Journal()
        said = Attribution.objects.shown().filter(speaker=old, pk__in=list(reports))
        told = Relay.objects.filter(intermediary=old, pk__in=list(relayed))
        if not said.exists() and not told.exists():
            raise NotAllowed("Tick what belongs to the other one.")
        new = _other(old, name, journal)
        touched: set[int | None] = set(told.values_list("attribution__variant__quote", flat=True))
        moved = said.count() + told.count()
        relayed_by = Attribution.objects.shown().filter(relays__in=told)
        retold = Attribution.objects.filter(pk__in=list(relayed_by.values_list("pk", flat=True)))
        retold.update(version=F("version") + 1)
        journal.set(retold, status=Attribution.Status.CORRECTED.value)
        journal.set(told, intermediary_id=new.pk)
        touched |= _give(said, new, journal)
        record(
            actor=actor,
            verb="split a speaker",
            speaker=old,
            before={"speaker": old.name},
            after={"speaker": f"{old.name}, and {new.name} (number {new.pk})", "moved": moved},
            changes=journal.changes,
            reason=reason,
        )
        summary.refresh(touched)
    return new


def _other(old: Speaker, name: str, journal: Journal) -> Speaker:
    """Who a split goes to; a new namesake is born as merged into the old one: that is where an undo leaves its address."""
    name = " ".join(name.split())[:300]
    _needs(name, "Give the name of the other one.")
    if name.casefold() != old.name.casefold():
        found = named(name)
        if found is None:
            raise NotAllowed(f"Several speakers go by “{name}”. Choose one of them from the list, with its number.")
        if found != old:
            return found
    new = Speaker.objects.create(name=name, kind=old.kind, merged_into=old)
    journal.set(Speaker.objects.filter(pk=new.pk), merged_into_id=None)
    _part(old, new, journal)
    return new


def _give(reports: QuerySet[Attribution], speaker: Speaker | None, journal: Journal) -> set[int | None]:
    """Puts reports down to a speaker, and places their words among that speaker's quotes; the quotes that changed.

    A quote all of whose reports go is moved whole, and keeps its address.
    """
    rows = list(reports.select_related("variant__quote", "revision__article")[: MOST_MOVED + 1])
    if len(rows) > MOST_MOVED:
        raise NotAllowed(f"That is more than {MOST_MOVED} at once. Take fewer, and do it again.")
    new = speaker.pk if speaker else None
    going = Counter(row.variant.quote_id for row in rows if row.variant)
    in_all = Attribution.objects.standing().filter(variant__quote__in=going).values_list("variant__quote", flat=True)
    whole = {quote for quote, number in Counter(in_all).items() if going[quote] >= number}
    touched: set[int | None] = set(going)
    journal.set(Quote.objects.filter(pk__in=whole), speaker_id=new)
    for row in rows:
        known = columns(row)
        row.speaker, row.status, row.version = speaker, Attribution.Status.CORRECTED, row.version + 1
        row.save(update_fields=["speaker", "status", "version"])
        if row.variant and row.variant.quote_id not in whole:
            row.is_placed = False
            row.save(update_fields=["is_placed"])
            index.add(*match.place(row, row.variant.wording, day_of(row.revision.article)))
            touched.add(row.variant.quote_id)
        journal.differences(row, known)
    if speaker is not None:
        touched |= join_alike(speaker, whole, journal)
    return touched


# --- nobody yet ------------------------------------------------------------------------------------


def resolve(*, reports: Iterable[int], name: str, actor: User, reason: str = "") -> Decision:
    """Says who it was that articles name and no machine could place, for several reports at once.

    Only reports without a speaker that nobody decided on are moved. About thirty queries each. Raises NotAllowed for a name
    that several go by, or when there is nothing left to resolve.
    """
    with in_turn():
        open_ones = Attribution.objects.unresolved().filter(pk__in=list(reports))
        if not open_ones.exists():
            raise Conflict("Somebody else has resolved these in the meantime, or none was ticked.")
        _needs(name, "Say who it is.")
        speaker = named(name)
        if speaker is None:
            raise NotAllowed(f"Several speakers go by “{name}”. Choose one of them from the list, with its number.")
        journal, printed = Journal(), sorted(set(open_ones.values_list("speaker_printed", flat=True)))
        number = open_ones.count()
        touched = _give(open_ones, speaker, journal)
        decision = record(
            actor=actor,
            verb="resolved a mention",
            speaker=speaker,
            before={"printed": printed, "speaker": None},
            after={"speaker": speaker.name, "reports": number},
            changes=journal.changes,
            reason=reason,
        )
        summary.refresh(touched)
    return decision


# --- names -----------------------------------------------------------------------------------------


def edit(
    *, speaker: Speaker, actor: User, version: int, name: str, kind: str, role: str, wikidata_id: str, reason: str = ""
) -> Decision:
    """Changes name, kind, role or the Wikidata id, and notes who matched the id. Raises NotAllowed for what cannot be.

    The name before stays as an alias: articles print it, and mean the same speaker.
    """
    name, wikidata_id = " ".join(name.split())[:300], wikidata_id.strip().upper()
    _needs(name, "A speaker needs a name.")
    if kind not in Speaker.Kind.values:
        raise NotAllowed("Choose what kind of speaker it is.")
    with in_turn():
        row = _claimed(speaker, version)
        before, known, journal = _facts(row), columns(row), Journal()
        _keep_name(row, name, journal)
        row.name, row.kind, row.role = name, kind, role.strip()[:300]
        if row.wikidata_id != wikidata_id:
            row.wikidata_id = wikidata_id
            row.wikidata_by, row.wikidata_at = (actor, timezone.now()) if wikidata_id else (None, None)
        try:
            with transaction.atomic():
                row.save(update_fields=["name", "kind", "role", "wikidata_id", "wikidata_by", "wikidata_at"])
        except IntegrityError:
            raise NotAllowed("A Wikidata id is a Q and a number, such as Q7747.") from None
        journal.differences(row, known)
        if (row.name, row.role) != (before["name"], before["role"]):
            summary.refresh(_named_in(row))
        return record(
            actor=actor, verb="edited a speaker", speaker=row, before=before, after=_facts(row),
            changes=journal.changes, reason=reason,
        )  # fmt: skip


def _keep_name(row: Speaker, name: str, journal: Journal) -> None:
    """Enters the name a speaker is about to lose as an alias, unless only its letters' case changes or it is one already."""
    known = row.aliases.filter(text=row.name, kind=Alias.Kind.NAME)
    if row.name.casefold() != name.casefold() and not known.exists():
        journal.made(Alias.objects.create(speaker=row, text=row.name))


def _named_in(row: Speaker) -> set[int | None]:
    """The quotes that carry a speaker's name or are searched by it. Two queries."""
    said = Quote.objects.said_by(row).values_list("pk", flat=True)
    return {*said, *Quote.objects.relayed_by(row).values_list("pk", flat=True)}


def _facts(row: Speaker) -> dict[str, Any]:
    return {"name": row.name, "kind": row.get_kind_display(), "role": row.role, "wikidata": row.wikidata_id}


def add_alias(
    *,
    speaker: Speaker,
    actor: User,
    text: str,
    kind: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    source: str = "",
    reason: str = "",
) -> Decision:
    """Adds a name, a dated title or an epithet. Raises NotAllowed for one that is there, or ends before it begins."""
    text, journal = " ".join(text.split())[:300], Journal()
    _needs(text, "Give the name, title or epithet.")
    if kind not in Alias.Kind.values:
        raise NotAllowed("Choose whether it is a name, a title or an epithet.")
    if valid_from and valid_until and valid_from >= valid_until:
        raise NotAllowed("It must begin before it ends.")
    with in_turn():
        try:
            with transaction.atomic():
                alias = Alias.objects.create(
                    speaker=speaker, text=text, kind=kind, valid_from=valid_from, valid_until=valid_until,
                    source=source.strip()[:300],
                )  # fmt: skip
        except IntegrityError:
            raise NotAllowed("That is there already.") from None
        journal.made(alias)
        return record(
            actor=actor, verb=f"added {_told(alias)}", speaker=speaker, changes=journal.changes, reason=reason,
        )  # fmt: skip


def remove_alias(*, alias: Alias, actor: User, reason: str = "") -> Decision:
    """Takes a name, title or epithet away."""
    with in_turn():
        speaker, told, journal = alias.speaker, _told(alias), Journal()
        journal.remove(Alias.objects.filter(pk=alias.pk))
        if not journal.changes:
            raise Conflict("Somebody else took it away already.")
        return record(actor=actor, verb=f"removed {told}", speaker=speaker, changes=journal.changes, reason=reason)


def _told(alias: Alias) -> str:
    """Short enough for a verb: *title “foreign minister”*."""
    text = alias.text if len(alias.text) <= 50 else f"{alias.text[:49]}…"
    return f"{alias.get_kind_display()} “{text}”"


def keep_apart(*, one: Speaker, other: Speaker, actor: User, reason: str) -> Decision:
    """Says that two of one name, or alike, are two people: they are never merged until that is undone."""
    _needs(reason, "Say how one tells them apart.")
    one, other = root(one), root(other)
    if one == other:
        raise NotAllowed("That is this speaker itself.")
    with in_turn():
        journal = Journal()
        _part(one, other, journal)
        if not journal.changes:
            raise NotAllowed("That has been said already.")
        after = {"speakers": [f"{one.name} (number {one.pk})", f"{other.name} (number {other.pk})"]}
        return record(
            actor=actor,
            verb="said they are two people",
            speaker=one,
            after=after,
            changes=journal.changes,
            reason=reason,
        )


def _part(one: Speaker, other: Speaker, journal: Journal) -> None:
    through = Speaker.apart_from.through
    for here, there in ((one, other), (other, one)):
        row, is_new = through.objects.get_or_create(from_speaker=here, to_speaker=there)
        if is_new:
            journal.made(row)


# --- what all share --------------------------------------------------------------------------------


def _claimed(speaker: Speaker, version: int) -> Speaker:
    """The row, its version counted up. Raises Conflict when it is not the version that was seen."""
    if not Speaker.objects.filter(pk=speaker.pk, version=version).update(version=F("version") + 1):
        raise Conflict(CHANGED)
    return Speaker.objects.get(pk=speaker.pk)


def _needs(given: str, otherwise: str) -> None:
    if not given.strip():
        raise NotAllowed(otherwise)
