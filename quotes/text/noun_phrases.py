"""Noun phrases found without a parser, by walking over the tokens next to a cue.

All functions take a sentence's tokens and return token indexes (start, end), end exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence

from quotes.text.cues import verbs
from quotes.text.lexicon import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    PERSONAL,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVE,
    SUBORDINATORS,
    TIME_WORDS,
    is_adverb,
    person_nouns,
)
from quotes.text.sentences import Token

LONGEST = 16
"""Tokens a source may have; longer ones are a misreading."""

OPENS_COMPLEMENT = frozenset(
    ("familiar", "close", "briefed", "loyal", "opposed", "critical", "knowledge", "present", "involved")
)
LINKING = frozenset(("for", "from", "in", "at", "with", "to", "on"))
Range = tuple[int, int]


def is_content_word(token: Token) -> bool:
    """A word that may belong to a noun phrase on its own."""
    word = token.lower
    return token.kind == "word" and not (
        word in CONJUNCTIONS
        or word in SUBORDINATORS
        or word in PREPOSITIONS
        or (word in AUXILIARIES and token.text not in {"May", "Will"})
        or word in PERSONAL
        or word in RELATIVE
        or (word in TIME_WORDS and (token.is_capitalised or word not in {"last", "this", "later"}))
        or (is_adverb(word) and not token.is_capitalised)
    )


def takes_complement(token: Token) -> bool:
    """*officials IN Kyiv*, *people familiar WITH it*: nouns a source's complement hangs on."""
    return token.lower in person_nouns() or token.lower in OPENS_COMPLEMENT


def before(tokens: Sequence[Token], end: int) -> Range | None:
    """The noun phrase whose last token is `tokens[end - 1]`."""
    last = end - 1
    if last < 0:
        return None
    if tokens[last].lower in PERSONAL or tokens[last].lower in RELATIVE:
        return last, end
    start = last + 1
    while start > 0 and end - start < LONGEST:
        step = _step_left(tokens, start - 1, start == last + 1)
        if step == 0:
            break
        start -= step
        if _starts_phrase(tokens, start):
            break
    start = _without_opening(tokens, start, end)
    return (start, end) if start < end else None


def _step_left(tokens: Sequence[Token], at: int, is_last: bool) -> int:
    """How many tokens to take in, going left from `at`; 0 where the phrase begins after it."""
    token = tokens[at]
    if not is_last and is_reporting(token):
        return 0
    if token.lower == "that" and not is_last:
        following = tokens[at + 1]
        if following.is_capitalised or following.lower in POSSESSIVES | {"the", "a", "an"}:
            return 0
    if token.lower in POSSESSIVES or token.lower in DETERMINERS or is_content_word(token):
        return 1
    if at == 0:
        return 0
    if token.text == ")":
        return _bracket(tokens, at)
    if is_last:
        return 0
    previous = tokens[at - 1]
    if token.lower == "of" and is_content_word(previous):
        return 1
    if token.lower in {"and", "&"} and previous.is_capitalised and tokens[at + 1].is_capitalised:
        return 1 if not is_weak_opening(previous) else 0
    if token.lower in LINKING and (takes_complement(previous) or _is_indefinite(tokens, at)):
        return 1
    return 0


def is_reporting(token: Token) -> bool:
    """A verb of reporting in the past, which no noun phrase holds: *Berg SAID Lee*."""
    form = verbs().get(token.lower)
    return (
        form is not None
        and not token.is_capitalised
        and "past" in form.forms
        and form.verb.takes("b", "t")
        and not form.verb.takes("v")
    )


def _bracket(tokens: Sequence[Token], at: int) -> int:
    """How many tokens a short bracket that closes at `at` holds: *(D-Wis.)*."""
    for start in range(at - 1, max(-1, at - 7), -1):
        if tokens[start].text == "(":
            return at - start + 1
    return 0


def _is_indefinite(tokens: Sequence[Token], at: int) -> bool:
    """*“…,” A NARRATOR in the advertisement says*: a complement of a phrase that opens its clause."""
    if at < 2 or tokens[at - 2].lower not in {"a", "an", "one"}:
        return False
    return at == 2 or tokens[at - 3].kind == "quote" or tokens[at - 3].text == ","


def _starts_phrase(tokens: Sequence[Token], at: int) -> bool:
    """A determiner opens the phrase, unless it stands behind *of* or *for*."""
    if tokens[at].lower not in DETERMINERS | POSSESSIVES:
        return False
    if at == 0:
        return True
    link = tokens[at - 1].lower
    if link in DETERMINERS | POSSESSIVES and tokens[at].lower not in {"the", "a", "an"}:
        return False
    return link != "of" and not (link in LINKING and at > 1 and takes_complement(tokens[at - 2]))


def is_weak_opening(token: Token) -> bool:
    """Words that are capitalised only because they open a sentence."""
    return token.lower in OPENINGS or token.lower.endswith("ly")


OPENINGS = frozenset(
    """
        still meanwhile however moreover instead also now yesterday today earlier later asked thus nonetheless
        nevertheless indeed perhaps maybe again here there just even only
    """.split()
)


def _without_opening(tokens: Sequence[Token], start: int, end: int) -> int:
    while start < end and (is_weak_opening(tokens[start]) or tokens[start].lower in {"of", "&"}):
        start += 1
    return start


def after(tokens: Sequence[Token], start: int, limit: int) -> Range | None:
    """The noun phrase that begins at `tokens[start]` and ends before `limit`."""
    if start >= limit:
        return None
    if tokens[start].lower in PERSONAL:
        return start, start + 1
    at = start
    while at < min(limit, start + LONGEST) and _belongs_right(tokens, at, start, limit):
        at += 1
    while at > start and tokens[at - 1].lower in PREPOSITIONS | CONJUNCTIONS | DETERMINERS | {"of"}:
        at -= 1
    return (start, at) if at > start else None


def _belongs_right(tokens: Sequence[Token], at: int, start: int, limit: int) -> bool:
    token = tokens[at]
    word = token.lower
    if word in verbs() and at > start and not token.is_capitalised and word not in person_nouns():
        return tokens[at - 1].lower in DETERMINERS | POSSESSIVES
    if word in DETERMINERS | POSSESSIVES:
        return at == start or tokens[at - 1].lower in LINKING | {"of", "all", "and"}
    if is_content_word(token):
        return True
    if at == start or at + 1 >= limit:
        return False
    if word == "of":
        return True
    if word == "and":
        return tokens[at - 1].is_capitalised and tokens[at + 1].is_capitalised
    if word == "to" and not (tokens[at + 1].is_capitalised or tokens[at + 1].lower in DETERMINERS | POSSESSIVES):
        return False  # diplomats TO attempt
    return word in LINKING and takes_complement(tokens[at - 1])


def is_source_like(tokens: Sequence[Token], found: Range) -> bool:
    """Somebody or something that can speak: a name, a pronoun, or a role."""
    words = tokens[found[0] : found[1]]
    return (
        any(
            (token.is_capitalised and token.lower not in DETERMINERS | PREPOSITIONS) or token.lower in person_nouns()
            for token in words
        )
        or words[0].lower in PERSONAL | RELATIVE
        or words[0].lower in DETERMINERS | POSSESSIVES
    )
