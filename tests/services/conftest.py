"""A database that threads can share."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

Together = Callable[..., list[Any]]


@pytest.fixture
def together(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Together]:
    """Runs functions at the same moment, each in its thread; gives back what each returned or raised.

    The test has a database of its own, in a file as in service: threads do not see what a test's
    transaction holds, a database in memory does not let writers wait, and decisions cannot be flushed.
    """
    memory = connections["default"]
    if memory.vendor != "sqlite":
        pytest.skip("made for SQLite")
    assert not memory.in_atomic_block, "a test with `together` needs no `db`: the copy would wait for its transaction"
    settings = connections.settings["default"]
    path = tmp_path / "shared.sqlite3"
    with django_db_blocker.unblock():
        memory.ensure_connection()
        with closing(sqlite3.connect(path)) as file:
            memory.connection.backup(file)
        connections.settings["default"] = {**settings, "NAME": str(path)}
        connections["default"] = connections.create_connection("default")
        try:
            yield _together
        finally:
            connections["default"].close()
            connections.settings["default"] = settings
            connections["default"] = memory


def _together(*acts: Callable[[], Any]) -> list[Any]:
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = acts[number]()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
