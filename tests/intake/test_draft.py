from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.draft import LONGEST_TITLE, Refused, check_text, parse_published, title_of
from quotes.text.clean import Cleaned

DAY = datetime(2025, 5, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "There is no text"),
        (" \n\t\xa0", "There is no text"),
        ("\u200b" * 50, "no sentences"),
        ("four words are few", "no sentences"),
        ("1 2 3 4 5 6 7 8 9", "no sentences"),
        ("a" * 5_000, "no sentences"),
        ("a b c d e f", "no sentences"),
        ("five words and then data " + "x" * 401, "data rather than prose"),
        ("a" * 500_001, "500,001 characters; the most Hearsay takes is 500,000"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        check_text(text)


@pytest.mark.parametrize("text", ["She said that we will pay.", "שלום לכם חברים יקרים שלי", "word " * 100_000])
def test_accepted(text: str) -> None:
    check_text(text)


def test_limit_may_be_lower() -> None:
    with pytest.raises(Refused, match="the most Hearsay takes is 10"):
        check_text("She said that we will pay.", 10)


@pytest.mark.parametrize(
    ("given_title", "cleaned", "expected"),
    [
        ("Given", Cleaned("Text", "Found"), "Given"),
        ("", Cleaned("Text", "Found  it\n"), "Found it"),
        ("", Cleaned("The first words"), "The first words"),
        ("", Cleaned("w " * 20), "w " * 14 + "…"),
        ("a" * 900, Cleaned("Text"), "a" * LONGEST_TITLE),
        (" \n", Cleaned(" a b "), "a b"),
        pytest.param("", Cleaned("A word\n\nand more"), "A word and more"),
    ],
)
def test_title_of(given_title: str, cleaned: Cleaned, expected: str) -> None:
    assert title_of(given_title, cleaned) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("2025-05-21", DAY),
        (" 2025-05-21\n", DAY),
        ("20250521", DAY),
        ("2025-05-21T00:00:00Z", DAY),
        ("2025-05-21T02:00:00+02:00", DAY),
        ("2025-05-21 00:00", DAY),
        (date(2025, 5, 21), DAY),
        (datetime(2025, 5, 21), DAY),
        (datetime(2025, 5, 21, 2, tzinfo=timezone(timedelta(hours=2))), DAY),
    ],
)
def test_parse_published(value: object, expected: datetime | None) -> None:
    assert parse_published(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("yesterday", "2025", "2025-13-01", "2025-02-30", "21.05.2025", "nan", "2025-05-21T25:00", "x" * 100_000),
        *(float("nan"), 3.5, True, [], {}, ["2025-05-21"], "٢٠٢٥-٠٥-٢١x", "\x00"),
        *(value for value in ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]),
    ],
)
def test_bad_dates(value: object) -> None:
    with pytest.raises(Refused, match="cannot be read") as refusal:
        parse_published(value)
    assert len(str(refusal.value)) < 200


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.text(max_size=30) | st.datetimes().map(str) | st.floats() | st.integers())
def test_any_value_is_a_date_or_refused(value: object) -> None:
    try:
        found = parse_published(value)
    except Refused:
        return
    assert found is None or found.tzinfo is not None
