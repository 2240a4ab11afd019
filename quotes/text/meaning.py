"""What changed in meaning between two wordings: a dropped *not*, another number.

A fuzzy score hardly notices a lost *not*; this check looks for nothing else. Each alarm names the words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from quotes.text.normalize import tokens

NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor nowhere without cannot unlikely unable impossible untrue
    """.split()
)
NEGATED_VERB = re.compile(r"n't$")
UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """.split()
TENS = {
    word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SIZES = {"hundred": 100, "dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
ORDINALS = {
    word: n
    for n, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=3)
}
FIGURE = re.compile(
    r"(?P<currency>[$£€¥])?(?:(?<![\w.])(?P<minus>[-−](?=\d)))?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<suffix>[a-z]{1,2}\b)?|(?P<word>[^\W\d_]+)"
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A change of meaning; `words` are those that only one side has."""

    kind: Literal["negation", "number"]
    words: tuple[str, ...]

    def __str__(self) -> str:
        changed = ", ".join(f"“{word}”" for word in self.words)
        if self.kind == "negation":
            return f"Only one of the two says {changed}."
        return f"The figures differ: {changed}."


def alarms(one: str, other: str) -> list[Alarm]:
    """Changes of negation and of numbers between two wordings of about the same extent."""
    found = []
    here, there = negations(one), negations(other)
    if len(here) != len(there):
        only = sorted(set(here) ^ set(there)) or sorted(set(here))
        found.append(Alarm("negation", tuple(only)))
    mine, theirs = Counter(numbers(one)), Counter(numbers(other))
    if mine != theirs:
        found.append(Alarm("number", tuple(sorted((mine - theirs) + (theirs - mine)))))
    return found


def negations(wording: str) -> list[str]:
    """The words that negate; *neither … nor* counts once."""
    found = [token for token in tokens(wording) if token in NEGATIONS or NEGATED_VERB.search(token)]
    for _ in range(min(found.count("neither"), found.count("nor"))):
        found.remove("nor")
    return found


def numbers(wording: str) -> list[str]:
    """Figures in digits or words as digits: *three* and *3*, *$5m* and *$5 million* agree.

    A bare one is no figure (*one of them*), nor are *first* and *second*.
    """
    return [figure for figure in _figures(wording.casefold()) if figure not in {"1", "2nd", "1st"}]


def _figures(wording: str) -> Iterator[str]:
    prefix, value = "", None
    for match in FIGURE.finditer(wording):
        word = match["word"]
        if value is not None and word in SIZES:
            value *= SIZES[word]
        elif value is not None and value in TENS.values() and word in UNITS[1:10]:
            value += UNITS.index(word)
        else:
            if value is not None:
                yield f"{prefix}{value:g}"
            prefix, value = (match["currency"] or "") + (match["minus"] or ""), None
            if match["digits"]:
                if match["suffix"] in {"st", "nd", "rd", "th"}:
                    yield f"{match['digits']}{match['suffix']}"
                else:
                    value = _value(match["digits"]) * SUFFIXES.get(match["suffix"] or "", 1)
            elif word in ORDINALS:
                yield f"{ORDINALS[word]}{'rd' if word == 'third' else 'th'}"
            else:
                value = _spelled(word)
    if value is not None:
        yield f"{prefix}{value:g}"


def _value(digits: str) -> float:
    return float(digits.replace(",", ""))


def _spelled(word: str) -> float | None:
    if word in UNITS:
        return UNITS.index(word)
    return TENS.get(word, SIZES.get(word))
