"""Pages made to exhaust whoever reads them: each is refused or read, in bounded time, and nothing outside them is opened."""

from __future__ import annotations

import json
import time

import pytest

from quotes.intake.draft import Draft
from quotes.intake.file import Problem, drafts

PROSE = (
    b'<p>Ann Lee said: "We will rebuild the bridge." '
    + b"It was a long day in the town and much was said. " * 20
    + b"</p>"
)
LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(14))
SECONDS = 60
"""Far more than any takes on an idle machine, and half of what a worker may take."""

BOMBS = {
    "nested": b"<div>" * 100_000 + PROSE,
    "nested inline": b"<b>" * 100_000 + PROSE,
    "nested within the cap": b"<div>" * (9_010) + PROSE + b"</div>" * (9_000),
    "nested tables": b"<table><tr><td>" * 30_000 + PROSE,
    "a billion laughs": b"<!DOCTYPE x [" + LAUGHS + b"]><html><body><p>&a13;</p>" + PROSE,
    "an attribute of 50 MB": b'<p title="' + b"x" * 49_000_000 + b'">' + PROSE,
    "an attribute that never ends": b'<p title="' + b"x " * 20_000_000,
    "many attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">" + PROSE,
    "many attributes, with line breaks": b"<p " + b"\n".join(b"a%d" % n for n in range(200_000)) + b">" + PROSE,
    "many links": b'<a href="x">y</a>' * 300_000 + PROSE,
    "many breaks": b"<p>" + b"a<br>" * 500_000 + PROSE,
    "many properties": b'<meta property="og:title" content="x">' * 200_000 + PROSE,
    "open brackets": b"<" * 2_000_000 + PROSE,
    "open comments": b"<!--" * 100_000 + PROSE,
    "deep linked data": b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script>" + PROSE,
    "one paragraph of 40 MB": b"<p>" + b"We will rebuild it. " * 2_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_it_is_refused_or_read_in_bounded_time(name: str) -> None:
    began = time.monotonic()
    found = list(drafts("bomb.html", [b"<html><body>" + BOMBS[name]]))
    assert len(found) == 1
    assert isinstance(found[0], Draft | Problem)
    assert time.monotonic() - began < SECONDS


def test_a_long_article_is_no_bomb() -> None:
    page = b"<html><body><article>" + PROSE * 300 + b"</article>" + b"<li><a href='/x'>More</a></li>" * 2_000
    (found,) = drafts("long.html", [page])
    assert isinstance(found, Draft)


def test_nothing_outside_the_page_is_opened(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret.txt"
    with open(secret, "w", encoding="utf-8") as file:
        file.write("The launch code is marmalade.")
    for address in (f"file://{secret}", "http://127.0.0.1:9/x"):
        page = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]><html><body><p>&e;</p>'.encode() + PROSE
        (found,) = drafts("outside.html", [page])
        assert isinstance(found, Draft)
        assert "marmalade" not in found.text


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 1_000_000,
        b'{"text":' * 100_000,
        b'{"text": "' + b"x" * 20_000_000 + b'"}',
        b'{"text": ' + b"9" * 1_000_000 + b"}",
    ],
    ids=["arrays", "objects", "one word", "one number"],
)
def test_lines_of_json(line: bytes) -> None:
    began = time.monotonic()
    (found,) = drafts("bomb.jsonl", [line])
    assert isinstance(found, Problem)
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.jsonl"])
def test_nuls_and_halves_of_characters(name: str) -> None:
    """JSON can name half a character, which no database takes."""
    text = "Ann Lee said: We will rebuild the bridge \ud800 before the \x00 winter."
    data = json.dumps({"text": text, "title": "\udfff\x00", "byline": "\ud800", "outlet": "\x00\udc00"}).encode()
    if not name.endswith("jsonl"):
        data = b"<html><body>" + PROSE + b"\x00&#xD800;&#0;<p>It was late by then in the town.</p>"
    for found in drafts(name, [data]):
        if isinstance(found, Draft):
            for value in (found.text, found.title, found.byline, found.outlet):
                value.encode()
                assert "\x00" not in value
