from __future__ import annotations

import pytest
from hypothesis import given

from quotes.text.voices import voice
from tests.text.awkward import any_text, many


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Mr. Rubio", "Rubio", "same"),
        ("Hillary Clinton’s", "Mrs. Clinton", "same"),
        ("State Sen. Lee Bright (R), another early supporter,", "Bright", "same"),
        ("the presumptive nominee, Donald Trump,", "Trump", "same"),
        ("the FBI", "The FBI", "same"),
        ("Clinton", "Trump", "different"),
        ("the Sanders camp", "Sanders", "different"),
        ("Clinton’s lawyers", "Clinton", "different"),
        ("Exit polls in Ohio", "Exit polls in Iowa", "different"),
        ("the Democratic front-runner", "Clinton", "fits"),
        ("the former secretary of state", "Hillary Clinton", "fits"),
        ("the Republican candidate", "Clinton", "unknown"),
        ("Republican voters", "Trump", "unknown"),
        ("the billionaire", "Trump", "unknown"),
        ("", "Trump", "unknown"),
        ("Transcript", "Kasich", "unknown"),  # what carries words speaks against nobody
        ("an NBC News/Marist poll", "Sanders", "unknown"),
        ("his letter to the voters", "Sanders", "unknown"),
        ("Exit polls in Ohio", "exit polls in Ohio", "same"),
        ("a senior official", "a senior official", "same"),
        ("a senior official", "a police officer", "unknown"),
    ],
)
def test_voice(one: str, other: str, expected: str) -> None:
    assert voice(one, other) == expected
    assert voice(other, one) == expected


@many
@given(any_text, any_text)
def test_any_text(one: str, other: str) -> None:
    assert voice(one, other) == voice(other, one)
