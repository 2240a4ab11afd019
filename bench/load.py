"""Many people at once: readers and editors against gunicorn on loopback; how many requests a second, and how long each takes.

    python bench/load.py [--url DATABASE_URL] [--attributions 300000] [--minutes 3] [--readers 50] [--editors 5] [--pause 1]

The site of bench/pages.py with the queue of bench/desk.py, in the database given (filled once and kept) or a throwaway SQLite
file; above 300,000 attributions the same site is copied within the database as often as it takes. Every reader and editor
waits `pause` seconds on the average between two requests. Fails when an answer was an error or memory grew without end.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from desk import Editor, fill_queue  # noqa: E402
from pages import COPIES, fill, served  # noqa: E402

WORKERS, THREADS = 2, 4
SEED = 300_000
"""Attributions made through the ORM at most; more are copies of these."""

PAGES = {
    "home": (10, "/"),
    "quotes": (15, "/quotes/?page={page}"),
    "quotes by reports": (5, "/quotes/?sort=most"),
    "search by words": (15, "/quotes/?q={word}+{other}"),
    "search narrowed": (8, "/quotes/?q=via:%22Speaker+{few}%22+{word}+after:2025-02-01"),
    "quote": (20, "/quotes/{quote}/"),
    "article": (8, "/articles/{article}/"),
    "speaker": (8, "/speakers/{speaker}/"),
    "outlet": (4, "/outlets/outlet-{few}/"),
    "feed": (3, "/quotes/?format=atom"),
    "API": (4, "/api/v1/quotes?q={word}"),
}
"""Page -> of a hundred requests how many, and its address."""

ALLOWED_GROWTH = 1.2
"""Memory of the workers in the last quarter of the time, beside that in the second."""


class Figures:
    """What was asked and how long it took, from all threads."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note(self, name: str, seconds: float, error: str = "") -> None:
        with self._lock:
            self.times[name].append(1000 * seconds)
            if error:
                self.errors[f"{name}: {error}"] += 1

    def table(self, seconds: float) -> str:
        rows = [f"{'page':24} {'requests':>8} {'a second':>8} {'p50':>8} {'p95':>8} {'p99':>8}   (ms)"]
        everything = [each for times in self.times.values() for each in times]
        if not everything:
            return "Nothing was answered in that time: give it more minutes."
        for name, times in [*self.times.items(), ("all", everything)]:
            hundredths = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
            p50, p95, p99 = (hundredths[at] for at in (49, 94, 98))
            rows.append(f"{name:24} {len(times):8,} {len(times) / seconds:8.1f} {p50:8.1f} {p95:8.1f} {p99:8.1f}")
        return "\n".join(rows)


def read(address: str, number: int, highest: dict[str, int], pause: float, end: float, figures: Figures) -> None:
    """One reader: pages in the usual mix, each over a connection of its own, as after a pause."""
    from pages import WORDS

    chance = random.Random(number)
    names, weights = list(PAGES), [weight for weight, _ in PAGES.values()]
    time.sleep(chance.uniform(0, pause))  # they do not come all at once
    while time.monotonic() < end:
        name = chance.choices(names, weights)[0]
        word, other = chance.sample(WORDS, 2)
        rows = {table: chance.randint(1, most) for table, most in highest.items()}
        path = PAGES[name][1].format(
            word=word, other=other, page=chance.randint(1, 40), few=chance.randint(1, 30), **rows
        )
        began, error = time.perf_counter(), ""
        server = HTTPConnection(address, timeout=60)
        try:
            server.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = server.getresponse()
            answer.read()
            error = "" if answer.status == 200 else f"{answer.status} at {path}"
        except (OSError, HTTPException) as failure:
            error = repr(failure)
        server.close()
        figures.note(name, time.perf_counter() - began, error)
        time.sleep(chance.expovariate(1 / pause) if pause else 0)


def decide(
    address: str, session: str, acts: Iterator[dict[str, Any]], pause: float, end: float, figures: Figures
) -> None:
    """One editor: opens the queue and decides on one row after the other, by the same requests as the page sends."""
    chance, browser = random.Random(session), Editor(address, session)
    time.sleep(chance.uniform(0, pause))
    while time.monotonic() < end:
        for name, work in (("queue", lambda: browser.get("/review/")), ("decision", lambda: browser.act(**next(acts)))):
            began, error = time.perf_counter(), ""
            try:
                work()
            except (OSError, HTTPException, AssertionError) as failure:
                error = repr(failure)[:300]
            except StopIteration:
                return
            browser.server.close()
            figures.note(name, time.perf_counter() - began, error)
            time.sleep(chance.expovariate(1 / pause) if pause else 0)


def acts_for(editors: list[Any]) -> list[Iterator[dict[str, Any]]]:
    """Rows of the queue dealt out among the editors, each to one."""
    from quotes.services.desk import seen_of
    from quotes.services.queue import Queue

    dealt: list[list[dict[str, Any]]] = [[] for _ in editors]
    hands = cycle(dealt)
    for kind in ("reading", "match", "flag"):
        queue = Queue(editors[0], "all", kind)
        for item, following in pairwise(queue.items(list(queue.rows()[:900]))):
            sent = {
                "kind": kind,
                "number": item.subject.pk,
                "seen": seen_of(kind, item.subject),
                "following": following.key,
            }
            reason = "Compared." if kind == "flag" else ""
            next(hands).append(sent | {"act": "no" if kind == "match" else "yes", "reason": reason, "name": ""})
    for number, acts in enumerate(dealt):
        random.Random(number).shuffle(acts)
    return [iter(acts) for acts in dealt]


def memory() -> int:
    """Bytes that the workers hold in memory, all together."""
    held = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if b"quotes.wsgi" in status.with_name("cmdline").read_bytes():
                found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
                held += 1024 * int(found[1]) if found else 0
        except OSError:  # it has just ended
            continue
    return held


SHIFTED = {
    "quotes_quote": {"id": "quotes_quote"},
    "quotes_variant": {"id": "quotes_variant", "quote_id": "quotes_quote"},
    "quotes_article": {"id": "quotes_article"},
    "quotes_revision": {"id": "quotes_revision", "article_id": "quotes_article"},
    "quotes_attribution": {
        "id": "quotes_attribution", "revision_id": "quotes_revision", "variant_id": "quotes_variant",
    },
    "quotes_relay": {"id": "quotes_relay", "attribution_id": "quotes_attribution"},
    "quotes_span": {"id": "quotes_span", "attribution_id": "quotes_attribution", "relay_id": "quotes_relay"},
    "quotes_searchentry": {"quote_id": "quotes_quote"},
    "quotes_quote_outlets": {"id": "quotes_quote_outlets", "quote_id": "quotes_quote"},
    "quotes_quote_intermediaries": {"id": "quotes_quote_intermediaries", "quote_id": "quotes_quote"},
    "quotes_key": {"variant_id": "quotes_variant"},
}  # fmt: skip
"""Table -> its columns that are other numbers in a copy, and whose numbers they are."""


def multiply(times: int) -> None:
    """Everything that is said, told and filed `times` as often: rows copied within the database, their numbers shifted."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection, transaction
    from django.db.models import F, Max

    from quotes.models import KeyFrequency, KeyIndex
    from quotes.services.move import engine

    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    numbered = [models[table] for table, columns in SHIFTED.items() if "id" in columns]
    highest = {model._meta.db_table: model.objects.aggregate(n=Max("pk"))["n"] or 0 for model in numbered}
    quoted = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for table, shifted in SHIFTED.items():
            columns = [field.column for field in models[table]._meta.concrete_fields]
            first = next(iter(shifted))
            for copy in range(1, times):
                values = [
                    f"{quoted(name)} + {copy * highest[shifted[name]]}" if name in shifted else quoted(name)
                    for name in columns
                ]
                cursor.execute(
                    f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, columns))}) SELECT {', '.join(values)} "
                    f"FROM {quoted(table)} WHERE {quoted(first)} <= {highest[shifted[first]]}"
                )
        for statement in connection.ops.sequence_reset_sql(no_style(), numbered):
            cursor.execute(statement)
        KeyFrequency.objects.update(count=F("count") * times)
        KeyIndex.objects.update(wordings=F("wordings") * times)
    engine(connection.vendor).settle(connection)


def fill_site(attributions: int) -> list[Any]:
    """The site, if it is not there yet, and its editors."""
    from django.contrib.auth.models import Group, User

    from quotes.models import Attribution, Quote

    if not Quote.objects.exists():
        fill(attributions // math.ceil(attributions / SEED) // COPIES)
        fill_queue(User.objects.create(username="rita"))
    times = round(attributions / Attribution.objects.count())
    if times > 1:
        multiply(times)
    made = [User.objects.get_or_create(username=f"editor{number}")[0] for number in range(EDITORS_AT_MOST)]
    for editor in made:
        editor.groups.add(Group.objects.get(name="editors"))
    return made


EDITORS_AT_MOST = 20


def load(address: str, options: Any, editors: list[Any]) -> bool:
    """Readers and editors at work; prints the table. True when nothing failed and memory stayed flat."""
    from django.db.models import Max
    from django.test import Client

    from quotes.models import Article, Quote, Speaker

    tables = {"quote": Quote, "article": Article, "speaker": Speaker}
    highest = {name: table.objects.aggregate(n=Max("pk"))["n"] for name, table in tables.items()}
    sessions = []
    for editor in editors:
        client = Client()
        client.force_login(editor)
        sessions.append(client.cookies["sessionid"].value)
    figures, began = Figures(), time.monotonic()
    end = began + 60 * options.minutes
    threads = [
        threading.Thread(target=read, args=(address, number, highest, options.pause, end, figures))
        for number in range(options.readers)
    ]
    threads += [
        threading.Thread(target=decide, args=(address, session, acts, options.pause, end, figures))
        for session, acts in zip(sessions, acts_for(editors) if editors else [], strict=True)
    ]
    for thread in threads:
        thread.start()
    held = []
    while time.monotonic() < end:
        time.sleep(max(1.0, 60 * options.minutes / 60))
        held.append(memory())
    for thread in threads:
        thread.join()
    print(figures.table(time.monotonic() - began))
    early, late = (max(some, default=0) for some in (held[len(held) // 4 : len(held) // 2], held[-len(held) // 4 :]))
    print(f"memory of {WORKERS} workers: {early / 1e6:,.0f} MB in the second quarter, {late / 1e6:,.0f} MB in the last")
    for error, count in figures.errors.most_common(10):
        print(f"{count:6} x {error}")
    return not figures.errors and late <= ALLOWED_GROWTH * early


def main(options: Any, url: str) -> bool:
    os.environ |= {
        "DATABASE_URL": url,
        "HEARSAY_DEBUG": "no",
        "HEARSAY_API_RATE": "1000000/min",  # all come from one address
        "HEARSAY_SEARCH_RATE": "1000000/min",
        "HEARSAY_FEED_RATE": "1000000/min",
        "HEARSAY_ALLOWED_HOSTS": "testserver,127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "quotes.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    from django.db import connection

    from quotes.models import Attribution, Quote

    editors = fill_site(options.attributions)[: options.editors]
    print(f"{connection.vendor}: {Quote.objects.count():,} quotes, {Attribution.objects.count():,} attributions")
    print(
        f"{options.readers} readers, {options.editors} editors, {options.minutes:g} minutes, pause {options.pause:g} s"
    )
    connection.close()
    with served(workers=WORKERS, threads=THREADS) as address:
        return load(address, options, editors)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="", help="DATABASE_URL of the site to be filled, or filled before")
    parser.add_argument("--attributions", type=int, default=SEED)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--editors", type=int, default=5, choices=range(EDITORS_AT_MOST + 1), metavar="0..20")
    parser.add_argument("--pause", type=float, default=1, help="seconds between two requests of one person")
    with tempfile.TemporaryDirectory() as folder:
        given = parser.parse_args()
        good = main(given, given.url or f"sqlite:///{folder}/load.sqlite3")
        raise SystemExit(0 if good else "There were errors, or memory grew.")
