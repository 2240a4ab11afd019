"""Text and overlapping spans -> flat segments in reading order, for a template to loop over (never HTML)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from quotes.text.spans import Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to show: `role` as in Span.role, `owner` whatever the caller identifies it by."""

    span: Span
    role: str
    owner: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text with the marks that lie over it, and those that begin here."""

    text: str
    marks: tuple[Mark, ...] = ()
    begins: tuple[Mark, ...] = ()
    """Marks that begin here; of several marks of one role and owner, only the first."""

    @property
    def innermost(self) -> Mark:
        """The shortest mark over the segment. Only for a segment with marks."""
        return min(self.marks, key=lambda mark: mark.span.end - mark.span.start)

    @property
    def is_nested(self) -> bool:
        """It belongs to what one says within what another says."""
        return len({mark.owner for mark in self.marks if "content" in mark.role}) > 1

    @property
    def roles(self) -> str:
        """The roles over it, the innermost content only: two underlines cannot be told apart."""
        contents = [mark for mark in self.marks if "content" in mark.role]
        inner = min(contents, key=lambda mark: mark.span.end - mark.span.start, default=None)
        others = {mark.role for mark in self.marks if mark not in contents}
        return " ".join(sorted(others | ({inner.role} if inner else set())))


def paragraphs(text: str, marks: Iterable[Mark]) -> list[list[Segment]]:
    """One list of segments a paragraph. Line ends part paragraphs; no other character is lost."""
    flat = segments(text, marks)
    found: list[list[Segment]] = [[]]
    for segment in flat:
        first = True
        for part in segment.text.split("\n"):
            if not first:
                found.append([])
            if part:
                found[-1].append(Segment(part, segment.marks, segment.begins if first else ()))
            first = False
    return [paragraph for paragraph in found if any(segment.text.strip() for segment in paragraph)]


def segments(text: str, marks: Iterable[Mark]) -> list[Segment]:
    """The text cut wherever a mark begins or ends. Concatenated, the segments are the text again."""
    inside = [m for m in marks if 0 <= m.span.start < m.span.end <= len(text)]
    edges = sorted({0, len(text), *(edge for mark in inside for edge in mark.span)})
    opening: dict[int, list[Mark]] = {}
    for mark in inside:
        opening.setdefault(mark.span.start, []).append(mark)
    found: list[Segment] = []
    active: list[Mark] = []
    begun: set[tuple[str, int]] = set()
    for start, end in itertools.pairwise(edges):
        active = [mark for mark in active if mark.span.end > start] + opening.get(start, [])
        begins = tuple(mark for mark in opening.get(start, []) if (mark.role, mark.owner) not in begun)
        begun |= {(mark.role, mark.owner) for mark in begins}
        found.append(Segment(text[start:end], tuple(active), begins))
    return found


def excerpt(text: str, marks: Iterable[Mark], around: int = 60) -> list[Segment]:
    """The stretch of text that holds the marks, with words around it, in segments; `…` where it is cut.

    Paragraph breaks become spaces.
    """
    marks = list(marks)
    if not marks:
        return []
    start = _word_start(text, max(0, min(mark.span.start for mark in marks) - around))
    end = _word_end(text, min(len(text), max(mark.span.end for mark in marks) + around))
    moved = [Mark(Span(m.span.start - start, m.span.end - start), m.role, m.owner) for m in marks]
    inside = [
        Segment(part.text.replace("\n", " "), part.marks, part.begins) for part in segments(text[start:end], moved)
    ]
    before = [Segment("… ")] if start else []
    after = [Segment(" …")] if end < len(text) else []
    return [*before, *inside, *after]


def _word_start(text: str, at: int) -> int:
    while at and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return at
