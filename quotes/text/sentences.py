"""Sentences as reading units: a quotation is one unit's part, never cut in the middle."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from quotes.text.quotation import PARAGRAPH, Quotation
from quotes.text.spans import Span

ABBREVIATIONS = frozenset(
    """
        mr mrs ms dr prof sen sens rep reps gov gen lt col sgt capt cmdr adm maj rev hon pres supt st jr sr vs no
        inc corp co ltd dept est fig al etc jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri u.s
        u.k u.n e.u d.c n.y a.m p.m ph.d i.e e.g ave blvd
    """.split()
)
END = re.compile(r"[.?!…][)\]]*(?=\s|$)")
WORD_BEFORE = re.compile(r"[\w.’'&-]+$")
TOKEN = re.compile(
    r"[^\W\d_](?:\.[^\W\d_])+\.?"  # U.S.
    r"|(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Ww]e|I|[Yy]ou|[Ww]ho|[Tt]hat)(?=['’](?:s|re|ve|d|m|ll)\b)"
    r"|['’](?:s|re|ve|d|m|ll)\b"
    r"|[A-Z]\.(?=\s[A-Z])"  # an initial
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Sens?|Reps?|Gov|Gen|Lt|Col|Sgt|Capt|Rev|Hon|St|Jr|Sr|No|Pres)\."
    r"|[$£€¥]?\d(?:[\d.,:]*\d)?(?:%|(?:st|nd|rd|th|s)\b|(?![^\W_]|[-’'][^\W\d_]))"
    r"|[^\W_]+(?:[.’'&/-][^\W_]+)*(?:[’'](?=\W|$)(?<=s[’']))?"
    r"|\S"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a punctuation mark, or a whole quotation (with its marks)."""

    text: str
    start: int
    end: int
    kind: Literal["word", "mark", "quote"]
    lower: str

    @property
    def is_capitalised(self) -> bool:
        return self.kind == "word" and self.text[0].isupper()

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reading unit with its tokens; `paragraph` counts from 0."""

    span: Span
    tokens: tuple[Token, ...]
    paragraph: int

    @property
    def is_only_quotation(self) -> bool:
        """True when every word stands in quotation marks."""
        words = [token for token in self.tokens if token.kind != "mark"]
        return bool(words) and all(token.kind == "quote" for token in words)


def sentences(text: str, marked: list[Quotation]) -> list[Sentence]:
    """The reading units of a text. Time is linear in the text."""
    starts = [quotation.outer.start for quotation in marked]
    found: list[Sentence] = []
    for number, paragraph in enumerate(PARAGRAPH.finditer(text)):
        area = Span(*paragraph.span())
        inside = _within(marked, starts, area)
        found += [
            Sentence(unit, tuple(_tokens(text, unit, _within(marked, starts, unit))), number)
            for unit in _units(text, area, inside)
        ]
    return found


def _within(marked: list[Quotation], starts: list[int], area: Span) -> list[Quotation]:
    return marked[bisect_left(starts, area.start) : bisect_left(starts, area.end)]


def _units(text: str, area: Span, inside: list[Quotation]) -> list[Span]:
    units, start = [], area.start
    for stop in [*_stops(text, area, inside), area.end]:
        first = VISIBLE.search(text, start, stop)
        if first:
            units.append(Span(first.start(), _stripped_end(text, stop)))
            start = stop
    return units


def _stripped_end(text: str, end: int) -> int:
    while text[end - 1].isspace():
        end -= 1
    return end


def _stops(text: str, area: Span, inside: list[Quotation]) -> list[int]:
    """Where units end: after a full stop outside quotations, or after one that closes with a stop."""
    stops = []
    position = area.start
    for quotation in [*inside, None]:
        limit = quotation.outer.start if quotation else area.end
        for match in END.finditer(text, position, limit):
            if _ends_sentence(text, match.start(), match.end(), area.end):
                stops.append(match.end())
        if quotation:
            if _closes_sentence(text, quotation, area.end):
                stops.append(quotation.outer.end)
            position = quotation.outer.end
    return stops


def _next_visible(text: str, start: int, end: int) -> str:
    found = VISIBLE.search(text, start, end)
    return found.group() if found else ""


def _ends_sentence(text: str, at: int, end: int, limit: int) -> bool:
    following = _next_visible(text, end, limit)
    if following and following.isalnum() and not (following.isupper() or following.isdigit()):
        return False
    if text[at] != ".":
        return True
    before = WORD_BEFORE.search(text, max(0, at - 24), at)
    if before is None:
        return True
    word = before.group().lower().strip("'’")
    if word == "no" and not following.isdigit():
        return True
    is_initial = len(word) == 1 and word.isalpha() and before.group().isupper()
    return not (word in ABBREVIATIONS and following) and not (is_initial and following)


def _closes_sentence(text: str, quotation: Quotation, limit: int) -> bool:
    """A quotation that ends with a stop ends its unit when a new sentence or quotation follows."""
    last = text[quotation.inner.end - 1] if quotation.inner.end > quotation.inner.start else " "
    following = VISIBLE.search(text, quotation.outer.end, limit)
    if last not in ".?!…" or following is None:
        return False
    if following.group().islower() or following.group() in ",;:)—–―-":
        return False
    return last == "." or TAG.match(text, following.start(), min(limit, following.start() + 130)) is None


VISIBLE = re.compile(r"\S")
WORD_START = re.compile(r"[^\W_]|[$£€¥]\d|['’][a-z]")
TAG = re.compile(
    r"(?:(?:[A-Z][\w.’'-]*|of|for|the|de|van|von|al|bin)\s+){0,5}?[A-Z][\w.’'-]*"
    r"(?:\s+|,\s[^,.;“”\"]{2,70},\s)"
    r"(?:also\s|then\s|later\s)?(?:said|says|asked|told|added|wrote|replied|tweeted|continued|exclaimed|declared|shouted)\b"
)


def _tokens(text: str, unit: Span, inside: list[Quotation]) -> list[Token]:
    found: list[Token] = []
    position = unit.start
    for quotation in inside:
        found += _words(text, position, max(position, quotation.outer.start))
        outer = quotation.outer
        words = outer.of(text)
        found.append(Token(words, outer.start, outer.end, "quote", words.lower()))
        position = outer.end
    return found + _words(text, position, unit.end)


def _words(text: str, start: int, end: int) -> list[Token]:
    found = []
    for match in TOKEN.finditer(text, start, end):
        word = match.group()
        kind: Literal["word", "mark"] = "word" if WORD_START.match(word) else "mark"
        found.append(Token(word, match.start(), match.end(), kind, word.lower()))
    return found
