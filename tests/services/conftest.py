"""A database that threads can share."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
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
    usual = connections["default"]
    assert not usual.in_atomic_block, "a test with `together` needs no `db`: the copy would wait for its transaction"
    settings = connections.settings["default"]
    copied = _copied_file if usual.vendor == "sqlite" else _copied_database
    with django_db_blocker.unblock(), copied(usual, tmp_path) as name:
        connections.settings["default"] = {**settings, "NAME": name}
        connections["default"] = connections.create_connection("default")
        try:
            yield _together
        finally:
            connections["default"].close()
            connections.settings["default"] = settings
            connections["default"] = usual


@contextmanager
def _copied_file(usual: Any, folder: Path) -> Iterator[str]:
    path = folder / "shared.sqlite3"
    usual.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        usual.connection.backup(file)
    yield str(path)


@contextmanager
def _copied_database(usual: Any, folder: Path) -> Iterator[str]:
    known = usual.settings_dict["NAME"]
    copy = f"{known}_shared"
    usual.close()  # PostgreSQL copies only what nobody is connected to
    with usual._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{known}"')
    yield copy
    with usual._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


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
