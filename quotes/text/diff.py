"""Word-level alignment of two wordings, for `<ins>` and `<del>`."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from quotes.text.normalize import content_words
from quotes.text.verdict import counted, listed

WORD = re.compile(r"\S+")


class Change(NamedTuple):
    kind: Literal["same", "deleted", "inserted"]
    words: str


def changes(best: str, variant: str) -> list[Change]:
    """How `variant` differs from `best`, word by word, in reading order."""
    old, new = WORD.findall(best), WORD.findall(variant)
    found: list[Change] = []
    for step in Indel.opcodes([_bare(w) for w in old], [_bare(w) for w in new]):
        if step.tag == "equal":
            found.append(Change("same", " ".join(new[step.dest_start : step.dest_end])))
        if step.tag in {"delete", "replace"}:
            found.append(Change("deleted", " ".join(old[step.src_start : step.src_end])))
        if step.tag in {"insert", "replace"}:
            found.append(Change("inserted", " ".join(new[step.dest_start : step.dest_end])))
    return _deleted_first(found)


MOST_TOLD = 3


def drift(best: str, variant: str, outlets: int) -> str:
    """What so many outlets did with the words of `best` by printing `variant`: *3 outlets drop “if Kyiv agrees”.*

    Changes of grammar alone are left out, and after MOST_TOLD the rest are counted; empty when nothing is left.
    """
    found = changes(best, variant)
    pairs = [(change, *_put(found, at)) for at, change in enumerate(found)]
    told = [_phrase(change, put, outlets) for change, put, is_told in pairs if is_told]
    rest = len(told) - MOST_TOLD
    if rest > 0:
        told[MOST_TOLD:] = [f"{_verb('make', outlets)} {counted(rest, 'more change')}"]
    return f"{counted(outlets, 'outlet')} {listed(told)}." if told else ""


def _put(found: list[Change], at: int) -> tuple[str, bool]:
    """What stands in place of a deletion, and whether the change is told: by itself, and of words that tell."""
    change = found[at]
    following = found[at + 1] if at + 1 < len(found) else None
    put = following.words if change.kind == "deleted" and following and following.kind == "inserted" else ""
    replaces = change.kind == "inserted" and at > 0 and found[at - 1].kind == "deleted"
    return put, change.kind != "same" and not replaces and bool(content_words(f"{change.words} {put}"))


def _phrase(change: Change, put: str, outlets: int) -> str:
    if put:
        return f"{_verb('have', outlets)} “{_shortened(put)}” for “{_shortened(change.words)}”"
    return f"{_verb('drop' if change.kind == 'deleted' else 'add', outlets)} “{_shortened(change.words)}”"


def _verb(verb: str, outlets: int) -> str:
    return verb if outlets != 1 else {"have": "has"}.get(verb, f"{verb}s")


def _shortened(words: str, most: int = 12) -> str:
    parts = words.strip('"“”‘’.,;:!?…').split()
    return " ".join(parts) if len(parts) <= most else f"{' '.join(parts[:most])} …"


def _deleted_first(found: list[Change]) -> list[Change]:
    """What went before what came, where one replaced the other."""
    for at in range(len(found) - 1):
        if (found[at].kind, found[at + 1].kind) == ("inserted", "deleted"):
            found[at], found[at + 1] = found[at + 1], found[at]
    return found


def _bare(word: str) -> str:
    """Case, marks and curly apostrophes make no difference."""
    return word.casefold().replace("’", "'").strip("\"“”‘'’.,;:!?…—–-") or word
