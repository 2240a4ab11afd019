"""A text as the tagger sees it: word pieces with features, cut into windows of whole paragraphs.

An uncased word piece says nothing of capitals, of where it stands in a quotation, or of where a paragraph
begins. Three small features carry that. Quotation marks of every style are read as one pair of
curly marks, so that a British or a Russian page looks to the tagger like an American one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from quotes.text.quotation import PARAGRAPH, Quotation, quotations
from quotes.text.sentences import sentences

WORD = re.compile(r"\w+")
APOSTROPHE = str.maketrans("’‘‛`´", "'''''")
SURROGATE = re.compile("[\ud800-\udfff]")

CASES = ("none", "lower", "title", "upper")
PLACES = ("outside", "inside", "inside, left open", "inside, deeper")
"""Where a piece stands in quotation marks; the marks themselves count as inside."""
BREAKS = ("within", "paragraph")
LABELS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
"""What a piece can be."""

FEATURES = {"case": len(CASES), "place": len(PLACES), "break": len(BREAKS)}
"""The columns of `Pieces.features`, with the number of values of each."""

WINDOW = 190
"""Pieces in a window, not counting the two marks at its ends."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text: n of them.

    ids (n,) vocabulary numbers · starts, ends (n,) offsets into the text · features (n, 3), see FEATURES ·
    units: where a window may be cut, as ranges of pieces (paragraphs, or sentences of a long paragraph).
    """

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    features: NDArray[np.int64]
    units: list[tuple[int, int]]

    def windows(self, longest: int = WINDOW) -> list[tuple[int, int]]:
        """Ranges of pieces that follow one another, each as many whole units as fit."""
        found: list[tuple[int, int]] = []
        for start, end in self.units:
            if found and end - found[-1][0] <= longest:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found


def pieces(text: str, tokenizer: Tokenizer, marked: list[Quotation] | None = None) -> Pieces:
    """The pieces of a text. `marked` are its quotations, when they are known. Linear in the text."""
    marked = quotations(text) if marked is None else marked
    encoded = tokenizer.encode(plain(text, marked), add_special_tokens=False)
    offsets = np.array([pair for pair in encoded.offsets if pair[1] > pair[0]], np.int64).reshape(-1, 2)
    ids = np.array([i for i, pair in zip(encoded.ids, encoded.offsets, strict=True) if pair[1] > pair[0]], np.int64)
    starts, ends = offsets[:, 0], offsets[:, 1]
    columns = (_cases(text)[starts], _places(text, marked)[starts], _breaks(text, starts))
    features = np.stack(columns, axis=1).astype(np.int64)
    return Pieces(ids, starts, ends, features, _units(text, marked, starts))


def plain(text: str, marked: Sequence[Quotation]) -> str:
    """The text with one kind of quotation mark and apostrophe, every character in its place."""
    letters = list(SURROGATE.sub("\ufffd", text).translate(APOSTROPHE))
    for quotation in marked:
        outer, inner = quotation.outer, quotation.inner
        letters[outer.start : inner.start] = "“".ljust(inner.start - outer.start)
        if outer.end > inner.end:
            letters[inner.end : outer.end] = "”".ljust(outer.end - inner.end)
    return "".join(letters)


def _cases(text: str) -> NDArray[np.int8]:
    column = np.zeros(len(text) + 1, np.int8)
    for word in WORD.finditer(text):
        letters = word.group()
        if letters[:1].isupper():
            column[word.start() : word.end()] = 3 if len(letters) > 1 and letters.isupper() else 2
        elif any(letter.isalpha() for letter in letters):
            column[word.start() : word.end()] = 1
    return column


def _places(text: str, marked: Sequence[Quotation]) -> NDArray[np.int8]:
    column = np.zeros(len(text) + 1, np.int8)
    for quotation in marked:
        outer, inner = quotation.outer, quotation.inner
        column[outer.start : outer.end] = 1 if quotation.closed else 2
        for deeper in quotations(inner.of(text)):
            column[inner.start + deeper.outer.start : inner.start + deeper.outer.end] = 3
    return column


def _breaks(text: str, starts: NDArray[np.int64]) -> NDArray[np.int8]:
    column = np.zeros(len(starts), np.int8)
    for paragraph in PARAGRAPH.finditer(text):
        first = np.searchsorted(starts, paragraph.start())
        if first < len(starts):
            column[first] = 1
    return column


def _units(text: str, marked: list[Quotation], starts: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Paragraphs as ranges of pieces; those longer than a window are cut between sentences."""
    found: list[tuple[int, int]] = []
    stops: list[int] | None = None
    for paragraph in PARAGRAPH.finditer(text):
        start, end = (int(at) for at in np.searchsorted(starts, paragraph.span()))
        if end - start > WINDOW and stops is None:
            ends = [sentence.span.end for sentence in sentences(text, marked)]
            stops = [int(at) for at in np.searchsorted(starts, ends)]
        while end - start > WINDOW:
            cut = _last_stop(stops or [], start, start + WINDOW)
            found.append((start, cut))
            start = cut
        if end > start:
            found.append((start, end))
    return found


def _last_stop(stops: list[int], start: int, latest: int) -> int:
    """The last end of a sentence up to `latest` pieces, or `latest` itself in an endless sentence."""
    at = bisect_right(stops, latest) - 1
    return stops[at] if at >= 0 and stops[at] > start else latest


def tokenizer_from(path: Any) -> Tokenizer:
    """The tokenizer stored at `path`, with neither truncation nor padding."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
