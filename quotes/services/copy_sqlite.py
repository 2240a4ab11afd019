"""Tables copied out of SQLite and into it, row by row. For services.move; beside search_sqlite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

BATCH = 2000
AS_TEXT = frozenset(("DateTimeField", "DateField"))
"""Kinds of columns that are kept as text, and told as such."""


def hold(connection: Any, tables: Iterable[str]) -> None:
    """The transaction that is open was begun as the only one that writes (settings.database): readers go on."""


def rows(connection: Any, table: str, columns: Mapping[str, str], key: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table by its key, streamed; `columns` are names with their kinds."""
    quoted = connection.ops.quote_name
    asked = [f"CAST({quoted(name)} AS text)" if kind in AS_TEXT else quoted(name) for name, kind in columns.items()]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)} FROM {quoted(table)} ORDER BY {', '.join(map(quoted, key))}")  # nosec B608  # names of our own tables
        while found := cursor.fetchmany(BATCH):
            yield from found


def write(connection: Any, table: str, columns: Iterable[str], found: Iterable[tuple[Any, ...]]) -> None:
    """Puts rows into a table; its triggers and constraints hold for each of them."""
    quoted, names = connection.ops.quote_name, list(columns)
    places = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, names))}) VALUES ({places})"  # nosec B608  # names of our own tables
    rest = iter(found)
    with connection.cursor() as cursor:
        while batch := list(islice(rest, BATCH)):
            cursor.executemany(statement, batch)


def last_number(connection: Any, table: str) -> int:
    """The highest number a table has given to a row, also when that row is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    return found[0] if found else 0


def count_on(connection: Any, table: str, number: int) -> None:
    """New rows of a table get higher numbers than this one."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])


def settle(connection: Any) -> None:
    """What the planner should know of new tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
