"""Is it the same quote? A probability for two wordings, with its reasons as data.

What counts is how much the shared words tell (rare ones tell more, names a quarter), the longest run of them, how
much of the shorter wording it covers, whether the run is a set phrase, who is said to have spoken, the days between,
and what changed in meaning. A logistic regression weighs these; training/match.py fits it on labelled pairs.
No measure of string likeness does it: one speaker's slogans are alike, and a lost *not* is nearly identical.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from quotes.text.alignment import Alignment, align
from quotes.text.cues import DATA
from quotes.text.frequencies import Frequencies, background
from quotes.text.keys import key_of
from quotes.text.meaning import Alarm, alarms_in
from quotes.text.normalize import fingerprint
from quotes.text.speech import Form, form_of, made_direct
from quotes.text.voices import Voice, voice
from quotes.text.words import FUNCTION, Word, words

SAME_AT = 0.9
"""The probability from which a machine may link by itself, when nothing else forbids it."""

OFFER_AT = 0.5
"""The probability from which an editor is asked."""

LEAST_MEAN = 0.6
"""The mean probability over all wordings of a quote from which another may join it (average link). Above a half, so that
being like one of two is not enough; chosen from .51 to .7 by training/clusters.py."""

FUNCTION_WEIGHT = 0.5
NAME_WEIGHT = 0.25
"""What a shared name tells, as a share of another word as rare: people in the news are named in every quote on them."""

MOST_MASS = 40.0
MOST_DAYS = 60
UNKNOWN_DAYS = 30
"""Days taken to lie between wordings of which one has no date."""

SHORT = 3
"""Content words below which a wording is too short to be known again in other words."""

SHORT_DAYS = 2
LEAST_RUN = 3
"""Words in a row that two wordings must share for a machine to link them: the same words in any order are not enough."""

ONE_SPEAKER: frozenset[Voice] = frozenset({"same", "fits"})

Tier = Literal["same", "offer", "different"]


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording as it is compared: its words, who is said to have said it (as printed), and the day it was reported."""

    text: str
    speaker: str | None = None
    day: date | None = None
    form: Form | None = None
    """None: the quotation marks in the text say."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one quote behind two wordings. Masses are sums of `Frequencies.weight` (natural logarithms)."""

    shared: tuple[str, ...]
    """Content words both have, as the first prints them, those that tell most first."""

    run: str
    """The longest run of shared words by mass, as the first wording prints it."""

    mass: float
    run_mass: float
    run_words: int
    shares: tuple[float, float]
    """Of each wording, the share (0 to 1) of its mass that the other has too."""

    set_phrase: float
    """ln(1 + how often the rarest pair of the run is known to occur): high for slogans and titles."""

    is_title: bool
    """Nothing is shared but names and titles."""

    words: int
    """Content words of the shorter wording."""

    exact: bool
    voice: Voice
    days: int | None
    alarms: tuple[Alarm, ...]

    @property
    def coverage(self) -> float:
        """The share (0 to 1) of the mass of the lighter wording that the other has too."""
        return max(self.shares)

    def features(self) -> dict[str, float]:
        """The inputs of the regression."""
        kinds = {alarm.kind for alarm in self.alarms}
        days = UNKNOWN_DAYS if self.days is None else min(self.days, MOST_DAYS)
        return {
            "one": 1.0,
            "mass": min(self.mass, MOST_MASS) / 10,
            "run": min(self.run_mass, MOST_MASS) / 10,
            "run words": math.log1p(self.run_words),
            "coverage": self.coverage,
            "set phrase": self.set_phrase,
            "title": float(self.is_title),
            "same voice": float(self.voice in ONE_SPEAKER),
            "days": math.log1p(days),
            "negation": float("negation" in kinds),
            "number": float("number" in kinds),
        }

    def reasons(self) -> list[dict[str, Any]]:
        """The evidence as data: {kind, …}, the strongest first. `quotes.text.reasons` puts it into words."""
        found: list[dict[str, Any]] = []
        if self.exact:
            found.append({"kind": "exact"})
        elif self.run:
            found.append({"kind": "run", "words": self.run, "count": self.run_words})
            found.append({"kind": "shared", "words": list(self.shared[:8]), "coverage": round(self.coverage, 2)})
        found.append({"kind": "voice", "value": self.voice})
        if self.days is not None:
            found.append({"kind": "days", "value": self.days})
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """`probability` (0 to 1) that one utterance is behind both; `tier` says what may be done with that."""

    probability: float
    tier: Tier
    evidence: Evidence

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        return self.evidence.alarms


def compare(
    one: Wording, other: Wording, *, heard: Voice | None = None, frequencies: Frequencies | None = None
) -> Comparison:
    """Weighs two wordings. `heard` says whether the speakers are one, where the caller knows; else their names do.

    Symmetric in all but the words quoted as reasons. About 0.2 ms; no error for any text.
    """
    found = evidence(one, other, heard=heard, frequencies=frequencies)
    return Comparison(probability(found.features()), tier(found), found)


def evidence(
    one: Wording, other: Wording, *, heard: Voice | None = None, frequencies: Frequencies | None = None
) -> Evidence:
    """What speaks for and against; see `compare`."""
    known = frequencies or background()
    aligned = align(words(one.text), words(other.text))
    weigh = _Scale(aligned, known)
    run = _heaviest_run(aligned, weigh)
    here, there = {word.stem for word in aligned.one}, {word.stem for word in aligned.other}
    shared = sorted((here & there) - FUNCTION, key=lambda stem: (-weigh.stem(stem), stem))
    common = weigh.all(here & there)
    printed = {word.stem: word.printed for word in reversed(aligned.one)}
    forms = (form_of(each.text) if each.form is None else each.form for each in (one, other))
    days = abs((one.day - other.day).days) if one.day and other.day else None
    return Evidence(
        shared=tuple(printed[stem] for stem in shared),
        run=" ".join(word.printed for word in run),
        mass=weigh.all(set(shared)),
        run_mass=sum(weigh.stem(word.stem) for word in run),
        run_words=len(run),
        shares=(_share(common, weigh.all(here)), _share(common, weigh.all(there))),
        set_phrase=_set_phrase(run, known),
        is_title=bool(shared) and all(stem in weigh.names for stem in shared),
        words=min(_content(aligned.one), _content(aligned.other)),
        exact=fingerprint(one.text) == fingerprint(other.text),
        voice=heard or voice(one.speaker or "", other.speaker or ""),
        days=days,
        alarms=(*alarms_in(aligned), *made_direct(aligned, *forms)),
    )


class _Scale:
    """Weighs stems: by how rare they are, names a quarter, words of grammar little."""

    def __init__(self, aligned: Alignment, known: Frequencies) -> None:
        self._known = known
        self.names = (_capital(aligned.one) & _capital(aligned.other)) - _lower(aligned.one) - _lower(aligned.other)

    def stem(self, stem: str) -> float:
        if stem in FUNCTION:
            return FUNCTION_WEIGHT
        return self._known.weight(key_of(stem)) * (NAME_WEIGHT if stem in self.names else 1.0)

    def all(self, stems: set[str]) -> float:
        return sum(map(self.stem, sorted(stems)))


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole else 0.0


def _capital(side: Sequence[Word]) -> set[str]:
    return {word.stem for word in side if word.printed[:1].isupper() and word.printed != "I"}


def _lower(side: Sequence[Word]) -> set[str]:
    return {word.stem for word in side if word.printed[:1].islower()}


def _content(side: Sequence[Word]) -> int:
    return sum(word.stem not in FUNCTION for word in side)


def _heaviest_run(aligned: Alignment, weigh: _Scale) -> Sequence[Word]:
    """The stretch of words that follow each other on both sides and tell most."""
    best: Sequence[Word] = ()
    heaviest = 0.0
    start = 0
    for at in range(1, len(aligned.equal) + 1):
        if at < len(aligned.equal) and _follows(aligned.equal[at - 1], aligned.equal[at]):
            continue
        run = [aligned.one[a] for a, _ in aligned.equal[start:at]]
        mass = sum(weigh.stem(word.stem) for word in run)
        if mass > heaviest:
            best, heaviest = run, mass
        start = at
    return best


def _follows(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] == one[0] + 1 and other[1] == one[1] + 1


def _set_phrase(run: Sequence[Word], known: Frequencies) -> float:
    """How usual the run is by its rarest pair; a single word counts a third of its own frequency."""
    pairs = [(a.stem, b.stem) for a, b in pairwise(run) if a.stem not in FUNCTION or b.stem not in FUNCTION]
    if pairs:
        return math.log1p(min(known.count(key_of(*pair)) for pair in pairs))
    return math.log1p(known.count(key_of(run[0].stem)) / 3) if run else 0.0


# --- what follows from it --------------------------------------------------------------------------


@cache
def weights() -> dict[str, float]:
    """The regression, as training/match.py wrote it."""
    found: dict[str, float] = json.loads((DATA / "match.json").read_text(encoding="utf-8"))["weights"]
    return found


def probability(features: dict[str, float]) -> float:
    """The logistic function of the weighted features, 0 to 1."""
    total = sum(weights()[name] * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def tier(found: Evidence) -> Tier:
    """What may be done: link (`same`), ask an editor (`offer`), or nothing.

    An alarmed pair is offered when it would be without its alarm. A very short wording is the same only exactly,
    or as a fragment of the same speaker's, on the same days.
    """
    features = found.features()
    short = found.words < SHORT
    if short and not found.exact and (found.coverage < 1.0 or found.voice not in ONE_SPEAKER):
        return "different"
    likely = probability(features) >= SAME_AT or (short and found.exact)
    if likely and may_link(found):
        return "same"
    unheeded = probability(features | {"negation": 0.0, "number": 0.0})
    return "offer" if unheeded >= OFFER_AT else "different"


def may_link(found: Evidence) -> bool:
    """True when nothing forbids a machine to link: no alarm, no other speaker, words in a row, and days for a few words."""
    if found.alarms or found.voice == "different":
        return False
    if found.words < SHORT:
        return found.voice in ONE_SPEAKER and found.days is not None and found.days <= SHORT_DAYS
    return found.exact or found.run_words >= LEAST_RUN
