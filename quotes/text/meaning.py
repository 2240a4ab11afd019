"""What changed in meaning between two wordings: a dropped *not*, another number.

A fuzzy score hardly notices a lost *not*; this check looks for nothing else. Each alarm names the words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from quotes.text.normalize import tokens

NEGATIONS = frozenset("not no never none nobody nothing neither nor nowhere without cannot".split())
NEGATED_VERB = re.compile(r"n't$")
NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        """
            zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
            seventeen eighteen nineteen twenty
        """.split()
    )
} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "hundred": "100",
    "thousand": "1000",
    "million": "1000000",
    "billion": "1000000000",
    "dozen": "12",
    "half": "0.5",
}
VAGUE_ONES = frozenset(("one",))
"""*one of them* and *no one* are no figures."""


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
    if len(negations(one)) % 2 != len(negations(other)) % 2:
        found.append(
            Alarm(
                "negation",
                tuple(sorted(set(negations(one)) ^ set(negations(other)))) or tuple(negations(one) or negations(other)),
            )
        )
    differing = Counter(numbers(one)) - Counter(numbers(other)) + (Counter(numbers(other)) - Counter(numbers(one)))
    if differing:
        found.append(Alarm("number", tuple(sorted(differing))))
    return found


def negations(wording: str) -> list[str]:
    return [token for token in tokens(wording) if token in NEGATIONS or NEGATED_VERB.search(token)]


def numbers(wording: str) -> list[str]:
    """Figures in digits or words, as digits: *three* and *3* agree."""
    found = []
    for token in tokens(wording.replace(",", "")):
        if token in VAGUE_ONES:
            continue
        if token in NUMBER_WORDS:
            found.append(NUMBER_WORDS[token])
        elif token[0].isdigit():
            found.append(token.rstrip("."))
    return found
