"""The labelled corpus (PolNeAR, as JSON lines) and its labels on word pieces."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quotes.text.pieces import Pieces

ROLES = ("source", "cue", "content")
FIRST = {"source": 1, "cue": 3, "content": 5}
"""The number of each role's begin label; its inside label is one more."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article and its relations; each relation maps a role to spans of the text."""

    text: str
    relations: list[dict[str, list[tuple[int, int]]]]


@dataclass(frozen=True, slots=True)
class Target:
    """What the network should say of an article's pieces.

    labels (n,) · cue_of: (content's first piece, cue's first piece or -1) ·
    source_of: (cue's first piece, source's first piece or -1)
    """

    labels: NDArray[np.int64]
    cue_of: list[tuple[int, int]]
    source_of: list[tuple[int, int]]


def load(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Labelled(row["text"], [{r: [(s, e) for s, e in found[r]] for r in ROLES} for found in row["attributions"]])
        for row in rows
    ]


def target(article: Labelled, cut: Pieces) -> Target:
    """Labels and links of one article on its pieces. A span that holds no piece is left out."""
    labels = np.zeros(len(cut.ids), np.int64)
    marked = [{role: _mark(labels, cut, role, relation[role]) for role in ROLES} for relation in article.relations]
    cue_of, source_of = [], []
    for relation in marked:
        cue = relation["cue"][0] if relation["cue"] else -1
        cue_of += [(content, cue) for content in relation["content"]]
        if cue >= 0:
            source_of.append((cue, min(relation["source"], key=lambda at: abs(at - cue), default=-1)))
    return Target(labels, cue_of, source_of)


def _mark(labels: NDArray[np.int64], cut: Pieces, role: str, spans: list[tuple[int, int]]) -> list[int]:
    firsts = []
    for start, end in spans:
        first = int(np.searchsorted(cut.ends, start, "right"))
        last = int(np.searchsorted(cut.starts, end))
        if last > first:
            labels[first] = FIRST[role]
            labels[first + 1 : last] = FIRST[role] + 1
            firsts.append(first)
    return firsts
