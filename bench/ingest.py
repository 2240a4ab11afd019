"""How fast articles come in from end to end (read, resolve, match, store), and whether that holds when there are many.

    python bench/ingest.py [COUNT …]        COUNT: 1000 10000 50000 by default; one core, SQLite, each a database of its own

The database of each count is that of bench/pages.py with as many attributions as COUNT articles have (four each), and a
speaker for every other article; then MEASURED articles of other people come in through the services, as they do every day, and are timed.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT)]
MEASURED, ATTRIBUTIONS, COPIES = 150, 4, 3

GIVEN = "Ann Omar Ingrid Pavel Grace Luis Mei Noel Ruth Tariq Elsa Jonas Petra Ivan Clara Hugo Amina Bruno Dora Felix".split()
LAST = "Lee Haddad Solberg Novak Okoro Romero Tanaka Fischer Marsh Aziz Lind Berg Kovac Petrov Weiss Martin Diallo Costa Hale Stone".split()
THINGS = "bridge harbour school ferry library market tunnel station theatre reservoir airfield museum hospital stadium".split()
DONE = "open rebuild close sell paint move rent finish inspect insure".split()
WHEN = "before winter|next spring|by the end of May|within a year|after the vote|once the money is there".split("|")
OUTLETS = [
    f"{place} {kind}"
    for place in "Lake Hill Harbour Valley River Forest".split()
    for kind in "Post Echo Radio Times".split()
]


def rows(first: int, count: int) -> Iterator[dict[str, str]]:
    """Articles of about 150 words with four attributions, one of them secondhand; one in ten repeats a remark of another."""
    for number in range(first, first + count):
        chance = random.Random(number)
        repeated = random.Random(number - chance.randrange(1, 50)) if number % 10 == 0 and number > 100 else chance
        names = [f"{chance.choice(GIVEN)} {chance.choice(LAST)}" for _ in range(4)]
        thing, other = repeated.choice(THINGS), repeated.choice(THINGS)
        remark = f"We will {repeated.choice(DONE)} the {thing} of district {repeated.randrange(900)} and its {other} {repeated.choice(WHEN)}"
        text = (
            f"The council of district {number} met on Monday to speak about the {thing} for the third time this year.\n\n"
            f"{names[0]}, the mayor, said: “{remark}.”\n\n"
            f"Some {number % 97 + 4} people had come to listen, and most of them stayed until late in the evening.\n\n"
            f"{names[1]} told reporters that the {other} costs {number * 7 + 3} million and will be paid for by the county.\n\n"
            f"The minister said the plan for {thing} {number} was sound, according to {names[2]}, who advises her.\n\n"
            f"“Nobody asked the {chance.choice(THINGS)} workers of ward {number % 811} about {chance.choice(WHEN)},” {names[3]} said."
        )
        day = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number % 17000)
        yield {
            "url": f"https://paper{number % 24}.example/{number}",
            "outlet": OUTLETS[number % 24],
            "title": f"{thing.title()} {number}",
            "published": day.isoformat(),
            "text": text,
        }


def main(marks: list[int]) -> None:
    print(f"{'as of':>9} {'attributions':>13} {'quotes':>8} {'articles/s':>11} {'of the first':>13}", flush=True)
    first = 0.0
    for mark in marks:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, "--one", str(mark)]
            environment = {
                **os.environ,
                "DATABASE_URL": f"sqlite:///{folder}/ingest.sqlite3",
                "HEARSAY_STATE_DIR": folder,
            }
            environment |= {"DJANGO_SETTINGS_MODULE": "quotes.settings", "OMP_NUM_THREADS": "1"}
            told = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        attributions, quotes, rate = (float(part) for part in told.split())
        first = first or rate
        print(f"{mark:9,} {attributions:13,.0f} {quotes:8,.0f} {rate:11.1f} {rate / first:13.2f}", flush=True)


def one(mark: int) -> None:
    """Fills a database and prints how many attributions and quotes it has, and how many articles a second come in."""
    import django

    django.setup()
    from django.core.management import call_command
    from pages import fill

    from quotes.models import Attribution, Quote

    call_command("migrate", verbosity=0)
    fill(mark * ATTRIBUTIONS // COPIES, speakers=max(500, mark // 2))
    counts = Attribution.objects.count(), Quote.objects.count()
    _take_in(rows(0, 20))  # the model is loaded, caches are warm
    start = time.perf_counter()
    _take_in(rows(20, MEASURED))
    print(*counts, MEASURED / (time.perf_counter() - start))


def _take_in(articles: Iterator[dict[str, str]]) -> None:
    from quotes.services import ingest
    from quotes.services.arrival import take_in

    for row in articles:
        take_in(ingest.json_draft(json.dumps(row).encode()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main([int(argument) for argument in sys.argv[1:]] or [1000, 10_000, 50_000])
