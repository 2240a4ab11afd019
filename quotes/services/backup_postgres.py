"""A database on PostgreSQL as one file of pg_dump's, and back. Knows PostgreSQL, as search_postgres does."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from django.db import connection, transaction

MEMBER = "database.pgdump"


def snapshot(target: Path, tables: Iterable[str]) -> dict[str, int]:
    """Dumps the database as it is at one moment, while others go on writing; rows of each table at that moment.

    The counting and pg_dump share one exported snapshot. Raises ValueError with what pg_dump says.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        known = set(connection.introspection.table_names(cursor))
        found = {table: _count(cursor, table) for table in tables if table in known}
        _run("pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
             f"--snapshot={name}", f"--file={target}")  # fmt: skip
    return found


def counts_of(source: Path, tables: Iterable[str]) -> dict[str, int]:
    """Nothing: a dump is counted when it is loaded. Raises ValueError when its table of contents cannot be read."""
    _run("pg_restore", "--list", str(source))
    return {}


def load(source: Path) -> None:
    """Puts a dump in the place of what is there, in one transaction. Raises ValueError with what pg_restore says."""
    connection.close()
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
         "--exit-on-error", f"--dbname={connection.settings_dict['NAME']}", str(source))  # fmt: skip


def _count(cursor: object, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # type: ignore[attr-defined]  # nosec B608  # names of our own tables
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]


def program(name: str) -> str:
    """Where a program of PostgreSQL's is: the newest that Debian installed, else the one on the PATH. Raises ValueError."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if not found:
        raise ValueError(f"{name} is not installed; install the postgresql-client package of the server's version")
    return found


def _run(name: str, *arguments: str) -> None:
    """Runs a program on this database; the password goes by the environment, where no list of processes shows it."""
    known = connection.settings_dict
    given = {"PGHOST": known["HOST"], "PGPORT": known["PORT"], "PGUSER": known["USER"], "PGPASSWORD": known["PASSWORD"]}
    given |= {f"PG{option.upper()}": str(value) for option, value in known["OPTIONS"].items() if isinstance(value, str)}
    given["PGDATABASE"] = known["NAME"]
    environment = os.environ | {name: str(value) for name, value in given.items() if value}
    done = subprocess.run(  # nosec B603  # PostgreSQL’s own programs, given as a list
        [program(name), *arguments], env=environment, capture_output=True, text=True, errors="replace"
    )
    if done.returncode:
        raise ValueError(f"{name} failed: {' '.join(done.stderr.split())[:600]}")
