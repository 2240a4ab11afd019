"""Which negation of one wording the other has lost: *We will not pay*, *We will pay*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotes.text.alignment import Alignment
from quotes.text.normalize import stem
from quotes.text.shades import shades
from quotes.text.words import FUNCTION, Word

PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis")
SCOPE = 3
"""Content words behind a negation that it is taken to deny."""

BACKWARD = frozenset(stem(word) for word in ("nothing", "none", "nobody", "no", "nowhere", "without"))
"""Negations that may stand behind the verb they deny: *found nothing*."""

NOT_MERELY = frozenset(stem(word) for word in ("just", "only", "merely", "simply"))
HALF = 0.5
"""The share of the denied words that must have stayed."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A negation and the content words it denies, by their places on its side."""

    negator: Word
    at: int
    places: tuple[int, ...]
    stems: frozenset[str]


def lost(aligned: Alignment) -> Iterator[Word]:
    """Negations of one side whose words stand in the other without one."""
    here, there = list(_denials(aligned.one)), list(_denials(aligned.other))
    kept = _kept_negations(aligned, here, there)
    for mine, theirs, side in ((here, there, 0), (there, here, 1)):
        words = aligned.other if side else aligned.one
        stays = {pair[side] for pair in aligned.equal} | aligned.exchanged(side)
        loose = [denial.stems for denial in theirs if (1 - side, denial.at) not in kept]
        again = {(d.negator.stem, name) for d in mine if (side, d.at) in kept for name in d.stems}
        unmatched = {word.stem for gap in aligned.gaps for word in (gap.other, gap.one)[side]}
        for denial in mine:
            if (side, denial.at) in kept or not denial.stems:
                continue
            if any((denial.negator.stem, name) in again for name in denial.stems):
                continue  # repeated: “cannot, ah, cannot”
            replaced = frozenset(words[place].stem for place in denial.places if place not in stays)
            if any(denial.stems & others for others in loose) or _is_undone(replaced, unmatched):
                continue
            if sum(place in stays for place in denial.places) >= HALF * len(denial.places):
                yield denial.negator


def _kept_negations(aligned: Alignment, here: Sequence[Denial], there: Sequence[Denial]) -> set[tuple[int, int]]:
    """Negations that both sides have in the same place, in whatever words: side and place of each."""
    mine, theirs = {denial.at: denial for denial in here}, {denial.at: denial for denial in there}
    kept: set[tuple[int, int]] = set()
    for a, b in aligned.equal:
        one, other = mine.get(a), theirs.get(b)
        if one is None or other is None or bool(one.stems) == bool(other.stems):
            kept |= {(0, a), (1, b)}
    for gap in aligned.gaps:
        pair = [at for at in gap.places[0] if at in mine], [at for at in gap.places[1] if at in theirs]
        if all(pair):
            kept |= {(0, at) for at in pair[0]} | {(1, at) for at in pair[1]}
    return kept


def _denials(side: Sequence[Word]) -> Iterator[Denial]:
    """Each negation with the content words it denies: the next few of its clause, for *nothing* the last few too."""
    negators = shades().negators
    for at, word in enumerate(side):
        if word.stem not in negators or _is_no_denial(side, at):
            continue
        places: list[int] = []
        for place in range(at + 1, len(side)):
            if len(places) == SCOPE or side[place].clause > word.clause + (not places):
                break
            if side[place].stem not in FUNCTION and side[place].stem not in negators:
                places.append(place)
        if word.stem in BACKWARD:
            before = [place for place in range(max(0, at - 4), at) if side[place].clause == word.clause]
            places += [p for p in before[-2:] if side[p].stem not in FUNCTION and side[p].stem not in negators]
        yield Denial(word, at, tuple(places), frozenset(side[place].stem for place in places))


def _is_no_denial(side: Sequence[Word], at: int) -> bool:
    """*neither called NOR written* is denied once; *whether or NOT* and *NOT only* deny nothing."""
    word = side[at]
    if word.stem == "nor":
        return any(other.stem in shades().negators and other.sentence == word.sentence for other in side[:at])
    before = side[at - 1].stem if at else ""
    following = side[at + 1].stem if at + 1 < len(side) else ""
    return word.stem == "not" and (before == "or" or following in NOT_MERELY)


def _is_undone(denied: frozenset[str], unmatched: set[str]) -> bool:
    """*not qualified* against *unqualified*, *not allowing* against *banning*."""
    opposite = any(shades().change(name, word) in {"reversed", "modal"} for name in denied for word in unmatched)
    return opposite or any(stem(prefix + name) in unmatched for prefix in PREFIXES for name in denied)


def is_opposite_by_prefix(one: Word, other: Word) -> bool:
    """*qualified* and *unqualified*"""
    long, short = (one, other) if len(one.printed) > len(other.printed) else (other, one)
    return any(stem(prefix + short.printed.lower()) == long.stem for prefix in PREFIXES)
