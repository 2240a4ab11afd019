"""Web and workers killed again and again while a file is read and an editor decides: in the end all is as if nothing had been.

HEARSAY_KILLS and HEARSAY_ARTICLES say how often, and how long the file is: HEARSAY_KILLS=50 HEARSAY_ARTICLES=2000.
"""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.browser.site import PASSWORD, ROOT, environment_of, free_port, manage, migrate, wait_for
from tests.engines.server import postgresql, sqlite
from tests.served.editor import HTMX, Browser, Refused

logger = logging.getLogger(__name__)
"""Tells the figures: pytest --log-cli-level=INFO tests/served"""

KILLS = int(os.environ.get("HEARSAY_KILLS", "3"))
ARTICLES = int(os.environ.get("HEARSAY_ARTICLES", "30"))
LONGEST = 1800
"""Seconds after which nothing seems to go on."""

NAMES = "Ann Lee|Omar Haddad|Ingrid Solberg|Pavel Novak|Grace Okoro|Luis Romero|Mei Tanaka|Noel Fischer".split("|")
THINGS = "bridge|harbour|school|ferry|library|market|tunnel|station|theatre|reservoir|airfield|museum".split("|")


def write(path: Path) -> None:
    """Articles of which no two say the same, with people who say things, and one who passes something on."""
    chance = random.Random(7)
    with path.open("w") as file:
        for number in range(ARTICLES):
            name, other = chance.sample(NAMES, 2)
            thing, place = chance.choice(THINGS), chance.choice(THINGS)
            text = (
                f"The council of district {number} met on Monday to speak about the {thing}.\n\n"
                f"{name}, the mayor, said: “We will open {thing} number {number} before the {place} closes.”\n\n"
                f"The minister wants {number + 3} more, according to {other}, who advises her.\n\n"
                f"{other} told reporters that the {place} in district {number} costs {number * 7 + 3} million."
            )
            row = {
                "url": f"https://lake.example/{number}",
                "outlet": "Lake Post",
                "title": f"{thing} {number}",
                "text": text,
            }
            file.write(json.dumps({**row, "published": "2025-05-21"}) + "\n")


GAP = 20
"""Numbers of rows that an engine may leave out after a worker was killed in the middle."""


class Site:
    """gunicorn and two workers, which can be killed and started again."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.address = f"127.0.0.1:{free_port()}"
        self.log = (folder / "killed.log").open("a")
        self.web = self.start_web()
        self.workers = [self.start_worker() for _ in range(2)]

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def start_web(self) -> subprocess.Popen[bytes]:
        web = self._start("-m", "gunicorn", "quotes.wsgi", "--bind", self.address, "--workers", "1", "--threads", "4")
        wait_for(f"http://{self.address}/healthz")
        return web

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("manage.py", "work")

    def kill(self, chance: random.Random) -> None:
        """One of the three, with all it has started, and at once another in its place."""
        victim = chance.randrange(3)
        if victim == 2:
            _kill(self.web)
            self.web = self.start_web()
        else:
            _kill(self.workers[victim])
            self.workers[victim] = self.start_worker()

    def stop(self) -> None:
        for process in (self.web, *self.workers):
            _kill(process)
        self.log.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)


@contextmanager
def site(folder: Path, database: str) -> Iterator[Site]:
    environment = environment_of(folder, database)
    migrate(environment)
    people = (
        "from django.contrib.auth.models import Group, User;"
        f"User.objects.create_user('edith', password={PASSWORD!r}).groups.add(Group.objects.get(name='editors'))"
    )
    manage(environment, "shell", "-c", people)
    running = Site(folder, environment)
    try:
        yield running
    finally:
        running.stop()


def read_all(running: Site, path: Path, *, kills: int) -> dict[str, Any]:
    """Sends the file, decides on what is read, kills in between; what stands in the database in the end."""
    manage(running.environment, "ingest", str(path), "--background")
    ended = threading.Event()
    accepted: set[int] = set()
    decider = threading.Thread(target=_decide, args=(running, ended, accepted))
    decider.start()
    chance = random.Random(11)
    done, killed, start = 0, 0, time.monotonic()
    moments = sorted(chance.uniform(0, ARTICLES * 0.95) for _ in range(kills))
    while time.monotonic() - start < LONGEST:
        done, is_finished = _progress(running.environment["DATABASE_URL"])
        while killed < len(moments) and done >= moments[killed]:
            running.kill(chance)
            killed += 1
        if is_finished and killed == len(moments) and len(accepted) > 2:
            break
        time.sleep(chance.uniform(0.1, 0.6))
    ended.set()
    decider.join(timeout=60)
    logger.info("%s articles, %s kills, %.0f s, %s decisions", done, killed, time.monotonic() - start, len(accepted))
    assert killed == kills
    found = _told(running.environment, running.folder)
    found["accepted_by_editor"] = len(accepted)
    return found


def _progress(address: str) -> tuple[int, bool]:
    """(articles that are there, whether the file is read to its end), as the database says."""
    query = "SELECT (SELECT count(*) FROM quotes_article), (SELECT count(*) FROM quotes_upload WHERE finished_at IS NOT NULL)"
    kind, _, path = address.partition(":///")
    connection = sqlite3.connect(path, timeout=30) if kind == "sqlite" else psycopg.connect(address)
    with closing(connection):
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    return row[0], bool(row[1])


def _told(environment: dict[str, str], folder: Path) -> dict[str, Any]:
    out = folder / "told.json"
    manage(environment, "shell", "-c", f"from tests.served.killed import tell; tell({str(out)!r})")
    found: dict[str, Any] = json.loads(out.read_text())
    return found


class Editor(Browser):
    def accept(self, number: int) -> bool:
        """Accepts a reading, unless that was done; False when there is none of this number."""
        path = f"/review/item/reading/{number}/"
        status, tree, _ = self.get(path, **HTMX)
        if status != 200:
            return False
        forms = tree.cssselect("form.act")
        if forms and "· accepted" not in " ".join(tree.text_content().split()):
            data = {**dict(forms[0].form_values()), "act": "yes", "reason": "As it stands in the article."}
            status, _, headers = self.send("/review/act/", data, **HTMX)
            if status != 200 or "acted" not in headers.get("HX-Trigger-After-Settle", ""):
                raise Refused
        return True


def _decide(running: Site, ended: threading.Event, accepted: set[int]) -> None:
    """Accepts one reading after the other, and after an answer that never came looks what became of it."""
    editor: Editor | None = None
    number = 1
    while not ended.is_set():
        try:
            editor = editor or Editor(f"http://{running.address}", "edith", {}, seed=1)
            there = next((n for n in range(number, number + GAP) if editor.accept(n)), None)
            if there is None:
                raise Refused
            accepted.add(there)
            number = there + 1
        except Refused:
            ended.wait(0.5)
        except (OSError, HTTPException, AssertionError, IndexError):  # the server was just killed, or is not up yet
            editor = None
            ended.wait(0.3)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "many.jsonl"
    write(path)
    return path


@pytest.fixture(scope="module")
def calm(file: Path) -> dict[str, Any]:
    """What comes of the file where nothing else happens: one process, SQLite, one article after the other."""
    environment = environment_of(file.parent)
    migrate(environment)
    manage(environment, "ingest", str(file))
    return _told(environment, file.parent)


@pytest.mark.parametrize("engine", [sqlite, postgresql], ids=["sqlite", "postgresql"])
def test_what_was_killed_goes_on_and_ends_as_if_nothing_had_been(
    engine: Any, tmp_path: Path, file: Path, calm: dict[str, Any]
) -> None:
    with engine() as database, site(tmp_path, database) as running:
        killed = read_all(running, file, kills=KILLS)
    assert len(calm["articles"]) == ARTICLES
    assert calm["counts"] == killed["counts"] == {"new": ARTICLES}
    assert calm["articles"] == killed["articles"]
    assert calm["attributions"] == killed["attributions"]
    assert calm["quotes"] == killed["quotes"]
    assert max(Counter(map(tuple, killed["decisions"])).values()) == 1, "a decision was doubled"
    assert len(killed["decisions"]) >= killed["accepted_by_editor"] > 0
    assert killed["wrong"] == calm["wrong"] == []
