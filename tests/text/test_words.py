from __future__ import annotations

import pytest
from hypothesis import given

from quotes.text.figures import figure
from quotes.text.shades import shades
from quotes.text.spelling import level
from quotes.text.words import words
from tests.text.awkward import any_text, many


def stems(wording: str) -> list[str]:
    return [word.stem for word in words(wording)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We won’t pay", "we will not pay"),
        ("I can't, I shan't", "I cannot. I shall not"),
        ("they're going to pay", "They are going to pay"),
        ("we aren't going to pay", "we will not pay"),
        ("It's late", "it is late"),
        ("didnt", "didn't"),
        ("5 per cent", "5%"),
        ("seventy-five percent", "three quarters"),
        ("half a million", "500,000"),
        ("a dozen", "12"),
        ("one in five", "a fifth"),
        ("1.5 million", "1,500,000"),
        ("two hundred and five", "205"),
        ("Rs 2,000 crore", "₹2,000 crore"),
        ("Sept. 5", "September 5th"),
        ("the 1st of March", "the 1 of March"),
        ("Sen. Lee", "Senator Lee"),
        ("the U.S.", "the United States"),
        ("112 km/h", "112 kilometres per hour"),
        ("Suárez", "Suarez"),
        ("organised colour programmes", "organized color programs"),
        ("Kiev", "Kyiv"),
        ("no one", "nobody"),
        ("as long as", "provided"),
        ("the phone", "the telephone"),
        ("Well, um, yes", ""),
    ],
)
def test_the_same_words(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Give us time", "Give the United States time"),
        ("he is going to Paris", "he will Paris"),
        ("5", "-5"),
        ("3.5", "35"),
        ("third", "3"),
        ("likely", "like"),
        ("largely", "large"),
        ("rising", "falling"),
    ],
)
def test_different_words(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_places_and_asides() -> None:
    found = words("He left. [Mr] Lee, however, stayed")
    assert [word.sentence for word in found] == [0, 0, 1, 1, 1, 1]
    assert [word.clause for word in found] == [0, 0, 1, 1, 2, 3]
    assert [word.is_aside for word in found] == [False, False, True, False, False, False]
    assert [word.is_name for word in found] == [False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("twenty one men", ("#21", 2)),
        ("3 million", ("#3000000", 2)),
        ("third time", ("#3th", 1)),
        ("one man", None),
        ("second", None),
        ("men", None),
        ("fifty per", ("#50", 1)),
    ],
)
def test_figure(printed: str, expected: tuple[str, int] | None) -> None:
    assert figure(printed.split(), 0) == expected


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("may", "will", "modal"),
        ("will", "would", None),
        ("kill", "wound", "strength"),
        ("all", "some", "quantifier"),
        ("rise", "fall", "reversed"),
        ("monday", "friday", "date"),
        ("kilometres", "miles", "number"),
        ("begin", "start", None),
        ("table", "chair", None),
    ],
)
def test_shades(one: str, other: str, kind: str | None) -> None:
    assert shades().change(stems(one)[0], stems(other)[0]) == kind
    assert shades().change(stems(other)[0], stems(one)[0]) == kind


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("travelled", "traveled"),
        ("falling", "falling"),
        ("went", "go"),
        ("organisation", "organization"),
        ("four", "four"),
    ],
)
def test_level(word: str, plain: str) -> None:
    assert level(word) == plain


@many
@given(any_text)
def test_any_text(wording: str) -> None:
    found = words(wording)
    assert all(word.stem and word.printed for word in found)
    assert [word.clause for word in found] == sorted(word.clause for word in found)
