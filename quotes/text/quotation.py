"""Quotation marks of every kind: where the quoted stretches of a text lie.

Worked out paragraph by paragraph, as printers do: a quotation left open at the end of a paragraph
runs to its end. Curly, straight, low („ “), angle (« » » «), corner, archive ('' ``), single British
marks, and dialogue opened by a dash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quotes.text.spans import Span

PARAGRAPH = re.compile(r"[^\n]+")
DOUBLE_MARK = re.compile("'''?|``|[\"“”„‟«»「」『』＂]")
CLOSERS = {  # what may close a quotation opened by the key
    "“": '”“"',
    "”": "”",  # Swedish and Finnish print the same mark twice
    "„": '“”‟"',
    "‟": "”",
    "«": "»",
    "»": "«»",
    "「": "」",
    "『": "』",
    '"': '"”',
    "＂": "＂",
    "''": "''\"”",
    "``": "''\"",
}
NEVER_OPENS = "」』"
LEADS_IN = "([{—–-…“‘'/:"
DASH_DIALOGUE = re.compile(r"[ \t]*[—–―]\s?(?=[^\W\d_a-z])")
DASH_INTERRUPTION = re.compile(r"\s[—–―]\s?|,\s(?=\w+ (?:said|asked|replied|added)\b|(?:said|asked|replied|added)\b)")
SINGLE_OPEN = re.compile(r"(?<![\w.,?!’'])[‘'‚‹](?=[\w“\"(…])(?!\d0s|(?:em|tis|twas|til|cause|bout|n)\b)")
SINGLE_CLOSE = re.compile(r"(?<=[\w.,?!…—–)%”\"])[’'‘›](?!\w)")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted stretch: `outer` with its marks, `inner` without them."""

    outer: Span
    inner: Span
    closed: bool = True


def quotations(text: str) -> list[Quotation]:
    """All quotations that do not stand inside another, in order. Time is linear in the text."""
    found: list[Quotation] = []
    for paragraph in PARAGRAPH.finditer(text):
        area = Span(*paragraph.span())
        outer = list(_british(text, area))
        doubles = [q for gap in _gaps(area, outer) for q in _double(text, gap)]
        taken = sorted(outer + doubles, key=lambda quotation: quotation.outer)
        singles = [q for gap in _gaps(area, taken) for q in _single(text, gap)]
        marked = sorted(taken + singles, key=lambda quotation: quotation.outer)
        found += marked or _dialogue(text, area)
    return found


def _british(text: str, area: Span) -> Iterator[Quotation]:
    """*‘He said “go” to me,’ she said*: single marks that hold double ones and close on a mark of their own."""
    position = area.start
    while opening := SINGLE_OPEN.search(text, position, area.end):
        double = DOUBLE_MARK.search(text, opening.end(), area.end)
        if double is None or DOUBLE_MARK.search(text, position, opening.start()):
            return
        closing = _single_close(text, opening.end(), area.end)
        if closing is None:
            return
        position = closing + 1
        if closing > double.end() and text[closing - 1] in ",.?!…":
            yield Quotation(Span(opening.start(), position), Span(opening.end(), closing))


def _gaps(area: Span, taken: list[Quotation]) -> Iterator[Span]:
    start = area.start
    for quotation in taken:
        yield Span(start, quotation.outer.start)
        start = quotation.outer.end
    yield Span(start, area.end)


def _double(text: str, area: Span) -> Iterator[Quotation]:
    opened: tuple[int, str] | None = None
    depth = 0
    marks = list(DOUBLE_MARK.finditer(text, *area))
    closers = sum(match.group() in "”»」』" for match in marks)
    for match in marks:
        mark, at = match.group(), match.start()
        closers -= mark in "”»」』"
        if mark == "'''":  # a double mark and a single one: the double is outermost
            mark = "''"
            at += 0 if opened is None else 1
        if opened is None:
            if _opens(text, at, mark, area):
                opened = (at, mark)
        elif mark == opened[1] and mark in "“「『" and closers > depth + 1:
            depth += 1  # the same mark again, and enough marks left to close both
        elif mark in CLOSERS[opened[1]] or (mark == "''" and opened[1] in '"``'):
            if depth:
                depth -= 1
                continue
            start, first = opened
            yield Quotation(Span(start, at + len(mark)), Span(start + len(first), at))
            opened = None
    if opened is not None and opened[0] + len(opened[1]) < area.end:
        start, first = opened
        yield Quotation(Span(start, area.end), Span(start + len(first), area.end), closed=False)


def _opens(text: str, at: int, mark: str, area: Span) -> bool:
    """Straight and doubtful marks open only where a word begins, so 6'2" is a height."""
    if mark in NEVER_OPENS:
        return False
    before = text[at - 1] if at > area.start else "\n"
    after = text[at + len(mark)] if at + len(mark) < area.end else "\n"
    if mark in {'"', "''", "”", "»", "＂"}:
        return (before.isspace() or before in LEADS_IN) and not after.isspace()
    return not after.isspace() or mark == "«"


def _single(text: str, area: Span) -> Iterator[Quotation]:
    position = area.start
    while opening := SINGLE_OPEN.search(text, position, area.end):
        closing = _single_close(text, opening.end(), area.end)
        if closing is None:
            return  # none closes here, so none further on
        yield Quotation(Span(opening.start(), closing + 1), Span(opening.end(), closing))
        position = closing + 1


def _single_close(text: str, start: int, end: int) -> int | None:
    """Where a single quotation closes; *the workers’ rights* does not close one if more follows."""
    possessive = None
    for closing in SINGLE_CLOSE.finditer(text, start, end):
        at = closing.start()
        if text[at - 1] != "s":
            return at
        if possessive is None:
            possessive = at
        if SINGLE_OPEN.search(text, start, at):
            break
    return possessive


def _dialogue(text: str, area: Span) -> list[Quotation]:
    opening = DASH_DIALOGUE.match(text, *area)
    if opening is None:
        return []
    stop = DASH_INTERRUPTION.search(text, opening.end(), area.end)
    end = stop.start() if stop else area.end
    return [Quotation(Span(opening.start(), end), Span(opening.end(), end), closed=stop is not None)]


def share_quoted(text: str, spans: list[Span], marked: list[Quotation]) -> float:
    """The share (0 to 1) of the letters and digits of `spans` that stand inside quotation marks.

    The *that* which opens reported speech counts for neither side.
    """
    spans = [Span(span.start + 5, span.end) if text.startswith("that ", *span) else span for span in spans]
    total = sum(_letters(span.of(text)) for span in spans)
    overlaps = (
        Span(max(span.start, q.inner.start), min(span.end, q.inner.end))
        for span in spans
        for q in marked
        if q.inner.overlaps(span)
    )
    return sum(_letters(overlap.of(text)) for overlap in overlaps) / total if total else 0.0


def _letters(words: str) -> int:
    return sum(map(str.isalnum, words))
