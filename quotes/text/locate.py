"""Words that somebody typed or marked -> where they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotes.text.spans import Span

CUT = "[…]"
"""What parts the pieces of one statement that others' words interrupt."""

MARKS = "\"'“”„‟«»‘’‚‹›"
DASHES = "-–—−"
PIECES = re.compile(r"\s*\[(?:…|\.\.\.)\]\s*")


class NotFound(ValueError):
    """Words that do not stand in the text; they are its only argument."""


def locate(text: str, words: str, near: int = 0) -> tuple[Span, ...]:
    """Where words stand: the place nearest to `near`, the pieces between CUT one after the other.

    White space, kinds of quotation marks and dashes, and letter case may differ. Raises NotFound with the piece that does
    not stand there. No words are no spans.
    """
    found: list[Span] = []
    for piece in filter(None, PIECES.split(words.strip())):
        found.append(_nearest(text, piece, found[-1].end if found else near))
    return tuple(sorted(found))


def _nearest(text: str, piece: str, near: int) -> Span:
    pattern = r"\s+".join(map(_loose, piece.split()))
    places = [Span(*match.span()) for match in re.finditer(pattern, text, re.I)]
    if not places:
        raise NotFound(piece)
    return min(places, key=lambda span: abs(span.start - near))


def _loose(word: str) -> str:
    """A pattern for one word: any mark stands for any other mark, any dash for any other dash."""
    return "".join(_loose_letter(letter) for letter in word)


def _loose_letter(letter: str) -> str:
    for alike in (MARKS, DASHES):
        if letter in alike:
            return f"[{re.escape(alike)}]"
    return re.escape(letter)


def pieces(text: str, spans: Sequence[Span]) -> str:
    """The words of spans as a form shows them, and `locate` finds them again."""
    return f" {CUT} ".join(" ".join(span.of(text).split()) for span in spans)
