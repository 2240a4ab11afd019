"""Is it the same quote? A first comparison of two wordings, with its reasons in words.

rapidfuzz measures how alike the words are; the speaker and the days between say how likely it is that
one remark stands behind both; quotes.text.meaning objects where the meaning changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from quotes.text.meaning import Alarm, alarms
from quotes.text.normalize import content_words, fingerprint, normalize
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

    @property
    def is_proposal(self) -> bool:
        return self.score >= PROPOSE_AT


def compare(one: Wording, other: Wording) -> Comparison:
    """The evidence that two wordings report one remark. About 20 µs."""
    if fingerprint(one.text) == fingerprint(other.text):
        return Comparison(1.0, ("The words are the same.", *_circumstances(one, other)))
    a, b = normalize(one.text), normalize(other.text)
    whole = fuzz.token_sort_ratio(a, b) / 100
    share, shared = _contained(one.text, other.text)
    contained = CONTAINED_WORTH * share
    reasons = [f"Letter for letter, {round(100 * whole)} of 100 agree."]
    if contained > whole:
        reasons = [f"{round(100 * share)} % of the shorter wording’s content words stand in the longer one, in order."]
    if shared:
        reasons.append(f"Shared: {', '.join(shared[:8])}.")
    return Comparison(
        max(whole, contained), (*reasons, *_circumstances(one, other)), tuple(alarms(one.text, other.text))
    )


def _contained(one: str, other: str) -> tuple[float, list[str]]:
    """The share of the shorter wording's content words found, in order, in the longer; and those words."""
    short, long = sorted((content_words(one), content_words(other)), key=len)
    equal = [step for step in LCSseq.opcodes(short, long) if step.tag == "equal"]
    shared = [word for step in equal for word in short[step.src_start : step.src_end]]
    if len(short) < FRAGMENT_WORDS:
        return 0.0, shared
    return LCSseq.similarity(short, long) / len(short), shared


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
    short, long = _quoted_words(fragment), content_words(longer)
    return 0 < len(short) < len(long) and LCSseq.similarity(short, long) == len(short)


def _quoted_words(wording: str) -> Sequence[str]:
    """The content words inside quotation marks, or all of them when there are no marks."""
    marked = quotations(wording)
    return content_words(" ".join(q.inner.of(wording) for q in marked) if marked else wording)
