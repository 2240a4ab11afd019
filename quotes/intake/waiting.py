"""How long to wait before a site is asked again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WISH = 86_400.0
"""Seconds: a site that asks for more is asked again after a day all the same."""

FIRST, LONGEST = 60.0, 86_400.0
SPREAD = 0.2


def back_off(
    attempt: int,
    *,
    retry_after: float | None = None,
    jitter: float = 0.5,
    first: float = FIRST,
    longest: float = LONGEST,
) -> float:
    """Seconds to wait after the `attempt`-th failure in a row (from 1): doubling, and no less than the site wished.

    `jitter` from 0 to 1 spreads the waits by a fifth to either side, so that many feeds do not come back at once.
    """
    doubled = min(longest, first * 2.0 ** min(max(attempt, 1) - 1, 60))
    spread = doubled * (1 + SPREAD * (2 * min(max(jitter, 0.0), 1.0) - 1))
    wished = min(max(retry_after or 0.0, 0.0), LONGEST_WISH)
    return max(min(spread, longest), wished)


def wished(header: str, now: datetime) -> float | None:
    """Seconds a Retry-After header asks for, from 0 to a day; None when it says nothing that can be read."""
    header = header.strip()
    if re.fullmatch(r"[0-9]{1,400}", header):
        return min(float(int(header)), LONGEST_WISH) if len(header) < 10 else LONGEST_WISH
    try:
        moment = parsedate_to_datetime(header)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max((moment - now).total_seconds(), 0.0), LONGEST_WISH)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
