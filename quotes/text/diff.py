"""Word-level alignment of two wordings, for `<ins>` and `<del>`."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

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


def _deleted_first(found: list[Change]) -> list[Change]:
    """What went before what came, where one replaced the other."""
    for at in range(len(found) - 1):
        if (found[at].kind, found[at + 1].kind) == ("inserted", "deleted"):
            found[at], found[at + 1] = found[at + 1], found[at]
    return found


def _bare(word: str) -> str:
    """Case, marks and curly apostrophes make no difference."""
    return word.casefold().replace("’", "'").strip("\"“”‘'’.,;:!?…—–-") or word
