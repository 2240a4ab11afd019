"""Input nobody would print: any Unicode, and long texts that trap a search that looks back too often."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

PROSE = "The mayor said on Monday that the city would pay, but nobody believed her. "

PIECES = (
    *"\"“”„‟«»‘’‚‹›'`「」『』＂—–―-.?!…,;:()[]\n\r\t",
    *("\x00", "\x85", "\xa0", "\u200b", "\u200f", "\u2028", "\u202e", "\ufeff", "\U0001f600", "e\u0301"),
    *("''", "``", "'''", "6'2\"", "\n\n", "\r\n", " ", "  "),
    *(
        "said",
        "says",
        "told",
        "that",
        "as",
        "saying",
        "by",
        "was",
        "quoted",
        "according",
        "to",
        "who",
        "pointed",
        "out",
    ),
    *(
        "Ann Lee",
        "Mr. Lee",
        "the mayor",
        "he",
        "U.S.",
        "LEE:",
        "3.5",
        "$5",
        "45-year-old",
        "שלום",
        "قال",
        "市长",
        "İ",
        "ß",
    ),
)

any_text = st.text(max_size=200) | st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=60).map(" ".join)
"""Any text without surrogates: astral, right-to-left and control characters, and shuffled pieces of reporting."""

many = settings(max_examples=150, deadline=None, database=None, derandomize=True)

LONG = 200_000

LONG_TEXTS = {
    "one word": "a" * LONG,
    "straight double marks": '"' * LONG,
    "straight single marks": "'" * LONG,
    "opening brackets": "(" * LONG,
    "closing brackets": ")" * LONG,
    "full stops": "." * LONG,
    "a verb alone": "said " * (LONG // 5),
    "short quotations": "“a” " * (LONG // 4),
    "opening marks with spaces": "“ " * (LONG // 2),
    "a phrase alone": "according to " * (LONG // 13),
    "commas": ", " * (LONG // 2),
    "spaces": " " * LONG,
    "newlines": "\n" * LONG,
    "one-letter lines": "a\n" * (LONG // 2),
    "quoted paragraphs": "“Go.”\n" * (LONG // 6),
    "initials": "A." * (LONG // 2),
    "hyphens": "a-" * (LONG // 2),
    "one line of prose": PROSE * (LONG // len(PROSE)),
}


def seconds(function: Callable[[str], Any], text: str) -> float:
    start = time.process_time()
    function(text)
    return time.process_time() - start


def growth(function: Callable[[str], Any], unit: str, length: int) -> float:
    """How many times longer eight times the text takes: 8 when time is linear, 64 when it is quadratic."""
    short, long = unit * (length // len(unit)), unit * (8 * length // len(unit))
    return min(seconds(function, long) for _ in range(2)) / min(seconds(function, short) for _ in range(3))


STEEP = 30
"""A growth between linear (8) and quadratic (64), with room for a busy machine."""
