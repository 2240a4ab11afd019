"""The lines of a large file, with where each begins, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

LONGEST_LINE = 8_000_000
"""Bytes of a line that are kept: an article of the greatest length, every letter of it escaped."""


class Line(NamedTuple):
    """One line: the offsets of its first byte and of the next line's, and its bytes, cut at LONGEST_LINE."""

    start: int
    end: int
    data: bytes
    is_cut: bool


def lines(file: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """The lines of a file from one offset to another, where lines begin. The longest line costs LONGEST_LINE of memory."""
    file.seek(start)
    while end is None or start < end:
        data = file.readline(LONGEST_LINE)
        if not data:
            return
        begin, start = start, start + len(data)
        is_cut = False
        rest = data
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
            start += len(rest)
            is_cut = is_cut or bool(rest.strip())
        yield Line(begin, start, data, is_cut)
