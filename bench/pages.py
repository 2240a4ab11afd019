"""How fast pages answer on a large site, served by gunicorn with one worker: median and p95, beside the bare SQL of each.

    python bench/pages.py [QUOTES] [FILE]

Three attributions a quote (100,000 and 300,000 by default), made through the ORM on SQLite: in FILE, which is filled once
and kept, or in a throwaway file. The bare SQL is the page's own statements run again without Django, rows fetched.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
SYLLABLES = "ba bel cor dan dre fal gor hin jas kel lor mar nes ol pri quin ros sal tor ul ven wes yar zan".split()
WORDS = "bridge winter tax harbour council peace treaty budget teachers hospital border rail energy wage school court flood vote".split()
COPIES, REPORTS = 3, 10
"""Attributions a quote, and attributions an article."""

REQUESTS = 20
PAGE, SEARCH, P95 = 100, 200, 200
"""Milliseconds allowed: the median of a page, the median of a search, and the 95th percentile of either."""

START = datetime(2025, 1, 1, tzinfo=UTC)


def fill(quotes: int, speakers: int = 500) -> None:
    """Quotes of some speakers in 40 outlets, a third of them relayed; three attributions a quote, ten an article; a decision on
    one attribution in twenty."""
    from quotes.models import Outlet, Quote, Speaker, Variant
    from quotes.services import index, summary
    from quotes.text.normalize import fingerprint

    chance = random.Random(7)
    cast = Speaker.objects.bulk_create((Speaker(name=f"Speaker {n}") for n in range(speakers)), batch_size=2000)
    outlets = Outlet.objects.bulk_create(Outlet(name=f"Outlet {n}", slug=f"outlet-{n}") for n in range(40))
    made = Quote.objects.bulk_create((Quote(speaker=chance.choice(cast)) for _ in range(quotes)), batch_size=2000)
    variants = []
    rare = _lexicon(chance)
    for quote in made:
        one, other, third = (rare[min(int(chance.paretovariate(0.6)), len(rare)) - 1] for _ in range(3))
        usual = " and the ".join(chance.sample(WORDS, 3))
        words = f"We will talk about the {usual}, not the {one}, until {other} and {third} agree on day {quote.pk}."
        variants.append(Variant(quote=quote, wording=words, fingerprint=fingerprint(words)))
    variants = Variant.objects.bulk_create(variants, batch_size=2000)
    told = [(variant, chance.choice(cast[:50]) if chance.random() < 1 / 3 else None) for variant in variants]
    reports = [report for report in told for _ in range(COPIES)]
    chance.shuffle(reports)
    for first in range(0, len(reports), 20_000):
        batch = [reports[at : at + REPORTS] for at in range(first, min(first + 20_000, len(reports)), REPORTS)]
        _articles(batch, first // REPORTS, chance, outlets)
    for _ in index.rebuild(anew=True):
        pass
    for first in range(0, quotes, 1000):
        summary.refresh(quote.pk for quote in made[first : first + 1000])


def _lexicon(chance: random.Random) -> list[str]:
    """Words nobody knows, to be used as words are: a few often, most seldom."""
    return ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(20_000)]


def _articles(batch: list[list[Any]], number: int, chance: random.Random, outlets: list[Any]) -> None:
    """One article for each list of (variant, intermediary): its text, and its attributions with their spans."""
    from quotes.models import Article, Attribution, Decision, PassageKey, Relay, Revision, Span
    from quotes.services.ingest import digest_of
    from quotes.text.copies import passages
    from quotes.text.spans import Span as TextSpan
    from quotes.text.spans import anchor

    articles = Article.objects.bulk_create(
        Article(
            title=f"Article {number + at}",
            outlet=chance.choice(outlets),
            published=START + timedelta(hours=(number + at) % 3000),
            stage="read",
            current_number=1,
        )
        for at in range(len(batch))
    )
    attributions, relays, spans, revisions = [], [], [], []
    for article, reports in zip(articles, batch, strict=True):
        revision = Revision(article=article, number=1)
        first = len(spans)
        text = ""
        for variant, via in reports:
            speaker = variant.quote.speaker
            begun = len(text)
            parts = [("content", f"“{variant.wording}”"), ("source", speaker.name), ("cue", "said")]
            parts += [("relay_cue", "according to"), ("relay", via.name)] if via else []
            attribution = Attribution(
                revision=revision,
                speaker=speaker,
                variant=variant,
                form="direct",
                extractor="bench",
                sourcing="secondhand" if via else "firsthand",
                start=begun + 1,
                span_key=f"{begun:064d}",
            )
            attributions.append(attribution)
            relay = Relay(attribution=attribution, position=1, intermediary=via, cue="according to") if via else None
            relays += [relay] if relay else []
            for role, words in parts:
                exact = words.strip("“”")
                start = len(text) + words.index(exact)
                mine = relay if role.startswith("relay") else None
                spans.append(
                    Span(
                        attribution=attribution, relay=mine, role=role, start=start, end=start + len(exact), exact=exact
                    )
                )
                text += f"{words} "
            text += "\n"
        for span in spans[first:]:
            around = anchor(text, TextSpan(span.start, span.end))
            span.prefix, span.suffix = around.prefix, around.suffix
        revision.text, revision.digest = text, digest_of(text)
        revisions.append(revision)
    Revision.objects.bulk_create(revisions, batch_size=500)
    Attribution.objects.bulk_create(attributions, batch_size=2000)
    Decision.objects.bulk_create(Decision(verb="accepted", attribution=each) for each in attributions[::20])
    Relay.objects.bulk_create(relays, batch_size=2000)
    Span.objects.bulk_create(spans, batch_size=2000)
    filed = {(key, r.article_id) for r in revisions for passage in passages(r.text) for key in passage.keys}
    PassageKey.objects.bulk_create((PassageKey(key=key, article_id=pk) for key, pk in filed), batch_size=2000)


@contextmanager
def recorded(connection: Any) -> Iterator[list[tuple[str, Any]]]:
    """Collects the statements a connection runs, with their parameters, over closing and reopening."""
    statements: list[tuple[str, Any]] = []

    def record(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(record):
        yield statements


def timed(work: Callable[[], object]) -> list[float]:
    """Milliseconds of each of REQUESTS runs, after one that warms up."""
    work()
    times = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return times


def bare(statements: list[tuple[str, Any]]) -> float:
    """The median of running a page's statements again, without Django."""
    from django.db import connection

    def run() -> None:
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()

    return statistics.median(timed(run))


def measure(paths: list[str], address: str) -> bool:
    """Prints the table; True when every page is within what is allowed."""
    from django.db import connection
    from django.test import Client

    client, server = Client(), HTTPConnection(address)
    within = True
    print(f"{'page':58} {'median':>7} {'p95':>7} {'SQL':>7} {'queries':>7} {'kB':>5}   (ms)")
    for path in paths:
        with recorded(connection) as statements:
            body = client.get(path).content

        def get(path: str = path) -> None:
            server.request("GET", path)
            answer = server.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)

        times = timed(get)
        median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        slow = median > (SEARCH if "q=" in path else PAGE) or p95 > P95
        within = within and not slow
        print(
            f"{path[:58]:58} {median:7.1f} {p95:7.1f} {bare(statements):7.1f} {len(statements):7} {len(body) / 1000:5.0f}"
            f"{'   over' if slow else ''}",
            flush=True,
        )
    return within


@contextmanager
def served(*, workers: int = 1, threads: int = 1) -> Iterator[str]:
    """The address of gunicorn, with one worker unless told otherwise, on the same database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "quotes.wsgi", "--bind", address]
    command += ["--workers", str(workers), "--threads", str(threads)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(tuple(address.split(":"))):  # type: ignore[arg-type]
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


PAGES = """
/ /quotes/ /quotes/?page=200 /quotes/?sort=most /quotes/?sort=old /quotes/?q=bridge+peace /quotes/?q=absent
/quotes/?q=speaker:%22Speaker+7%22 /quotes/?q=via:%22Speaker+4%22 /quotes/?q=outlet:%22Outlet+3%22 /quotes/?q=class:secondhand
/quotes/?q=grade:D /quotes/?q=flag:any /quotes/?q=via:4+peace+after:2025-02-01 /quotes/?q=-peace /quotes/?q=%22talk+about%22
/quotes/?q=before:2025-01-05 /quotes/?q=to:putin
/quotes/{one}/ /quotes/{one}.jsonld /speakers/ /speakers/?q=speaker+12 /speakers/1/ /speakers/1/?tab=relayed
/speakers/1/?tab=relayed&q=class:secondhand /outlets/ /outlets/outlet-1/ /outlets/outlet-1/?q=bridge /articles/ /articles/?q=article+77
/articles/1/ {seen} /compare/?speaker=1&speaker=2 /compare/?outlet=1&outlet=2
/compare/?wording={first}&wording={second} /method/ /api/ /api/v1/quotes?q=bridge /api/v1/speakers
""".split()


def addresses() -> list[str]:
    from quotes.models import Quote, Variant

    one, words = Quote.objects.order_by("-report_count").values_list("pk", "words")[0]
    seen = f"/seen/?{urlencode({'q': words.replace('We will talk about', 'they would speak of')})}"
    first, second = Variant.objects.order_by("pk").values_list("pk", flat=True)[:2]
    return [path.format(one=one, first=first, second=second, seen=seen) for path in PAGES]


def main(quotes: int, file: Path) -> bool:
    os.environ["DATABASE_URL"] = f"sqlite:///{file}"
    os.environ["HEARSAY_DEBUG"] = "no"
    os.environ["HEARSAY_API_RATE"] = os.environ["HEARSAY_SEARCH_RATE"] = "1000000/min"
    os.environ["HEARSAY_ALLOWED_HOSTS"] = "testserver,127.0.0.1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "quotes.settings"
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    from quotes.models import Attribution, Quote

    if not Quote.objects.exists():
        began = time.perf_counter()
        fill(quotes)
        print(f"made in {time.perf_counter() - began:.0f} s")
    print(f"{Quote.objects.count():,} quotes, {Attribution.objects.count():,} attributions\n")
    with served() as address:
        return measure(addresses(), address)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        given = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else Path(folder) / "bench.sqlite3"
        raise SystemExit(0 if main(number, given) else "Some pages are over the limits.")
