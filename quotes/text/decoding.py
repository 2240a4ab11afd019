"""Label scores and link vectors -> relations: which pieces form spans, and which spans belong together.

The best label sequence is found by the Viterbi algorithm under the rule that an inside label follows its
own kind; each content then chooses its cue, and each cue its source, by the product of their link vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quotes.text.pieces import LABELS, PLACES, Pieces
from quotes.text.spans import Span

Floats = NDArray[np.float32]

SOURCE, CUE, CONTENT = 1, 3, 5
FORBIDDEN = -1e9
LEAST_LIKELY = -1e3
INSIDE = np.array([SOURCE + 1, CUE + 1, CONTENT + 1])
LEFT_OPEN = PLACES.index("inside, left open")
LONGEST_TAIL = 5
"""Pieces that may stand between a quotation and its cue and be their source."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Constants of the decoder, in log-odds; chosen on polnear_dev by training/tune.py."""

    outside: float = 0.3
    """Taken off the label "outside": more of it finds more and is wrong more often."""
    paragraph: float = 3.0
    """Taken off a link for each paragraph break it crosses."""
    passed: float = 0.7
    """Taken off a link from a content for each cue it passes over."""
    no_cue: float = -1.0
    """Added to a content's link to nothing."""
    no_source: float = 0.0
    """Added to a cue's link to nothing."""


class Stretch(NamedTuple):
    """Pieces `first` to `last` (exclusive) of one role, with the mean probability of their labels."""

    role: int
    first: int
    last: int
    sure: float

    def shifted(self, by: int) -> Stretch:
        return self._replace(first=self.first + by, last=self.last + by)

    def span(self, cut: Pieces) -> Span:
        """Where the stretch lies in the text."""
        return Span(int(cut.starts[self.first]), int(cut.ends[self.last - 1]))


@dataclass(frozen=True, slots=True)
class Relation:
    """One cue with its source and contents, as ranges of pieces, and how sure the network is of each (0 to 1)."""

    cue: Stretch | None
    source: Stretch | None
    contents: tuple[Stretch, ...]
    linked: float
    """The probability of the least sure link from a content."""
    sourced: float
    """The probability of the link from the cue to its source, or to none."""

    def shifted(self, by: int) -> Relation:
        """The same relation with positions counted from `by` pieces earlier."""
        return replace(
            self,
            cue=self.cue and self.cue.shifted(by),
            source=self.source and self.source.shifted(by),
            contents=tuple(content.shifted(by) for content in self.contents),
        )


def log_probabilities(scores: Floats) -> Floats:
    """(n, 7) scores -> (n, 7) natural logarithms of probabilities."""
    highest = scores.max(axis=-1, keepdims=True)
    shifted = scores - highest
    logs: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def walls(features: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pieces that begin a paragraph while no quotation is left open: no stretch runs across them."""
    begins = features[:, 2] == 1
    begins[1:] &= features[:-1, 1] != LEFT_OPEN
    return np.flatnonzero(begins)


def _transitions() -> NDArray[np.float64]:
    """Inside follows begin or inside of the same role."""
    allowed = np.zeros((len(LABELS), len(LABELS)))
    for inside in (SOURCE + 1, CUE + 1, CONTENT + 1):
        allowed[:, inside] = FORBIDDEN
        allowed[[inside - 1, inside], inside] = 0.0
    return allowed


TRANSITIONS = _transitions()
FIRST = np.array([FORBIDDEN if label.startswith("I") else 0.0 for label in LABELS])


def best_labels(logs: NDArray[np.float64]) -> list[int]:
    """The most probable allowed sequence of labels for (n, 7) log probabilities."""
    n = len(logs)
    back = np.zeros((n, len(LABELS)), np.int64)
    score = logs[0] + FIRST
    every = np.arange(len(LABELS))
    for at in range(1, n):
        options = score[:, None] + TRANSITIONS
        back[at] = options.argmax(axis=0)
        score = options[back[at], every] + logs[at]
    labels = [int(score.argmax())]
    for at in range(n - 1, 0, -1):
        labels.append(int(back[at, labels[-1]]))
    return labels[::-1]


def stretches(labels: Sequence[int], logs: NDArray[np.float64]) -> list[Stretch]:
    """Runs of one role, in order."""
    found: list[tuple[int, int, int]] = []
    for at, label in enumerate(labels):
        if label in (SOURCE, CUE, CONTENT):
            found.append((label, at, at + 1))
        elif label:
            found[-1] = (*found[-1][:2], at + 1)
    return [Stretch(r, a, b, float(np.exp(logs[range(a, b), labels[a:b]]).mean())) for r, a, b in found]


def relations(scores: Floats, vectors: Floats, features: NDArray[np.int64], settings: Settings) -> list[Relation]:
    """The relations of one window of n pieces.

    scores (n, 7) · vectors (n + 1, 4, LINK), row 0 for "none" · features (n, 3), see FEATURES.
    """
    if not len(scores):
        return []
    logs = np.maximum(log_probabilities(scores).astype(np.float64), LEAST_LIKELY)
    weighed = logs.copy()
    weighed[:, 0] -= settings.outside
    breaks = features[:, 2]
    weighed[np.ix_(walls(features), INSIDE)] = FORBIDDEN
    found = stretches(best_labels(weighed), logs)
    sources, cues, contents = ([s for s in found if s.role == role] for role in (SOURCE, CUE, CONTENT))
    paragraph = np.cumsum(breaks)
    scale = np.sqrt(vectors.shape[-1])

    def linked(head: Stretch, targets: list[Stretch], kind: int, none: float, passed: float) -> tuple[int, float]:
        """The index of the best target (or -1) and its probability."""
        looking, rows = vectors[head.first + 1, kind], [0, *(target.first + 1 for target in targets)]
        scores = (vectors[rows, kind + 1] @ looking / scale).astype(np.float64)
        scores[0] += none
        for number, target in enumerate(targets, start=1):
            low, high = sorted((head.first, target.first))
            scores[number] -= settings.paragraph * abs(paragraph[high] - paragraph[low])
            scores[number] -= passed * sum(low < cue.first < high for cue in cues)
        best = int(scores.argmax())
        return best - 1, float(1 / np.exp(scores - scores[best]).sum())

    chosen: dict[int, list[tuple[Stretch, float]]] = {}
    alone: list[Relation] = []
    for content in contents:
        cue, sure = linked(content, cues, 0, settings.no_cue, settings.passed)
        if cue < 0:
            alone.append(Relation(None, None, (content,), sure, 0.0))
        else:
            chosen.setdefault(cue, []).append((content, sure))
    whole = []
    for number, parts in chosen.items():
        source, sure = linked(cues[number], sources, 2, settings.no_source, 0.0)
        whole.append(
            Relation(
                cues[number],
                sources[source] if source >= 0 else None,
                tuple(content for content, _ in parts),
                min(sure for _, sure in parts),
                sure,
            )
        )
    return sorted(whole + alone, key=lambda relation: relation.contents[0].first)


def with_tail_as_source(relation: Relation, cut: Pieces) -> Relation:
    """*“A,” he | reportedly said*: what stands between a whole quotation and the cue is the source, not content."""
    content, cue = relation.contents[0], relation.cue
    if relation.source is not None or cue is None or len(relation.contents) > 1 or content.last != cue.first:
        return relation
    quoted = cut.features[content.first : content.last, 1] > 0
    tail = int(quoted.argmin())
    if quoted.all() or not quoted[0] or quoted[tail:].any() or len(quoted) - tail > LONGEST_TAIL:
        return relation
    middle = content.first + tail
    return replace(
        relation,
        source=Stretch(SOURCE, middle, content.last, content.sure),
        contents=(content._replace(last=middle),),
        sourced=relation.linked,
    )
