"""Words whose exchange changes what a quote says, and words whose exchange does not: data/shades.txt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from quotes.text.cues import lines
from quotes.text.normalize import stem
from quotes.text.spelling import level


@dataclass(frozen=True, slots=True)
class Family:
    """Words in groups; to exchange one group for another changes the meaning in the way `kind` says."""

    kind: str
    groups: dict[str, frozenset[int]]

    def differ(self, one: str, other: str) -> bool:
        """True when both words are of the family and share no group."""
        return one in self.groups and other in self.groups and not self.groups[one] & self.groups[other]


@dataclass(slots=True)
class Shades:
    """All of the file, by word. Words of several parts are one word, joined by `_`; all are stems."""

    same: dict[str, str] = field(default_factory=dict)
    negators: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)
    alone: dict[str, str] = field(default_factory=dict)
    families: list[Family] = field(default_factory=list)
    phrases: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    """First stem -> the phrases that begin with it, longest first."""

    def change(self, one: str, other: str) -> str | None:
        """The kind of change when one word is printed for the other; None for none that is known."""
        return next((family.kind for family in self.families if family.differ(one, other)), None)


@cache
def shades() -> Shades:
    found = Shades()
    for line in lines("shades.txt"):
        kind, *words = line.split()
        if kind == "same":
            first, *others = (_entered(found, word) for word in words)
            found.same |= dict.fromkeys(others, found.same.get(first, first))
        elif kind == "negator":
            found.negators |= {_entered(found, word) for word in words}
        elif kind == "condition":
            found.conditions |= {_entered(found, word) for word in words}
        elif kind == "alone":
            found.alone |= {_entered(found, word): words[0] for word in words[1:]}
        else:
            found.families.append(_family(found, kind, " ".join(words)))
    for phrases in found.phrases.values():
        phrases.sort(key=len, reverse=True)
    return _canonical(found)


def _family(found: Shades, kind: str, groups: str) -> Family:
    members: dict[str, frozenset[int]] = {}
    for number, group in enumerate(groups.split("|")):
        for word in group.split():
            name = _entered(found, word)
            members[name] = members.get(name, frozenset()) | {number}
    return Family(kind, members)


def _entered(found: Shades, printed: str) -> str:
    parts = tuple(stem(level(part)) for part in printed.split("_"))
    if len(parts) > 1 and parts not in found.phrases[parts[0]]:
        found.phrases[parts[0]].append(parts)
    return "_".join(parts)


def _canonical(found: Shades) -> Shades:
    """Every list in terms of the words that stand for others."""

    def of(word: str) -> str:
        return found.same.get(word, word)

    found.negators = {of(word) for word in found.negators}
    found.conditions = {of(word) for word in found.conditions}
    found.alone = {of(word): kind for word, kind in found.alone.items()}
    found.families = [Family(f.kind, {of(word): groups for word, groups in f.groups.items()}) for f in found.families]
    return found
