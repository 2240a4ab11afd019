"""Workers as they are run: a feed is added, and its articles are there, through either queue; a slow site delays nobody else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import ROOT, environment_of, free_port, migrate
from tests.newspaper import Newspaper, article, printed, rss

STORIES = 4
LONGEST = 120
"""Seconds until the work must be done."""


@contextmanager
def by_database() -> Iterator[str]:
    yield ""


@contextmanager
def by_redis() -> Iterator[str]:
    """A throwaway server of its own."""
    if shutil.which("redis-server") is None:
        if os.environ.get("HEARSAY_REQUIRE_REDIS") == "yes":
            pytest.fail("Redis is not installed.")
        pytest.skip("Redis is not installed: apt install redis-server.")
    folder = Path(tempfile.mkdtemp(prefix="hearsay-redis-"))
    environment = {**os.environ, "HEARSAY_REDIS": str(folder), "REDIS_PORT": str(free_port())}
    try:
        started = subprocess.run(
            [ROOT / ".ci/redis", "start"], env=environment, capture_output=True, text=True, check=True
        )
        yield started.stdout.strip()
    finally:
        subprocess.run([ROOT / ".ci/redis", "stop"], env=environment, capture_output=True)


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("a") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        try:
            yield process
        finally:
            process.terminate()
            assert process.wait(timeout=40) == 0, log.read_text()[-3000:]


def asked(environment: dict[str, str], code: str) -> str:
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(1)
    return False


def paper_of(paper: Newspaper) -> None:
    for number in range(STORIES):
        paper.pages[f"/{number}"] = article(f"Story {number}", f"We will open bridge number {number} in May.")
    paper.pages["/feed"] = rss(*(paper.url(f"/{number}") for number in range(STORIES)))


@pytest.mark.parametrize("queue", [by_database, by_redis], ids=["database", "redis"])
def test_a_feed_is_added_and_its_articles_are_there(queue: Any, tmp_path: Path) -> None:
    with queue() as address, printed() as paper:
        paper_of(paper)
        environment = environment_of(tmp_path) | {
            "HEARSAY_QUEUE": address,
            "HEARSAY_LOOPBACK_PORTS": str(paper.port),
            "HEARSAY_PACE": "0",
        }
        migrate(environment)
        with worker(environment, tmp_path / "worker.log"):
            asked(environment, f"from quotes.services import subscription; subscription.add({paper.url('/feed')!r})")
            read = "from quotes.models import Article; print(Article.objects.filter(stage='read').count())"
            assert until(lambda: asked(environment, read) == str(STORIES)), (tmp_path / "worker.log").read_text()[
                -3000:
            ]
            seen = "from quotes.services import presence; print(presence.is_there())"
            assert asked(environment, seen) == "True"
        open_jobs = "from quotes.models import Job; print(Job.objects.exclude(state='queued').count())"
        assert asked(environment, open_jobs) == "0"
