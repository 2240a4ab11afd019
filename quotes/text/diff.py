"""Word-level alignment of two wordings, for `<ins>` and `<del>`."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from quotes.text.normalize import content_words

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


def drift(best: str, variant: str) -> list[str]:
    """What `variant` does with the words of `best`, in phrases for after a number of outlets: *drop “if Kyiv agrees”*.

    Changes of grammar alone are left out; after MOST_TOLD the rest are counted.
    """
    told: list[str] = []
    found = changes(best, variant)
    for at, change in enumerate(found):
        before = found[at - 1] if at else Change("same", "")
        after = found[at + 1] if at + 1 < len(found) else Change("same", "")
        if change.kind == "inserted" and before.kind == "deleted":
            continue
        put = after.words if change.kind == "deleted" and after.kind == "inserted" else ""
        if change.kind != "same" and content_words(f"{change.words} {put}"):
            told.append(_phrase(change, put))
    rest = len(told) - MOST_TOLD
    return told if rest <= 0 else [*told[:MOST_TOLD], f"make {rest} more change{'s' if rest > 1 else ''}"]


def _phrase(change: Change, put: str) -> str:
    if put:
        return f"have “{_shortened(put)}” for “{_shortened(change.words)}”"
    return f"{'drop' if change.kind == 'deleted' else 'add'} “{_shortened(change.words)}”"


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
