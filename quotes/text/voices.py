"""Whether two printed sources can be one: *Mr. Rubio* and *Rubio*, *the Democratic front-runner* and *Clinton*.

For wordings that come without resolved speakers. Nothing here decides who somebody is; it says what speaks for
or against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from quotes.text.capitals import COURTESY
from quotes.text.descriptions import PARTY_ALSO, describe, of_term, party_names
from quotes.text.gazetteer import country_adjectives
from quotes.text.lexicon import DETERMINERS, POSSESSIVES, person_nouns
from quotes.text.offices import shipped_terms
from quotes.text.parties import CHANNEL_NOUNS, SUMMARY_NOUNS, WORD, head_noun, is_plural
from quotes.text.person import surname_of

Voice = Literal["same", "fits", "unknown", "different"]
BREAKS = frozenset("of for in at from with by to on".split())
ADJECTIVES = {"gop": "republican", "democratic": "democrat", "tory": "conservative"}
NO_NAME = (
    frozenset(COURTESY)
    | frozenset(person_nouns())
    | frozenset(PARTY_ALSO)
    | frozenset(ADJECTIVES)
    | frozenset("house senate presidential state american americans campaign one another both".split())
)


@dataclass(frozen=True, slots=True)
class Source:
    """A printed source: a person with `names`, a body or a document of that whole name, or somebody only described."""

    kind: Literal["person", "body", "document", "described"]
    names: frozenset[str]
    phrase: str


def voice(one: str, other: str) -> Voice:
    """What two printed sources have to do with each other. `fits` is less than `same`: a description holds of a name.

    A document speaks against nobody: a transcript, a video, a poll carries the words of whoever stands in it.
    """
    first, second = source_of(one), source_of(other)
    if first is None or second is None:
        return "unknown"
    if first.kind == second.kind:
        if first.kind == "described":
            return "same" if first.names == second.names else "unknown"
        shared = first.names & second.names if first.kind == "person" else first.names == second.names
        return "same" if shared else "different"
    if "document" in {first.kind, second.kind}:
        return "unknown"
    described = next((source for source in (first, second) if source.kind == "described"), None)
    if described is None:
        return "different"
    named = second if described is first else first
    return "fits" if named.kind == "person" and _holds_of(described.phrase, named.names) else "unknown"


@lru_cache(maxsize=4096)
def source_of(printed: str) -> Source | None:
    """Reads a printed source; the name in apposition counts where a description comes first. None without words."""
    parts = [part for part in re.sub(r"\([^)]*\)", "", printed).split(",") if part.strip()]
    found = _read(parts[0]) if parts else None
    if found is not None and found.kind == "described" and len(parts) > 1:
        apposed = _read(parts[1])
        if apposed is not None and apposed.kind == "person":
            return apposed
    return found


def _read(part: str) -> Source | None:
    """One stretch without commas: *Clinton*, *the Sanders camp*, *the Republican nominee*."""
    owned = re.search(r"['’]s\s", part) is not None
    words = WORD.findall(re.sub(r"['’]s?$", "", part.strip()))
    while words and words[0].lower() in DETERMINERS | POSSESSIVES:
        words = words[1:]
    lower = frozenset(word.lower().rstrip(".") for word in words)
    end = next((at for at, word in enumerate(words) if at and word.lower() in BREAKS), len(words))
    words = words[:end]
    if not words:
        return None
    names = frozenset(re.sub(r"['’]s$", "", word).lower() for word in words if _is_name(word))
    last = words[-1]
    if head_noun(part).lower() in CHANNEL_NOUNS | SUMMARY_NOUNS:
        return Source("document", lower, part)
    if not names:
        described = last[0].islower() or last.lower() in NO_NAME
        return Source("described" if described else "body", lower, part)
    if last[0].islower() and (owned or last.lower() not in person_nouns()):
        return Source("body", lower, part)
    return Source("person", names, part)


def _is_name(word: str) -> bool:
    plain = word.rstrip(".").lower()
    return word[0].isupper() and plain not in NO_NAME and word.rstrip(".") not in country_adjectives()


def _holds_of(phrase: str, names: frozenset[str]) -> bool:
    """*the Democratic front-runner* of a Democrat, *the former secretary of state* of one who was it."""
    if is_plural(phrase):
        return False
    words = {ADJECTIVES.get(word.lower(), word.lower()) for word in WORD.findall(phrase)}
    parties = {party for word, party in party_names().items() if word in words}
    described = describe(phrase)
    terms = [term for term in shipped_terms() if surname_of(term.holder).lower() in names]
    if any(term.party in parties for term in terms if term.party):
        return True
    if any(title in phrase.lower() for term in terms for title in term.phrases if " " in title):
        return True
    held = [known for term in terms for known in of_term(term)]
    return described is not None and bool(described.words) and any(described.fits(known) for known in held)
