"""Is one article a copy of another? The share of its own words that stand in the other's sentences too.

What stands in quotation marks does not count: two reporters at one lectern write down the same words and copy nothing.
Sentences find each other by keys of their first and of their last words, so that one edited place leaves a key whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from quotes.text.keys import key_of
from quotes.text.quotation import quotations
from quotes.text.sentences import Sentence, sentences
from quotes.text.words import FUNCTION, words

KEY_WORDS = 6
"""Content words from which a key is made, at either end of a sentence."""

LEAST_WORDS = 5
"""Words of its own below which a sentence says nothing about copying."""

SAME_SENTENCE = 0.6
"""The share of a sentence's pairs of neighbours that must stand in the other text for it to count as taken over."""

ENOUGH = 40
"""Words of its own below which an article cannot be told from a chance likeness."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence in the outlet's own words, as stems in order."""

    stems: tuple[str, ...]

    @property
    def keys(self) -> set[int]:
        """What it is found by: its first and its last content words."""
        content = [stem for stem in self.stems if stem not in FUNCTION]
        return {key_of("^", *content[:KEY_WORDS]), key_of("$", *content[-KEY_WORDS:])} if content else set()

    @property
    def pairs(self) -> set[tuple[str, str]]:
        return set(pairwise(self.stems))


def passages(text: str) -> tuple[Passage, ...]:
    """The sentences of an article without what they quote. About 2 ms for 5,000 characters."""
    own = (_own_words(sentence) for sentence in sentences(text, quotations(text)))
    return tuple(Passage(stems) for stems in own if len(stems) >= LEAST_WORDS)


def _own_words(sentence: Sentence) -> tuple[str, ...]:
    printed = " ".join(token.text for token in sentence.tokens if token.kind == "word")
    return tuple(word.stem for word in words(printed))


def share_in(one: Sequence[Passage], other: Sequence[Passage]) -> float:
    """How much of `one`, by words, stands in `other`: 0 to 1. 0 for an article with too few words of its own."""
    length = sum(len(passage.stems) for passage in one)
    if length < ENOUGH:
        return 0.0
    there = set().union(*(passage.pairs for passage in other))
    taken = [passage for passage in one if _share_of(passage, there) >= SAME_SENTENCE]
    return sum(len(passage.stems) for passage in taken) / length


def _share_of(passage: Passage, there: set[tuple[str, str]]) -> float:
    pairs = passage.pairs
    return len(pairs & there) / len(pairs)
