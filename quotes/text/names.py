"""The people one text names: full names, later surnames, titles, and how the text describes them."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from quotes.text.capitals import ABBREVIATED, COURTESY, PARTICLES, Run, capitalised_runs
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
from quotes.text.person import How, Mention, Person, Roll, surname_of
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


def people(text: str, offices: Offices) -> list[Person]:
    """Everyone the text names, in order of first mention, every mention by name listed. Linear in the text."""
    runs = list(capitalised_runs(text))
    alone = Counter(run.name for run in runs)
    runs = [_without_headline(run, alone) for run in runs]
    roll = Roll()
    for run in runs:
        if not _is_led_by_particle(run):
            _full_name(text, run, roll, offices)
    for run in runs:
        known = _of_particled_surname(run, roll) if _is_led_by_particle(run) else None
        if known is not None:
            _add_mention(text, run, known, "surname")
        elif len(run.words) == 1:
            _single_name(text, run, roll, offices, alone)
        elif _is_led_by_particle(run):
            _full_name(text, run, roll, offices)
    for person in roll.people:
        person.mentions.sort(key=lambda mention: mention.span)
    _tell_apart(text, roll.people)
    return roll.people


def _add_mention(text: str, run: Run, person: Person, how: How) -> None:
    person.mentions.append(Mention(run.span, how))
    _learn(text, run, person)


def _is_led_by_particle(run: Run) -> bool:
    """*De Blasio*, *Von der Leyen*: a surname at the head of a sentence, or in a paper that capitalises it."""
    return len(run.words) > 1 and run.words[0].lower() in PARTICLES


def _of_particled_surname(run: Run, roll: Roll) -> Person | None:
    """Whoever has been called *Bill de Blasio* in full; None for *Van Jones*, whose first name it is."""
    ending = f" {run.name}".lower()
    known = (person for person in roll.of_surname(run.words[-1]) if person.name.lower().endswith(ending))
    return next(known, None)


def _tell_apart(text: str, persons: list[Person]) -> None:
    """*Mr Lee* and *Ms Lee*, neither given in full, keep the titles that tell them apart."""
    names = Counter(person.name for person in persons)
    for person in persons:
        if names[person.name] == 1 or not person.mentions:
            continue
        start = person.mentions[0].span.start
        title = text[max(0, start - 12) : start].split()[-1:]
        if title and title[0].rstrip(".").lower() in COURTESY:
            person.name = f"{title[0]} {person.name}"


def _without_headline(run: Run, alone: Counter[str]) -> Run:
    """*Ann Lee Goes* (to Paris): a headline's capitals run on past the name that the text uses by itself."""
    if len(run.words) < 3 or run.words[0] not in first_names() or alone[run.words[-1]] or not alone[run.words[1]]:
        return run
    name = run.words[:2]
    return Run(run.titles, name, Span(run.span.start, run.span.start + len(" ".join(name))))


def _full_name(text: str, run: Run, roll: Roll, offices: Offices) -> None:
    if not 2 <= len(run.words) <= 5 or not _is_person(text, run, roll, offices):
        return
    person = roll.named(run.name) or _same_person(run, roll) or _entered(run.name, roll, offices)
    roll.also(run.name, person)
    _add_mention(text, run, person, "name")


def _same_person(run: Run, roll: Roll) -> Person | None:
    """*Donald J. Trump* and *Donald Trump* are one."""
    known = roll.of_surname(surname_of(run.name))
    return next((person for person in known if person.first_name == run.words[0]), None)


def _entered(name: str, roll: Roll, offices: Offices) -> Person:
    """The person of this name, entered under the name the office table gives them."""
    person = _make(name, offices)
    return roll.named(person.name) or roll.enter(person)


def _is_person(text: str, run: Run, roll: Roll, offices: Offices) -> bool:
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
    if first_name or (len(run.words) == 2 and roll.of_surname(run.words[1])):
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
    described = _titles_of(run)
    if described is not None and not person.is_described_by(described):
        person.descriptions.append(described)


def _titles_of(run: Run) -> Description | None:
    return describe(" ".join(ABBREVIATED.get(title.rstrip(".").lower(), title) for title in run.titles))


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


def _single_name(text: str, run: Run, roll: Roll, offices: Offices, alone: Counter[str]) -> None:
    """A surname, first name or sole name standing alone."""
    word = run.words[0]
    if word.lower() in ORGANISATION or (word.isupper() and len(word) < 6):
        return
    person = _of_surname(run, roll) or _of_one_name(text, run, roll, offices, alone)
    if person is None:
        return
    for title in run.titles:
        person.gender = person.gender or COURTESY.get(title.rstrip(".").lower(), "")
    _add_mention(text, run, person, "surname")


def _of_one_name(text: str, run: Run, roll: Roll, offices: Offices, alone: Counter[str]) -> Person | None:
    """Whom a word means that is nobody's surname so far; somebody new when the text treats it as a name."""
    word = run.words[0]
    known = _by_sole_name(text, word, offices)
    if known:
        return _entered(known, roll, offices)
    knighted = _by_first_name(run, roll)
    if knighted is not None:
        return knighted
    titled = any(title.rstrip(".").lower() in COURTESY | person_nouns() for title in run.titles)
    if titled and word not in country_names():
        return roll.enter(_titled_surname(run, offices))
    if word not in first_names():
        return None
    if roll.of_first_name(word):
        return roll.of_first_name(word)[0]
    introduced = role_before(text, run.span.start) or _role_and_comma(text, run.span)
    if introduced or (alone[word] > 1 and _speaks(text, run)):
        return roll.enter(Person(word, gender={"m": "m", "f": "f"}.get(first_names()[word], "")))
    return None


def _by_first_name(run: Run, roll: Roll) -> Person | None:
    """*Sir Desmond*: titles that go with a first name."""
    if not {"Sir", "Dame", "Lady", "Prince", "Princess"} & set(run.titles):
        return None
    return next(iter(roll.of_first_name(run.words[0])), None)


def _speaks(text: str, run: Run) -> bool:
    """True when a verb of saying follows: *Melanie said*."""
    following = re.match(r"\s([a-z]+)", text[run.span.end : run.span.end + 24])
    return following is not None and following[1] in verbs()


def _of_surname(run: Run, roll: Roll) -> Person | None:
    """Who a surname means: of several who share it, those whom the title fits, then the one named last."""
    same = roll.of_surname(run.words[0])
    genders = {COURTESY.get(title.rstrip(".").lower(), "") for title in run.titles} - {""}
    if len(genders) == 1:
        same = [person for person in same if person.gender in ("", *genders)]
    titled = _titles_of(run)
    same = [person for person in same if titled and person.is_described_by(titled)] or same
    before = [person for person in same if person.last_before(run.span.start)]
    if len(before) > 1:
        return max(before, key=lambda person: person.mentions[-1].span.start)
    return next(iter(before or same), None)


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
