"""Addresses that open a page at the words."""

from __future__ import annotations

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from quotes.text.fragment import to_words

PAGE = "https://paper.example/story"


def test_short_words_stand_whole() -> None:
    assert to_words(PAGE, "we will answer") == f"{PAGE}#:~:text=we%20will%20answer"


def test_context_tells_places_apart_and_leaves_half_words_out() -> None:
    found = to_words(PAGE, "we will", "ing the minister said that ", " answer and not wa")
    assert found == f"{PAGE}#:~:text=the%20minister%20said%20that-,we%20will,-answer%20and%20not%20wa".replace(
        "%20wa", ""
    )


def test_context_stops_at_the_paragraph() -> None:
    assert to_words(PAGE, "we will", "the end.\n", "\nThen they") == f"{PAGE}#:~:text=we%20will"


def test_commas_hyphens_and_signs_are_escaped() -> None:
    assert to_words(PAGE, "well-kept, & 100 %") == f"{PAGE}#:~:text=well%2Dkept%2C%20%26%20100%20%25"


def test_long_words_stand_by_their_ends() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    found = unquote(to_words(PAGE, words))
    assert found.endswith("text=word0 word1 word2 word3 word4 word5,word54 word55 word56 word57 word58 word59")


def test_an_older_fragment_is_replaced() -> None:
    assert to_words(f"{PAGE}#top", "yes") == f"{PAGE}#:~:text=yes"


@given(st.text(), st.text(max_size=64), st.text(max_size=64))
def test_any_text_gives_an_address(exact: str, prefix: str, suffix: str) -> None:
    found = to_words(PAGE, exact, prefix, suffix)
    assert found.startswith(PAGE)
    assert not any(letter.isspace() for letter in found)
    assert found.isascii()
