"""The people one text names: full names, later surnames, titles, and how the text describes them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from quotes.text import parties
from quotes.text.capitals import ABBREVIATED, COURTESY, Run, capitalised_runs
from quotes.text.cues import verbs
from quotes.text.descriptions import Description, describe, of_term, party_of
from quotes.text.gazetteer import countries, country_names, first_names, outlet_named
from quotes.text.lexicon import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    MONTHS,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    SUBORDINATORS,
    WEEKDAYS,
    person_nouns,
)
from quotes.text.offices import Offices
from quotes.text.spans import Span

ORGANISATION = frozenset(
    """
        university department party committee house senate court times post news press company inc corp fund
        foundation institute center centre congress parliament association union bank county school college council
        agency ministry office commission federation army navy force guard police league club group campaign
        convention assembly street square avenue road river bay island sea mountain hall airport hospital church act bill
        treaty agreement war day cup games olympics journal herald tribune states republic kingdom plant station
        region district city
    """.split()
)
ROYAL = frozenset(("pope", "king", "queen", "prince", "princess", "emperor", "sheikh", "archbishop", "patriarch"))
APPOSITION = re.compile(
    r",\s+(?:\d{2},\s+)?(?P<what>(?:the|a|an|his|her|its|their|who is the|who is an?|one of)?\s?[^,.;:\n“”\"()]{3,90})(?=[,.;:\n]|$)"
)
ROLE_AND_COMMA = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Oo]ne of the)\s(?P<what>[^,.;:“”\"\n]{3,70}),\s$"
)
ROLE_BEFORE = re.compile(r"(?:[\w’'.-]+[ \xa0]){1,8}$")

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


@lru_cache(maxsize=8192)
def surname_of(name: str) -> str:
    """The last word, with its particles left off and *Jr.* skipped."""
    words = [word for word in name.split() if word.rstrip(".") not in {"Jr", "Sr", "II", "III"}]
    return words[-1] if words else name


def people(text: str, offices: Offices) -> list[Person]:
    """Everyone the text names, in order of first mention, every mention by name listed."""
    runs = list(capitalised_runs(text))
    alone = Counter(run.name for run in runs)
    runs = [_without_headline(run, alone) for run in runs]
    found: dict[str, Person] = {}
    for run in runs:
        person = _full_name(text, run, found, offices)
        if person is not None:
            _learn(text, run, person)
    for run in runs:
        _single_name(text, run, found, offices, alone)
    persons = list(dict.fromkeys(found.values()))
    for person in persons:
        person.mentions.sort(key=lambda mention: mention.span)
    return persons


def _without_headline(run: Run, alone: Counter[str]) -> Run:
    """*Ann Lee Goes* (to Paris): a headline's capitals run on past the name that the text uses by itself."""
    if len(run.words) < 3 or run.words[0] not in first_names() or alone[run.words[-1]] or not alone[run.words[1]]:
        return run
    name = run.words[:2]
    return Run(run.titles, name, Span(run.span.start, run.span.start + len(" ".join(name))))


def _full_name(text: str, run: Run, found: dict[str, Person], offices: Offices) -> Person | None:
    if not 2 <= len(run.words) <= 5 or not _is_person(text, run, found, offices):
        return None
    person = found.get(run.name) or _same_person(run, found) or _make(run.name, offices)
    found.setdefault(run.name, person)
    person.mentions.append(Mention(run.span, "name"))
    return person


def _same_person(run: Run, found: dict[str, Person]) -> Person | None:
    """*Donald J. Trump* and *Donald Trump* are one."""
    for person in found.values():
        if person.surname == run.words[-1] and person.first_name == run.words[0]:
            return person
    return None


def _is_person(text: str, run: Run, found: dict[str, Person], offices: Offices) -> bool:
    if offices.of_person(run.name):
        return True
    first_name = run.words[0] in first_names()
    lowered = {word.lower() for word in run.words[first_name:]}
    if lowered & ORGANISATION or run.name in country_names() or outlet_named(run.name):
        return False
    if run.words[-1].lower() in person_nouns() or party_of(run.name):
        return False
    if any(word.lower() in WEEKDAYS | MONTHS for word in run.words[:1]) or any(
        word in country_names() for word in run.words
    ):
        return False
    if first_name or (len(run.words) == 2 and any(p.surname == run.words[1] for p in found.values())):
        return True
    titled = any(title.rstrip(".").lower() in COURTESY | person_nouns() for title in run.titles)
    return (
        titled
        or role_before(text, run.span.start) is not None
        or _role_and_comma(text, run.span) is not None
        or _apposition(text, run.span.end) is not None
    )


def _make(name: str, offices: Offices) -> Person:
    terms = offices.of_person(name)
    if not terms:
        name = offices.usual_name(name)
        return Person(name, gender={"m": "m", "f": "f"}.get(first_names().get(name.split()[0], ""), ""))
    person = Person(
        terms[0].holder,
        gender=next((t.gender for t in terms if t.gender), ""),
        party=next((t.party for t in terms if t.party), ""),
        ref=next((t.ref for t in terms if t.ref), ""),
    )
    for term in terms:
        current = term.covers(offices.day)
        for known in of_term(term):
            person.descriptions.append(
                known
                if current
                else Description(known.printed, known.noun, known.words | {"former"}, known.country, True)
            )
    return person


def from_office(name: str, offices: Offices) -> Person:
    """Somebody the text means by an office alone and never names."""
    return _make(name, offices)


def _learn(text: str, run: Run, person: Person) -> None:
    """Gender and descriptions from what stands beside a full name."""
    for title in run.titles:
        person.gender = person.gender or COURTESY.get(title.rstrip(".").lower(), "")
    _learn_titles(run, person)
    before = role_before(text, run.span.start) or _role_and_comma(text, run.span)
    after = _apposition(text, run.span.end)
    for phrase in (before, after):
        described = describe(phrase) if phrase else None
        if phrase is None or described is None:
            continue
        person.descriptions.append(described)
        person.role = person.role or re.sub(
            r"^(?:the|an?|his|her|its|their|who is the|who is an?)\s", "", phrase.strip()
        )
        person.gender = person.gender or person_nouns().get(described.noun, "")


def _learn_titles(run: Run, person: Person) -> None:
    """*Gov. Lee* is a governor, *Mayor Lee* a mayor."""
    titles = " ".join(ABBREVIATED.get(title.rstrip(".").lower(), title) for title in run.titles)
    described = describe(titles)
    if described is not None and not person.is_described_by(described):
        person.descriptions.append(described)


def role_before(text: str, start: int, joint: str = " ") -> str | None:
    """The words for a role right before a name: *Russian presidential aide* (Yuri Ushakov)."""
    match = ROLE_BEFORE.search(text[max(0, start - 90) : start] + ("" if joint == " " else " "))
    if match is None:
        return None
    words = match.group().split()
    taken: list[str] = []
    for word in reversed(words):
        lower = word.lower()
        if lower in STOPS_ROLE and not (lower == "of" and taken):
            break
        if word[-1] in ".," and word.rstrip(".").lower() not in COURTESY:
            break
        taken.insert(0, word)
    while taken and taken[0].lower() in {"of", "and"}:
        taken.pop(0)
    phrase = " ".join(taken)
    nouns = [word for word in taken if word.lower().removeprefix("ex-") in person_nouns()]
    held = any(noun.lower() in person_nouns() and of.lower() == "of" for noun, of in pairwise(taken))
    if not nouns or (taken[-1].lower() not in person_nouns() and not held):
        return None
    return phrase


def _role_and_comma(text: str, name: Span) -> str | None:
    """*Harwick’s mayor,* (Margaret Dunne,) · *the head of the region,* (Stepan Vilkov)"""
    article = ROLE_AND_COMMA.search(text, max(0, name.start - 90), name.start)
    if article is not None and describe(article["what"]) is not None:
        return article["what"]
    if text[name.start - 2 : name.start] != ", " or text[name.end : name.end + 1] not in {",", ".", ";"}:
        return None
    return role_before(text, name.start - 2, "")


STOPS_ROLE = (
    DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | SUBORDINATORS
    | PERSONAL
    | AUXILIARIES
    | POSSESSIVES
    | frozenset(
        """
            said says told called saying including like named via met asked also added quoted according
        """.split()
    )
)


def _apposition(text: str, end: int) -> str | None:
    """The words for a role right after a name: (Ann Lee,) *a senior aide to the mayor*."""
    match = APPOSITION.match(text, end, min(len(text), end + 130))
    if match is None:
        return None
    what = match["what"].strip()
    first = [word.lower() for word in what.split()[:7]]
    if not first or first[0] in PERSONAL | CONJUNCTIONS | {
        "who",
        "which",
        "said",
        "told",
        "according",
        "including",
        "with",
        "while",
    }:
        return None
    described = describe(what)
    if described is None or described.noun not in " ".join(first):
        return None
    return what


def _single_name(text: str, run: Run, found: dict[str, Person], offices: Offices, alone: Counter[str]) -> None:
    """A surname, first name or sole name standing alone."""
    word = run.words[0]
    if len(run.words) != 1 or word.lower() in ORGANISATION or (word.isupper() and len(word) < 6):
        return
    person = _of_surname(run, found)
    if person is None:
        known = _by_sole_name(text, word, offices)
        titled = any(title.rstrip(".").lower() in COURTESY | person_nouns() for title in run.titles)
        if known:
            person = found.setdefault(known, _make(known, offices))
        elif (knighted := _by_first_name(run, found)) is not None:
            person = knighted
        elif titled and word not in country_names():
            person = _titled_surname(run, offices)
            found[person.name] = person
        elif word in {p.first_name for p in found.values()} and word in first_names():
            person = next(p for p in found.values() if p.first_name == word)
        elif word in first_names() and alone[word] > 1 and _speaks(text, run):
            person = found[word] = Person(word, gender={"m": "m", "f": "f"}.get(first_names()[word], ""))
        else:
            return
    for title in run.titles:
        person.gender = person.gender or COURTESY.get(title.rstrip(".").lower(), "")
    person.mentions.append(Mention(run.span, "surname"))
    _learn(text, run, person)


def _by_first_name(run: Run, found: dict[str, Person]) -> Person | None:
    """*Sir Desmond*: titles that go with a first name."""
    if not {"Sir", "Dame", "Lady", "Prince", "Princess"} & set(run.titles):
        return None
    return next((person for person in found.values() if person.first_name == run.words[0]), None)


def _speaks(text: str, run: Run) -> bool:
    """True when a verb of saying follows: *Melanie said*."""
    following = re.match(r"\s([a-z]+)", text[run.span.end : run.span.end + 24])
    return following is not None and following[1] in verbs()


def _of_surname(run: Run, found: dict[str, Person]) -> Person | None:
    """Who a surname means: of two who share it, the one whose gender the title fits, then the one named last."""
    same = [person for person in dict.fromkeys(found.values()) if person.surname == run.words[0]]
    genders = {COURTESY.get(title.rstrip(".").lower(), "") for title in run.titles} - {""}
    if len(genders) == 1:
        same = [person for person in same if person.gender in ("", *genders)]
    before = [person for person in same if person.last_before(run.span.start)]
    if len(before) > 1:
        return max(before, key=lambda person: person.mentions[-1].span.start if person.mentions else -1)
    return (before or same or [None])[0]  # type: ignore[list-item]


def _by_sole_name(text: str, word: str, offices: Offices) -> str | None:
    """*Xi*, *Lula*: the one person in office so called, when the text speaks of their country."""
    terms = [term for term in offices.current if word in term.also or word == surname_of(term.holder)]
    holders = {term.holder for term in terms}
    if len(holders) != 1:
        return None
    country = countries().get(terms[0].country)
    if country is None:
        return None
    named = (country.name, *country.also, *country.adjectives, *country.seats)
    return holders.pop() if any(re.search(rf"\b{re.escape(form)}\b", text) for form in named) else None


def _titled_surname(run: Run, offices: Offices) -> Person:
    """*President Putin*, *Mr Lee*: by the office table when it leaves one person, else the surname itself."""
    title = " ".join(run.titles).lower()
    holders = {
        term.holder
        for term in offices.current
        if surname_of(term.holder) == run.words[0] and any(phrase.split()[-1] in title for phrase in term.phrases)
    }
    if len(holders) == 1:
        return _make(holders.pop(), offices)
    if run.titles and run.titles[-1].lower() in ROYAL:
        return Person(f"{run.titles[-1]} {run.words[0]}", gender=person_nouns().get(run.titles[-1].lower(), ""))
    described = describe(title)
    person = Person(run.words[0])
    if described:
        person.descriptions.append(described)
    return person
