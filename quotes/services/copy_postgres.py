"""Tables copied out of PostgreSQL and into it, row by row, by COPY. For services.move; beside search_postgres."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

BATCH = 2000

CONVERTED: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": lambda moment: str(moment.astimezone(UTC).replace(tzinfo=None)),
    "DateField": str,
}
"""Kind of column -> how its values are told to the other side: moments in UTC, as SQLite keeps them."""


def hold(connection: Any, tables: Iterable[str]) -> None:
    """Nobody writes these tables until the transaction ends; readers go on. Raises OperationalError when somebody does."""
    # Waits as long as SQLite does: a vacuum of the server's own gives way after a second.
    names = ", ".join(map(connection.ops.quote_name, tables))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def rows(connection: Any, table: str, columns: Mapping[str, str], key: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table by its key, streamed; `columns` are names with their kinds."""
    quoted = connection.ops.quote_name
    converted = [(place, CONVERTED[kind]) for place, kind in enumerate(columns.values()) if kind in CONVERTED]
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(table)} ORDER BY {', '.join(map(quoted, key))}"  # nosec B608  # names of our own tables
        )
        while found := cursor.fetchmany(BATCH):
            yield from (_told(row, converted) for row in found) if converted else found


def _told(row: Sequence[Any], converted: Iterable[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for place, convert in converted:
        if values[place] is not None:
            values[place] = convert(values[place])
    return tuple(values)


def write(connection: Any, table: str, columns: Iterable[str], found: Iterable[tuple[Any, ...]]) -> None:
    """Puts rows into a table; its triggers and constraints hold for each of them."""
    quoted = connection.ops.quote_name
    statement = f"COPY {quoted(table)} ({', '.join(map(quoted, columns))}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in found:
            copy.write_row(row)


def last_number(connection: Any, table: str) -> int:
    """The highest number a table has given to a row, also when that row is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", [_name(connection, table)]
        )
        return cursor.fetchone()[0] or 0


def count_on(connection: Any, table: str, number: int) -> None:
    """New rows of a table get higher numbers than this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id')::regclass, %s, %s)",
            [_name(connection, table), max(number, 1), number > 0],
        )


def _name(connection: Any, table: str) -> str:
    return str(connection.ops.quote_name(table))


def settle(connection: Any) -> None:
    """What the planner should know of new tables, and that all of their rows are there for everybody: indexes then suffice."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
