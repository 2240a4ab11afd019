"""How fast pages answer on a large site: median and p95 of each, beside its number of queries.

python bench/pages.py [QUOTES]        (default 10,000; on a throwaway SQLite database)
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORDS = "bridge winter tax harbour council peace treaty budget teachers hospital border rail energy wage school court flood vote".split()
REQUESTS = 20
START = datetime(2025, 1, 1, tzinfo=UTC)


def fill(quotes: int) -> None:
    """Quotes of 500 speakers in 40 outlets, a third of them relayed; two attributions a quote."""
    from quotes.models import Article, Attribution, Outlet, Quote, Relay, Revision, Speaker, Variant
    from quotes.services import index, summary
    from quotes.text.normalize import fingerprint

    chance = random.Random(7)
    speakers = Speaker.objects.bulk_create(Speaker(name=f"Speaker {n}") for n in range(500))
    outlets = Outlet.objects.bulk_create(Outlet(name=f"Outlet {n}", slug=f"outlet-{n}") for n in range(40))
    articles = Article.objects.bulk_create(
        Article(
            title=f"Article {n}",
            outlet=chance.choice(outlets),
            published=START + timedelta(hours=n % 3000),
            stage="read",
        )
        for n in range(quotes // 5)
    )
    revisions = Revision.objects.bulk_create(
        Revision(article=a, number=1, text=f"Text of article {a.pk}.", digest=f"{a.pk:064d}") for a in articles
    )
    made = Quote.objects.bulk_create(Quote(speaker=chance.choice(speakers)) for _ in range(quotes))
    variants = []
    for quote in made:
        words = f"We will talk about the {' and the '.join(chance.sample(WORDS, 4))} before day {quote.pk}."
        variants.append(Variant(quote=quote, wording=words, fingerprint=fingerprint(words)))
    variants = Variant.objects.bulk_create(variants, batch_size=2000)
    attributions, relayed = [], []
    for variant in variants:
        secondhand = chance.random() < 1 / 3
        for copy in range(2):
            attributions.append(
                Attribution(
                    revision=chance.choice(revisions),
                    speaker=variant.quote.speaker,
                    variant=variant,
                    form="direct",
                    extractor="bench",
                    sourcing="secondhand" if secondhand else "firsthand",
                    start=0,
                    span_key=f"{variant.pk:063d}{copy}",
                )
            )
            relayed.append(secondhand)
    attributions = Attribution.objects.bulk_create(attributions, batch_size=2000)
    Relay.objects.bulk_create(
        (
            Relay(attribution=a, position=1, intermediary=chance.choice(speakers[:50]))
            for a, yes in zip(attributions, relayed, strict=True)
            if yes
        ),
        batch_size=2000,
    )
    for _ in index.rebuild(anew=True):
        pass
    for first in range(0, quotes, 1000):
        summary.refresh(quote.pk for quote in made[first : first + 1000])


@contextmanager
def counting(connection: Any) -> Iterator[list[str]]:
    """Collects the statements a connection runs, over closing and reopening."""
    statements: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield statements


def measure(paths: list[str]) -> None:
    from django.db import connection
    from django.test import Client

    client = Client()
    print(f"{'page':58} {'median ms':>9} {'p95 ms':>7} {'queries':>7} {'kB':>5}")
    for path in paths:
        with counting(connection) as statements:
            response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        times = []
        for _ in range(REQUESTS):
            began = time.perf_counter()
            client.get(path)
            times.append(1000 * (time.perf_counter() - began))
        p95 = statistics.quantiles(times, n=20)[-1]
        print(
            f"{path:58} {statistics.median(times):9.1f} {p95:7.1f} {len(statements):7} {len(response.content) / 1000:5.0f}"
        )


def main(quotes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["HEARSAY_DEBUG"] = "no"
        os.environ["HEARSAY_ALLOWED_HOSTS"] = "testserver"
        os.environ["DJANGO_SETTINGS_MODULE"] = "quotes.settings"
        sys.path.insert(0, str(ROOT))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", "--noinput", verbosity=0)
        began = time.perf_counter()
        fill(quotes)
        print(f"{quotes:,} quotes, {2 * quotes:,} attributions made in {time.perf_counter() - began:.0f} s\n")
        from quotes.models import Quote

        one = Quote.objects.order_by("-report_count").values_list("pk", flat=True)[0]
        measure(
            [
                "/", "/quotes/", "/quotes/?page=200", "/quotes/?sort=most", "/quotes/?sort=old", "/quotes/?q=bridge+peace",
                "/quotes/?q=absent", "/quotes/?q=speaker:%22Speaker+7%22", "/quotes/?q=via:%22Speaker+4%22", "/quotes/?q=outlet:%22Outlet+3%22",
                "/quotes/?q=class:secondhand", "/quotes/?q=flag:any", "/quotes/?q=via:4+peace+after:2025-02-01", "/quotes/?q=-peace",
                "/quotes/?q=%22talk+about%22",
                f"/quotes/{one}/", "/speakers/", "/speakers/1/", "/speakers/1/?tab=relayed", "/outlets/", "/outlets/outlet-1/",
                "/articles/", "/articles/1/", "/seen/?q=talk+about+the+bridge+and+the+peace+treaty",
            ]
        )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
