"""A PostgreSQL beside the database that the suite runs on: a throwaway server of its own, or a named one."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.browser.site import ROOT, free_port


@contextmanager
def postgresql() -> Iterator[str]:
    """The DATABASE_URL of an empty database there: on the server that DATABASE_URL_OTHER names, else on a new one.

    Skips where PostgreSQL is not installed; fails there with HEARSAY_REQUIRE_POSTGRES=yes.
    """
    given = os.environ.get("DATABASE_URL_OTHER", "")
    with _named(given) if given else _thrown_away() as server:
        yield database_on(server)


def database_on(server: str) -> str:
    """The address of a new, empty database on the server that an address of another one names."""
    name = f"hearsay_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"


@contextmanager
def _named(address: str) -> Iterator[str]:
    with psycopg.connect(address, autocommit=True) as connection:
        before = _databases(connection)
        yield address
        for name in _databases(connection) - before:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _databases(connection: psycopg.Connection[tuple[str]]) -> set[str]:
    return {name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'hearsay\\_%'")}


@contextmanager
def _thrown_away() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="hearsay-server-", dir="/tmp"))  # its owner may not look into a test's folder
    environment = {**os.environ, "HEARSAY_POSTGRES": str(folder), "PGPORT": str(free_port())}
    try:
        started = subprocess.run([ROOT / ".ci/postgres", "start"], env=environment, capture_output=True, text=True)
        if started.returncode:
            said = started.stderr.strip() or "PostgreSQL did not start."
            if os.environ.get("HEARSAY_REQUIRE_POSTGRES") == "yes":
                pytest.fail(said)
            pytest.skip(said)
        yield started.stdout.strip()
    finally:
        subprocess.run([ROOT / ".ci/postgres", "stop"], env=environment, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def sqlite() -> Iterator[str]:
    """No address: a served Hearsay makes a file in its own folder."""
    yield ""
