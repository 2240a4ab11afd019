"""Words that somebody typed or marked -> where they stand in a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from quotes.text.spans import Span

CUT = "[…]"
"""What parts the pieces of one statement that others' words interrupt."""

MARKS = "\"'“”„‟«»‘’‚‛‹›`´′″＂「」『』"
DASHES = "-‐‑‒–—―−"
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
RUN = re.compile(rf"[^\s{INVISIBLE}]+")
CUTS = re.compile(r"\[(?:…|\.\.\.)\]")

MOST_LOOKED_AT = 500
"""Places on each side among which one is looked for that begins and ends with a word."""


MOST_AHEAD = 20
"""The same for a piece that follows another."""


class NotFound(ValueError):
    """Words that do not stand in the text, or not in this order; they are its only argument."""


def locate(text: str, words: str, near: int = 0, *, is_marked: bool = False) -> tuple[Span, ...]:
    """Where words stand: the place nearest to `near`, the pieces between CUT one after the other.

    White space, invisible marks, kinds of quotation marks and dashes, and letter case may differ. Whole words come before
    parts of words, unless `is_marked`: then they begin at `near` if they stand there at all. Raises NotFound with the piece
    that does not stand there. No words are no spans.
    """
    pieces = [(piece.strip(), folded) for piece in CUTS.split(words) if (folded := _Folded(piece).text)]
    if not pieces:
        return ()
    page = _Folded(text)
    latest = _latest(page, pieces)
    at = page.nearest(pieces[0][1], page.folded_place(near), latest[0], is_marked=is_marked)
    found: list[Span] = []
    for number, (_, folded) in enumerate(pieces):
        if number:
            at = page.first(folded, at + len(pieces[number - 1][1]), latest[number])
        span = page.span(at, at + len(folded))
        if found and CUTS.fullmatch(text[found[-1].end : span.start].strip()):  # the article prints the cut itself
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return tuple(found)


def _latest(page: _Folded, pieces: Sequence[tuple[str, str]]) -> list[int]:
    """Where each piece may begin at the latest, so that those after it still follow."""
    latest: list[int] = []
    end = len(page.text)
    for _, folded in reversed(pieces):
        at = next(page.backwards(folded, end - len(folded)), None)
        if at is None:
            raise NotFound(_missing(page, pieces))
        latest.append(at)
        end = at
    return latest[::-1]


def _missing(page: _Folded, pieces: Sequence[tuple[str, str]]) -> str:
    """The first piece that stands nowhere; else the first that does not follow the one before it."""
    end, late = 0, ""
    for piece, folded in pieces:
        at = page.text.find(folded, end)
        if at < 0 and folded not in page.text:
            return piece
        late = late or (piece if at < 0 else "")
        end = max(end, at + len(folded))
    return late


class _Folded:
    """A text in which small differences of print do not count, and where its characters stood before."""

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        self._starts: list[int] = []
        self._places: list[int] = []
        self._ends: list[int] = []
        length = end = 0
        for run in RUN.finditer(text):
            if parts and any(map(str.isspace, text[end : run.start()])):
                parts.append(" ")
                length += 1
            self._starts.append(length)
            self._places.append(run.start())
            parts.append(run[0])
            length, end = length + len(run[0]), run.end()
            self._ends.append(end)
        joined = "".join(parts)
        self.text = joined.translate({ord(letter): _folded(letter) for letter in set(joined)})
        self._reversed = ""

    def nearest(self, words: str, near: int, latest: int, *, is_marked: bool) -> int:
        """The place nearest to `near` and not after `latest`; of whole words if there is one, and nothing is marked."""
        before = self.backwards(words, min(near, latest))
        after = self._forwards(words, min(near, latest) + 1, latest)
        places = [*islice(before, MOST_LOOKED_AT), *islice(after, MOST_LOOKED_AT)]
        if is_marked and near in places:
            return near
        here = self.span(near, near).start
        whole = [at for at in places if self._is_whole(at, at + len(words))]
        return min(whole or places, key=lambda at: abs(self.span(at, at).start - here))

    def first(self, words: str, start: int, latest: int) -> int:
        """The first place from `start` to `latest`, of whole words if there is one."""
        places = islice(self._forwards(words, start, latest), MOST_AHEAD)
        earliest = next(places)
        ahead = (at for at in (earliest, *places) if self._is_whole(at, at + len(words)))
        return next(ahead, earliest)

    def backwards(self, words: str, last: int) -> Iterator[int]:
        """The places from `last` down. Searched for in the text turned round: that is linear, and `rfind` is not."""
        self._reversed = self._reversed or self.text[::-1]
        length, turned = len(self.text), words[::-1]
        at = self._reversed.find(turned, max(0, length - last - len(words))) if last >= 0 else -1
        while at >= 0:
            yield length - at - len(words)
            at = self._reversed.find(turned, at + 1)

    def _forwards(self, words: str, start: int, latest: int) -> Iterator[int]:
        at = self.text.find(words, start, latest + len(words))
        while at >= 0:
            yield at
            at = self.text.find(words, at + 1, latest + len(words))

    def _is_whole(self, start: int, end: int) -> bool:
        edges = ((start - 1, start), (end - 1, end))
        return not any(self.text[a : a + 1].isalnum() and self.text[b : b + 1].isalnum() for a, b in edges if a >= 0)

    def span(self, start: int, end: int) -> Span:
        """Where a part of this stood in the text itself."""
        return Span(self._place(start), self._place(end - 1) + 1 if end > start else self._place(start))

    def _place(self, at: int) -> int:
        run = bisect_right(self._starts, at) - 1
        return self._places[run] + at - self._starts[run]

    def folded_place(self, at: int) -> int:
        """Where a place in the text lies in this; for one in white space, where the next word begins."""
        run = bisect_right(self._ends, at)
        return self._starts[run] + max(0, at - self._places[run]) if run < len(self._ends) else len(self.text)


def _folded(letter: str) -> str:
    """One letter for all that it may stand for: any mark for any other mark, any dash for any other dash."""
    if letter in MARKS:
        return "'"
    if letter in DASHES:
        return "-"
    return next((low for low in (letter.casefold(), letter.lower()) if len(low) == 1), letter)


def pieces(text: str, spans: Sequence[Span]) -> str:
    """The words of spans as a form shows them, and `locate` finds them again."""
    return f" {CUT} ".join(" ".join(span.of(text).split()) for span in spans)
