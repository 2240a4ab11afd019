"""Everything moved from one engine to the other, and back."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from quotes.environment import database
from quotes.services import move
from tests.browser.site import ROOT, environment_of, manage, migrate
from tests.engines.server import database_on

Run = subprocess.CompletedProcess[str]


def run(folder: Path, address: str, *arguments: str) -> Run:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment_of(folder, address), capture_output=True, text=True,
    )  # fmt: skip


def moved(folder: Path, source: str, target: str) -> list[str]:
    """One line a table: its name, rows and digest."""
    done = run(folder, source, "move_database", target)
    assert done.returncode == 0, done.stderr
    *lines, last = done.stdout.splitlines()
    assert "are the same on both sides" in last
    return lines


def in_shell(folder: Path, address: str, name: str) -> Any:
    """What one of the functions of `desk` writes down."""
    told = folder / f"{name}.json"
    manage(
        environment_of(folder, address), "shell", "-c", f"from tests.engines.desk import {name}; {name}({str(told)!r})"
    )
    return json.loads(told.read_text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("moved")


@pytest.fixture(scope="module")
def newsroom(folder: Path) -> str:
    """The address of a SQLite database with the demo and what a desk did on it."""
    address = f"sqlite:///{folder / 'newsroom.sqlite3'}"
    environment = environment_of(folder, address)
    migrate(environment)
    manage(environment, "demo")
    manage(environment, "shell", "-c", "from tests.engines.desk import work; work()")
    return address


@pytest.fixture(scope="module")
def there(folder: Path, newsroom: str, other_server: str) -> tuple[str, list[str]]:
    """The address of a PostgreSQL database it was moved to, and what the move told."""
    address = database_on(other_server)
    return address, moved(folder, newsroom, address)


@pytest.fixture(scope="module")
def empty(folder: Path, other_server: str) -> str:
    """The address of one with tables and nothing in them."""
    address = database_on(other_server)
    migrate(environment_of(folder, address))
    return address


def copy_of(newsroom: str, path: Path) -> str:
    with (
        closing(sqlite3.connect(newsroom.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(path)) as copy,
    ):
        source.backup(copy)
    return f"sqlite:///{path}"


def test_there_and_back(folder: Path, newsroom: str, there: tuple[str, list[str]]) -> None:
    (address, sent), back = there, f"sqlite:///{folder / 'back.sqlite3'}"
    assert moved(folder, address, back) == sent
    counted = {line.split()[0]: int(line.split()[1]) for line in sent}
    for table in ("decision", "flag", "match", "watch", "problem", "evidence", "event", "span", "searchentry"):
        assert counted[f"quotes_{table}"], table
    assert counted["mfa_authenticator"] == 1
    before, after, again = (in_shell(folder, database, "tell") for database in (newsroom, address, back))
    assert len(before) > 150
    for asked, answer in before.items():
        assert after[asked] == answer, asked
        assert again[asked] == answer, asked
    assert in_shell(folder, address, "signed_in") == [302, "/account/two-factor/authenticate/"]


def test_a_number_is_never_given_twice(folder: Path, newsroom: str) -> None:
    """Undo puts rows back under their old numbers, so a row that is gone keeps its own."""
    source = copy_of(newsroom, folder / "numbers.sqlite3")
    with closing(sqlite3.connect(folder / "numbers.sqlite3", isolation_level=None)) as here:
        here.create_function("REGEXP", 2, lambda pattern, text: True)  # a constraint's, which Django brings along
        here.execute(
            "INSERT INTO quotes_outlet (name, slug, kind, country, is_demo) VALUES ('Gone', 'gone', '', '', 0)"
        )
        here.execute("DELETE FROM quotes_outlet WHERE name = 'Gone'")
    target = f"sqlite:///{folder / 'numbers-2.sqlite3'}"
    moved(folder, source, target)
    with closing(sqlite3.connect(folder / "numbers-2.sqlite3")) as there:
        last, highest = (
            there.execute(query).fetchone()[0]
            for query in (
                "SELECT seq FROM sqlite_sequence WHERE name = 'quotes_outlet'", "SELECT max(id) FROM quotes_outlet",
            )
        )  # fmt: skip
    assert last > highest


def test_rules_are_kept_after_the_move(there: tuple[str, list[str]]) -> None:
    with psycopg.connect(there[0], autocommit=True) as connection:
        for statement in (*move.RULES.values(), "DELETE FROM quotes_decision"):
            with pytest.raises(psycopg.errors.RaiseException):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("newsroom", "That is the database in use"),
        ("mysql://root@localhost/x", "must start with sqlite: or postgres:"),
        ("postgres://nobody:x@127.0.0.1:1/none", "cannot be opened"),
        ("sqlite:////no/such/folder/x.sqlite3", "cannot be opened"),
        ("full", "is not empty: there are rows in"),
        ("foreign", "has tables of something else, such as recipes"),
    ],
)
def test_refused_targets(folder: Path, newsroom: str, target: str, said: str) -> None:
    full, foreign = copy_of(newsroom, folder / "full.sqlite3"), folder / "foreign.sqlite3"
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE IF NOT EXISTS recipes (name text)")
    given = {"newsroom": newsroom, "full": full, "foreign": f"sqlite:///{foreign}"}.get(target, target)
    done = run(folder, newsroom, "move_database", given)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(foreign)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


BAD = {
    "a zero character": ("UPDATE quotes_outlet SET kind = 'a' || char(0) WHERE id = 1", "quotes_outlet"),
    "more letters than the column has": (f"UPDATE quotes_outlet SET kind = '{'a' * 31}' WHERE id = 1", "quotes_outlet"),
    "a zero character in JSON": ("UPDATE quotes_quote SET via = '[\"\\u0000\"]' WHERE id = 1", "quotes_quote"),
    "a row that points nowhere": ("UPDATE quotes_quote SET speaker_id = 99999 WHERE id = 1", ""),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_what_postgresql_does_not_take(folder: Path, newsroom: str, empty: str, bad: str) -> None:
    """SQLite lets pass what PostgreSQL does not: the row is named, and nothing is moved."""
    statement, table = BAD[bad]
    path = folder / f"{abs(hash(bad))}.sqlite3"
    source = copy_of(newsroom, path)
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()
    done = run(folder, source, "move_database", empty)
    assert done.returncode == 1
    assert table in done.stderr
    assert "Nothing was moved" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows(empty, "quotes_article") == 0


def rows(address: str, table: str) -> int:
    with psycopg.connect(address) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]
        return int(found[0]) if found else -1


def test_killed_half_way(folder: Path, newsroom: str, empty: str) -> None:
    """Killed while it writes, the target is empty still, and the same move succeeds afterwards."""
    with psycopg.connect(empty) as blocking:
        blocking.execute("LOCK TABLE quotes_span IN SHARE MODE")  # what was to be written last waits here
        process = subprocess.Popen(
            [sys.executable, "manage.py", "move_database", empty], cwd=ROOT, env=environment_of(folder, newsroom)
        )
        try:
            _wait_for_lock(blocking)
            os.kill(process.pid, signal.SIGKILL)
        finally:
            process.kill()
            process.wait()
    assert rows(empty, "quotes_article") == 0
    assert rows(empty, "quotes_decision") == 0
    assert moved(folder, newsroom, empty)
    assert rows(empty, "quotes_article") == 11


def _wait_for_lock(connection: psycopg.Connection[Any]) -> None:
    for _ in range(600):
        found = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
        if found and found[0]:
            return
        time.sleep(0.1)
    pytest.fail("the move never came to the table it was to wait at")


# --- nobody writes meanwhile ---


@pytest.fixture
def opened(folder: Path, newsroom: str, django_db_blocker: Any) -> Iterator[Any]:
    """The newsroom's database, opened here, with little patience."""
    settings = database(newsroom)
    settings["OPTIONS"]["timeout"] = 0.2
    connections.settings["newsroom"] = connections.configure_settings({"default": {}, "newsroom": settings})["newsroom"]
    with django_db_blocker.unblock():
        yield connections["newsroom"]
        connections["newsroom"].close()
    del connections["newsroom"], connections.settings["newsroom"]


def test_refuses_while_somebody_writes(newsroom: str, opened: Any) -> None:
    with closing(sqlite3.connect(newsroom.removeprefix("sqlite:///"), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(move.NotMoved, match="Somebody is writing"), move._held(opened):
            pass


def test_nobody_writes_meanwhile_but_all_may_read(newsroom: str, opened: Any) -> None:
    with closing(sqlite3.connect(newsroom.removeprefix("sqlite:///"), timeout=0.1, isolation_level=None)) as other:
        with move._held(opened):
            assert other.execute("SELECT count(*) FROM quotes_article").fetchone() == (11,)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def test_on_postgresql_too(there: tuple[str, list[str]], django_db_blocker: Any) -> None:
    settings = database(there[0])
    connections.settings["there"] = connections.configure_settings({"default": {}, "there": settings})["there"]
    with psycopg.connect(there[0], autocommit=True) as other, django_db_blocker.unblock():
        other.execute("SET lock_timeout = '100ms'")
        with move._held(connections["there"]):
            assert other.execute("SELECT count(*) FROM quotes_article").fetchone() == (11,)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("UPDATE quotes_outlet SET kind = 'paper'")
        other.execute("UPDATE quotes_outlet SET kind = 'paper'")
        connections["there"].close()
    del connections["there"], connections.settings["there"]
