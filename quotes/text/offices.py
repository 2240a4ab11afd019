"""Dated titles: who was meant by *the US president* on a given day.

The table (data/offices.csv) gives each row its dates and where it is from; editors' own titles, kept
as aliases in the database, are passed in beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from quotes.text.gazetteer import rows, split


@dataclass(frozen=True, slots=True)
class Term:
    """One person's term in one office; `phrases` are lower-case nouns after the country's adjective."""

    country: str
    phrases: tuple[str, ...]
    holder: str
    also: tuple[str, ...] = ()
    gender: str = ""
    party: str = ""
    since: date | None = None
    until: date | None = None
    source: str = ""
    ref: str = ""
    """The caller's own key for the holder, handed on with every answer."""

    def covers(self, day: date | None) -> bool:
        """True when the term runs on `day`; without a day, when it has not ended."""
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def began_by(self, day: date | None) -> bool:
        return day is None or self.since is None or self.since <= day


@cache
def shipped_terms() -> tuple[Term, ...]:
    return tuple(
        Term(
            country=row["country"],
            phrases=split(row["office"]),
            holder=row["holder"],
            also=split(row["also"]),
            gender=row["gender"],
            party=row["party"],
            since=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            source=row["source"],
        )
        for row in rows("offices.csv")
    )


def _is_overruled(term: Term, taken: set[tuple[str, str]]) -> bool:
    """True when an editor has said who holds this office."""
    return any((term.country, phrase) in taken for phrase in term.phrases)


class Offices:
    """The terms known on one day. Cheap to make: a scan of some hundred rows."""

    def __init__(self, day: date | None, extra: Iterable[Term] = ()) -> None:
        self.day = day
        own = [term for term in extra if term.covers(day)]
        taken = {(term.country, phrase) for term in own for phrase in term.phrases}
        self.terms = (*extra, *shipped_terms())
        self.current = own + [term for term in shipped_terms() if term.covers(day) and not _is_overruled(term, taken)]

    def holders(self, country: str, phrase: str) -> list[Term]:
        """Current holders of an office, by country code and lower-case noun phrase, one per person."""
        found = {
            term.holder: term for term in reversed(self.current) if term.country == country and phrase in term.phrases
        }
        return list(found.values())

    def of_person(self, name: str) -> list[Term]:
        """All terms, past ones included, begun by the day, of the person printed so."""
        return [term for term in self.terms if name in (term.holder, *term.also) and term.began_by(self.day)]

    def usual_name(self, name: str) -> str:
        """*Donald J. Trump* -> *Donald Trump*, whatever the day."""
        return next((term.holder for term in self.terms if name in term.also and " " in name), name)
