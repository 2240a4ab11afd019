"""Who may write when: what an act has weighed, nobody changes until it is written.

SQLite has one writer anyway. PostgreSQL would let two acts count the reports of one quote side by side, each without the
other's, and stop one of two that wait for each other's rows. So acts take turns there; but reading new articles, which is
most of the work, goes on side by side where it is about other people.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

LOCK = 5_021_2025
"""The number under which PostgreSQL keeps the turn, for this database alone."""

THINGS, SPEAKERS = 1, 2
"""Under which it keeps what is written side by side: things by a digest of their name, and speakers by number."""


@contextmanager
def in_turn() -> Iterator[None]:
    """A transaction that waits until nobody else is in one. One query on PostgreSQL, none on SQLite.

    Within `beside_others` it is part of that, which nobody is in turn beside: two that wait for each other to end would wait
    for ever.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql" and not _is_beside_others():
            _ask("SELECT pg_advisory_xact_lock(%s)", LOCK)
        yield


@contextmanager
def beside_others(*things: str) -> Iterator[None]:
    """A transaction side by side with others of its kind that have none of these things, while nobody is in turn.

    What it writes must belong to the things, or to speakers that it `waits_for`. Two queries on PostgreSQL, none on SQLite.
    """
    with transaction.atomic():
        if connection.vendor != "postgresql" or _is_beside_others():
            yield
            return
        _ask("SELECT pg_advisory_xact_lock_shared(%s)", LOCK)
        _wait(THINGS, (zlib.crc32(thing.encode("utf-8", "surrogatepass")) - 2**31 for thing in things))
        connection.is_beside_others = True  # type: ignore[attr-defined]
        try:
            yield
        finally:
            connection.is_beside_others = False  # type: ignore[attr-defined]


def wait_for(speakers: Iterable[int]) -> None:
    """Waits, beside others, until nobody else writes of these speakers. Once in a transaction, after its things. One query."""
    if connection.vendor == "postgresql" and _is_beside_others():
        _wait(SPEAKERS, (number % 2**31 for number in speakers))


def _is_beside_others() -> bool:
    return getattr(connection, "is_beside_others", False)


def _wait(kind: int, numbers: Iterable[int]) -> None:
    """In the order of the numbers, so that no two wait for each other."""
    _ask("SELECT pg_advisory_xact_lock(%s, number) FROM unnest(%s::int[]) AS number", kind, sorted(set(numbers)))


def _ask(sql: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
