"""What changed in meaning between two wordings: a dropped *not*, another number, a lost *if*.

A score of likeness hardly notices a lost *not*; this check looks for nothing else. The words are aligned; what
was exchanged, added or dropped between words that stayed is held against data/shades.txt. What merely was left
out at either end is no change: newsrooms shorten. Each alarm names the words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from quotes.text.alignment import LONGEST_EXCHANGE, Alignment, Gap, align
from quotes.text.gazetteer import country_names, first_names
from quotes.text.lexicon import AUXILIARIES, BE, DETERMINERS, PERSONAL, POSSESSIVES
from quotes.text.negation import is_opposite_by_prefix, lost
from quotes.text.normalize import stem
from quotes.text.shades import shades
from quotes.text.words import FUNCTION, Word, words

Kind = Literal[
    "negation", "number", "date", "name", "modal", "strength", "quantifier", "condition", "reversed", "direct"
]

HALF = 0.5
FEW = 3
"""Words that may be exchanged or dropped in one place; more of them are a clause of their own."""
SAYINGS = tuple(
    tuple(word.stem for word in words(saying))
    for saying in ("I may", "I can put", "I could put", "I can say", "I might", "I recall", "I remember", "you like")
)
"""What follows *if* where it makes no condition: *if I may say so*."""

SAYS = {
    "negation": "Only one of the two says {}.",
    "number": "The figures differ: {}.",
    "date": "The time differs: {}.",
    "name": "The names differ: {}.",
    "modal": "How certain it is differs: {}.",
    "strength": "How strong it is differs: {}.",
    "quantifier": "How much or how many differs: {}.",
    "condition": "Only one of the two has the condition {}.",
    "reversed": "Who does what to whom differs, or which way: {}.",
    "direct": "One prints as the speaker’s own words what the other reports: {}.",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A change of meaning; `words` are those that changed, as printed."""

    kind: Kind
    words: tuple[str, ...]

    def __str__(self) -> str:
        return SAYS[self.kind].format(", ".join(f"“{word}”" for word in self.words))


def alarms(one: str, other: str) -> list[Alarm]:
    """The changes of meaning between two wordings, one alarm for each place. Time: that of one alignment."""
    return alarms_in(align(words(one), words(other)))


def alarms_in(aligned: Alignment) -> list[Alarm]:
    """The same for wordings aligned already."""
    found = [Alarm("negation", (word.printed,)) for word in lost(aligned)]
    if aligned.coverage >= HALF:
        found += [*_swapped(aligned), *_conditions(aligned)]
        for gap in aligned.gaps:
            found += [*_exchanged(gap, aligned.moved), *_alone(gap, aligned)]
    return list(dict.fromkeys(found))


# --- words exchanged, added, dropped ---------------------------------------------------------------


def _exchanged(gap: Gap, moved: Counter[str]) -> Iterator[Alarm]:
    """Words of one family in the place of each other, other figures, other names, other prefixes."""
    here = [word for word in gap.one if not moved[word.stem]]
    there = [word for word in gap.other if not moved[word.stem]]
    near = len(gap.one) + len(gap.other) <= LONGEST_EXCHANGE
    for mine in here if near else ():
        for theirs in there:
            kind = "negation" if _is_opposite(gap, mine, theirs) else shades().change(mine.stem, theirs.stem)
            if kind is not None:
                yield Alarm(kind, (mine.printed, theirs.printed))  # type: ignore[arg-type]
    figures = [word for word in here if word.is_figure], [word for word in there if word.is_figure]
    values = {word.stem for word in figures[0]}, {word.stem for word in figures[1]}
    if values[0] != values[1] and (all(figures) or _stands_in_place(gap, figures)):
        yield Alarm("number", tuple(word.printed for word in (*figures[0], *figures[1])))
    names = [word for word in here if _is_name(word)], [word for word in there if _is_name(word)]
    if all(names) and not _is_one_name(names[0], names[1]):
        yield Alarm("name", tuple(word.printed for word in (*names[0], *names[1])))


def _stands_in_place(gap: Gap, figures: tuple[list[Word], list[Word]]) -> bool:
    """*Three | men left* against *men left*: a figure, and no whole clause, that one side leaves out."""
    side = gap.one if figures[0] else gap.other
    return gap.after is not None and len(side) <= FEW and (gap.inner or side[-1].is_figure)


def _is_opposite(gap: Gap, mine: Word, theirs: Word) -> bool:
    """*qualified* and *unqualified*, unless *not* makes up for it."""
    makes_up = any(word.stem in shades().negators for word in (*gap.one, *gap.other))
    return is_opposite_by_prefix(mine, theirs) and not makes_up


def _is_name(word: Word) -> bool:
    printed = word.printed
    if not printed[:1].isupper() or word.is_figure or word.stem in FUNCTION or _is_shade(word.stem):
        return False
    return word.is_name or printed in first_names() or printed in country_names()


def _is_shade(word: str) -> bool:
    """True for a word whose exchange is judged by its family, not as a name: *Monday*, *No*."""
    known = shades()
    return word in known.negators or any(word in family.groups for family in known.families)


def _is_one_name(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """*Lourenço de Matos* and *de Matos*, *EU* and *European Union*: nothing on one side that the other denies."""
    mine, theirs = {word.stem for word in one}, {word.stem for word in other}
    if mine <= theirs or theirs <= mine or mine & theirs:
        return True
    initials = "".join(word.printed[0] for word in one).lower(), "".join(word.printed[0] for word in other).lower()
    return initials[0] in theirs or initials[1] in mine


def _alone(gap: Gap, aligned: Alignment) -> Iterator[Alarm]:
    """*only*, *almost*, *may* on one side alone, right beside words that stayed."""
    stays = {aligned.one[a].stem for a, _ in aligned.equal} | set(aligned.moved)
    for side, opposite in ((gap.one, gap.other), (gap.other, gap.one)):
        for at, word in enumerate(side):
            kind = shades().alone.get(word.stem)
            if kind is None or word.stem in stays or any(_is_kin(word, other) for other in opposite):
                continue
            if _is_beside(gap, side, at):
                yield Alarm(kind, (word.printed,))  # type: ignore[arg-type]


def _is_kin(word: Word, other: Word) -> bool:
    """Both of one family: an exchange, judged as such."""
    return any(word.stem in family.groups and other.stem in family.groups for family in shades().families)


def _is_beside(gap: Gap, side: Sequence[Word], at: int) -> bool:
    """True when equal words stand on the word's own side, in its clause."""
    if side[at].stem in AUXILIARIES:
        return gap.inner and len(side) <= FEW
    before = gap.before is not None and at <= 1
    after = gap.after is not None and len(side) - at <= 2
    return after or (before and gap.inner)


# --- conditions ------------------------------------------------------------------------------------


def _conditions(aligned: Alignment) -> Iterator[Alarm]:
    """*if*, *unless*, *except* of one side alone, in a sentence that both have."""
    for side, other, mine in ((aligned.one, aligned.other, 0), (aligned.other, aligned.one, 1)):
        shared = {side[pair[mine]].sentence for pair in aligned.equal if side[pair[mine]].stem not in FUNCTION}
        if any(_is_condition(other, at) for at in range(len(other))):
            continue
        for at, word in enumerate(side):
            if word.sentence in shared and _is_condition(side, at):
                yield Alarm("condition", (word.printed,))


def _is_condition(side: Sequence[Word], at: int) -> bool:
    """*if*, *unless*; *once* only before a clause (not *once and for all*), *subject to* not behind *is*, and no *if I
    may say so*."""
    if side[at].stem not in shades().conditions:
        return False
    if any(tuple(word.stem for word in side[at + 1 : at + 1 + len(saying)]) == saying for saying in SAYINGS):
        return False
    following = side[at + 1].stem if at + 1 < len(side) else ""
    if side[at].stem == "subject_to":
        return at == 0 or side[at - 1].stem not in BE
    return side[at].stem != "onc" or following in DETERMINERS | PERSONAL | POSSESSIVES


# --- who did what to whom --------------------------------------------------------------------------


def _swapped(aligned: Alignment) -> Iterator[Alarm]:
    """Two names or nouns that changed places around the same verb; unless the verb turned passive."""
    turned = _is_passive(aligned.one) != _is_passive(aligned.other)
    pairs = [*_exchanges(aligned), *_turned_round(aligned)]
    for first, second in pairs:
        if not turned:
            yield Alarm("reversed", (first.printed, second.printed))
    if turned and not pairs and not any(aligned.moved[name] for name in aligned.moved if name not in FUNCTION):
        short = [gap for gap in aligned.gaps if gap.before and len(gap.one) + len(gap.other) <= FEW]
        by = next((word for gap in short for word in (*gap.one, *gap.other) if word.stem == "by"), None)
        if by is not None:
            yield Alarm("reversed", (by.printed,))


def _exchanges(aligned: Alignment) -> Iterator[tuple[Word, Word]]:
    """Pairs X, Y with X before an equal word and Y behind it on one side, and the other way round on the other."""
    places: dict[str, list[int]] = {}
    for number, gap in enumerate(aligned.gaps):
        for word in gap.one:
            if aligned.moved[word.stem] == 1 and word.stem not in FUNCTION:
                places.setdefault(word.stem, []).append(number)
    others = {word.stem: number for number, gap in enumerate(aligned.gaps) for word in gap.other}
    moved = [
        (word, places[word.stem][0], others[word.stem])
        for gap in aligned.gaps
        for word in gap.one
        if word.stem in places and word.stem in others
    ]
    for first, second in pairwise(moved):
        if first[1] < second[1] and first[2] > second[2] and first[0].clause == second[0].clause:
            yield first[0], second[0]


def _turned_round(aligned: Alignment) -> Iterator[tuple[Word, Word]]:
    """*The bank owes my client*, *my client owes the bank*: three words in the opposite order."""
    counts = Counter(word.stem for word in aligned.one), Counter(word.stem for word in aligned.other)
    place = {word.stem: at for at, word in enumerate(aligned.other) if counts[1][word.stem] == 1}
    shared = [w for w in aligned.one if w.stem not in FUNCTION and w.stem in place and counts[0][w.stem] == 1]
    for first, middle, last in zip(shared, shared[1:], shared[2:], strict=False):
        here = first.clause == last.clause
        if here and place[first.stem] > place[middle.stem] > place[last.stem]:
            yield first, last


def _is_passive(side: Sequence[Word]) -> bool:
    """*was … by*"""
    stems = [word.stem for word in side]
    return "by" in stems and any(
        stem(form) in stems[: stems.index("by")] for form in ("was", "were", "been", "is", "are")
    )
