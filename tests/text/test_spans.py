from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.text.spans import CONTEXT, Span, anchor, hull, trim, words_of
from tests.text.awkward import any_text, many


def test_it_works() -> None:
    assert Span(3, 5).of("He left") == "le"


@pytest.mark.parametrize(
    ("one", "other", "covers", "overlaps"),
    [
        (Span(0, 4), Span(1, 3), True, True),
        (Span(0, 4), Span(0, 4), True, True),
        (Span(0, 4), Span(2, 6), False, True),
        (Span(0, 4), Span(4, 6), False, False),  # neighbours touch and do not overlap
        (Span(1, 3), Span(0, 4), False, True),
    ],
)
def test_covers_and_overlaps(one: Span, other: Span, covers: bool, overlaps: bool) -> None:
    assert (one.covers(other), one.overlaps(other)) == (covers, overlaps)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(" a, ", "a"), ("a", "a"), (" ,; \n", ""), ("", ""), ("\xa0“a”;", "“a”")],
)
def test_trim(text: str, expected: str) -> None:
    assert trim(text, Span(0, len(text))).of(text) == expected


def test_hull() -> None:
    assert hull(iter([Span(4, 6), Span(1, 2)])) == Span(1, 6)


def test_hull_of_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        hull([])


def test_words_of() -> None:
    assert words_of("“A  b,”\nhe said, “c”", [Span(0, 7), Span(17, 20)]) == "“A b,” … “c”"


def test_anchor_at_the_edges_of_a_text() -> None:
    assert anchor("abc", Span(0, 3)) == (0, 3, "abc", "", "")


@many
@given(any_text, st.integers(0, 300), st.integers(0, 300))
def test_anchor_holds_the_words_and_what_stands_around(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    found = anchor(text, Span(start, end))
    assert found.prefix + found.exact + found.suffix in text
    assert text[found.start : found.end] == found.exact
    assert len(found.prefix) <= CONTEXT >= len(found.suffix)
    trimmed = trim(text, Span(start, end))
    assert start <= trimmed.start <= trimmed.end <= end
