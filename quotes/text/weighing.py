"""Many comparisons of one speaker's wordings: for matching everything anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from quotes.text.frequencies import Counts, Frequencies, background
from quotes.text.match import SHORT, Tier, Wording, compare
from quotes.text.reasons import sentences

Job = tuple[Wording, Wording]


class Weighed(NamedTuple):
    """A comparison in what is kept of it."""

    probability: float
    tier: Tier
    is_short: bool
    """One of the two is a few words, which must be told through the same relay or article to count."""

    reasons: list[str]
    alarms: list[str]


@cache
def frequencies_at(path: Path) -> Frequencies:
    """The counts in a file of `keys`, `values` and `total`; the background is in the counts already."""
    with np.load(path) as table:
        return Frequencies(Counts(table["keys"], table["values"]), background().total + int(table["total"]))


def weigh(jobs: Sequence[Job], counts: Path) -> list[Weighed]:
    """Compares pairs of wordings of one speaker. About 0.4 ms each; no error for any text."""
    known = frequencies_at(counts)
    return [_weighed(one, other, known) for one, other in jobs]


def _weighed(one: Wording, other: Wording, known: Frequencies) -> Weighed:
    found = compare(one, other, heard="same", frequencies=known)
    is_short = found.evidence.words < SHORT and not found.evidence.exact
    if found.tier == "different":
        return Weighed(found.probability, found.tier, is_short, [], [])
    reasons, alarms = sentences(found.evidence), [str(alarm) for alarm in found.alarms]
    return Weighed(found.probability, found.tier, is_short, reasons, alarms)
