from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.waiting import LONGEST, LONGEST_WISH, back_off, wished

NOW = datetime(2025, 5, 21, 10, 0, tzinfo=UTC)


def test_it_doubles() -> None:
    assert [back_off(attempt) for attempt in (1, 2, 3, 4, 20)] == [60, 120, 240, 480, 86_400]


def test_jitter_spreads_by_a_fifth() -> None:
    assert (back_off(3, jitter=0), back_off(3, jitter=1)) == (192, 288)


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [(None, 120), (0, 120), (-5, 120), (119, 120), (500, 500), (10**12, LONGEST_WISH)]
)
def test_the_sites_wish_counts(retry_after: float | None, seconds: float) -> None:
    assert back_off(2, retry_after=retry_after) == seconds


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.integers(-5, 10**9), st.none() | st.floats(0, 10**12), st.floats(-1, 2))
def test_any_wait_is_bounded(attempt: int, retry_after: float | None, jitter: float) -> None:
    assert 40 <= back_off(attempt, retry_after=retry_after, jitter=jitter) <= LONGEST


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("00000000000000000000001", 86_400),
        ("Wed, 21 May 2025 10:05:00 GMT", 300),
        ("Wed, 21 May 2025 10:05:00 +0200", 0),
        ("Wed, 21 May 2025 10:05:00 -0000", 300),
        ("2025-05-21", None),
        ("١٢٠", None),
        ("1e3", None),
        ("inf", None),
        ("nan", None),
        ("\x00", None),
        ("Mon, 00 Foo 0000 99:99:99 GMT", None),
        ("9" * 5000, None),
    ],
)
def test_what_a_header_wishes(header: str, seconds: float | None) -> None:
    assert wished(header, NOW) == seconds


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.text(max_size=40))
def test_any_header(header: str) -> None:
    found = wished(header, NOW)
    assert found is None or 0 <= found <= LONGEST_WISH
