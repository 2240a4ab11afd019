from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.moment import moment

MOMENT = datetime(2025, 5, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2025-05-21T08:00:00Z",
        "2025-05-21 10:00:00+02:00",
        "2025-05-21T10:00+0200",
        "20250521T080000Z",
        " 2025-05-21T08:00:00.000000+00:00\n",
        "Wed, 21 May 2025 10:00:00 +0200",
        "Wed, 21 May 2025 08:00:00 GMT",
        "21 May 2025 04:00:00 EDT",
    ],
)
def test_a_time_with_its_zone(written: str) -> None:
    assert moment(written) == MOMENT


@pytest.mark.parametrize(
    "written",
    [
        *("2025-05-21T08:00:00", "2025-05-21", "Wed, 21 May 2025 08:00:00", "Wed, 21 May 2025 08:00:00 -0000"),
        *("yesterday", "", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "Mon, 01 Jan 0001 00:00:00 GMT"),
        *("1850-01-01T00:00:00Z", "2025-05-21T08:00:00Z" + " " * 80 + "x", None, 3, ["2025-05-21T08:00:00Z"]),
    ],
)
def test_no_sure_time(written: object) -> None:
    assert moment(written) is None


def test_a_day_ahead_is_somewhere_else_today() -> None:
    assert moment((datetime.now(UTC) + timedelta(days=1)).isoformat())
    assert moment((datetime.now(UTC) + timedelta(days=3)).isoformat()) is None


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.text(max_size=40) | st.text("0123456789-:+TZ. JanMonGMT,", max_size=40))
def test_any_text(written: str) -> None:
    found = moment(written)
    assert found is None or found.tzinfo is UTC
