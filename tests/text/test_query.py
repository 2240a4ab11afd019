from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.text.query import LONGEST, MOST_TERMS, Term, folded, parse
from tests.text.awkward import any_text, many

FLAGS = {"denied": "Denied", "cut_short": "Cut short"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        ("Ceasefire TALKS", "ceasefire talks"),
        ('"on our terms" peace', '"on our terms" peace'),
        ("“on our terms”", '"on our terms"'),
        ("-draft", "-draft"),
        ('-"first draft"', '-"first draft"'),
        ("NOT draft", "-draft"),
        ("speaker:Trump", "speaker:Trump"),
        ('via:"Yuri Ushakov"', 'via:"Yuri Ushakov"'),
        ("VIA:ushakov -outlet:Herald", "via:ushakov -outlet:Herald"),
        ("by:Trump from:Herald until:2025", "speaker:Trump outlet:Herald before:2025-12-31"),
        ("class:third-hand", "class:thirdhand"),
        ('class:"Secondhand, unnamed"', "class:secondhand_unnamed"),
        ("grade:d flag:any", "grade:D flag:any"),
        ("flag:cut-short", "flag:cut_short"),
        ("after:2025-02 before:2025-02", "after:2025-02-01 before:2025-02-28"),
        ("after:2024/2/29", "after:2024-02-29"),
        ("don’t stop", "dont stop"),
        ("https://a.example/b", "https a example b"),
        ("peace peace", "peace"),
        ("12:30", "12 30"),
    ],
)
def test_what_is_understood(typed: str, read: str) -> None:
    query = parse(typed, FLAGS)
    assert (str(query), query.repairs) == (read, ())


@pytest.mark.parametrize(
    ("typed", "read", "repair"),
    [
        ('"on our', '"on our"', "A quotation mark was left open; it was closed at the end."),
        ("speaker: Trump", "speaker:Trump", "The space after “speaker:” was taken out."),
        ("via: ", "", "“via:” has nothing after it and was left out."),
        ('via:""', "", "“via:” has nothing after it and was left out."),
        ("clas:secondhand", "class:secondhand", "“clas:” was read as “class:”."),
        ("speker:Trump", "speaker:Trump", "“speker:” was read as “speaker:”."),
        ("source:Trump", "source trump", "“source:” is not an operator; its words were looked for instead."),
        ("class:secondhnd", "class:secondhand", "“class:secondhnd” was read as “class:secondhand”."),
        ("grade:Z", "", "“grade:Z” was left out. It can be: A, B, C, D, E, disputed."),
        (
            "before:yesterday",
            "",
            "“before:yesterday” is not a day and was left out. Write it as 2025-05-21, 2025-05 or 2025.",
        ),
        (
            "after:2025-02-30",
            "",
            "“after:2025-02-30” is not a day and was left out. Write it as 2025-05-21, 2025-05 or 2025.",
        ),
        (
            "cats OR dogs",
            "cats dogs",
            "“OR” is not understood: all the words were looked for. Search for each of them by itself.",
        ),
        ("cats -", "cats", "A “-” with nothing behind it was left out."),
    ],
)
def test_what_is_repaired_is_said(typed: str, read: str, repair: str) -> None:
    query = parse(typed, FLAGS)
    assert (str(query), query.repairs) == (read, (repair,))


def test_what_is_too_long_is_cut_and_said() -> None:
    query = parse(" ".join(f"word{number}" for number in range(1000)), FLAGS)
    assert len(query.terms) == MOST_TERMS
    assert query.repairs == (
        f"Only the first {LONGEST:,} characters were looked at.",
        f"Only the first {MOST_TERMS} words were looked for.",
    )


def test_terms_come_and_go() -> None:
    query = parse("peace speaker:Trump", FLAGS)
    more = query.plus(Term("class", "record"))
    assert str(more) == "peace speaker:Trump class:record"
    assert more.plus(Term("class", "record")) == more
    assert str(more.without(Term("", "peace"))) == "speaker:Trump class:record"


@pytest.mark.parametrize(
    ("typed", "is_plain"), [("words and words", True), ("words via:x", False), ("-words", False), ("", False)]
)
def test_what_was_pasted(typed: str, is_plain: bool) -> None:
    assert parse(typed, FLAGS).is_plain is is_plain


def test_accents_stay() -> None:
    assert folded("Zelenskyy’s café, O'Neil") == ["zelenskyys", "café", "oneil"]


@many
@given(any_text | st.text('ab:"- “”via', max_size=60))
def test_any_text_is_read_and_what_is_read_stays(typed: str) -> None:
    query = parse(typed, FLAGS)
    assert len(query.terms) <= MOST_TERMS
    again = parse(str(query), FLAGS)
    assert again.terms == query.terms
