"""What editors do to the reading of an article: accept, reject, correct it, and add what was missed.

Every function takes the version its caller saw; if somebody changed the attribution since, Conflict is raised and nothing
is written. Each act is one transaction, leaves one Decision, and can be undone (services.undo).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F

from quotes.models import Alias, Attribution, Decision, Relay, Revision, Span, Speaker
from quotes.services import index, match, propose, summary
from quotes.services.extract import day_of
from quotes.services.journal import Journal, columns
from quotes.services.record import Conflict, NotAllowed, record
from quotes.services.resolve import named
from quotes.services.turns import in_turn
from quotes.services.versions import BY_HAND, carry, key_of, undecided_others
from quotes.text.normalize import printed_wording
from quotes.text.relay import Step, is_pickup, sourcing
from quotes.text.spans import Span as TextSpan
from quotes.text.spans import anchor, length, words_of

CHANGED = "Somebody else changed this attribution while you were looking at it. Nothing was saved; look again and repeat what still holds."
READ_ALREADY = "These words are read already. Correct that attribution instead."
MOST_TELLERS = 4


@dataclass(frozen=True, slots=True)
class Teller:
    """One step of a chain as an editor gives it: by name, or described as printed; neither when the article does not say."""

    name: str = ""
    description: str = ""
    role: str = ""
    cue: tuple[TextSpan, ...] = ()
    """The words of the article that say so."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article says, as an editor gives it. Tellers stand in order, the one nearest the speaker first."""

    content: tuple[TextSpan, ...]
    speaker: str = ""
    form: str = "indirect"
    hedged: bool = False
    tellers: tuple[Teller, ...] = ()
    source: tuple[TextSpan, ...] = ()
    cue: tuple[TextSpan, ...] = ()


def reading_of(attribution: Attribution) -> Reading:
    """How an attribution reads now. A few queries."""
    spans: dict[str, list[TextSpan]] = {"content": [], "source": [], "cue": []}
    for span in attribution.spans.all():
        if span.role in spans:
            spans[span.role].append(TextSpan(span.start, span.end))
    return Reading(
        content=tuple(spans["content"]),
        source=tuple(spans["source"]),
        cue=tuple(spans["cue"]),
        speaker=attribution.speaker.name if attribution.speaker else "",
        form=attribution.form,
        hedged=attribution.hedged,
        tellers=tuple(map(_as_teller, attribution.relays.prefetch_related("spans").select_related("intermediary"))),
    )


def _as_teller(relay: Relay) -> Teller:
    name = relay.intermediary.name if relay.intermediary else ""
    cue = tuple(TextSpan(span.start, span.end) for span in relay.spans.all() if span.role == Span.Role.RELAY_CUE)
    return Teller(name, "" if name else relay.description, relay.role, cue)


# --- the acts --------------------------------------------------------------------------------------


def accept(*, attribution: Attribution, actor: User, version: int, reason: str = "") -> Decision:
    """Confirms the machine's reading. About eight queries."""
    return _decide(attribution, actor, version, "accepted", reason, _settled(Attribution.Status.ACCEPTED))


def reject(*, attribution: Attribution, actor: User, version: int, reason: str) -> Decision:
    """Takes a misreading off the site; the row and its history stay. Raises NotAllowed without a reason."""
    if not reason.strip():
        raise NotAllowed("Say why: rejecting an attribution needs a reason.")
    return _decide(attribution, actor, version, "rejected", reason, _settled(Attribution.Status.REJECTED))


Change = Callable[[Attribution, Journal], None]


def _settled(status: str) -> Change:
    return lambda row, journal: _set(row, status=status)


def correct(
    *, attribution: Attribution, actor: User, version: int, reading: Reading, reason: str = "", verb: str = "corrected"
) -> Decision:
    """Makes an attribution say what an editor read: words, speaker, form, hedge, chain. About thirty queries.

    Another speaker's words move to that speaker's quotes; other bounds stay in their quote, as a wording of it. Raises
    NotAllowed when several speakers go by a name, or no words are left.
    """

    def change(row: Attribution, journal: Journal) -> None:
        speaker = _whom(reading.speaker, row.speaker)
        _set(row, status=Attribution.Status.CORRECTED, speaker=speaker, form=reading.form, hedged=reading.hedged)
        _respan(row, reading, journal)
        _rechain(row, reading.tellers, journal)
        _replace(row, reading.content)

    return _decide(attribution, actor, version, verb, reason, change)


def add(*, revision: Revision, actor: User, reading: Reading, reason: str = "") -> Attribution:
    """Adds what the machine missed. Born rejected: that is how an undo leaves it. About thirty queries.

    What was added and undone before is the same row again. Raises NotAllowed for words that another attribution of the
    article has already, and as `correct` does.
    """
    _with_words(reading)
    key = key_of(reading.source, reading.content)
    with in_turn():
        known = revision.attributions.filter(span_key=key).first()
        if (known and known.status != Attribution.Status.REJECTED) or _is_read_already(revision, reading):
            raise NotAllowed(READ_ALREADY)
        row = known or _added(revision, reading, key)
        correct(attribution=row, actor=actor, version=row.version, reading=reading, reason=reason, verb="added")
    return row


def _added(revision: Revision, reading: Reading, key: str) -> Attribution:
    try:
        with transaction.atomic():
            return Attribution.objects.create(
                revision=revision,
                span_key=key,
                form=reading.form,
                status=Attribution.Status.REJECTED,
                sourcing="firsthand",
                confidence=1,
                start=reading.content[0].start,
                speaker_printed=words_of(revision.text, reading.source)[:500],
                extractor=BY_HAND,
            )
    except IntegrityError:  # somebody else added the same in this moment
        raise NotAllowed(READ_ALREADY) from None


def _is_read_already(revision: Revision, reading: Reading) -> bool:
    """Whether a shown attribution has exactly these words."""
    place = {"role": Span.Role.CONTENT, "start": reading.content[0].start, "end": reading.content[-1].end}
    shown = Attribution.objects.shown().filter(revision=revision)
    return Span.objects.filter(attribution__in=shown, **place).exists()


# --- how one is carried out ------------------------------------------------------------------------


def _decide(attribution: Attribution, actor: User, version: int, verb: str, reason: str, change: Change) -> Decision:
    """One act: claim the version, change it in every version of the article, record, refresh. All or nothing."""
    with in_turn():
        claimed = Attribution.objects.filter(pk=attribution.pk, version=version).update(version=F("version") + 1)
        if not claimed:
            raise Conflict(CHANGED)
        rows = Attribution.objects.select_related("speaker", "variant__quote", "revision__article__outlet")
        row = rows.get(pk=attribution.pk)
        before, known, quote, journal = (
            snapshot(row),
            columns(row),
            row.variant.quote if row.variant else None,
            Journal(),
        )
        others = undecided_others(row)
        change(row, journal)
        journal.differences(row, known)
        moved = {other.variant.quote_id for other in others if other.variant}
        for other in others:
            carry(row, other, journal)
        decision = record(
            actor=actor,
            verb=verb,
            quote=quote or (row.variant.quote if row.variant else None),
            attribution=row,
            before=before,
            after=snapshot(row),
            changes=journal.changes,
            reason=reason,
        )
        summary.refresh(moved | {quote.pk if quote else None, row.variant.quote_id if row.variant else None})
    return decision


def snapshot(attribution: Attribution) -> dict[str, Any]:
    """What a decision compares before and after. Three queries."""
    spans: dict[str, list[str]] = {}
    for span in Span.objects.filter(attribution=attribution, relay=None):
        spans.setdefault(span.role, []).append(span.exact)
    relays = Relay.objects.filter(attribution=attribution).select_related("intermediary")
    return {
        "words": " … ".join(spans.get("content", [])),
        "speaker": attribution.speaker.name if attribution.speaker else None,
        "chain": [f"{relay.label}, {relay.role}" if relay.role else relay.label for relay in relays],
        "sourcing": attribution.sourcing,
        "form": attribution.form,
        "hedged": attribution.hedged,
        "status": attribution.get_status_display(),
    }


def _set(row: Attribution, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def _whom(name: str, known: Speaker | None) -> Speaker | None:
    """The speaker an editor names; the one it was when the name is the same. Raises NotAllowed for one of several."""
    name = name.strip()
    if not name or (known is not None and known.name == name):
        return known if name else None
    speaker = named(name)
    if speaker is None:
        raise NotAllowed(f"Several speakers go by “{name}”. Choose one of them from the list, with its number.")
    return speaker


def _replace(row: Attribution, content: Sequence[TextSpan]) -> None:
    """Puts the words where they belong now: among the speaker's quotes, or as another wording of the same quote."""
    wording, day = printed_wording(row.revision.text, content), day_of(row.revision.article)
    if row.variant is None or row.variant.quote.speaker_id != row.speaker_id:
        _set(row, is_placed=False)  # where it stood was a place among another speaker's quotes
        index.add(*match.place(row, wording, day))
        propose.propose([row], day)
    elif row.variant.wording != wording:
        _set(row, variant=match.wording_in(row.variant.quote, wording))


# --- spans -----------------------------------------------------------------------------------------


def _with_words(reading: Reading) -> None:
    if not length(reading.content):
        raise NotAllowed("Mark the words that were said: without them there is nothing to attribute.")


def _respan(row: Attribution, reading: Reading, journal: Journal) -> None:
    """Other bounds for words, source and cue. The key of the machine's own reading stays, so that it is known again."""
    _with_words(reading)
    wanted = {"content": reading.content, "source": reading.source, "cue": reading.cue}
    known = {role: tuple(TextSpan(s.start, s.end) for s in row.spans.filter(role=role)) for role in wanted}
    for role, spans in wanted.items():
        if known[role] != spans:
            journal.remove(row.spans.filter(role=role))
            journal.made(*(_span(row, role, span) for span in spans))
    if row.start != reading.content[0].start:
        _set(row, start=reading.content[0].start)


def _span(row: Attribution, role: str, span: TextSpan, relay: Relay | None = None) -> Span:
    return Span.objects.create(attribution=row, relay=relay, role=role, **anchor(row.revision.text, span)._asdict())


# --- the chain -------------------------------------------------------------------------------------


def _rechain(row: Attribution, tellers: Sequence[Teller], journal: Journal) -> None:
    """Writes the chain anew where it differs; a step that stays keeps its words in the article. And the class that follows."""
    known = list(row.relays.select_related("intermediary").prefetch_related("spans"))
    if [_as_teller(relay) for relay in known] == list(tellers) and row.extractor != BY_HAND:
        return
    journal.remove(row.spans.filter(relay__isnull=False))
    journal.remove(row.relays.all())
    for position, teller in enumerate(tellers, start=1):
        _write_relay(row, position, teller, known, journal)
    steps = [_step(relay) for relay in row.relays.select_related("intermediary")]
    outlet = row.revision.article.outlet
    _set(row, sourcing=sourcing(steps, pickup=is_pickup(row.venue, outlet.name if outlet else "")))


def _write_relay(row: Attribution, position: int, teller: Teller, known: list[Relay], journal: Journal) -> None:
    before = next((relay for relay in known if _is_same(relay, teller)), None)
    intermediary = _whom(teller.name, before.intermediary if before else None)
    relay = Relay(
        attribution=row,
        position=position,
        intermediary=intermediary,
        description="" if intermediary else teller.description.strip()[:500],
        role=(teller.role.strip() or (title_on(intermediary, row) if intermediary and not before else ""))[:300],
    )
    if before is not None:
        known.remove(before)
        for name in ("kind", "interest", "cue", "language", "inferred"):
            setattr(relay, name, getattr(before, name))
    if before is None or _as_teller(before).cue != teller.cue:
        relay.cue = words_of(row.revision.text, teller.cue)[:300]
    relay.save()
    journal.made(relay)
    mentions = [span for span in before.spans.all() if span.role == Span.Role.RELAY] if before else []
    spans = [TextSpan(span.start, span.end) for span in mentions]
    journal.made(*(_span(row, "relay", span, relay) for span in spans))
    journal.made(*(_span(row, "relay_cue", span, relay) for span in teller.cue))


def _is_same(relay: Relay, teller: Teller) -> bool:
    """Whether a step tells of the same person or people, whatever role an editor gives them."""
    told = _as_teller(relay)
    return (told.name, told.description) == (teller.name.strip(), teller.description.strip())


def title_on(speaker: Speaker, row: Attribution) -> str:
    """The title an editor entered for somebody on the article's day, when there is just one. One query."""
    titles = Alias.objects.titles_on(day_of(row.revision.article)).filter(speaker=speaker)[:2]
    return titles[0].text if len(titles) == 1 else ""


def _step(relay: Relay) -> Step:
    if not relay.is_stated:
        return "not stated"
    is_person = relay.kind in {"person", "group", "unnamed"}
    return "unnamed" if relay.intermediary_id is None and is_person else "named"
