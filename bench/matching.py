"""How fast, how surely and at what size the index finds a wording again, beside rapidfuzz.process.extract.

python bench/matching.py EVAL_FOLDER [COUNT …]      (default 10,000 100,000 1,000,000; throwaway databases)

The wordings and the queries are described in bench/corpus.py. One process, one core; a database is named by
DATABASE_URL (default: SQLite in a temporary folder). `process.extract` runs up to 100,000, on a sample of queries.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES = 1000
SEARCHED = 100
"""Queries put to the database's own search: FTS5 on SQLite, pg_trgm on PostgreSQL."""

EXTRACTED = 16
"""Queries run by process.extract, each of which reads every wording."""

MOST_EXTRACTED = 100_000
BATCH = 5000


def fill(count: int, folder: Path) -> list[tuple[int, str]]:
    """Stores the wordings, each a quote of its own, and builds the index; gives (key, wording)."""
    from bench.corpus import made, real
    from quotes.models import Quote, Variant
    from quotes.services import index

    rows = made(real(folder), count)
    stored: list[tuple[int, str]] = []
    began = time.perf_counter()
    while batch := list(islice(rows, BATCH)):
        quotes = Quote.objects.bulk_create(Quote(words=words, report_count=1) for words in batch)
        variants = Variant.objects.bulk_create(
            Variant(quote=quote, wording=words, fingerprint=f"{quote.pk:032d}")
            for quote, words in zip(quotes, batch, strict=True)
        )
        stored += [(variant.pk, variant.wording) for variant in variants]
    filled = time.perf_counter()
    before = size()
    for _ in index.rebuild(anew=True):
        pass
    built = time.perf_counter()
    print(
        f"  stored in {filled - began:.0f} s, index built in {built - filled:.0f} s, "
        f"{(size() - before) / count:,.0f} bytes of index a wording, {size() / count:,.0f} in all"
    )
    return stored


def size() -> int:
    """Bytes of the database on disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return sum(Path(f"{connection.settings_dict['NAME']}{end}").stat().st_size for end in ("",))
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def measure(stored: list[tuple[int, str]]) -> None:
    from bench.corpus import variants
    from quotes.models import Quote, Variant
    from quotes.services import index
    from quotes.text.match import Wording, compare

    queries = variants(stored, QUERIES)
    for _, query, _ in queries[:20]:
        index.near(query)
    times, hits, kinds = [], 0, Counter[str]()
    first = 0
    for kind, query, target in queries:
        began = time.perf_counter()
        found = [candidate.variant for candidate in index.near(query).candidates]
        times.append(1000 * (time.perf_counter() - began))
        hits += target in found
        first += found[:1] == [target]
        kinds[kind] += target not in found
    show("candidates", times, f"recall@100 {hits / QUERIES:.4f}, first {first / QUERIES:.3f}, missed {dict(+kinds)}")

    times = []
    for _, query, _ in queries[: QUERIES // 2]:
        began = time.perf_counter()
        near = index.near(query)
        others = Variant.objects.in_bulk([candidate.variant for candidate in near.candidates[:20]])
        for other in others.values():
            compare(Wording(query), Wording(other.wording), heard="same", frequencies=near.frequencies)
        times.append(1000 * (time.perf_counter() - began))
    show("whole answer", times, "candidates, evidence and meaning of the best 20")

    times = []
    for _, query, _ in queries[:200]:
        quote = Quote.objects.create(words=query)
        variant = Variant.objects.create(quote=quote, wording=f"{query} again", fingerprint="0" * 32)
        began = time.perf_counter()
        index.add(variant)
        times.append(1000 * (time.perf_counter() - began))
    show("insert", times, "the keys of one wording")
    if len(stored) <= MOST_EXTRACTED:
        extract(stored, queries[:EXTRACTED])
    full_text(queries[:SEARCHED])


def extract(stored: list[tuple[int, str]], queries: list[tuple[str, str, int]]) -> None:
    """The same queries by comparing with every wording."""
    from rapidfuzz import fuzz, process

    from quotes.services import index

    choices = dict(stored)
    own, mine = [], []
    for _, query, _ in queries:  # all of them first: a search through everything leaves no cache as it was
        began = time.perf_counter()
        mine.append({candidate.variant for candidate in index.near(query).candidates})
        own.append(1000 * (time.perf_counter() - began))
    times, both, theirs = [], 0, 0
    for (_, query, target), found in zip(queries, mine, strict=True):
        began = time.perf_counter()
        best = process.extract(query, choices, scorer=fuzz.token_set_ratio, limit=100)
        times.append(1000 * (time.perf_counter() - began))
        if target in {number for _, _, number in best}:
            theirs += 1
            both += target in found
    ratio = statistics.median(times) / statistics.median(own)
    show("process.extract", times, f"{ratio:,.0f} times as long as the index, which finds {both} of its {theirs}")


def full_text(queries: list[tuple[str, str, int]]) -> None:
    """The same queries by what the database has for searching text, over an index of its own."""
    from django.db import connection

    vendor = connection.vendor
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in INDEXES[vendor]:
            cursor.execute(statement)
        built = time.perf_counter() - began
        times, hits = [], 0
        for _, query, target in queries:
            began = time.perf_counter()
            cursor.execute(SEARCHES[vendor], [asked(query)] if vendor == "sqlite" else [query, query])
            hits += target in {number for (number,) in cursor.fetchall()}
            times.append(1000 * (time.perf_counter() - began))
    name = "FTS5" if vendor == "sqlite" else "pg_trgm"
    show(name, times, f"recall@100 {hits / len(queries):.3f}, index built in {built:.0f} s")


INDEXES = {
    "sqlite": [
        "DROP TABLE IF EXISTS bench_words",
        "CREATE VIRTUAL TABLE bench_words USING fts5(wording, content='', tokenize='porter unicode61')",
        "INSERT INTO bench_words(rowid, wording) SELECT id, wording FROM quotes_variant",
    ],
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX IF NOT EXISTS bench_trigrams ON quotes_variant USING gin (wording gin_trgm_ops)",
    ],
}
SEARCHES = {
    "sqlite": "SELECT rowid FROM bench_words WHERE bench_words MATCH %s ORDER BY rank LIMIT 100",
    "postgresql": "SELECT id FROM quotes_variant WHERE wording %% %s ORDER BY similarity(wording, %s) DESC LIMIT 100",
}


def asked(query: str) -> str:
    """Any of the words that tell something, as FTS5 wants it."""
    from quotes.text.words import FUNCTION

    found = [word for word in re.findall(r"\w+", query) if word.lower() not in FUNCTION]
    return " OR ".join(f'"{word}"' for word in found) or '""'


def show(what: str, times: list[float], words: str) -> None:
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"  {what:16} p50 {statistics.median(times):9.2f} ms   p95 {p95:9.2f} ms   {words}", flush=True)


def main(folder: Path, counts: list[int]) -> None:
    given = os.environ.get("DATABASE_URL")
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as place:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{place}/bench.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "quotes.settings"
        import django
        from django.core.management import call_command

        django.setup()
        for count in counts:
            print(f"{count:,} wordings, {'the database given' if given else 'SQLite'}")
            call_command("migrate", verbosity=0)
            call_command("flush", "--no-input", verbosity=0)
            measure(fill(count, folder))
            if not given:
                forget(Path(place))


def forget(place: Path) -> None:
    from django.db import connection

    connection.close()
    for file in place.iterdir():
        file.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(count.replace(",", "")) for count in sys.argv[2:]] or [10_000, 100_000, 1_000_000])
