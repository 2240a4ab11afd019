"""Who a cue belongs to: the noun phrase before it, behind it, or that of an earlier cue."""

from __future__ import annotations

from dataclasses import dataclass

from quotes.text import noun_phrases
from quotes.text.lexicon import (
    CONJUNCTIONS,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVE,
    SUBORDINATORS,
    TIME_WORDS,
    person_nouns,
)
from quotes.text.sentences import Token
from quotes.text.verb_groups import PERCEIVING, Cue

LEAST_WORDS_BEFORE = 4
"""Words an unquoted content must have to stand before its source."""


@dataclass(slots=True)
class Hit:
    """A cue on its way to becoming a triple; positions are token indexes of its sentence."""

    cue: Cue
    source: tuple[int, int] | None = None
    inverted: bool = False
    borrowed: bool = False
    """The source stands with an earlier cue of the sentence ("said A and added B")."""


def with_source(tokens: tuple[Token, ...], cue: Cue, earlier: list[Hit]) -> Hit | None:
    if cue.kind == "phrase":
        source = noun_phrases.after(tokens, cue.last + 1, len(tokens))
        found = _with_relative(tokens, source) if source else _titled_work(tokens, cue.last + 1)
        return Hit(cue, found) if found else None
    if cue.kind == "as saying":
        return _quoted_party(tokens, cue, earlier)
    if cue.kind == "participle":
        return _borrowed(tokens, cue, earlier)
    aside = _around_aside(tokens, cue, earlier)
    if aside is not None:
        return Hit(cue, aside)
    inverted = _inverted_source(tokens, cue)
    if inverted:
        return Hit(cue, inverted, inverted=True)
    before = tokens[cue.first - 1] if cue.first else None
    if before is None:
        return None
    if before.lower in CONJUNCTIONS or (before.text == "," and earlier and _is_list(tokens, cue)):
        return _borrowed(tokens, cue, earlier)
    if before.text == ",":
        source = _before_apposition(tokens, cue.first - 1)
    else:
        source = noun_phrases.before(tokens, cue.first)
    if source is None or not noun_phrases.is_source_like(tokens, source) or _is_nobody(tokens, source):
        return None
    return Hit(cue, source)


def _with_relative(tokens: tuple[Token, ...], source: tuple[int, int]) -> tuple[int, int]:
    """*according to two ministers WHO WERE IN THE ROOM,*: without a name, the clause is all that tells who it was."""
    start, end = source
    if end == len(tokens) or tokens[end].lower != "who" or any(token.is_capitalised for token in tokens[start:end]):
        return source
    stops = (at for at in range(end, len(tokens)) if tokens[at].kind != "word")
    clause = next(stops, len(tokens))
    return (start, clause) if clause - end <= noun_phrases.LONGEST else source


def _titled_work(tokens: tuple[Token, ...], at: int) -> tuple[int, int] | None:
    """*according to “THE LONG WAR,” BY ANN LEE,*"""
    if at + 1 >= len(tokens) or tokens[at].kind != "quote":
        return None
    by = at + 2 if tokens[at + 1].text == "," else at + 1
    if by >= len(tokens) or tokens[by].lower != "by":
        return at, at + 1
    author = noun_phrases.after(tokens, by + 1, len(tokens))
    return (at, author[1]) if author else None


def is_aside(tokens: tuple[Token, ...], hit: Hit) -> bool:
    """*The guard, LEE RECALLED, asked her …*: a tag between two commas."""
    if hit.source is None or hit.borrowed or hit.source[0] == 0 or hit.cue.last + 1 >= len(tokens):
        return False
    return tokens[hit.source[0] - 1].text == "," and tokens[hit.cue.last + 1].text == ","


def _around_aside(tokens: tuple[Token, ...], cue: Cue, earlier: list[Hit]) -> tuple[int, int] | None:
    """The subject before an aside, of the verb right behind it."""
    if not earlier or not is_aside(tokens, earlier[-1]) or earlier[-1].cue.last + 2 != cue.first:
        return None
    end = (earlier[-1].source or (0, 0))[0] - 1
    start = 1 if tokens[0].lower in CONJUNCTIONS else 0
    found = (start, end)
    short = 0 < end - start <= noun_phrases.LONGEST
    return found if short and noun_phrases.is_source_like(tokens, found) and tokens[start].kind == "word" else None


def _is_nobody(tokens: tuple[Token, ...], source: tuple[int, int]) -> bool:
    """*Nobody said*, *no official said*, *neither Berg nor Lee said*: nothing was said."""
    before = tokens[source[0] - 1].lower if source[0] else ""
    return tokens[source[0]].lower in {"nobody", "none", "no", "neither"} or before in {"nor", "neither"}


def _quoted_party(tokens: tuple[Token, ...], cue: Cue, earlier: list[Hit]) -> Hit | None:
    """*Interfax quoted the GOVERNOR as saying*: whom the earlier verb has for its object."""
    start = next(
        (at + 1 for at in range(cue.first - 1, max(-1, cue.first - 12), -1) if tokens[at].lower in PERCEIVING), None
    )
    if start is None and earlier and earlier[-1].cue.verb is not None:
        start = earlier[-1].cue.last + 1 if earlier[-1].cue.verb.lemma in {"quote", "cite", "describe"} else None
    found = noun_phrases.after(tokens, start, cue.first) if start is not None else None
    return Hit(cue, found) if found else None


def _is_list(tokens: tuple[Token, ...], cue: Cue) -> bool:
    """*Lee said A, ADDED B*: a verb in the past that goes on after a comma."""
    return cue.first == cue.last < len(tokens) - 1 and tokens[cue.last].lower.endswith("ed")


def _borrowed(tokens: tuple[Token, ...], cue: Cue, earlier: list[Hit]) -> Hit | None:
    """The source of the cue before it, else the subject of the sentence."""
    for hit in reversed(earlier):
        if hit.source:
            return Hit(cue, hit.source, borrowed=True)
    subject = _subject(tokens, cue.first)
    return Hit(cue, subject, borrowed=True) if subject else None


def _subject(tokens: tuple[Token, ...], limit: int) -> tuple[int, int] | None:
    """The first noun phrase of the sentence, past an opening "On Monday," or "In Ohio,"."""
    start = _after_dateline(tokens)
    opening = tokens[start].lower if start < len(tokens) else ""
    if opening in PREPOSITIONS | SUBORDINATORS | TIME_WORDS:
        commas = [i for i, token in enumerate(tokens[: limit - 1]) if token.text == ","]
        if not commas:
            return None
        start = commas[0] + 1
    elif opening in CONJUNCTIONS:
        start += 1
    found = noun_phrases.after(tokens, start, limit)
    return found if found and noun_phrases.is_source_like(tokens, found) else None


def _after_dateline(tokens: tuple[Token, ...]) -> int:
    """*NEW DELHI: The minister …*: where the sentence proper begins."""
    place = next((at for at, token in enumerate(tokens) if not token.text.isupper()), len(tokens))
    return place + 1 if place and place < len(tokens) and tokens[place].text in {":", "—", "–"} else 0


def _inverted_source(tokens: tuple[Token, ...], cue: Cue) -> tuple[int, int] | None:
    """*“…,” SAID Lee* and *…, SAID Lee*."""
    if not cue.takes("i") or cue.first == 0 or cue.last + 1 >= len(tokens):
        return None
    before = tokens[cue.first - 1]
    if before.kind != "quote" and before.text not in {",", "—", "–", "-"}:
        return None
    following = tokens[cue.last + 1]
    starts_name = following.is_capitalised or following.lower in DETERMINERS | POSSESSIVES | {"one"}
    starts_name = starts_name or following.lower in person_nouns()
    if not starts_name or following.lower in TIME_WORDS:
        return None
    found = noun_phrases.after(tokens, cue.last + 1, len(tokens))
    if found is None or not noun_phrases.is_source_like(tokens, found):
        return None
    after = tokens[found[1]] if found[1] < len(tokens) else None
    quoted = before.kind == "quote" or (cue.first >= 2 and tokens[cue.first - 2].kind == "quote")
    closes = after is None or after.kind != "word" or after.lower in PREPOSITIONS | RELATIVE | TIME_WORDS
    return found if closes and (quoted or cue.first > LEAST_WORDS_BEFORE) else None


def _before_apposition(tokens: tuple[Token, ...], comma: int) -> tuple[int, int] | None:
    """*X, a senator from Y, SAID*: the phrase before the apposition, best right behind a quotation."""
    nearest = None
    for start in range(comma - 1, max(-1, comma - 30), -1):
        if tokens[start].kind == "quote":
            break
        if tokens[start].text != "," or not start:
            continue
        found = noun_phrases.before(tokens, start)
        if found is None or not _can_speak(tokens, found):
            continue
        if found[0] and tokens[found[0] - 1].kind == "quote":
            return found
        nearest = nearest or found
    return nearest


def _can_speak(tokens: tuple[Token, ...], found: tuple[int, int]) -> bool:
    words = tokens[found[0] : found[1]]
    return any(token.is_capitalised or token.lower in person_nouns() for token in words)
