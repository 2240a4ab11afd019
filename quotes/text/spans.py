"""Positions in a text: spans, and anchors that find them again when the text has changed.

Offsets are Python string offsets (code points, from 0, end exclusive). An anchor carries both W3C
selectors: position (TextPositionSelector) and quotation (TextQuoteSelector).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

CONTEXT = 32
"""Characters kept on each side of a span, as the Web Annotation selectors advise."""


class Span(NamedTuple):
    """`text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


class Anchor(NamedTuple):
    """A span together with its words and what stands around them."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def anchor(text: str, span: Span) -> Anchor:
    return Anchor(
        span.start,
        span.end,
        exact=span.of(text),
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
    )


def trim(text: str, span: Span, dropped: str = " \t\r\n\xa0,;") -> Span:
    """The span without the characters of `dropped` at its ends (may come out empty)."""
    start, end = span
    while start < end and text[start] in dropped:
        start += 1
    while end > start and text[end - 1] in dropped:
        end -= 1
    return Span(start, end)


def hull(spans: Iterable[Span]) -> Span:
    """The smallest span that holds all of `spans`. Raises ValueError when there is none."""
    spans = list(spans)
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def words_of(text: str, spans: Iterable[Span], joint: str = " … ") -> str:
    """The words of several spans as one line, white space folded."""
    return joint.join(" ".join(span.of(text).split()) for span in spans)


def length(spans: Iterable[Span]) -> int:
    """Characters in spans that do not overlap."""
    return sum(span.end - span.start for span in spans)


def common(one: Iterable[Span], other: Sequence[Span]) -> int:
    """Characters that lie in both of two lists of spans."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
