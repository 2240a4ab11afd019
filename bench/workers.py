"""What more workers bring: a file of articles read by one, two and four of them, called by Redis, on PostgreSQL.

    python bench/workers.py [WORKERS …] [--articles 800]     WORKERS: 1 2 4 by default

Servers, databases and workers are started here and thrown away. Counted is from a tenth of the articles to nine tenths, when
all workers are at work; each has one thread for the model. On fewer cores than workers, the cores are what bounds them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT)]

import psycopg  # noqa: E402
from ingest import rows  # noqa: E402

from tests.engines.server import database_on, postgresql  # noqa: E402
from tests.served.test_worker import by_redis  # noqa: E402

LONGEST = 900
"""Seconds after which a run is given up."""


def main(numbers: list[int], articles: int) -> None:
    print(
        f"{os.cpu_count()} cores, {articles:,} articles\n{'workers':>8} {'articles/s':>11} {'of the first':>13}",
        flush=True,
    )
    first = 0.0
    with postgresql() as server, by_redis() as queue, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        file.write_text("\n".join(map(json.dumps, rows(0, articles))))
        for number in numbers:
            rate = measured(number, file, articles, database_on(server), queue)
            first = first or rate
            print(f"{number:8} {rate:11.1f} {rate / first:13.2f}", flush=True)


def measured(number: int, file: Path, articles: int, database: str, queue: str) -> float:
    """Articles a second that so many workers read from the file, into a new database."""
    environment = {**os.environ, "DATABASE_URL": database, "HEARSAY_QUEUE": queue, "OMP_NUM_THREADS": "1"}
    environment |= {"HEARSAY_STATE_DIR": str(file.parent), "DJANGO_SETTINGS_MODULE": "quotes.settings"}
    for arguments in (["migrate"], ["ingest", str(file), "--background"]):
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, capture_output=True
        )
    with ExitStack() as workers, psycopg.connect(database, autocommit=True) as connection:
        for _ in range(number):
            workers.enter_context(_worker(environment))
        begin, end = (_when(connection, round(share * articles)) for share in (0.1, 0.9))
    return 0.8 * articles / (end - begin)


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _when(connection: psycopg.Connection[tuple[int]], wanted: int) -> float:
    """The moment when so many articles were read."""
    given_up = time.perf_counter() + LONGEST
    while time.perf_counter() < given_up:
        found = connection.execute("SELECT COUNT(*) FROM quotes_article WHERE stage = 'read'").fetchone()
        if found and found[0] >= wanted:
            return time.perf_counter()
        time.sleep(0.05)
    raise SystemExit(f"{wanted:,} articles were not read within {LONGEST} seconds.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--articles", type=int, default=800)
    given = parser.parse_args()
    main(given.workers, given.articles)
