"""Throws bytes at what reads material from outside: no traceback, no unbounded time.

    pip install atheris
    python bench/fuzz.py page|feed|file|search [SECONDS]      600 seconds by default; coverage-guided, from a few seeds

What an input may do is be read, or be refused with a message; anything else ends the run with the input, which
belongs into tests/ then. An input that takes longer than SLOWEST seconds is a fault too.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SLOWEST = 10
"""Seconds; the machine is busy with nothing else."""

LONGEST = 20_000
"""Bytes of an input."""

SEEDS = {
    "page": [
        b"<html><head><title>A bridge</title><link rel=canonical href='https://a.example/1'></head><body><article><p>Mayor Ann Lee said: \"We will rebuild it.\" She left the hall at once.</p></article></body></html>",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj trailer<</Root 1 0 R>>",
        "Die Bürgermeisterin sagte: «Wir bauen die Brücke neu.» Dann ging sie.".encode("latin-1"),
    ],
    "feed": [
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><link>https://a.example/1</link><pubDate>Wed, 21 May 2025 09:00:00 GMT</pubDate></item></channel></rss>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><link href="https://a.example/1"/><updated>2025-05-21T09:00:00Z</updated></entry></feed>',
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "url": "https://a.example/1"}]}',
    ],
    "file": [
        b'{"text": "Ann Lee said: \\"We will rebuild the bridge.\\" She left.", "url": "https://a.example/1", "published": "2025-05-21"}\n{"text": 1}\n',
        b'A bridge\n\nMayor Ann Lee said: "We will rebuild it."\n\nRead more: Bridges\n',
    ],
    "search": [
        b'speaker:Trump via:"Yuri Ushakov" class:secondhand after:2025-05 -draft',
        b'"call anytime" outlet:x before:2024 flag:denied to:him',
    ],
}


def page(data: bytes) -> None:
    from quotes.intake.answer import Page
    from quotes.intake.draft import Refused
    from quotes.intake.page import draft

    kind = (b"text/html", b"application/pdf", b"text/plain", b"", b"image/png")[data[0] % 5 if data else 0].decode()
    charset = ("", "utf-8", "latin-1", "utf-16", "nonsense")[data[1] % 5 if len(data) > 1 else 0]
    try:
        draft(Page(url="https://a.example/1", status=200, content_type=kind, charset=charset, body=data[2:]))
    except Refused:
        pass


def feed(data: bytes) -> None:
    from quotes.intake.answer import Page
    from quotes.intake.draft import Refused
    from quotes.intake.feed import discover, parse

    found = Page(url="https://a.example/feed", status=200, content_type="application/xml", charset="", body=data)
    try:
        parse(found)
    except Refused:
        discover(found)


def file(data: bytes) -> None:
    from quotes.intake.file import drafts

    name = ("a.jsonl", "a.txt", "a.html")[data[0] % 3 if data else 0]
    for _ in drafts(name, data[1:].splitlines(keepends=True)):
        pass


def search(data: bytes) -> None:
    """The words of a search through the list of quotes and the home box, on a database with the demo articles."""
    from django.test import Client

    words = data.decode("utf-8", "surrogateescape")
    for path in ("/quotes/", "/seen/"):
        status = Client().get(path, {"q": words.encode("utf-8", "surrogateescape")}).status_code
        if status not in {200, 302}:
            raise AssertionError(f"{path} answered {status}")


TARGETS: dict[str, Callable[[bytes], None]] = {"page": page, "feed": feed, "file": file, "search": search}


def main(name: str, seconds: int) -> None:
    import atheris

    folder = tempfile.mkdtemp(prefix="hearsay-fuzz-")
    os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/fuzz.sqlite3", "DJANGO_SETTINGS_MODULE": "quotes.settings"}
    os.environ |= {
        "HEARSAY_SEARCH_RATE": "100000000/min",
        "HEARSAY_ALLOWED_HOSTS": "testserver",
        "HEARSAY_LOG_LEVEL": "ERROR",
    }
    with atheris.instrument_imports(include=["quotes"]):
        import django

        django.setup()
        if name == "search":
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            call_command("demo", verbosity=0)
        TARGETS[name](SEEDS[name][0])  # imports what is imported late
    corpus = Path(folder, "corpus")
    corpus.mkdir()
    for number, seed in enumerate(SEEDS[name]):
        (corpus / str(number)).write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOWEST}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={folder}/",
    ]
    atheris.Setup([sys.argv[0], *options, "-rss_limit_mb=4096", str(corpus)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        raise SystemExit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 600)
