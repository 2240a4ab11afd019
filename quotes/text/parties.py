"""Who or what a source is: a person, an organisation, an outlet, a document, a group, or someone unnamed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from quotes.text.gazetteer import countries, country_adjectives, country_names, outlet_named, seats, without_article
from quotes.text.lexicon import DETERMINERS, POSSESSIVES, person_nouns, plural_person_nouns

Kind = Literal["person", "organisation", "group", "outlet", "document", "unnamed"]
How = Literal["name", "title", "pronoun", "dated title", "epithet", "as printed", "nobody"]


@dataclass(frozen=True, slots=True)
class Party:
    """One party to an attribution. `name` is None when nobody can be named with confidence.

    `description` keeps the words as printed; `candidates` are the possible answers with their odds
    (0 to 1) when there are several.
    """

    name: str | None
    description: str
    kind: Kind
    how: How
    confidence: float = 1.0
    candidates: tuple[tuple[str, float], ...] = ()
    role: str = ""
    ref: str = ""
    """The caller's own key, when a title it gave decided the answer."""

    @property
    def label(self) -> str | None:
        """The name, or else the words for an unnamed party, an organisation or a document."""
        return self.name or (self.description if self.how == "as printed" else None)


NOBODY = Party(None, "", "unnamed", "nobody", 0.0)

CHANNEL_NOUNS = frozenset(
    """
        transcript transcripts copy copies video audio recording recordings footage tape tapes letter letters statement
        statements tweet tweets post posts email emails e-mail e-mails book memoir broadcast speech remarks
        livestream release interview interviews testimony text texts op-ed essay column
    """.split()
)
"""Documents in which words arrive as they were made: no relay."""

SUMMARY_NOUNS = frozenset(
    """
        minutes readout read-out summary report reports account accounts notes memo memos memorandum complaint
        affidavit indictment lawsuit filing filings documents document records record poll polls survey surveys
        study studies dossier log logs cable cables paper research analysis census data figures
    """.split()
)
"""Documents that tell again, in their writer's words, what was said."""

BODY_NOUNS = frozenset(
    """
        ministry department government army military navy airforce guard police embassy parliament bank service
        agency council committee commission office administration court campaign party union company firm group
        organisation organization association federation force forces regime cabinet congress senate house
        university school hospital city county state authority authorities board bureau foundation institute team
        club church watchdog regulator intelligence secretariat presidency delegation mission fund network newspaper
        magazine website agency paper outlet staff command headquarters centre center utility operator ombudsman
    """.split()
)
COMMON_TOPICS = frozenset(
    """
        health defence defense foreign interior finance education justice energy agriculture transport transportation
        environment labour labor trade local national central state federal city supreme high county police fire civil
        public home affairs education treasury electoral election emergency border coast air security the of and for
    """.split()
)
GROUP_WORDS = frozenset("they we some many others both several most all".split())
WORD = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*\.?")
BREAKS = frozenset(
    """
    of for from to in at on with who which by close familiar briefed about obtained provided released reviewed
    seen posted published made given shared issued filed leaked
    """.split()
)


def head_noun(phrase: str) -> str:
    """The last word before the first comma or preposition, as printed."""
    words = WORD.findall(phrase.split(",")[0])
    head = ""
    for word in words:
        if word.lower() in BREAKS and head:
            break
        head = re.sub(r"['’]s$", "", word)
    return head


def unnamed_kind(phrase: str) -> Kind:
    """The kind of a source that names no person."""
    bare = without_article(phrase.strip())
    head = head_noun(phrase)
    if outlet_named(bare) or outlet_named(re.sub(r"['’]s .*$", "", bare)):
        return "outlet"
    if head in CHANNEL_NOUNS or head in SUMMARY_NOUNS:
        return "document"
    if phrase.lower() in GROUP_WORDS:
        return "group"
    if head[:1].isupper() and head.lower() in BODY_NOUNS:
        return "organisation"
    if head.lower() in plural_person_nouns() or head.lower() in person_nouns():
        return "unnamed"
    return "organisation"


def organisation(phrase: str, antecedent: str | None = None) -> Party:
    """An organisation by its printed name; *its defence ministry* takes the country `antecedent`."""
    name = organisation_name(phrase, antecedent)
    if name is None:
        return Party(None, phrase, "organisation", "as printed", 0.6)
    return Party(name, phrase, "organisation", "name", 0.9)


def organisation_name(phrase: str, antecedent: str | None) -> str | None:
    """One name for the many ways to print it: *the Russian defence ministry*, *Russia’s defence ministry*."""
    words = phrase.strip().split()
    if words and words[0].lower() in POSSESSIVES:
        return f"{antecedent}’s {' '.join(words[1:])}" if antecedent else None
    if words and words[0].lower() in DETERMINERS:
        words = words[1:]
    if not words:
        return None
    for size in (2, 1):
        first, rest = " ".join(words[:size]), " ".join(words[size:])
        owner = re.sub(r"['’]s?$", "", first)
        code = country_adjectives().get(first) or (country_names().get(owner) if owner != first else None)
        if code and rest and not rest[0].isupper():
            return f"{countries()[code].name}’s {rest}"
    name = " ".join(words)
    if name in country_names():
        return countries()[country_names()[name]].name
    if name in seats() or any(word[0].isupper() for word in words):
        return name
    return None


def is_common_body(name: str) -> bool:
    """*Health Ministry*, *National Guard*: a name that says what it is, and not whose."""
    return all(word.lower() in BODY_NOUNS | COMMON_TOPICS for word in name.split())


def names_share(one: str, other: str) -> bool:
    """True when two printed names have a capitalised word in common."""
    words = [
        {word for word in WORD.findall(re.sub(r"['’]s\b", "", text)) if word[0].isupper()} for text in (one, other)
    ]
    return bool(words[0] & words[1])


def is_plural(phrase: str) -> bool:
    """*Law enforcement sources*: several people, whoever *he* is not one of."""
    return head_noun(phrase).lower() in plural_person_nouns()
