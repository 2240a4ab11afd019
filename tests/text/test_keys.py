from __future__ import annotations

import pytest
from hypothesis import given

from quotes.text.keys import MOST_KEYS, key_of, keys, version
from tests.text.awkward import any_text, many


def test_keys_are_the_same_everywhere() -> None:
    assert keys("We will rebuild the bridge") == tuple(
        key_of(*stems)
        for stems in (("rebuild",), ("bridg",), ("will", "rebuild"), ("rebuild", "the"), ("the", "bridg"))
    )
    assert key_of("bridg") == -240_709_168


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We won’t pay $5m", "we will not pay 5 million dollars"),
        ("He organised the colour guard", "he organizes the color guard"),
        ("They went to Kiev", "they go to Kyiv"),
        ("a dozen men", "12 men"),
    ],
)
def test_spellings_share_their_keys(one: str, other: str) -> None:
    assert len(set(keys(one)) & set(keys(other))) >= 0.6 * len(set(keys(one)))


@pytest.mark.parametrize("wording", ["", "of the and", "…", "👍"])
def test_no_content_no_keys(wording: str) -> None:
    assert keys(wording) == ()


def test_a_speech_has_no_more_keys_than_it_may() -> None:
    assert len(keys(" ".join(f"word{n}" for n in range(5000)))) == MOST_KEYS


def test_the_version_names_code_and_data() -> None:
    code, _, data = version().partition("-")
    assert code.isdigit()
    assert len(data) == 12


@many
@given(any_text)
def test_any_text(wording: str) -> None:
    found = keys(wording)
    assert len(set(found)) == len(found)
    assert all(-(2**31) <= key < 2**31 for key in found)
