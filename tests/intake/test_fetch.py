"""Every trick a site can play on the fetcher: each ends soon, in a sentence, and with few bytes read."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from quotes.intake.fetch import Bounds, FetchFailed, Known, Page, fetch, looked_up
from tests.intake.hostile import (
    ADDRESS,
    ARTICLE,
    OK,
    PLAIN,
    Hostile,
    Script,
    answer,
    bomb,
    chunked,
    drip,
    endless,
    hostile,
    raw_deflate,
    redirect,
    silence,
)

AGENT = "Hearsay/0.1 (+https://hearsay.example; desk@hearsay.example)"
SECONDS = 0.8
NAMES = {
    "news.example": [ADDRESS],
    "xn--zrich-kva.example": [ADDRESS],
    "private.example": ["10.1.2.3"],
    "mixed.example": [ADDRESS, "192.168.1.1"],
    "mapped.example": [f"::ffff:{ADDRESS}"],
    "local.example": ["127.0.0.1"],
    "intranet": ["172.16.0.9"],
    "nowhere.example": [],
    "closed.example": ["127.0.0.3"],
    "localhost": ["127.0.0.1", "::1"],
}


def resolve(host: str, port: int) -> list[str]:
    if host not in NAMES:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return NAMES[host]


def read(server: Hostile, url: str, known: Known | None = None, seconds: float = SECONDS, **more: int) -> Page:
    bounds = Bounds(
        seconds=seconds,
        ports=frozenset({80, 443, server.port}),
        allowed_addresses=frozenset({ADDRESS}),
        largest_download=more.get("largest_download", 1_000_000),
        largest_page=2_000_000,
        redirects=5,
    )
    return fetch(url, agent=AGENT, bounds=bounds, known=known or Known(), resolver=resolve)


@pytest.fixture(scope="module")
def plain() -> Iterator[Hostile]:
    with hostile(PLAIN) as server:
        yield server


def test_it_works(plain: Hostile) -> None:
    page = read(plain, plain.url("/"))
    assert (page.url, page.status, page.content_type, page.charset) == (plain.url("/"), 200, "text/html", "iso-8859-1")
    assert (page.body, page.etag, page.modified) == (ARTICLE, '"v1"', "then")
    assert (page.redirects, page.not_modified, page.is_downgraded) == ((), False, False)


@pytest.mark.parametrize(
    "path",
    [
        *("/gzip", "/x-gzip", "/two-gzips", "/padded-gzip", "/deflate", "/raw-deflate", "/identity"),
        *("/chunked", "/until-closed", "/long-content", "/continue", "/relative", "/spaces", "/utf-8"),
    ],
)
def test_ways_to_send_an_article(plain: Hostile, path: str) -> None:
    page = read(plain, plain.url(path))
    assert page.body == ARTICLE
    assert all(url.startswith("http://") for url in page.redirects)


def test_an_empty_page_is_a_page(plain: Hostile) -> None:
    assert read(plain, plain.url("/empty")).body == b""


def test_a_redirect_is_followed_and_told(plain: Hostile) -> None:
    page = read(plain, plain.url("/relative#part"))
    assert (page.url, page.redirects) == (plain.url("/gzip"), (plain.url("/relative"),))


@pytest.mark.parametrize(
    "host", ["NEWS.example", "news.example.", "NEWS.EXAMPLE.", "zürich.example", "ZÜRICH.example", ADDRESS]
)
def test_hosts_are_asked_by_one_name(plain: Hostile, host: str) -> None:
    request = read(plain, plain.url("/echo", host)).body.decode()
    named = {"n": "news.example", "z": "xn--zrich-kva.example", "1": ADDRESS}[host[0].lower()]
    assert f"Host: {named}:{plain.port}\r\n" in request


def test_nothing_is_sent_but_the_question(plain: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    read(plain, plain.url("/cookie"))
    request = read(plain, plain.url("/echo?a=é&b=%20")).body.decode()
    assert request.startswith("GET /echo?a=%C3%A9&b=%20 HTTP/1.1\r\n")
    assert f"User-Agent: {AGENT}\r\n" in request
    assert not any(word in request.lower() for word in ("cookie", "authorization", "referer", "if-none-match", "br"))


PLAIN["/echo?a=%C3%A9&b=%20"] = PLAIN["/echo"]


def test_what_is_known_is_not_sent_again(plain: Hostile) -> None:
    page = read(plain, plain.url("/known"), Known(etag='"v1"', modified="Mon, 01 Jan 2024 00:00:00 GMT"))
    assert (page.status, page.not_modified, page.body) == (304, True, b"")
    assert b"If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT\r\n" in plain.requests[-1]
    assert read(plain, plain.url("/known"), Known(etag='"v0"')).body == ARTICLE


@pytest.mark.parametrize("etag", ["a\r\nX: y", "a\x00", "é", "a" * 2000])
def test_a_version_that_cannot_be_sent_is_left_out(plain: Hostile, etag: str) -> None:
    request = read(plain, plain.url("/echo"), Known(etag=etag)).body
    assert b"If-None-Match" not in request
    assert b"X: y" not in request


@pytest.mark.parametrize("agent", ["", "Hearsay\r\nX: y", "Hearsäy"])
def test_an_agent_that_cannot_be_sent_is_our_own_fault(agent: str) -> None:
    with pytest.raises(ValueError, match="user agent"):
        fetch("http://news.example/", agent=agent, resolver=resolve)


def headers(count: int) -> bytes:
    return OK + b"".join(b"X-Header-%d: aaaaaaaaaa\r\n" % number for number in range(count)) + b"\r\n" + ARTICLE


PRIVATE, NO_ADDRESS = "leads into a private network", "is not a web address"
CUT, LARGE, SLOW, GARBAGE = (
    "broke off",
    "larger than",
    "took longer than 0.8 seconds",
    "none a browser would understand",
)
TRICKS: list[tuple[str, Script, str, bool]] = [
    # what is sent, the words of the refusal, and whether another try may help
    ("to 127.0.0.1", redirect(b"http://127.0.0.1/"), PRIVATE, False),
    ("to metadata", redirect(b"http://169.254.169.254/latest/meta-data/"), PRIVATE, False),
    ("to ::1", redirect(b"http://[::1]/"), PRIVATE, False),
    ("to a mapped address", redirect(b"http://[::ffff:127.0.0.1]/"), PRIVATE, False),
    ("to a zone", redirect(b"http://[fe80::1%25eth0]/"), PRIVATE, False),
    ("to NAT64", redirect(b"http://[64:ff9b::a00:1]/"), PRIVATE, False),
    ("to 6to4", redirect(b"http://[2002:7f00:1::1]/"), PRIVATE, False),
    ("to all", redirect(b"http://0.0.0.0/"), PRIVATE, False),
    ("to a private name", redirect(b"http://private.example/"), PRIVATE, False),
    ("to a mixed name", redirect(b"//mixed.example/"), PRIVATE, False),
    ("to a mapped name", redirect(b"//mapped.example/"), PRIVATE, False),
    ("to localhost", redirect(b"//localhost/"), PRIVATE, False),
    ("to localhost.", redirect(b"//localhost./"), PRIVATE, False),
    ("to the intranet", redirect(b"//intranet/"), PRIVATE, False),
    ("to a decimal address", redirect(b"http://2130706433/"), NO_ADDRESS, False),
    ("to a hexadecimal address", redirect(b"http://0x7f.1/"), NO_ADDRESS, False),
    ("to an octal address", redirect(b"http://017700000001/"), NO_ADDRESS, False),
    ("to a short address", redirect(b"http://127.1/"), NO_ADDRESS, False),
    ("to zeros", redirect(b"http://127.0.0.01/"), NO_ADDRESS, False),
    ("to wide digits", redirect("http://１２７.０.０.１/".encode()), PRIVATE, False),
    ("to a file", redirect(b"file:///etc/passwd"), "must start with http", False),
    ("to gopher", redirect(b"gopher://news.example/"), "must start with http", False),
    ("to javascript", redirect(b"javascript:alert(1)"), "must start with http", False),
    ("to data", redirect(b"data:text/html,hello"), "must start with http", False),
    ("to a password", redirect(b"http://user:secret@news.example/"), "user name or password", False),
    ("to an at sign", redirect(b"http://news.example@127.0.0.1/"), "user name or password", False),
    ("to a backslash", redirect(b"http://127.0.0.1\\@news.example/"), NO_ADDRESS, False),
    ("to an odd port", redirect(b"http://news.example:22/"), "port 22", False),
    ("to port 0", redirect(b"http://news.example:0/"), "port 0", False),
    ("to a port too far", redirect(b"http://news.example:99999/"), NO_ADDRESS, False),
    ("to no host", redirect(b"http:///path"), "is gone", False),  # as browsers read it
    ("to half a bracket", redirect(b"http://[::1/"), NO_ADDRESS, False),
    ("to a tab", redirect(b"http://priv\tate.example/"), PRIVATE, False),
    ("to a long address", redirect(b"/" + b"a" * 5000), "5,0", False),
    ("to a long label", redirect(b"http://" + b"a" * 70 + b".example/"), NO_ADDRESS, False),
    ("to nowhere", redirect(b"http://nowhere.example/"), "no site called nowhere.example", False),
    ("to an unknown name", redirect(b"http://other.example/"), "no site called other.example", False),
    ("to itself", redirect(b"/trick"), "in circles", False),
    ("without a place", answer(b"", status=b"302 Found"), "does not say where", False),
    ("NUL in Location", redirect(b"/a\x00b"), GARBAGE, True),
    ("new line in Location", redirect(b"/a\r\nSet-Cookie: a=b"), "is gone", False),
    ("folded Location", redirect(b"/a\n b"), "is gone", False),
    ("endless body", lambda _: endless(OK + b"\r\n", b"a" * 50_000), LARGE, False),
    ("endless chunks", lambda _: endless(chunked(), b"400\r\n" + b"a" * 1024 + b"\r\n"), LARGE, False),
    ("announced too large", answer(b"", length=10**9), LARGE, False),
    ("gzip bomb", answer(bomb(gzip.compress), b"Content-Encoding: gzip"), LARGE, False),
    ("deflate bomb", answer(bomb(zlib.compress), b"Content-Encoding: deflate"), LARGE, False),
    ("raw deflate bomb", answer(bomb(raw_deflate), b"Content-Encoding: deflate"), LARGE, False),
    ("many small gzips", answer(gzip.compress(bytes(9)) * 60_000, b"Content-Encoding: gzip"), LARGE, False),
    (
        "double gzip",
        answer(gzip.compress(bomb(gzip.compress)), b"Content-Encoding: gzip, gzip"),
        "several times",
        False,
    ),
    (
        "gzip in two headers",
        answer(gzip.compress(gzip.compress(ARTICLE)), b"Content-Encoding: gzip", b"Content-Encoding: gzip"),
        "several times",
        False,
    ),
    ("brotli", answer(ARTICLE, b"Content-Encoding: br"), "nobody asked for", False),
    ("odd packing", answer(ARTICLE, b"Content-Encoding: \x22\xe4<b>"), "nobody asked for", False),
    ("cut gzip", answer(gzip.compress(ARTICLE)[:-20], b"Content-Encoding: gzip"), CUT, True),
    ("no gzip", answer(ARTICLE, b"Content-Encoding: gzip"), "damaged", True),
    ("damaged gzip", answer(b"\x1f\x8b\x08\x00" + bytes(range(256)), b"Content-Encoding: gzip"), "damaged", True),
    ("slow headers", lambda _: drip(OK * 9), SLOW, True),
    ("slow body", lambda _: drip(OK + b"\r\n" + ARTICLE * 9, 0.01), SLOW, True),
    ("slow chunks", lambda _: drip(chunked(*[b"a"] * 99), 0.01), SLOW, True),
    ("slow redirects", lambda _: drip(redirect(b"/trick?again"), 0.01), SLOW, True),
    ("silence", lambda _: silence(2), SLOW, True),
    ("closes at once", b"", GARBAGE, True),
    ("10 MB of header", lambda _: endless(OK + b"X: ", b"a" * 50_000), "never gets to the page", False),
    ("10,000 headers", headers(10_000), "never gets to the page", False),
    ("1xx without end", lambda _: endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99), "never gets to the page", False),
    ("another protocol", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", GARBAGE, True),
    ("HTTP/0.9", ARTICLE, GARBAGE, True),
    ("SSH", b"SSH-2.0-OpenSSH_9.9\r\n", GARBAGE, True),
    ("random bytes", bytes(range(256)) * 20, GARBAGE, True),
    ("status 99", answer(status=b"99 Odd"), GARBAGE, True),
    ("two lengths", answer(ARTICLE, b"Content-Length: 3"), GARBAGE, True),
    ("negative length", OK + b"Content-Length: -5\r\n\r\n", GARBAGE, True),
    ("endless length", OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", GARBAGE, True),
    ("too short", answer(ARTICLE, length=999), CUT, True),
    ("chunk garbage", chunked()[:-2] + b"\r\nzz\r\nhello", CUT, True),
    ("chunk too short", chunked() + b"ff\r\nhello", CUT, True),
    ("chunk too large", chunked() + b"f" * 50 + b"\r\nhello", CUT, True),
    ("201", answer(status=b"201 Created"), "without a page", False),
    ("202", answer(status=b"202 Accepted"), "not ready yet", True),
    ("204", b"HTTP/1.1 204 No Content\r\n\r\n", "without a page", False),
    ("206", answer(status=b"206 Partial Content"), "without a page", False),
    ("300", answer(status=b"300 Multiple Choices"), "error 300, multiple choices", False),
    ("304 unasked", b"HTTP/1.1 304 Not Modified\r\n\r\n", "nobody has seen it", True),
    ("400", answer(status=b"400 Bad Request"), "error 400, bad request", False),
    ("401", answer(status=b"401 Unauthorized"), "asks for a password", False),
    ("402", answer(status=b"402 Payment Required"), "people who pay", False),
    ("403", answer(status=b"403 Forbidden"), "refuses to show", False),
    ("404", answer(status=b"404 Not Found"), "The page is gone.", False),
    ("408", answer(status=b"408 Request Timeout"), "error 408", True),
    ("410", answer(status=b"410 Gone"), "The page is gone.", False),
    ("418", answer(status=b"418 I'm a Teapot"), "error 418", False),
    ("429", answer(status=b"429 Slow Down"), "come back later", True),
    ("451", answer(status=b"451 Unavailable"), "legal reasons", False),
    ("499", answer(status=b"499 Odd"), "(error 499)", False),
    ("500", answer(status=b"500 Oh"), "fault of its own (error 500)", True),
    ("503", answer(status=b"503 Oh"), "down for now", True),
    ("599", answer(status=b"599 Oh"), "error 599", True),
    ("999", answer(status=b"999 Request denied"), "error 999", True),
]


@pytest.mark.parametrize(
    ("script", "message", "is_temporary"), [row[1:] for row in TRICKS], ids=[row[0] for row in TRICKS]
)
def test_a_trick_is_refused_in_words(script: Script, message: str, is_temporary: bool) -> None:
    scripts = {"/trick": script, "/trick?again": script}
    with hostile(scripts) as server:
        start = time.monotonic()
        with pytest.raises(FetchFailed) as refusal:
            read(server, server.url("/trick"))
        assert time.monotonic() - start < SECONDS + 0.5
        assert message in str(refusal.value)
        assert str(refusal.value).endswith(".")
        assert len(str(refusal.value)) < 250
        assert refusal.value.is_temporary is is_temporary
        assert len(server.requests) <= 5
        assert server.sent < 8_000_000  # a few megabytes lie in the system's buffers


def test_a_body_in_endless_small_chunks_is_cut_by_size_or_by_time() -> None:
    with hostile({"/": lambda _: endless(chunked(), b"1\r\na\r\n" * 9000)}) as server:
        start = time.monotonic()
        with pytest.raises(FetchFailed, match=r"larger than|took longer"):
            read(server, server.url("/"))
        assert time.monotonic() - start < SECONDS + 0.5


def test_a_chain_of_redirects_has_an_end() -> None:
    with hostile({f"/{number}": redirect(b"/%d" % (number + 1)) for number in range(20)} | {"/20": answer()}) as server:
        assert len(read(server, server.url("/15")).redirects) == 5
        with pytest.raises(FetchFailed, match=r"more than 5 times") as refusal:
            read(server, server.url("/0"))
        assert not refusal.value.is_temporary
        assert len(server.requests) == 12


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", NO_ADDRESS),
        ("news.example/a", NO_ADDRESS),
        ("ftp://news.example/", "must start with http"),
        ("http://127.0.0.1/", PRIVATE),
        ("http://[::1]:8080/", PRIVATE),
        ("http://169.254.169.254/latest", PRIVATE),
        ("http://100.100.100.200/", PRIVATE),
        ("http://168.63.129.16/", PRIVATE),
        ("https://local.example/", PRIVATE),
        ("http://a:b@news.example/", "user name"),
        ("http://@news.example/", "user name"),
        ("http://news.example:25/", "port 25"),
        ("http://news.example:6379/", "port 6379"),
        ("http://news.example/\r\nX: y", NO_ADDRESS),
        ("http://news.example/a b", NO_ADDRESS),
        ("http://news.example/\x00", NO_ADDRESS),
        ("http://news.example\x00.evil.example/", NO_ADDRESS),
        ("http://news%2eexample/", NO_ADDRESS),
        ("http://127.0.0.1%2f.example/", NO_ADDRESS),
        ("http://\ud800.example/", NO_ADDRESS),
        ("http://news.example/\ud800", NO_ADDRESS),
        ("http://a..b/", NO_ADDRESS),
        ("http://.example/", NO_ADDRESS),
        ("http://1.2.3.4.5/", NO_ADDRESS),
        ("http://256.256.256.256/", NO_ADDRESS),
        ("http://news.example/" + "a" * 4000, "4,020 characters"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_addresses_nobody_should_ask_for(url: str, message: str) -> None:
    with pytest.raises(FetchFailed) as refusal:
        fetch(url, agent=AGENT, resolver=resolve)
    assert message in str(refusal.value)
    assert not refusal.value.is_temporary
    assert "\n" not in str(refusal.value)


def test_a_second_answer_of_a_name_server_does_not_matter(plain: Hostile) -> None:
    """DNS rebinding: the name leads to an open address at first, then into the house."""
    answers = [[ADDRESS], ["127.0.0.1"]]
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), 2) - 1]

    bounds = Bounds(ports=frozenset({plain.port}), allowed_addresses=frozenset({ADDRESS}))
    page = fetch(plain.url("/", "rebind.example"), agent=AGENT, bounds=bounds, resolver=rebinding)
    assert (page.body, asked) == (ARTICLE, ["rebind.example"])
    asked.clear()
    with pytest.raises(FetchFailed, match="private network"):  # the next hop is a new look, and is checked anew
        fetch(plain.url("/relative", "rebind.example"), agent=AGENT, bounds=bounds, resolver=rebinding)
    assert len(asked) == 2


def test_the_system_is_asked_for_no_name_but_by_the_resolver(plain: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    truly = socket.getaddrinfo

    def listening(host: str, *args: object, **more: object) -> object:
        asked.append(host)
        return truly(host, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", listening)
    read(plain, plain.url("/"))
    assert set(asked) <= {ADDRESS}


def test_no_socket_is_opened_to_a_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **more: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "create_connection", never)
    for host in ("private.example", "mixed.example", "mapped.example", "localhost", "10.0.0.1", "[fd00::1]"):
        with pytest.raises(FetchFailed, match="private network"):
            fetch(f"http://{host}/", agent=AGENT, resolver=resolve)


@pytest.mark.parametrize("address", ["8.8.8.8", "10.0.0.1", "169.254.169.254", "fd00::1", "0.0.0.0"])
def test_only_loopback_can_be_allowed(address: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Bounds(allowed_addresses=frozenset({address}))


def failing(seconds: float, error: Exception) -> Callable[[str, int], list[str]]:
    def look_up(host: str, port: int) -> list[str]:
        time.sleep(seconds)
        raise error

    return look_up


@pytest.mark.parametrize(
    ("seconds", "error", "message", "is_temporary"),
    [
        (0, socket.gaierror(socket.EAI_NONAME, "unknown"), "no site called", False),
        (0, socket.gaierror(socket.EAI_NODATA, "no address"), "no site called", False),
        (0, socket.gaierror(socket.EAI_AGAIN, "later"), "could not be looked up", True),
        (0, TimeoutError("slow"), "no site called|could not be looked up", True),
        (0, UnicodeError("label too long"), "no site called", False),
        (2, socket.gaierror(socket.EAI_AGAIN, "later"), "took longer than 0.2 seconds", True),
    ],
)
def test_names_that_are_not_found(seconds: float, error: Exception, message: str, is_temporary: bool) -> None:
    start = time.monotonic()
    with pytest.raises(FetchFailed, match=message) as refusal:
        fetch("http://news.example/", agent=AGENT, bounds=Bounds(seconds=0.2), resolver=failing(seconds, error))
    assert refusal.value.is_temporary is is_temporary
    assert time.monotonic() - start < 0.5


def test_a_machine_that_takes_no_connection(plain: Hostile) -> None:
    bounds = Bounds(ports=frozenset({plain.port}), allowed_addresses=frozenset({"127.0.0.3"}))
    with pytest.raises(FetchFailed, match=r"closed\.example could not be reached") as refusal:
        fetch(plain.url("/", "closed.example"), agent=AGENT, bounds=bounds, resolver=resolve)
    assert refusal.value.is_temporary


def test_the_next_address_is_tried(plain: Hostile) -> None:
    bounds = Bounds(ports=frozenset({plain.port}), allowed_addresses=frozenset({ADDRESS, "127.0.0.3"}))
    both = lambda host, port: ["127.0.0.3", ADDRESS]  # noqa: E731
    assert fetch(plain.url("/"), agent=AGENT, bounds=bounds, resolver=both).body == ARTICLE


def test_a_connection_that_is_never_made() -> None:
    """The listener's queue is full, so the system neither takes nor refuses another."""
    with socket.create_server((ADDRESS, 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex((ADDRESS, port))
        start = time.monotonic()
        bounds = Bounds(seconds=0.5, ports=frozenset({port}), allowed_addresses=frozenset({ADDRESS}))
        with pytest.raises(FetchFailed, match=r"took longer than 0\.5 seconds") as refusal:
            fetch(f"http://news.example:{port}/", agent=AGENT, bounds=bounds, resolver=resolve)
        assert refusal.value.is_temporary
        assert time.monotonic() - start < 1
        for each in waiting:
            each.close()


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (b"429 Slow", b"120", 120.0),
        (b"503 Down", b"3600", 3600.0),
        (b"503 Down", b"0", 0.0),
        (b"429 Slow", b"9" * 300, 86_400.0),
        (b"429 Slow", b"-5", None),
        (b"429 Slow", b"soon", None),
        (b"429 Slow", b"1.5", None),
        (b"429 Slow", b"", None),
        (b"429 Slow", b"Mon, 01 Jan 1990 00:00:00 GMT", 0.0),
        (b"429 Slow", b"Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        (b"429 Slow", b"Fri, 99 Dec 9999 23:59:59 GMT", None),
        (b"404 Gone", b"120", None),
    ],
)
def test_how_long_a_site_wishes_to_be_left_alone(status: bytes, header: bytes, seconds: float | None) -> None:
    with hostile({"/": answer(b"", b"Retry-After: " + header, status=status)}) as server:
        with pytest.raises(FetchFailed) as refusal:
            read(server, server.url("/"))
        assert refusal.value.retry_after == seconds


def test_a_date_to_come_back_at() -> None:
    moment = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT").encode()
    with hostile({"/": answer(b"", b"Retry-After: " + moment, status=b"503 Down")}) as server:
        with pytest.raises(FetchFailed) as refusal:
            read(server, server.url("/"))
        assert refusal.value.retry_after == pytest.approx(300, abs=3)


def test_the_limit_counts_exactly_what_comes_in() -> None:
    with hostile({"/": OK + b"\r\n" + b"a" * 90_000, "/more": OK + b"\r\n" + b"a" * 110_000}) as server:
        assert len(read(server, server.url("/"), largest_download=36_000).body) == 90_000
        with pytest.raises(FetchFailed, match=r"larger than 0\.0 MB"):
            read(server, server.url("/more"), largest_download=36_000)


# --- encrypted -----------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str, days: int = 1) -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself, as a file to trust and as a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    kinds: list[x509.GeneralName] = [x509.DNSName(name)]
    if name[0].isdigit():
        kinds = [x509.IPAddress(ipaddress.ip_address(name))]
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(kinds), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, context


def read_encrypted(server: Hostile, trusted: Path | None, host: str = "news.example", path: str = "/") -> Page:
    bounds = Bounds(
        seconds=2,
        ports=frozenset({server.port}),
        allowed_addresses=frozenset({ADDRESS}),
        authorities=str(trusted or ""),
    )
    return fetch(server.url(path, host, "https"), agent=AGENT, bounds=bounds, resolver=resolve)


@pytest.mark.parametrize("name", ["news.example", ADDRESS])
def test_an_encrypted_page(tmp_path: Path, name: str) -> None:
    trusted, context = certificate(tmp_path, name)
    with hostile(PLAIN, context) as server:
        assert read_encrypted(server, trusted, name).body == ARTICLE
        assert read_encrypted(server, trusted, name, "/relative").url == server.url("/gzip", name, "https")


@pytest.mark.parametrize(
    ("name", "days", "is_trusted", "message"),
    [
        ("other.example", 1, True, "mismatch"),
        ("news.example", 1, False, "self-signed"),
        ("news.example", -1, True, "expired"),
        ("example", 1, True, "mismatch"),
    ],
)
def test_a_certificate_that_cannot_be_trusted(
    tmp_path: Path, name: str, days: int, is_trusted: bool, message: str
) -> None:
    trusted, context = certificate(tmp_path, name, days)
    with hostile(PLAIN, context) as server:
        with pytest.raises(
            FetchFailed, match=rf"certificate of news\.example cannot be trusted: .*{message}"
        ) as refusal:
            read_encrypted(server, trusted if is_trusted else None)
        assert refusal.value.is_temporary
        assert server.requests == []  # not a word was said


def test_a_site_that_does_not_speak_tls(plain: Hostile) -> None:
    with pytest.raises(FetchFailed, match=r"secure connection|could not be reached|broke off|in time") as refusal:
        read_encrypted(plain, None)
    assert refusal.value.is_temporary


def test_a_handshake_that_never_ends() -> None:
    with socket.create_server((ADDRESS, 0)) as listener:
        port = listener.getsockname()[1]
        bounds = Bounds(seconds=0.4, ports=frozenset({port}), allowed_addresses=frozenset({ADDRESS}))
        start = time.monotonic()
        with pytest.raises(FetchFailed, match=r"longer than 0\.4 seconds"):
            fetch(f"https://news.example:{port}/", agent=AGENT, bounds=bounds, resolver=resolve)
        assert time.monotonic() - start < 1


def test_a_redirect_to_a_page_that_is_not_encrypted_is_told(tmp_path: Path, plain: Hostile) -> None:
    trusted, context = certificate(tmp_path, "news.example")
    with hostile({"/": redirect(plain.url("/").encode())}, context) as server:
        bounds = Bounds(
            ports=frozenset({server.port, plain.port}),
            allowed_addresses=frozenset({ADDRESS}),
            authorities=str(trusted),
        )
        page = fetch(server.url("/", scheme="https"), agent=AGENT, bounds=bounds, resolver=resolve)
    assert (page.body, page.is_downgraded) == (ARTICLE, True)


def test_the_systems_resolver() -> None:
    assert "127.0.0.1" in looked_up("localhost", 80)
    with pytest.raises(socket.gaierror):
        looked_up("no-such-name.invalid", 80)


def test_no_thread_is_left_behind(plain: Hostile) -> None:
    before = threading.active_count()
    for _ in range(5):
        read(plain, plain.url("/"))
    time.sleep(0.1)
    assert threading.active_count() <= before
