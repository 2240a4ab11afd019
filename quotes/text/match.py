"""Is it the same quote? A first comparison of two wordings, with its reasons in words.

rapidfuzz measures how alike the words are; the speaker and the days between say how likely it is that
one remark stands behind both; quotes.text.meaning objects where the meaning changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from quotes.text.meaning import Alarm, alarms
from quotes.text.normalize import content_words, fingerprint, tokens
from quotes.text.quotation import quotations

WINDOW_DAYS = 7
"""Days within which two reports of one remark are looked for."""

PROPOSE_AT = 0.6
"""The score from which an editor is asked; about even odds among one speaker's remarks of one week."""

CONTAINED_WORTH = 0.95
"""What being contained whole in a longer wording is worth, against being the same."""

FRAGMENT_WORDS = 5
"""A wording with fewer words than this proves nothing by being contained in another."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording as it is compared: its words, who is said to have said it, and the day it was reported."""

    text: str
    speaker: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`score` from 0 to 1 for how alike the words are; `reasons` and `alarms` as sentences."""

    score: float
    reasons: tuple[str, ...]
    alarms: tuple[Alarm, ...] = ()


def compare(one: Wording, other: Wording) -> Comparison:
    """The evidence that two wordings report one remark."""
    a, b = prepared(one.text), prepared(other.text)
    if a.mark == b.mark:
        return Comparison(1.0, ("The words are the same.", *_circumstances(one, other)))
    whole = _whole(a, b)
    share, shared = _contained(a.content, b.content)
    contained = CONTAINED_WORTH * share
    reasons = [f"Letter for letter, {round(100 * whole)} of 100 agree."]
    if contained > whole:
        reasons = [f"{round(100 * share)} % of the shorter wording’s content words stand in the longer one, in order."]
    if shared:
        reasons.append(f"Shared: {', '.join(shared[:8])}.")
    return Comparison(
        max(whole, contained), (*reasons, *_circumstances(one, other)), tuple(alarms(one.text, other.text))
    )


def likeness(one: str, other: str) -> float:
    """The score `compare` would give, without reasons and alarms: 0 to 1. About 10 µs for wordings seen before."""
    a, b = prepared(one), prepared(other)
    if a.mark == b.mark:
        return 1.0
    whole = _whole(a, b)
    short, long = sorted((a.content, b.content), key=len)
    if len(short) < FRAGMENT_WORDS:
        return whole
    return max(whole, CONTAINED_WORTH * LCSseq.similarity(short, long) / len(short))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What comparing needs of a wording, worked out once."""

    mark: str
    sorted_words: str
    content: tuple[str, ...]
    quoted: tuple[str, ...]
    """The content words inside quotation marks, or all of them when there are no marks."""


@lru_cache(maxsize=4096)
def prepared(wording: str) -> Prepared:
    marked = quotations(wording)
    quoted = " ".join(q.inner.of(wording) for q in marked) if marked else wording
    return Prepared(
        fingerprint(wording),
        " ".join(sorted(tokens(wording))),
        tuple(content_words(wording)),
        tuple(content_words(quoted)),
    )


def _whole(a: Prepared, b: Prepared) -> float:
    """How alike all the words are, whatever their order; nothing is like a wording without words."""
    return fuzz.ratio(a.sorted_words, b.sorted_words) / 100 if a.sorted_words and b.sorted_words else 0.0


def _contained(one: Sequence[str], other: Sequence[str]) -> tuple[float, list[str]]:
    """The share of the shorter wording's content words found, in order, in the longer; and those words."""
    short, long = sorted((one, other), key=len)
    equal = [step for step in LCSseq.opcodes(short, long) if step.tag == "equal"]
    shared = [word for step in equal for word in short[step.src_start : step.src_end]]
    if len(short) < FRAGMENT_WORDS:
        return 0.0, shared
    return len(shared) / len(short), shared


def _circumstances(one: Wording, other: Wording) -> list[str]:
    found = []
    if one.speaker and one.speaker == other.speaker:
        found.append(f"Both are put down to {one.speaker}.")
    if one.day and other.day:
        apart = abs((one.day - other.day).days)
        found.append(
            "Reported on the same day." if apart == 0 else f"Reported {apart} day{'s' if apart > 1 else ''} apart."
        )
    return found


def is_fragment_of(fragment: str, longer: str) -> bool:
    """True when all the quoted words of a short wording stand, in order, in the longer one."""
    short, long = prepared(fragment).quoted, prepared(longer).content
    return 0 < len(short) < len(long) and LCSseq.similarity(short, long) == len(short)
