from __future__ import annotations

import pytest
from hypothesis import given

from quotes.text.normalize import content_words, fingerprint, normalize, printed_wording, tokens
from quotes.text.quotation import quotations
from quotes.text.spans import Span
from tests.text.awkward import any_text, many


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("“I don’t know,” he said.", ["i", "don't", "know", "he", "said"]),
        ("The U.S. has 3.5% of $5", ["the", "u.s", "has", "3.5", "%", "of", "$", "5"]),
        ("ﬁve ½ ²", ["five", "1", "2", "2"]),  # compatibility forms
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("a_b — c…", ["a", "b", "c"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_tokens(wording: str, expected: list[str]) -> None:
    assert tokens(wording) == expected


@pytest.mark.parametrize(
    "other", ["“never AGAIN”", "Never again.", "  never\nagain ", "‘Never, again!’", "never — again"]
)
def test_case_marks_and_spacing_do_not_count(other: str) -> None:
    assert fingerprint(other) == fingerprint("Never again")


@pytest.mark.parametrize("other", ["Not again", "Never again, again", "Never", "again never", "Ne ver again"])
def test_words_count(other: str) -> None:
    assert fingerprint(other) != fingerprint("Never again")


def test_fingerprint_is_32_hexadecimal_digits() -> None:
    assert len(fingerprint("")) == 32
    assert set(fingerprint("a")) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“I will go,”", "I will go"),
        ("‘I will go.’", "I will go."),
        ("that the dam is “old”", "the dam is “old”"),
        ("That was all", "was all"),
        ("the  dam\nis old,", "the dam is old"),
        ("“a” and “b”", "“a” and “b”"),  # marks inside stay
        ("that", "that"),
        ("", ""),
    ],
)
def test_printed_wording(text: str, expected: str) -> None:
    assert printed_wording(text, [Span(0, len(text))]) == expected


def test_parts_are_joined() -> None:
    text = "“I will,” he said, “go.”"
    assert printed_wording(text, [q.outer for q in quotations(text)]) == "I will … go."


def test_a_pronoun_is_no_conjunction() -> None:
    text = "“That is a lie,”"
    assert printed_wording(text, [Span(0, len(text))]) == "That is a lie"


def test_content_words() -> None:
    assert content_words("He will not be in the dam") == ["not", "dam"]


@many
@given(any_text)
def test_any_text(text: str) -> None:
    assert all(token and not any(c.isspace() for c in token) for token in tokens(text))
    assert normalize(normalize(text)) == normalize(text) or not text.isascii()
    assert printed_wording(text, [Span(0, len(text))]) is not None
    assert len(fingerprint(text)) == 32
