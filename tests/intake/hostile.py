"""A server that does everything a server should not, on a loopback address, for tests of the fetcher."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

ADDRESS = "127.0.0.2"
"""Allowed in the tests, while 127.0.0.1 stays closed."""

ARTICLE = b"<html><body><p>The mayor said on Monday that the city would pay for the road.</p></body></html>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def answer(body: bytes = ARTICLE, *headers: bytes, status: bytes = b"200 OK", length: int | None = None) -> bytes:
    """A whole answer, with its true length unless another is given."""
    lines = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % (len(body) if length is None else length)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def redirect(location: bytes, status: bytes = b"302 Found") -> bytes:
    return answer(b"", b"Location: " + location, status=status)


def drip(data: bytes, seconds: float = 0.05) -> Iterator[bytes]:
    for byte in data:
        yield bytes([byte])
        time.sleep(seconds)


def endless(start: bytes, again: bytes) -> Iterator[bytes]:
    yield start
    while True:
        yield again


def silence(seconds: float) -> Iterator[bytes]:
    time.sleep(seconds)
    yield b""


def bomb(pack: Callable[[bytes], bytes]) -> bytes:
    """30 MB of nothing in 30 kB."""
    return pack(bytes(30_000_000))


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush()


def chunked(*chunks: bytes) -> bytes:
    parts = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return OK + b"Transfer-Encoding: chunked\r\n\r\n" + parts


Script = bytes | Callable[[bytes], bytes | Iterator[bytes]]
"""What is sent for a path; a function is given the request."""

PLAIN: dict[str, Script] = {
    "/": answer(ARTICLE, b"Content-Type: Text/HTML; charset=ISO-8859-1", b'ETag: "v1"', b"Last-Modified: then"),
    "/empty": answer(b""),
    "/gzip": answer(gzip.compress(ARTICLE), b"Content-Encoding: gzip"),
    "/x-gzip": answer(gzip.compress(ARTICLE), b"Content-Encoding: x-gzip"),
    "/two-gzips": answer(gzip.compress(ARTICLE[:9]) + gzip.compress(ARTICLE[9:]), b"Content-Encoding: gzip"),
    "/padded-gzip": answer(gzip.compress(ARTICLE) + bytes(99), b"Content-Encoding: gzip"),
    "/deflate": answer(zlib.compress(ARTICLE), b"Content-Encoding: deflate"),
    "/raw-deflate": answer(raw_deflate(ARTICLE), b"Content-Encoding: deflate"),
    "/identity": answer(ARTICLE, b"Content-Encoding: identity"),
    "/chunked": chunked(ARTICLE[:20], ARTICLE[20:], b""),
    "/until-closed": OK + b"\r\n" + ARTICLE,
    "/long-content": answer(ARTICLE + b"and more", length=len(ARTICLE)),
    "/continue": b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + answer(),
    "/relative": redirect(b"here/../gzip"),
    "/spaces": redirect(b"/with space"),
    "/with%20space": answer(),
    "/utf-8": redirect("/café".encode()),
    "/caf%C3%A9": answer(),
    "/lies": answer(b"MZ\x90\x00" + bytes(500), b"Content-Type: text/html"),
    "/cookie": answer(ARTICLE, b"Set-Cookie: a=b"),
    "/echo": lambda request: answer(request, b"Content-Type: text/plain"),
    "/known": lambda request: (
        answer(b"", status=b"304 Not Modified") if b'If-None-Match: "v1"' in request else answer()
    ),
}


@dataclass
class Hostile:
    """A running server; `requests` are what came in, `sent` the bytes that went out."""

    port: int
    scripts: dict[str, Script]
    requests: list[bytes] = field(default_factory=list)
    sent: int = 0

    def url(self, path: str, host: str = "news.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def serve(self, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(5)
            with tls.wrap_socket(connection, server_side=True) if tls else connection as wire:
                request = wire.recv(65_536)
                self.requests.append(request)
                path = request.split(b" ")[1].decode("latin-1") if request.count(b" ") > 1 else ""
                script = self.scripts.get(path, answer(b"", status=b"404 Not Found"))
                made = script(request) if callable(script) else script
                for part in [made] if isinstance(made, bytes) else made:
                    wire.sendall(part)
                    self.sent += len(part)


@contextlib.contextmanager
def hostile(scripts: dict[str, Script], tls: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """Serves until the block ends; each connection has a thread of its own that ends by itself."""
    with socket.create_server((ADDRESS, 0), backlog=50) as listener:
        listener.settimeout(0.02)
        server = Hostile(listener.getsockname()[1], scripts)
        is_open = threading.Event()
        is_open.set()

        def listen() -> None:
            while is_open.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = listener.accept()
                    threading.Thread(target=server.serve, args=(connection, tls), daemon=True).start()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            is_open.clear()
            thread.join()
