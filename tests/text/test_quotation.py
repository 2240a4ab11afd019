from __future__ import annotations

import itertools

import pytest
from hypothesis import given

from quotes.text.quotation import Quotation, quotations, share_quoted
from quotes.text.spans import Span
from tests.text.awkward import LONG_TEXTS, STEEP, any_text, growth, many, seconds


def inner(text: str) -> list[str]:
    return [quotation.inner.of(text) for quotation in quotations(text)]


def test_it_works() -> None:
    assert quotations("He said “go” to me.") == [Quotation(Span(8, 12), Span(9, 11))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Go,” she said.", ["Go,"]),
        ('"Go," she said.', ["Go,"]),
        ('“Go," she said.', ["Go,"]),  # a curly mark closed by a straight one
        ('"Go,” she said.', ["Go,"]),
        ("”Gå”, sa hon.", ["Gå"]),
        ("„Geh“, sagte er.", ["Geh"]),
        ("„Idź”, powiedział.", ["Idź"]),
        ("‟Go”, she said.", ["Go"]),
        ("«Va», dit-il.", ["Va"]),
        ("« Va », dit-il.", [" Va "]),
        ("»Geh«, sagte er.", ["Geh"]),
        ("»Mene», hän sanoi.", ["Mene"]),
        ("‘Go,’ she said.", ["Go,"]),
        ("'Go,' she said.", ["Go,"]),
        ("‚Geh‘, sagte er.", ["Geh"]),
        ("‹Va›, dit-il.", ["Va"]),
        ("''Go,'' she said.", ["Go,"]),
        ("``Go,'' she said.", ["Go,"]),
        ("＂Go＂ she said.", ["Go"]),
        ("「行け」と彼は言った。", ["行け"]),
        ("『行け』と彼は言った。", ["行け"]),
        ("— Go away, she said.", ["Go away"]),
        ("– Idź – powiedział.", ["Idź"]),
        ("Lee (“the boss”) and “the mayor”", ["the boss", "the mayor"]),
        ("“Go,” she said, “now.”", ["Go,", "now."]),
        ("“Why?”—“Because.”", ["Why?", "Because."]),
    ],
)
def test_marks_of_every_kind(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "He is 6'2\" tall.",
        'A 27" screen and a 32" screen.',  # inches never open
        "The workers’ rights matter.",
        "The workers' rights matter.",
        "It’s the unions’ work that won the workers’ rights.",
        "O'Neill's dog and Lee's cat don't bite.",
        "rock 'n' roll, 'tis true, in the '90s and the ’80s",
        "Go” she said.",  # a closing mark alone
        "a 5-4 vote - no more",
        "2019–2021",
    ],
)
def test_no_quotation(text: str) -> None:
    assert quotations(text) == []


def test_inches_do_not_hide_a_quotation() -> None:
    assert inner('He is 6\'2" tall and "not proud" of it.') == ["not proud"]


@pytest.mark.parametrize("text", ["‘The workers’ rights matter,’ she said.", "'The workers' rights matter,' she said."])
def test_possessive_does_not_close_a_single_quotation(text: str) -> None:
    assert [words.replace("’", "'") for words in inner(text)] == ["The workers' rights matter,"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“He said ‘go’ to me,” she said.", ["He said ‘go’ to me,"]),
        ("\"He said 'go' to me,\" she said.", ["He said 'go' to me,"]),
        ("'''Go' was all he said,'' she said.", ["'Go' was all he said,"]),
        ("« Il a dit “va” », dit-elle.", [" Il a dit “va” "]),
        pytest.param("‘He said “go” to me,’ she said.", ["He said “go” to me,"]),
        pytest.param("“He said “go” to me,” she said.", ["He said “go” to me,"]),
    ],
)
def test_only_the_outermost(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


def test_run_on_paragraphs() -> None:
    text = "“We lost.\n\n“We will come back.” He left."
    first, second = quotations(text)
    assert (first.inner.of(text), first.closed) == ("We lost.", False)
    assert (second.inner.of(text), second.closed) == ("We will come back.", True)


def test_open_mark_at_the_end_of_a_paragraph_opens_nothing() -> None:
    assert quotations("He said “\nNothing.") == []


def test_an_open_end_is_told() -> None:
    assert [q.closed for q in quotations("‘A b’ and “c d” and “e")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "share"),
    [("“ab” cd", 0.5), ("abcd", 0.0), ("“abcd”", 1.0), ("“…” !", 0.0), ("", 0.0)],
)
def test_share_quoted(text: str, share: float) -> None:
    assert share_quoted(text, [Span(0, len(text))], quotations(text)) == share


@many
@given(any_text)
def test_any_text(text: str) -> None:
    found = quotations(text)
    assert all(0 <= q.outer.start <= q.inner.start <= q.inner.end <= q.outer.end <= len(text) for q in found)
    assert all(before.outer.end <= after.outer.start for before, after in itertools.pairwise(found))
    assert all("\n" not in q.outer.of(text) for q in found)


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_long_text(name: str) -> None:
    assert seconds(quotations, LONG_TEXTS[name]) < 5


@pytest.mark.parametrize(
    "unit",
    [
        "“Go,” Lee said. ",
        "'as' ",
        "'a ",
        "‘a ",
    ],
)
def test_time_is_linear(unit: str) -> None:
    assert growth(quotations, unit, 2000) < STEEP
