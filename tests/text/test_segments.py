from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.text.segments import Mark, Segment, excerpt, paragraphs, segments
from quotes.text.spans import Span
from tests.text.awkward import any_text, many

marks_anywhere = st.lists(
    st.tuples(st.integers(-5, 220), st.integers(-5, 220), st.sampled_from(["cue", "source", "content direct"])),
    max_size=8,
).map(lambda drawn: [Mark(Span(start, end), role, owner) for owner, (start, end, role) in enumerate(drawn)])

CUE, CONTENT = Mark(Span(3, 7), "cue", 1), Mark(Span(0, 12), "content", 1)


def test_it_works() -> None:
    assert segments("Lee said no", [CUE]) == [
        Segment("Lee"),
        Segment(" sai", (CUE,), (CUE,)),
        Segment("d no"),
    ]


def test_overlapping_marks() -> None:
    text = "abcdefghijkl"
    assert [(s.text, len(s.marks), len(s.begins)) for s in segments(text, [CUE, CONTENT])] == [
        ("abc", 1, 1),
        ("defg", 2, 1),
        ("hijkl", 1, 0),
    ]
    assert segments(text, [CUE, CONTENT])[1].innermost == CUE


def test_roles_name_the_innermost_content_alone() -> None:
    outer, inner = Mark(Span(0, 9), "content indirect", 1), Mark(Span(0, 3), "content direct", 2)
    assert Segment("a", (outer, inner, CUE)).roles == "content direct cue"
    assert Segment("a").roles == ""


@pytest.mark.parametrize("span", [Span(-1, 2), Span(2, 99), Span(2, 2), Span(3, 1)])
def test_marks_outside_the_text_are_left_out(span: Span) -> None:
    assert segments("abc", [Mark(span, "cue", 1)]) == [Segment("abc")]


def test_empty_text() -> None:
    assert segments("", []) == []
    assert paragraphs("", []) == []


def test_a_mark_over_two_paragraphs_begins_once() -> None:
    mark = Mark(Span(0, 5), "content", 1)
    assert paragraphs("ab\n\ncd", [mark]) == [
        [Segment("ab", (mark,), (mark,))],
        [Segment("c", (mark,)), Segment("d")],
    ]


def test_excerpt() -> None:
    text = "one two three\nfour five six"
    mark = Mark(Span(8, 13), "cue", 1)
    found = excerpt(text, [mark], around=2)
    assert "".join(segment.text for segment in found) == "… two three four …"
    assert [segment.text for segment in found if segment.marks] == ["three"]


def test_excerpt_of_nothing() -> None:
    assert excerpt("abc", []) == []


def test_excerpt_of_the_whole_is_not_cut() -> None:
    assert "".join(segment.text for segment in excerpt("a b", [Mark(Span(0, 3), "cue", 1)])) == "a b"


@many
@given(any_text, marks_anywhere)
def test_concatenated_they_are_the_text(text: str, marks: list[Mark]) -> None:
    found = segments(text, marks)
    assert "".join(segment.text for segment in found) == text
    at = 0
    for segment in found:
        assert all(mark.span.start <= at and at + len(segment.text) <= mark.span.end for mark in segment.marks)
        assert all(mark.span.start == at for mark in segment.begins)
        at += len(segment.text)
    inside = [mark for mark in marks if 0 <= mark.span.start < mark.span.end <= len(text)]
    assert sorted(m.owner for s in found for m in s.begins) == [mark.owner for mark in inside]


@many
@given(any_text, marks_anywhere)
def test_paragraphs_lose_line_ends_alone(text: str, marks: list[Mark]) -> None:
    shown = ["".join(segment.text for segment in paragraph) for paragraph in paragraphs(text, marks)]
    assert shown == [line for line in text.split("\n") if line.strip()]
