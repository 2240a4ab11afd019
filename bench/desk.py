"""How long a decision in the queue takes, there and back, on a large site: median and p95 of each kind of row.

    python bench/desk.py [QUOTES] [FILE]

The site of bench/pages.py (100,000 quotes by default, in FILE when given), with 5,000 things waiting. Decisions go over HTTP
to gunicorn with one worker, as the page sends them: the answer holds the inspector of the next row and the new counts.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from pages import COPIES, fill, served  # noqa: E402

READINGS, PAIRS, MENTIONS, FLAGS, PROBLEMS = 3500, 900, 200, 350, 50
DECISIONS = 40
"""Of each kind of row."""

ALLOWED = 100
"""Milliseconds allowed at the median."""


def fill_queue(editor: Any) -> None:
    """5,000 things that wait, spread over the quotes."""
    from quotes.models import Attribution, Flag, Match, Problem, Quote, Variant
    from quotes.services import summary

    chance = random.Random(11)
    reports = list(Attribution.objects.order_by("pk").values_list("pk", flat=True)[: 40 * READINGS : 40])
    Attribution.objects.filter(pk__in=reports[:READINGS]).update(confidence=0.3)
    named = list(Attribution.objects.order_by("-pk")[: 2 * MENTIONS * COPIES : 2])
    for number, report in enumerate(named):
        report.speaker, report.speaker_printed = None, f"the envoy number {number // COPIES}"
        report.candidates = [[f"Speaker {number % 500}", 0.5], [f"Speaker {(number + 1) % 500}", 0.4]]
    Attribution.objects.bulk_update(named, ["speaker", "speaker_printed", "candidates"], batch_size=200)
    summary.refresh(Variant.objects.filter(attributions__in=named).values_list("quote", flat=True))
    by_speaker: dict[int, list[int]] = {}
    for pk, speaker in Variant.objects.order_by("pk").values_list("pk", "quote__speaker")[:20_000]:
        by_speaker.setdefault(speaker, []).append(pk)
    pairs = {
        tuple(sorted(chance.sample(known, 2))) for known in by_speaker.values() for _ in range(4) if len(known) > 1
    }
    Match.objects.bulk_create(
        Match(one_id=one, other_id=other, score=0.7, reasons=["Alike."]) for one, other in sorted(pairs)[:PAIRS]
    )
    quotes = list(Quote.objects.order_by("-pk")[: FLAGS + PROBLEMS])
    Flag.objects.bulk_create(
        Flag(quote=quote, kind="secondhand", reason="The aide tells it.", raised_by=editor) for quote in quotes[:FLAGS]
    )
    Problem.objects.bulk_create(Problem(quote=quote, words="Wrong.", kind="cut_short") for quote in quotes[FLAGS:])


class Editor:
    """An editor's browser, signed in."""

    def __init__(self, address: str, session: str) -> None:
        self.server = HTTPConnection(address)
        self.cookie = f"sessionid={session}"
        page = self.get("/review/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, "the queue has no form"
        self.token = found[1]

    def get(self, path: str) -> str:
        self.server.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.server.getresponse()
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith("csrftoken="):
                self.cookie += f"; {value.split(';')[0]}"
        assert answer.status == 200, (path, answer.status)
        return answer.read().decode()

    def act(self, **data: Any) -> str:
        headers = {
            "Cookie": self.cookie,
            "HX-Request": "true",
            "X-CSRFToken": self.token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.server.request("POST", "/review/act/?view=all", urlencode(data), headers)
        answer = self.server.getresponse()
        body = answer.read().decode()
        assert answer.status == 200, (data, answer.status)
        assert 'id="said"' in body, (data, body[:2000])
        return body


def decisions(editor: Any, kind: str) -> Iterator[dict[str, Any]]:
    """What is sent for each of DECISIONS rows of a kind, with the row that follows."""
    from quotes.services.desk import seen_of
    from quotes.services.queue import Queue

    queue = Queue(editor, "all", kind)
    items = queue.items(list(queue.rows()[: DECISIONS + 1]))
    for item, following in pairwise(items):
        sent = {
            "kind": kind,
            "number": item.subject.pk,
            "seen": seen_of(kind, item.subject),
            "following": following.key,
        }
        act = {"match": "no"}.get(kind, "yes")
        name = {"mention": "Speaker 7", "problem": "cut_short"}.get(kind, "")
        yield sent | {"act": act, "reason": "Compared." if kind in ("flag", "problem") else "", "name": name}


def measured(work: Any, rounds: list[Any]) -> list[float]:
    times = []
    for each in rounds:
        began = time.perf_counter()
        work(each)
        times.append(1000 * (time.perf_counter() - began))
    return times


def told(name: str, times: list[float]) -> bool:
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{name:28} {median:8.1f} {p95:8.1f}{'   over' if median > ALLOWED else ''}", flush=True)
    return median <= ALLOWED


def main(quotes: int, file: Path) -> bool:
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{file}",
        "HEARSAY_DEBUG": "no",
        "HEARSAY_ALLOWED_HOSTS": "testserver,127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "quotes.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from quotes.models import Quote
    from quotes.services.queue import KINDS, Queue

    if not Quote.objects.exists():
        fill(quotes)
    editor, is_new = User.objects.get_or_create(username="edith")
    if is_new:
        editor.groups.add(Group.objects.get(name="editors"))
        raiser = User.objects.create(username="rita")
        fill_queue(raiser)
    client = Client()
    client.force_login(editor)
    counts = Queue(editor, "all").counts()
    print(f"{Quote.objects.count():,} quotes, {counts['all']:,} waiting\n{'':28} {'median':>8} {'p95':>8}   (ms)")
    with served() as address:
        browser = Editor(address, client.cookies["sessionid"].value)
        within = [told("the queue", measured(browser.get, ["/review/"] * 20))]
        within.append(told("an inspector", measured(browser.get, [_inspector(editor)] * 20)))
        every: list[float] = []
        for kind, label in KINDS.items():
            sent = list(decisions(editor, kind))
            times = measured(lambda data: browser.act(**data), sent)
            told(f"deciding: {label.lower()}", times)
            every += times
        within.append(told("deciding: all of them", every))
    return all(within)


def _inspector(editor: Any) -> str:
    from quotes.services.queue import Queue

    kind, number, *_ = Queue(editor, "all", "reading").rows()[0]
    return f"/review/item/{kind}/{number}/"


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        given = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else Path(folder) / "bench.sqlite3"
        raise SystemExit(0 if main(number, given) else "Some are over the limit.")
