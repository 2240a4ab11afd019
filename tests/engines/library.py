"""The same articles on either engine, and what searches find in them; run by manage.py."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Flag, Quote
from quotes.models.review import KINDS
from quotes.services import extract, ingest
from quotes.services.facets import facets
from quotes.services.flag import raise_flag
from quotes.services.queue import VIEWS, Queue
from quotes.services.search import SORTS, Search, ordered
from quotes.text.query import parse
from tests.engines.pages import answer
from tests.factories import make_user

DEMO = Path(__file__).parent.parent.parent / "demo" / "articles.jsonl"
PEOPLE = (
    "Ann Lee", "ann lee", "İbrahim Işık", "Élodie Marchand", "ÉLODIE MARCHAND", "Jörg Weiß", "JÖRG WEISS", "Siobhán O’Neill",
    "Siobhán O'Neill", "Łukasz Żak", "Ángel Núñez-Díaz", "李明", "Ωμέγα Σίγμας", "Иван Петров", "Bob Stone", "Åse Ærø", "Zoë de la Cruz",
)  # fmt: skip
OUTLETS = (
    "City Brief",
    "Daily Ledger",
    "ÉCHO du Soir",
    "écho du soir",
    "Straße & Co",
    "新聞",
    "The Post 24",
    "O’Reilly’s",
)
SAID = (
    "We will rebuild the bridge before winter", "We will not rebuild the bridge before winter",
    "The café’s naïve façade cost €1,500.50 in 2024", "It’s the re-election, not the coup d’état, that isn’t over",
    "İstanbul’da ışık vardı, and the lights were on", "我们将在冬天之前重建这座桥", "ΟΔΟΣ και οδός are one street",
    "Emoji 🙂 are 🇫🇷 not words, but COVID-19 is", "The straße is closed, die STRASSE ist zu", "No. 10 has 5e3 reasons and 0x1F doubts",
    "A state-of-the-art e-mail to info@example.org or http://example.org/a?b=1", "ﬁne ligatures and ½ a cup, 10²³ times",
    "Donaudampfschifffahrtsgesellschaftskapitän is one word", "Она сказала, что мост будет построен", "हिन्दी में पुल बनेगा before winter",
    "“Nested ‘marks’ inside”, and 'odd' \"ones\"", "-5 degrees; --dashes--; under_score and C++",
    "漢" * 390 + " stands for a very long word",
)  # fmt: skip
WORDS = (
    "bridge", "bridges", "winter", "REBUILD", "café", "cafe", "naïve", "isn't", "isn’t", "coup", "d’état", "e-mail", "email",
    "İstanbul", "istanbul", "ışık", "我们", "我们将在冬天之前重建这座桥", "οδός", "ΟΔΟΣ", "🙂", "COVID-19", "covid", "19", "straße", "strasse", "5e3",
    "0x1F", "example.org", "info@example.org", "fine", "ﬁne", "½", "10²³", "1,500.50", "мост", "пул", "पुल", "हिन्दी", "C++", "under_score",
    "state-of-the-art", "war", "Trump", "ceasefire", "zqbreak", "zq", "AND", "OR", "NOT", "NEAR", "*", "words:bridge", "^a", "a", "the",
    "漢" * 390, "'", "''", "x" * 300, "\\", "%", "_", "nul\x00l", "\u200bzero", "e\u0301tat",
)  # fmt: skip


START = datetime(2025, 8, 1, tzinfo=UTC)


def fill() -> None:
    """The demo's articles, and one for every saying, by everybody in turn; at the same moments wherever it runs."""
    moments = (START + timedelta(seconds=seconds) for seconds in count())
    with patch("django.utils.timezone.now", lambda: next(moments)):
        _fill()


def _fill() -> None:
    for line in DEMO.read_bytes().splitlines():
        _keep(ingest.json_draft(line))
    for number, said in enumerate(SAID * 2):
        speaker, outlet = PEOPLE[number % len(PEOPLE)], OUTLETS[number % len(OUTLETS)]
        other = PEOPLE[(number * 5 + 3) % len(PEOPLE)]
        text = f"{speaker} said: “{said}.” It was a cold day in the town, people recall.\n\n“Nobody asked us {said},” {other} told {speaker}."
        text += f"\n\nAccording to {other}, {speaker} said that the town will vote again in spring {number}."
        published = datetime(2025, 1 + number % 7, 10, tzinfo=UTC) if number % 6 else None
        _keep(ingest.draft_paste(text, outlet=outlet, title=f"{said[:80]} {number}", published=published))
    editor = make_user("edith", "editors")
    for quote, kind in zip(Quote.objects.shown().order_by("pk")[::7], sorted(KINDS) * 9, strict=False):
        raise_flag(quote=quote, actor=editor, kind=kind, reason="To be looked into.")


def _keep(draft: ingest.Draft) -> None:
    extract.read_revision(ingest.store(draft).revision)


def tell(asked: str, told: str) -> None:
    """What each search finds, by search; and every list and the queue, as they stand."""
    client = Client(headers={"host": "localhost"})
    searches = json.loads(Path(asked).read_text())
    found: dict[str, Any] = {typed: _found(typed) for typed in searches}
    for typed in searches[::5]:
        for path in ("/quotes/", "/api/v1/quotes", "/articles/", "/speakers/", "/speakers/suggest/"):
            name = {"/api/v1/quotes": "q", "/speakers/suggest/": "name"}.get(path, "q")
            found[f"{path} {typed}"] = answer(client, path, **{name: typed})
        found[f"csv {typed}"] = answer(client, "/quotes/", q=typed, format="csv", sort="most")
    for path, sorts in (
        ("/quotes/", SORTS), ("/speakers/", ("said", "relayed", "name")), ("/outlets/", ("articles", "name")),
        ("/articles/", ("new", "old", "title")),
    ):  # fmt: skip
        for sort in sorts:
            found[f"{path} by {sort}"] = [answer(client, path, sort=sort, format=kind) for kind in ("json", "csv")]
    editor = User.objects.get(username="edith")
    for view in VIEWS:
        queue = Queue(editor, view)
        rows = [(kind, number, weight) for kind, number, weight, _ in queue.rows()]
        found[f"queue {view}"] = [rows, queue.counts(), queue.by_kind]
    found["flags"] = [str(flag) for flag in Flag.objects.all()]
    Path(told).write_text(json.dumps(found))


def _found(typed: str) -> dict[str, Any]:
    query = parse(typed, KINDS)
    search = Search(query)
    counted = facets(search)
    return {
        **{sort: [_identity(quote) for quote in ordered(search.quotes(), sort).select_related("speaker")] for sort in SORTS},
        "total": counted.total,
        "facets": [[facet.label, [[str(c.term), c.count] for c in facet.choices]] for facet in counted.facets],
        "within": sorted(Search(query, is_one_query=True).quotes().values_list("pk", flat=True)),
    }  # fmt: skip


def _identity(quote: Quote) -> list[Any]:
    return [quote.pk, quote.words, quote.speaker.name if quote.speaker else quote.speaker_printed]
