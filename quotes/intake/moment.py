"""Dates as pages and feeds write them -> moments that are sure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=2)
"""A date further ahead is a slip or a trick, and would stand above all others."""

LONGEST = 64


def moment(written: object) -> datetime | None:
    """The moment in UTC, if a time with its zone is written, in ISO 8601 or as in e-mails; else None."""
    text = written.strip() if isinstance(written, str) else ""
    if not 10 <= len(text) <= LONGEST:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        is_sure = found.tzinfo is not None and f"{found.year:04}" in text  # e-mail's rules make 2001 of 0001
        return likely(found) if is_sure else None
    return None


def likely(found: datetime) -> datetime | None:
    """The same in UTC; None when no article can be from then."""
    try:
        found = found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return found if EARLIEST <= found <= datetime.now(UTC) + AHEAD else None
