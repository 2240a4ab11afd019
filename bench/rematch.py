"""How long matching everything anew takes, what memory it needs, and what it finds; and whether Spark finds the same.

python bench/rematch.py EVAL_FOLDER COUNT [duckdb | spark | both]

The wordings are those of bench/corpus.py, each a quote of its own, put down to speakers by Zipf's law (one speaker for fifty
wordings; the first has about a tenth of all), ten to an article, over three years. A thousand variants of known wordings
are planted in other articles, said by the same speaker within two days. A database is named by DATABASE_URL (default:
SQLite in a temporary folder).
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLANTED = 1000
PER_SPEAKER, PER_ARTICLE, DAYS = 50, 10, 1000
BATCH = 5000
START = datetime(2023, 1, 1, tzinfo=UTC)


def fill(folder: Path, count: int) -> list[tuple[str, int, int]]:
    """Stores the wordings and the planted variants; (kind, variant, the wording it is a variant of)."""
    from bench.corpus import made, real, variants
    from quotes.models import Speaker

    chance = random.Random(11)
    speakers = Speaker.objects.bulk_create(Speaker(name=f"Speaker {n}") for n in range(max(1, count // PER_SPEAKER)))
    shares = list(accumulate(1 / rank for rank in range(1, len(speakers) + 1)))
    rows = (
        (words, chance.choices(speakers, cum_weights=shares)[0].pk, chance.randrange(DAYS))
        for words in made(real(folder), count)
    )
    stored = _store(rows, article_offset=0)
    said = {pk: (speaker, day) for pk, _, speaker, day in stored}
    queries = variants([(pk, words) for pk, words, _, _ in stored], PLANTED)
    planted = _store(
        ((words, said[target][0], said[target][1] + chance.randrange(3)) for _, words, target in queries),
        article_offset=count,
    )
    return [(kind, row[0], target) for row, (kind, _, target) in zip(planted, queries, strict=True)]


def _store(rows: object, article_offset: int) -> list[tuple[int, str, int, int]]:
    """(variant, words, speaker, day) of each, stored with its quote, its attribution and every tenth with an article."""
    from quotes.models import Article, Attribution, Quote, Revision, Variant

    stored: list[tuple[int, str, int, int]] = []
    source = iter(rows)  # type: ignore[call-overload]
    while batch := list(islice(source, BATCH)):
        first = article_offset + len(stored)
        days = [START + timedelta(days=day) for _, _, day in batch]
        articles = Article.objects.bulk_create(
            Article(title=f"Article {first + n}", stage="read") for n in range(0, len(batch), PER_ARTICLE)
        )
        revisions = Revision.objects.bulk_create(
            Revision(article=article, number=1, text="…", digest=f"{article.pk:064d}") for article in articles
        )
        quotes = Quote.objects.bulk_create(
            Quote(speaker_id=speaker, words=words, report_count=1, article_count=1, first_seen=day, last_seen=day)
            for (words, speaker, _), day in zip(batch, days, strict=True)
        )
        variants = Variant.objects.bulk_create(
            Variant(quote=quote, wording=quote.words, fingerprint=f"{quote.pk:032d}") for quote in quotes
        )
        Attribution.objects.bulk_create(
            Attribution(
                revision=revisions[n // PER_ARTICLE],
                speaker_id=batch[n][1],
                variant=variant,
                form="direct",
                sourcing="firsthand",
                start=0,
                extractor="bench",
                span_key=f"{variant.pk:064d}",
            )
            for n, variant in enumerate(variants)
        )
        stored += [(v.pk, v.wording, row[1], row[2]) for v, row in zip(variants, batch, strict=True)]
    return stored


class Steps:
    """When each step of a run began."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        self.began.setdefault(step, time.perf_counter())

    def show(self, end: float) -> None:
        ends = [*list(self.began.values())[1:], end]
        for (step, began), ended in zip(self.began.items(), ends, strict=True):
            print(f"    {step:18} {ended - began:7.1f} s")


def memory() -> str:
    own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"{own / 1e6:.1f} GB, {child / 1e6:.1f} GB the largest of its processes"


def find(engine: str, place: Path) -> Path:
    """Only the pairs, as the command writes them."""
    from django.core.management import call_command

    target = place / f"{engine}.csv"
    began = time.perf_counter()
    call_command(
        "rematch", engine=engine, folder=place / engine, pairs=target, memory="4GB", master="local-cluster[2,1,2048]"
    )
    print(f"  {engine}: {time.perf_counter() - began:.0f} s")
    return target


def measure(planted: list[tuple[str, int, int]], place: Path) -> None:
    from quotes.models import Match, Variant
    from quotes.services import rematch

    steps = Steps()
    began = time.perf_counter()
    done = rematch.run(place / "run", engine="duckdb", tell=steps, memory="4GB")
    ended = time.perf_counter()
    print(f"  rematch: {ended - began:.0f} s, at most {memory()}")
    steps.show(ended)
    print(f"  {done.weighed:,} pairs compared, {done.linked:,} quotes joined, {done.proposed:,} questions")
    quotes = dict(Variant.objects.filter(pk__in=[pk for _, *two in planted for pk in two]).values_list("pk", "quote"))
    asked = {frozenset(pair) for pair in Match.objects.asked().values_list("one__quote", "other__quote")}
    linked = [quotes[variant] == quotes[target] for _, variant, target in planted]
    offered = [frozenset((quotes[variant], quotes[target])) in asked for _, variant, target in planted]
    print(f"  of {len(planted)} planted variants {sum(linked)} were linked, {sum(offered)} are asked about")


def main(folder: Path, count: int, engines: str) -> None:
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{place}/bench.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "quotes.settings"
        import django
        from django.core.management import call_command

        django.setup()
        from quotes.services import index

        call_command("migrate", verbosity=0)
        began = time.perf_counter()
        planted = fill(folder, count)
        filled = time.perf_counter()
        for _ in index.rebuild(anew=True):
            pass
        print(f"{count:,} wordings: stored in {filled - began:.0f} s, indexed in {time.perf_counter() - filled:.0f} s")
        if engines in {"spark", "both"}:
            same = find("duckdb", place).read_bytes() == find("spark", place).read_bytes()
            print(f"  the pairs are {'identical' if same else 'NOT identical'}")
        if engines in {"duckdb", "both"}:
            measure(planted, place)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2].replace(",", "")), sys.argv[3] if len(sys.argv) > 3 else "duckdb")
