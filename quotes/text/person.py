"""One person as a text knows them, and everyone a text names so far."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from quotes.text import parties
from quotes.text.descriptions import Description
from quotes.text.gazetteer import family_names, first_names
from quotes.text.spans import Span

How = Literal["name", "surname", "description", "pronoun"]


@dataclass(frozen=True, slots=True)
class Mention:
    span: Span
    how: How


@dataclass(slots=True, eq=False)
class Person:
    """One person as this text knows them. `name` is the fullest form printed, or the office table's."""

    name: str
    gender: str = ""
    party: str = ""
    descriptions: list[Description] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    role: str = ""
    """How the text introduces them, as printed: *Russian presidential aide*."""

    ref: str = ""
    """The caller's own key, for somebody known from a title it gave."""

    def as_party(
        self,
        phrase: str,
        how: parties.How,
        confidence: float,
        candidates: tuple[tuple[str, float], ...] = (),
        role: str = "",
    ) -> parties.Party:
        """This person as the answer to who is meant by `phrase`."""
        return parties.Party(
            self.name, phrase, "person", how, confidence, candidates, role=role or self.role, ref=self.ref
        )

    @property
    def surname(self) -> str:
        return surname_of(self.name)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    def is_described_by(self, described: Description) -> bool:
        return any(described.fits(known) for known in self.descriptions)

    def before(self, position: int) -> int:
        """How many mentions begin before `position`; the mentions are in order."""
        return bisect_left(self.mentions, position, key=lambda mention: mention.span.start)

    def last_before(self, position: int) -> Mention | None:
        count = self.before(position)
        return self.mentions[count - 1] if count else None


class Roll:
    """The people found so far, looked up by name, surname or first name in constant time."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self._named: dict[str, Person] = {}
        self._surnames: dict[str, list[Person]] = defaultdict(list)
        self._first_names: dict[str, list[Person]] = defaultdict(list)

    def enter(self, person: Person) -> Person:
        """Adds a person, even when another of the name is there already."""
        self.people.append(person)
        self._named.setdefault(person.name, person)
        for surname in surnames_of(person.name):
            self._surnames[surname].append(person)
        self._first_names[person.first_name].append(person)
        return person

    def also(self, name: str, person: Person) -> None:
        """Another full form of a name: *Donald J. Trump*."""
        self._named.setdefault(name, person)

    def named(self, name: str) -> Person | None:
        return self._named.get(name)

    def of_surname(self, word: str) -> list[Person]:
        return self._surnames.get(word, [])

    def of_first_name(self, word: str) -> list[Person]:
        return self._first_names.get(word, [])


@lru_cache(maxsize=8192)
def surname_of(name: str) -> str:
    """The last word, with its particles left off and *Jr.* skipped."""
    words = [word for word in name.split() if word.rstrip(".") not in {"Jr", "Sr", "II", "III"}]
    return words[-1] if words else name


def surnames_of(name: str) -> set[str]:
    """Every word that may stand alone for the person: *Ban Ki-moon* is *Mr Ban*, whatever the last word is."""
    words = name.split()
    first = words[0]
    family_first = len(words) > 1 and (
        _is_syllables(words[1]) or (first in family_names() and words[1] not in first_names())
    )
    return {surname_of(name), first} if family_first else {surname_of(name)}


def _is_syllables(word: str) -> bool:
    """*Ki-moon*, *Jong-un*: a given name of two syllables, as Korean and Chinese ones are spelled."""
    first, hyphen, second = word.partition("-")
    return bool(hyphen) and first.istitle() and second.islower()
