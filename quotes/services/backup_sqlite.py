"""A database on SQLite as one file, and back. Knows SQLite, as search_sqlite does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]

MEMBER = "database.sqlite3"


def snapshot(target: Path, tables: Iterable[str]) -> dict[str, int]:
    """Copies the database as it is at one moment, while others go on writing; rows of each table in the copy.

    One step of SQLite's online backup: in WAL mode it stops nobody. Raises ValueError when the copy is damaged.
    """
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file; who opens it for service turns WAL on again
        return _counts(copy, tables)


def counts_of(source: Path, tables: Iterable[str]) -> dict[str, int]:
    """Rows of each table of a copy. Raises ValueError when it is damaged."""
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as copy:
        return _counts(copy, tables)


def load(source: Path) -> None:
    """Puts a copy in the place of the database, all or nothing. Raises ValueError while somebody else holds it."""
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)
    except sqlite3.Error as error:
        raise ValueError(
            f"the database cannot be replaced ({error}); stop the web server and the worker first"
        ) from None


def _counts(copy: sqlite3.Connection, tables: Iterable[str]) -> dict[str, int]:
    register(copy)  # the tables' own rules use Django's functions, and are looked at too
    try:
        ((said, *_), *more) = copy.execute("PRAGMA integrity_check(5)").fetchall()
        if said != "ok":
            raise ValueError(f"the copy is damaged: {'; '.join([said, *(row[0] for row in more)])}")
        known = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables if name in known}  # nosec B608  # names of our own tables
    except sqlite3.DatabaseError as error:
        raise ValueError(f"the copy is damaged: {error}") from None
