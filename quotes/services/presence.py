"""Whether background workers are there: each gives a sign that pages can tell of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone

KEY = "worker-seen"
EVERY = 10.0
"""Seconds between two signs."""

GONE = timedelta(seconds=45)
"""Without a sign for so long, there is no worker."""


def worker_seen() -> datetime | None:
    """When a worker gave its last sign, in the last day. One query."""
    seen: datetime | None = cache.get(KEY)
    return seen


def is_there() -> bool:
    """Whether a worker is there now. One query."""
    seen = worker_seen()
    return seen is not None and seen > timezone.now() - GONE


@contextmanager
def shown() -> Iterator[None]:
    """Gives signs from a thread of its own until the block ends."""
    ended = threading.Event()
    thread = threading.Thread(target=_show, args=(ended,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()


def _show(ended: threading.Event) -> None:
    while True:
        try:
            cache.set(KEY, timezone.now(), 86_400)
        except DatabaseError:  # busy just now: the next sign will do
            pass
        finally:
            connection.close()
        if ended.wait(EVERY):
            return
