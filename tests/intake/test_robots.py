from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.answer import FetchFailed, Page
from quotes.intake.robots import LARGEST, Rules, address, product

AGENT = "Hearsay/0.1 (+https://hearsay.example; desk@hearsay.example)"
FILE = b"""User-agent: *
Disallow: /
User-agent: hearsay
Allow: /news/
Disallow: /news/private
Disallow: /*.pdf$
Crawl-delay: 5
"""


def rules(body: bytes) -> Rules:
    return Rules.parse(body, AGENT)


@pytest.mark.parametrize(
    ("path", "may"),
    [("/", True), ("/news/a", True), ("/news/private/a", False), ("/a.pdf", False), ("/a.pdf?b", True), ("/é", True)],
)
def test_it_works(path: str, may: bool) -> None:
    assert rules(FILE).may(f"https://e.com{path}") is may
    assert not Rules.parse(FILE, "Other/1.0").may(f"https://e.com{path}")


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\xff" * 500, b"<html><body>Not found</body></html>", b"Disallow: /", b"User-agent: *\nDisallow:"],
)
def test_what_forbids_nothing(body: bytes) -> None:
    assert rules(body).may("https://e.com/a")
    assert rules(body).crawl_delay == 0


@pytest.mark.parametrize("body", [b"\xef\xbb\xbfUser-agent: *\nDisallow: /", b"user-AGENT : *\r\ndisallow : /  # all"])
def test_ways_to_write_it(body: bytes) -> None:
    assert not rules(body).may("https://e.com/a")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("5", 5), ("2.5", 2.5), ("600", 60), ("1e999", 0), ("-5", 0), ("nan", 0), ("soon", 0), ("", 0)],
)
def test_crawl_delay(written: str, seconds: float) -> None:
    found = rules(f"User-agent: *\nCrawl-delay: {written}".encode()).crawl_delay
    assert found in {seconds, 60 if written == "1e999" else seconds}


@pytest.mark.parametrize(
    ("status", "is_temporary", "may"),
    [
        *((400, False, True), (401, False, True), (403, False, True), (404, False, True), (410, False, True)),
        *((451, False, True), (429, True, False), (500, True, False), (503, True, False), (999, True, False)),
        *((None, True, False), (None, False, False)),
    ],
)
def test_a_site_without_the_file(status: int | None, is_temporary: bool, may: bool) -> None:
    found = Rules.found(FetchFailed("x", is_temporary=is_temporary, status=status), AGENT)
    assert found.may("https://e.com/a") is may
    assert found.is_for_now is not may
    assert found.crawl_delay == 0


def test_a_site_with_the_file() -> None:
    found = Rules.found(Page("https://e.com/robots.txt", 200, "text/plain", "", FILE), AGENT)
    assert not found.may("https://e.com/news/private")
    assert found.crawl_delay == 5
    assert not found.is_for_now


def test_a_file_too_large_is_read_as_far_as_the_standard_asks() -> None:
    start = FILE + b"#" * 1000 + b"\n"
    assert not rules(start + b"# x\n" * 300_000).may("https://e.com/news/private")
    late = b"# x\n" * (LARGEST // 4 + 10) + b"User-agent: *\nDisallow: /"
    assert rules(late).may("https://e.com/a")


@pytest.mark.parametrize(
    "body",
    [
        b"User-agent: *\nDisallow: /" + b"*a" * 200_000 + b"$",
        b"User-agent: *\n" + b"Disallow: /*a*a*a*a*b$\n" * 20_000,
        b"User-agent: *\n" + b"".join(b"Disallow: /*a*a*b%d$\n" % number for number in range(20_000)),
        b"".join(b"User-agent: x%d\nDisallow: /\n" % number for number in range(15_000)),
    ],
    ids=lambda body: body[-20:].decode(),
)
def test_a_hostile_file_takes_no_time(body: bytes) -> None:
    start = time.process_time()
    assert rules(body).may("https://e.com/" + "a" * 3900)
    assert time.process_time() - start < 4


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"User-agent: *\nDisallow: {text}".encode()))
def test_any_bytes(body: bytes) -> None:
    assert rules(body).may("https://e.com/a?b=c") in {True, False}
    assert 0 <= rules(body).crawl_delay <= 60


def test_where_and_who() -> None:
    assert address("https://e.com:8443/a/b?c#d") == "https://e.com:8443/robots.txt"
    assert [product(agent) for agent in (AGENT, "Hearsay", "Hear say/1", "", " / ")] == [
        "Hearsay",
        "Hearsay",
        "Hear",
        "*",
        "*",
    ]
