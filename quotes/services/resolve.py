"""Parties of one text -> Speakers across texts. Namesakes are never merged silently."""

from __future__ import annotations

from datetime import date

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
        key = (party.name, party.kind)
        if key not in self._known:
            self._known[key] = named(party.name, kind=party.kind, role=party.role)
        return self._known[key]


def named(name: str, *, kind: str = "person", role: str = "") -> Speaker | None:
    """The Speaker of this name, made if there is none; None when several share it. Two queries at most."""
    name = " ".join(name.split())[:300]
    if not name:
        return None
    found = list(Speaker.objects.going_by(name)[:2])
    if len(found) > 1:
        return None
    if found:
        if role and not found[0].role:
            found[0].role = role[:300]
            found[0].save(update_fields=["role"])
        return found[0]
    return Speaker.objects.create(name=name, kind=kind if kind in Speaker.Kind.values else "person", role=role[:300])


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
            )
        )
    return found
