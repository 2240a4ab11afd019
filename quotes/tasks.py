"""What the queue carries: a call to a lane. The queue is Django's tasks: in the database, or RQ on Redis by a setting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections, connection
from django_tasks import task

from quotes.services import work

TICK = 1.0
"""Seconds between two looks at what is due."""

TIDY = 86_400.0
"""Seconds between two removals of old calls."""


@task()
def do_lane(lane: int) -> int:
    """Does what is due in a lane. How many jobs that was."""
    return work.do_lane(lane)


def call_workers() -> int:
    """Calls a worker to each lane that has something to do. How many calls."""
    lanes = work.lanes_to_call()
    for lane in lanes:
        do_lane.enqueue(lane.pk)
    return len(lanes)


@contextmanager
def clock() -> Iterator[None]:
    """Calls workers again and again from a thread of its own. Several clocks do no harm."""
    stopped = threading.Event()
    thread = threading.Thread(target=_tick, args=(stopped,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()


def _tick(stopped: threading.Event) -> None:
    tidied = 0.0
    while not stopped.wait(TICK):
        try:
            close_old_connections()
            call_workers()
            if time.monotonic() > tidied + TIDY and not settings.QUEUE:
                call_command("prune_db_task_results", min_age_days=1, verbosity=0)
                tidied = time.monotonic()
        except DatabaseError:  # busy or away just now: the next tick will do
            connection.close()
