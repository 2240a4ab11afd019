"""Parties of one text -> Speakers across texts. Namesakes are never merged silently."""

from __future__ import annotations

from datetime import date

from quotes.intake.draft import tidy
from quotes.models import Alias, Speaker
from quotes.text.descriptions import describe
from quotes.text.offices import Term
from quotes.text.parties import Party


class Resolver:
    """Finds or makes the Speaker behind a name; remembers answers, so that a name costs one query."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Speaker | None] = {}

    def speaker(self, party: Party) -> Speaker | None:
        """The one Speaker the party stands for; None when it has no name, or several go by it."""
        if party.name is None:
            return None
        key = (party.ref or party.name, party.kind)
        if key not in self._known:
            self._known[key] = titled(party.ref) or named(party.name, kind=party.kind, role=party.role)
        return self._known[key]


def titled(ref: str) -> Speaker | None:
    """The holder of a title that an editor entered (see `terms_on`). One query; none without a key."""
    if not ref:
        return None
    speaker = Speaker.objects.select_related("merged_into").filter(pk=ref).first()
    return root(speaker) if speaker else None


def named(name: str, *, kind: str = "", role: str = "") -> Speaker | None:
    """The Speaker of this name, made if there is none; None when several share it. Two or three queries.

    A merged speaker's name means the one it was merged into. With a `kind`, people and other parties of the
    same name are told apart.
    """
    name = tidy(name)[:300]
    if not name:
        return None
    found = {root(speaker) for speaker in Speaker.objects.going_by(name).select_related("merged_into")}
    if kind:
        found = {speaker for speaker in found if (speaker.kind == "person") == (kind == "person")}
    if len(found) > 1:
        return None
    if not found:
        return Speaker.objects.create(
            name=name, kind=kind if kind in Speaker.Kind.values else "person", role=role[:300]
        )
    speaker = found.pop()
    if role and not speaker.role:
        speaker.role = role[:300]
        speaker.save(update_fields=["role"])
    return speaker


def root(speaker: Speaker) -> Speaker:
    """Who a merged speaker has become. A query for each further merge."""
    while speaker.merged_into is not None:
        speaker = speaker.merged_into
    return speaker


def terms_on(day: date | None) -> list[Term]:
    """The titles editors have entered, as terms for the reading floor. One query."""
    found = []
    for alias in Alias.objects.titles_on(day):
        described = describe(alias.text)
        phrase = " ".join(sorted(described.words)) if described else ""
        if described is None:
            continue
        found.append(
            Term(
                country=described.country or "",
                phrases=(f"{phrase} {described.noun}".strip(),),
                holder=alias.speaker.name,
                since=alias.valid_from,
                until=alias.valid_until,
                source=alias.source,
                ref=str(alias.speaker_id),
            )
        )
    return found
