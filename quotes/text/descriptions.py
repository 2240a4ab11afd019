"""Descriptions of people: *Russian presidential aide*, *the US president*, *the Kremlin spokesman*.

A description is reduced to its country, its noun, and the words that narrow it down, so that *the
presidential aide* later in a text can be held against *Russian presidential aide Yuri Ushakov* earlier.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from quotes.text.gazetteer import country_words
from quotes.text.lexicon import DETERMINERS, POSSESSIVES, person_nouns, plural_person_nouns
from quotes.text.offices import Term, shipped_terms

WORD = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*\.?")
EMPTY = frozenset(
    ("former", "ex", "current", "then", "acting", "new", "late", "own", "longtime", "veteran", "senior", "top", "chief")
)
"""Words that narrow a description down without naming another person."""

BREAKS = frozenset(("of", "for", "from", "to", "in", "at", "on", "with", "who", "and", "by"))
COUNTED = re.compile(r"[\w-]+-(?:time|term|year-old)|\d\S*", re.I)
"""*the FIVE-TIME senator*: tells something new of somebody, and does not tell them apart."""
SAME_NOUN = {
    "spokesman": "spokesperson",
    "spokeswoman": "spokesperson",
    "premier": "prime minister",
    "adviser": "aide",
    "advisor": "aide",
}
LEGISLATORS = frozenset(
    "mp senator deputy representative mla legislator councillor congressman congresswoman peer".split()
)
WIDER = {
    "diplomat": frozenset(("ambassador", "envoy", "consul", "minister", "negotiator")),
    "politician": LEGISLATORS | {"governor", "mayor", "minister", "leader", "head", "candidate", "premier"},
    "minister": frozenset(("secretary",)),
    "officer": frozenset("commissioner inspector superintendent constable sergeant captain lieutenant chief".split()),
    "lawmaker": LEGISLATORS,
    "legislator": LEGISLATORS,
    "parliamentarian": LEGISLATORS,
}
"""Nouns that cover narrower ones."""
POLITICAL = WIDER["politician"] | frozenset(
    "politician lawmaker parliamentarian president secretary chancellor speaker chair chairman chairwoman nominee".split()
)
"""Offices one and the same person may hold one after the other."""
HEADS = {
    "region": "governor",
    "state": "president",
    "government": "prime minister",
    "city": "mayor",
    "town": "mayor",
}
"""*the head of the region*, as translated papers call a governor."""
PARTY_ALSO = {"tory": "Conservative", "democrat": "Democrat", "republican": "Republican"}


@cache
def party_names() -> dict[str, str]:
    """Lower-case noun for a member of a party -> the party as the office table spells it."""
    return {term.party.lower(): term.party for term in shipped_terms() if term.party} | PARTY_ALSO


@dataclass(frozen=True, slots=True)
class Description:
    """`printed` is the phrase without article; `noun` its head, lower case, in the singular."""

    printed: str
    noun: str
    words: frozenset[str]
    country: str | None = None
    former: bool = False

    def fits(self, known: Description) -> bool:
        """True when someone known as `known` may be meant by this description."""
        if same_noun(self.noun) != same_noun(known.noun) and not self._includes(known):
            return False
        if self.country and known.country and self.country != known.country:
            return False
        if self.former != known.former and self.former:
            return False
        return self.words - EMPTY <= known.words | {known.noun}

    def _includes(self, known: Description) -> bool:
        """*the diplomat*, said of an ambassador: a wider noun, with nothing that narrows it down."""
        return known.noun in WIDER.get(self.noun, ()) and not self.words - EMPTY


def is_wide(phrase: str) -> bool:
    """True for *the politician*: of several who fit, none is told apart."""
    described = describe(phrase)
    return described is not None and described.noun in WIDER


def is_variation(phrase: str) -> bool:
    """*the five-time champion*, *the 61-year-old*: another way to speak of somebody already in hand."""
    words = WORD.findall(phrase)
    return len(words) > 1 and words[0].lower() == "the" and COUNTED.fullmatch(words[1]) is not None


def same_noun(noun: str) -> str:
    return SAME_NOUN.get(noun, noun)


def describe(phrase: str) -> Description | None:
    """Reads a noun phrase; None when it holds no noun for a person in the singular."""
    words = WORD.findall(phrase)
    while words and words[0].lower() in DETERMINERS | POSSESSIVES:
        words = words[1:]
    head = _head(words)
    if head is None:
        return None
    country, rest = _country(words[: head + 1])
    tail_country, _ = _country(words[head + 1 :]) if country is None else (None, [])
    narrowing = [w.lower() for w in rest if w.lower() != words[head].lower() and not COUNTED.fullmatch(w)]
    noun = words[head].lower()
    if noun == "minister" and "prime" in narrowing:
        noun = "prime minister"
        narrowing.remove("prime")
    after = [w.lower() for w in words[head + 1 : head + 3]]
    if noun == "chief" and after[:2] == ["of", "staff"]:
        noun = "chief of staff"
    if noun == "head":
        noun = HEADS.get(
            " ".join(w.lower() for w in words[head + 1 : head + 4]).removeprefix("of ").removeprefix("the "), noun
        )
    former = bool({"former", "ex"} & set(narrowing)) or noun.startswith("ex-")
    return Description(" ".join(words), noun.removeprefix("ex-"), frozenset(narrowing), country or tail_country, former)


def _head(words: list[str]) -> int | None:
    """The last person noun before the first preposition."""
    head = None
    for at, word in enumerate(words):
        if word.lower() in BREAKS and head is not None:
            break
        lower = word.lower().removeprefix("ex-")
        if lower in person_nouns() and lower not in plural_person_nouns():
            head = at
    return head


def _country(words: list[str]) -> tuple[str | None, list[str]]:
    """The country a phrase names, and the words that are left."""
    known = country_words()
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            printed = re.sub(r"['’]s$", "", " ".join(words[at : at + size]))
            if printed in known:
                return known[printed], words[:at] + words[at + size :]
    return None, words


def of_term(term: Term) -> list[Description]:
    """What the holder of an office is called."""
    found = []
    for phrase in term.phrases:
        described = describe(phrase)
        if described is None:
            words = phrase.split()
            described = Description(phrase, words[-1], frozenset(words[:-1]))
        found.append(Description(phrase, described.noun, described.words, term.country))
    return found


def party_of(phrase: str) -> str | None:
    """*The Republican* -> Republican."""
    words = [word.lower() for word in WORD.findall(phrase) if word.lower() not in DETERMINERS]
    if words and words[-1] in {"president", "leader", "candidate", "nominee", "senator"} and len(words) > 1:
        words = words[:-1]
    return party_names().get(" ".join(words))
