"""Two wordings word by word: what is equal, what stands in the place of what, and what only moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from quotes.text.words import FUNCTION, Word

LONGEST_EXCHANGE = 8
"""Words on both sides together from which a gap is another statement, not an exchange of words."""

FEW = 3
"""Content words of a wording too short to tell by their share whether the two have anything in common."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two stretches of equal words: `one` here, `other` there. Either may be empty.

    `inner` gaps have equal words on both sides.
    """

    one: tuple[Word, ...]
    other: tuple[Word, ...]
    before: Word | None
    after: Word | None
    places: tuple[range, range]
    """Where its words stand on either side."""

    @property
    def inner(self) -> bool:
        return self.before is not None and self.after is not None


@dataclass(slots=True)
class Alignment:
    """Two wordings word by word: what is equal, what is not, and what only moved."""

    one: tuple[Word, ...]
    other: tuple[Word, ...]
    gaps: list[Gap]
    equal: list[tuple[int, int]]
    moved: Counter[str]

    def exchanged(self, side: int) -> set[int]:
        """Places of words that stand in the other wording too, in another order, within gaps that are no clause."""
        short = [gap for gap in self.gaps if len(gap.one) + len(gap.other) <= LONGEST_EXCHANGE]
        words = self.other if side else self.one
        return {place for gap in short for place in gap.places[side] if self.moved[words[place].stem]}

    @property
    def coverage(self) -> float:
        """The share (0 to 1) of the content words of the one that has fewer which are aligned; 1 for a few words."""
        shared = sum(self.one[a].stem not in FUNCTION for a, _ in self.equal)
        fewer = min(sum(word.stem not in FUNCTION for word in side) for side in (self.one, self.other))
        return shared / fewer if fewer > FEW else 1.0


def align(one: tuple[Word, ...], other: tuple[Word, ...]) -> Alignment:
    """The longest common subsequence of the words (rapidfuzz, Indel distance), asides left out."""
    one, other = _without_asides(one, other)
    steps = Indel.opcodes([word.stem for word in one], [word.stem for word in other])
    equal: list[tuple[int, int]] = []
    gaps: list[Gap] = []
    a = b = 0
    for step in [s for s in steps if s.tag == "equal"]:
        _add_gap(gaps, one, other, (a, step.src_start), (b, step.dest_start))
        equal += zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True)
        a, b = step.src_end, step.dest_end
    _add_gap(gaps, one, other, (a, len(one)), (b, len(other)))
    here = Counter(word.stem for gap in gaps for word in gap.one)
    there = Counter(word.stem for gap in gaps for word in gap.other)
    return Alignment(one, other, gaps, equal, here & there)


def _without_asides(one: tuple[Word, ...], other: tuple[Word, ...]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """*He [Mr Lee] left*: a newsroom's own words count only where the other wording has them too."""
    known = {word.stem for word in one if not word.is_aside}, {word.stem for word in other if not word.is_aside}
    return (
        tuple(word for word in one if not word.is_aside or word.stem in known[1]),
        tuple(word for word in other if not word.is_aside or word.stem in known[0]),
    )


def _add_gap(
    gaps: list[Gap], one: Sequence[Word], other: Sequence[Word], here: tuple[int, int], there: tuple[int, int]
) -> None:
    if here[0] == here[1] and there[0] == there[1]:
        return
    before = one[here[0] - 1] if here[0] and there[0] else None
    after = one[here[1]] if here[1] < len(one) and there[1] < len(other) else None
    places = range(*here), range(*there)
    gaps.append(Gap(tuple(one[slice(*here)]), tuple(other[slice(*there)]), before, after, places))
