"""One writer at a time: what an act has weighed, nobody changes until it is written.

SQLite has one writer anyway. PostgreSQL would let two acts count the reports of one quote side by side, each without the
other's, and stop one of two that wait for each other's rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

LOCK = 5_021_2025
"""The number under which PostgreSQL keeps the turn, for this database alone."""


@contextmanager
def in_turn() -> Iterator[None]:
    """A transaction that waits until nobody else is in one. One query on PostgreSQL, none on SQLite."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
