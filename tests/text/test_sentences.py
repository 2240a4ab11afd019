from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given

from quotes.text.quotation import quotations
from quotes.text.sentences import Sentence, sentences
from tests.text.awkward import LONG_TEXTS, STEEP, any_text, growth, many, seconds


def units(text: str) -> list[Sentence]:
    return sentences(text, quotations(text))


def test_it_works() -> None:
    text = "He left. She stayed."
    assert [unit.span.of(text) for unit in units(text)] == ["He left.", "She stayed."]


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Lee met Dr. Berg.", "They spoke."],
        ["J. D. Lee left.", "OK."],
        ["The U.S. Army left.", "It came back."],
        ["He left at 5 p.m. Monday."],
        ["It rose 3.5 percent.", "Good."],
        ["In Jan. he left.", "In Feb. 2020 she left."],
        ["The No. 10 spokesman left.", "Good."],
        ["Lee Inc. rose.", "Berg Co. fell."],
        ["See www.example.com.", "Go."],
        ["Wait... what?", "Yes."],
        ["Wait…", "He left."],
        ["Stop!!!", "Now."],
        ["(He left.)", "She stayed."],
        ["He left [sic].", "She stayed."],
        # quotations
        ["“Go. Now.”", "He left."],
        ["“Go!” he said.", "She left."],
        ["“Why?” Mr Lee asked.", "Nobody knew."],
        ["“Go,” he said.", "“Now.”", "Then he left."],
        ["She asked “why?”", "He left."],
        ["He said “no.”", "“Yes,” she said."],
        ["He left.", "“Go,” she said."],
        ["“First. Second. Third,” she said.", "End."],
        ["'First. Second,' she said.", "End."],
        ["“Go,” said Lee.", "5 men left."],
        ["“Never!” Anna Berg, a senator, said.", "She left."],
    ],
)
def test_units(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [unit.span.of(text) for unit in units(text)] == expected


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n "])
def test_nothing_to_read(text: str) -> None:
    assert units(text) == []


def test_line_ends_part_units_and_paragraphs_are_counted() -> None:
    text = "  One\n\nTwo. Three\n \nFour"
    assert [(unit.span.of(text), unit.paragraph) for unit in units(text)] == [
        ("One", 0),
        ("Two.", 1),
        ("Three", 1),
        ("Four", 3),  # the line with a blank alone counts
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He's in the U.S. now.", ["He", "'s", "in", "the", "U.S.", "now", "."]),
        ("She’ll pay $3.5 (now).", ["She", "’ll", "pay", "$3.5", "(", "now", ")", "."]),
        ("the workers’ rights", ["the", "workers’", "rights"]),
        ("He said “go now” twice", ["He", "said", "“go now”", "twice"]),
        ("O'Neill, Jean-Claude and AT&T", ["O'Neill", ",", "Jean-Claude", "and", "AT&T"]),
        ("Rep. Lee (D-Ohio)", ["Rep.", "Lee", "(", "D-Ohio", ")"]),
        ("the 1st and the 1990s", ["the", "1st", "and", "the", "1990s"]),
        pytest.param("about 5% of", ["about", "5%", "of"]),
        pytest.param("the 45-year-old", ["the", "45-year-old"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [token.text for unit in units(text) for token in unit.tokens] == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("“Go.”", True), ("“Go,” — “now.”", True), ("“Go,” he said.", False), ("…", False)]
)
def test_only_quotation(text: str, expected: bool) -> None:
    assert [unit.is_only_quotation for unit in units(text)] == [expected]


@many
@given(any_text)
def test_any_text(text: str) -> None:
    found = units(text)
    assert all(before.span.end <= after.span.start for before, after in itertools.pairwise(found))
    for unit in found:
        assert 0 <= unit.span.start < unit.span.end <= len(text)
        assert unit.span.of(text).strip() == unit.span.of(text)
        assert all(token.text == token.span.of(text) for token in unit.tokens)
        assert all(a.end <= b.start for a, b in zip(unit.tokens, unit.tokens[1:], strict=False))


@many
@given(any_text)
def test_no_word_is_left_out(text: str) -> None:
    covered = {at for unit in units(text) for at in range(*unit.span)}
    assert all(at in covered for at, character in enumerate(text) if not character.isspace())


@many
@given(any_text)
def test_no_quotation_is_cut(text: str) -> None:
    found = units(text)
    for quotation in quotations(text):
        assert sum(unit.span.overlaps(quotation.outer) for unit in found) <= 1


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_long_text(name: str) -> None:
    marked = quotations(LONG_TEXTS[name])
    assert seconds(lambda text: sentences(text, marked), LONG_TEXTS[name]) < 5


def reading(unit: str) -> Callable[[str], list[Sentence]]:
    """`sentences` with the quotations found beforehand, so that their time does not count."""
    known = {length: quotations(unit * (length // len(unit))) for length in (600, 4800, 2000, 16_000, 5000, 40_000)}
    by_text = {unit * (length // len(unit)): marked for length, marked in known.items()}
    return lambda text: sentences(text, by_text[text])


@pytest.mark.parametrize(
    ("unit", "length"),
    [
        ("Lee left.\n", 5000),  # one paragraph each
        pytest.param("“", 600),
        pytest.param('"a." ', 2000),
        pytest.param("“Go,” Lee said. ", 5000),
    ],
)
def test_time_is_linear(unit: str, length: int) -> None:
    assert growth(reading(unit), unit, length) < STEEP
