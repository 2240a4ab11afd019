"""Wordings for the matching benchmark: real ones, and as many more as asked for, made from them.

Real: the sentences and attributed contents of the labelled articles, each once. Made: a clause of one real sentence and
a clause of another joined, then 30 % of the content words drawn anew from the real distribution of words, and 3 % of
them new names. Clauses are used again and again, so a large corpus is harder than a real one of its size: every
query has many near relatives. The vocabulary grows as new names come in.

Queries are variants of stored wordings, of eight kinds in equal shares; the stored one is to be found.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from quotes.text.quotation import quotations
from quotes.text.sentences import sentences
from quotes.text.words import FUNCTION

SEED = 7
REDRAWN, NEW_NAMES = 0.30, 0.03
CLAUSE = re.compile(r"(?<=[,;:–—])\s+|\s+(?=(?:and|but|because|which|who|that|when|if)\s)")
LEAST_WORDS, MOST_WORDS = 4, 60
SYLLABLES = "ba bel cor dan dre fal gor hin jas kel lor mar nes ol pri quin ros sal tor ul ven wes yar zan".split()


def real(folder: Path) -> list[str]:
    """Every wording of the labelled articles that has a sensible length, once."""
    found: dict[str, None] = {}
    for name in ("polnear_train.jsonl", "polnear_dev.jsonl"):
        for line in (folder / name).open(encoding="utf-8"):
            row = json.loads(line)
            text = row["text"]
            spans = [sentence.span for sentence in sentences(text, quotations(text))]
            printed = [span.of(text) for span in spans]
            printed += [text[start:end] for a in row["attributions"] for start, end in a["content"]]
            for wording in printed:
                wording = " ".join(wording.split())
                if LEAST_WORDS <= wording.count(" ") + 1 <= MOST_WORDS:
                    found[wording] = None
    return list(found)


def made(base: list[str], count: int) -> Iterator[str]:
    """`count` wordings: the real ones first, then recombined ones."""
    chance = random.Random(SEED)
    yield from base[:count]
    clauses = [clause for wording in base for clause in CLAUSE.split(wording) if clause.count(" ") >= 3]
    content = [word for wording in base for word in wording.split() if word.lower() not in FUNCTION and word.isalpha()]
    for _ in range(count - len(base)):
        joined = f"{chance.choice(clauses)} {chance.choice(clauses)}".split()
        yield " ".join(_redrawn(word, content, chance) for word in joined)


def _redrawn(word: str, content: list[str], chance: random.Random) -> str:
    if not word.isalpha() or word.lower() in FUNCTION or chance.random() > REDRAWN + NEW_NAMES:
        return word
    if chance.random() < NEW_NAMES / (REDRAWN + NEW_NAMES):
        return "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()
    return chance.choice(content)


def variants(stored: list[tuple[int, str]], count: int) -> list[tuple[str, str, int]]:
    """(kind, query, the number of the wording it is a variant of) for `count` stored wordings with content enough."""
    chance = random.Random(SEED + 1)
    kinds: list[tuple[str, Callable[[list[str], random.Random], list[str]]]] = list(KINDS.items())
    chosen = chance.sample([pair for pair in stored if 8 <= pair[1].count(" ") <= 40], count)
    found = []
    for place, (number, wording) in enumerate(chosen):
        kind, change = kinds[place % len(kinds)]
        found.append((kind, " ".join(change(wording.split(), chance)), number))
    return found


def _verbatim(said: list[str], chance: random.Random) -> list[str]:
    return [word.lower() for word in said]


def _truncated(said: list[str], chance: random.Random) -> list[str]:
    return said[: max(5, int(len(said) * chance.uniform(0.4, 0.7)))]


def _partial(said: list[str], chance: random.Random) -> list[str]:
    size = max(5, len(said) // 3)
    start = chance.randrange(0, max(1, len(said) - size))
    return said[start : start + size]


def _ellipsis(said: list[str], chance: random.Random) -> list[str]:
    cut = len(said) // 3
    return [*said[:cut], "…", *said[2 * cut :]]


def _edited(said: list[str], chance: random.Random) -> list[str]:
    places = set(chance.sample(range(len(said)), max(1, len(said) // 8)))
    return ["something" if place in places else word for place, word in enumerate(said)]


def _reordered(said: list[str], chance: random.Random) -> list[str]:
    cut = chance.randrange(len(said) // 3, 2 * len(said) // 3)
    return [*said[cut:], "and", *said[:cut]]


def _extended(said: list[str], chance: random.Random) -> list[str]:
    return ["He", "told", "a", "crowd", "in", "the", "square", "that", *said, "as", "the", "rain", "came", "down"]


def _reported(said: list[str], chance: random.Random) -> list[str]:
    shifts = {
        "i": "he",
        "my": "his",
        "we": "they",
        "our": "their",
        "will": "would",
        "is": "was",
        "are": "were",
        "am": "was",
    }
    return [shifts.get(word.lower(), word) for word in said]


KINDS: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    "verbatim": _verbatim,
    "truncated": _truncated,
    "partial": _partial,
    "ellipsis": _ellipsis,
    "edited": _edited,
    "reordered": _reordered,
    "extended": _extended,
    "reported": _reported,
}
