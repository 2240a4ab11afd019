"""Countries in running text: which one *its* refers to, and whom *the German* may mean."""

from __future__ import annotations

import re

from quotes.text.gazetteer import countries, country_adjectives, country_names, seats
from quotes.text.lexicon import DETERMINERS, POSSESSIVES, PREPOSITIONS

CAPITALISED = re.compile(r"[A-Z][\w.]*(?:\s[A-Z]\w+)?")
LAST_WORD = re.compile(r"([\w.]+)\s*$")
SUBJECT = re.compile(
    r"^(?:[A-Z]\w+ly,?\s|[\w ]{0,12}\b(?:as|while|after|when)\s)?(?P<name>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*)\s(?=[a-z])"
)


def country_meant(sentence: str, before: str = "") -> str | None:
    """The country *its* refers to at the end of `sentence`: the one that acts in it, else the nearest named.

    `before` is the sentence before, for when the sentence itself names none.
    """
    here = _countries_in(sentence)
    acting = [name for name, acts in here if acts]
    if acting:
        return acting[0]
    nearest = here or _countries_in(before)
    return nearest[-1][0] if nearest else None


def owner_meant(sentence: str) -> str | None:
    """Whoever else *its* may refer to: the name that opens the sentence (*Corley lost its last bank*)."""
    match = SUBJECT.match(sentence)
    if match is None or match["name"].split()[0].lower() in DETERMINERS | POSSESSIVES | PREPOSITIONS:
        return None
    return match["name"]


def _countries_in(text: str) -> list[tuple[str, bool]]:
    """Countries named by noun or seat, in order, and whether each stands as one that acts."""
    found = []
    for match in CAPITALISED.finditer(text):
        words = match.group().split()
        for printed in (match.group(), words[0], words[-1]):
            code = country_names().get(printed) or seats().get(printed)
            if code and not _is_adjective(text, match, printed):
                found.append((countries()[code].name, _acts(text, match)))
                break
    return found


def _is_adjective(text: str, match: re.Match[str], printed: str) -> bool:
    """*US troops*: an adjective here, though a name elsewhere."""
    return printed in country_adjectives() and not text[match.end() : match.end() + 2].startswith(("'s", "’s"))


def _acts(text: str, match: re.Match[str]) -> bool:
    """True when no preposition governs it and nothing of its own follows."""
    previous = LAST_WORD.search(text[: match.start()])
    governed = previous is not None and previous.group(1).lower() in PREPOSITIONS | {"of", "and", "near"}
    return not governed and not text[match.end() : match.end() + 2].startswith(("'s", "’s"))


def nationality(phrase: str) -> tuple[str, str] | None:
    """(country code, gender) of *the German*, *the Frenchman*; None for other phrases."""
    words = phrase.split()
    if len(words) != 2 or words[0].lower() not in {"the", "this", "that"}:
        return None
    for ending, gender in (("woman", "f"), ("man", "m"), ("", "")):
        adjective = words[1].removesuffix(ending) if ending else words[1]
        if words[1].endswith(ending) and adjective in country_adjectives() and (ending or adjective[-1:].islower()):
            return country_adjectives()[adjective], gender
    return None
