"""A web address -> the page there. The only module that opens sockets to the outside.

Everything a server says is hostile. Each name is looked up once a hop, every address found is checked, and the
connection goes to the very address that was checked, so no second answer of a name server matters. One clock runs
over the whole fetch, and every byte is counted as it comes in. Nothing is sent but the question: no cookies,
no passwords, no proxy from the environment.

A redirect from https to http is followed, since a reader may paste an http address as well, but the page says so
(`is_downgraded`): on the way its words could have been changed.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import certifi
import httpcore2
from httpcore2 import NetworkBackend, NetworkStream

from quotes.intake.answer import MOVED, PRINTABLE, FetchFailed, Known, Page, failure, moved, page
from quotes.intake.guard import PORTS, Closed, Target, checked, target
from quotes.intake.unpack import OFFERED, Broken, Unpackable, unpacked

ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,"
    "application/pdf,text/plain;q=0.9,application/xml;q=0.8,*/*;q=0.1"
)
MOST_ADDRESSES = 4
NO_NAME = socket.EAI_NONAME

__all__ = ["Bounds", "FetchFailed", "Known", "Page", "Resolver", "fetch", "looked_up"]

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port -> IP addresses as text. Raises OSError (socket.gaierror) when there are none."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of anything one fetch may take."""

    seconds: float = 20.0
    """For everything together: names, connections, redirects and the body."""
    largest_headers: int = 64_000
    largest_download: int = 10_000_000
    """Bytes on the wire, from one hop."""
    largest_page: int = 20_000_000
    """Bytes after unpacking."""
    redirects: int = 8
    ports: frozenset[int] = PORTS
    authorities: str = ""
    """A file of certificate authorities; certifi's when empty."""
    allowed_addresses: frozenset[str] = frozenset()
    """Loopback addresses that may be fetched all the same. For tests."""

    def __post_init__(self) -> None:
        if not all(ip_address(address).is_loopback for address in self.allowed_addresses):
            raise ValueError("Only loopback addresses can be allowed.")


@dataclass(slots=True)
class Clock:
    """The time that is left for one fetch."""

    seconds: float
    end: float

    def left(self) -> float:
        """Seconds, more than none. Raises FetchFailed when the time is up."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise FetchFailed(f"The site took longer than {self.seconds:g} seconds to answer.", is_temporary=True)
        return left


def looked_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host, from the system's resolver. Raises OSError."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetch(
    url: str,
    *,
    agent: str,
    bounds: Bounds = Bounds(),
    known: Known | None = None,
    resolver: Resolver = looked_up,
) -> Page:
    """The page at an address. Raises FetchFailed.

    `agent` is how we introduce ourselves, as *Hearsay/1.0 (+https://hearsay.example; desk@hearsay.example)*.
    """
    known = known or Known()
    clock = Clock(bounds.seconds, time.monotonic() + bounds.seconds)
    gone: list[str] = []
    while True:
        try:
            asked = target(url, bounds.ports)
            if str(asked) in gone:
                raise Closed("The site sends its readers in circles, as some do that insist on cookies.")
            found = _ask(asked, _headers(asked, agent, known), Network(clock, bounds, resolver))
        except Closed as refusal:
            raise FetchFailed(str(refusal), is_temporary=False) from None
        if isinstance(found, Page):
            return _finished(found, tuple(gone), known)
        gone.append(str(asked))
        if len(gone) > bounds.redirects:
            raise FetchFailed(f"The site redirects more than {bounds.redirects} times.", is_temporary=False)
        url = found


class Network(NetworkBackend):
    """Connects to checked addresses alone, on one clock. One hop, one connection."""

    def __init__(self, clock: Clock, bounds: Bounds, resolver: Resolver) -> None:
        self.clock, self.bounds, self.resolver = clock, bounds, resolver
        self.wire: Wire | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        addresses = checked(host, self._addresses(host, port), self.bounds.allowed_addresses)
        for number, address in enumerate(addresses[:MOST_ADDRESSES], start=1):
            is_last = number == min(len(addresses), MOST_ADDRESSES)
            patience = self.clock.left() / (1 if is_last else 4)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(address, port, timeout=patience)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
            self.wire = Wire(stream, self.clock, self.bounds)
            return self.wire
        self.clock.left()
        raise FetchFailed(f"{host} could not be reached.", is_temporary=True)

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Looked up in a thread, since a resolver keeps no clock of its own."""
        try:
            return [str(ip_address(host))]
        except ValueError:
            pass
        answer: list[Sequence[str] | OSError] = []

        def look_up() -> None:
            try:
                answer.append(self.resolver(host, port))
            except OSError as error:
                answer.append(error)
            except UnicodeError:
                answer.append([])

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(self.clock.left())
        self.clock.left()
        if answer and not isinstance(answer[0], OSError) and answer[0]:
            return answer[0]
        is_temporary = bool(answer) and getattr(answer[0], "errno", NO_NAME) not in {NO_NAME, socket.EAI_NODATA}
        raise FetchFailed(
            f"{host} could not be looked up just now." if is_temporary else f"There is no site called {host}.",
            is_temporary=is_temporary,
        )


class Wire(NetworkStream):
    """A connection that counts what comes in and looks at the clock."""

    def __init__(self, stream: NetworkStream, clock: Clock, bounds: Bounds) -> None:
        self.stream, self.clock, self.bounds = stream, clock, bounds
        self.is_in_body = False
        self.received = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        room = self.bounds.largest_headers + (self.bounds.largest_download if self.is_in_body else 0) - self.received
        if room <= 0:
            endless = "The site talks without end and never gets to the page."
            raise FetchFailed(_too_large(self.bounds) if self.is_in_body else endless, is_temporary=False)
        data = self.stream.read(min(max_bytes, room), self.clock.left())
        self.received += len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.clock.left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        self.stream = self.stream.start_tls(ssl_context, server_hostname, self.clock.left())
        return self

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _too_large(bounds: Bounds) -> str:
    return f"The page is larger than {bounds.largest_download / 1e6:,.1f} MB."


@lru_cache(maxsize=4)
def _trust(authorities: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authorities or certifi.where())


def _headers(asked: Target, agent: str, known: Known) -> list[tuple[bytes, bytes]]:
    """A version that cannot stand in a header is left out: it came from outside."""
    if not PRINTABLE.fullmatch(agent):
        raise ValueError("The user agent must be one line of ASCII.")
    headers = {
        "Host": asked.authority,
        "User-Agent": agent,
        "Accept": ACCEPT,
        "Accept-Encoding": OFFERED,
        "Connection": "close",
        "If-None-Match": known.etag,
        "If-Modified-Since": known.modified,
    }
    return [(name.encode(), value.encode()) for name, value in headers.items() if PRINTABLE.fullmatch(value)]


def _ask(asked: Target, headers: list[tuple[bytes, bytes]], network: Network) -> Page | str:
    """The page, or the address it has moved to. Raises FetchFailed or Closed."""
    bounds = network.bounds
    address = httpcore2.URL(scheme=asked.scheme, host=asked.host, port=asked.port, target=asked.path)
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=_trust(bounds.authorities), network_backend=network) as pool,
            pool.stream("GET", address, headers=headers) as response,
        ):
            return _answer(asked, response, network)
    except httpcore2.TimeoutException:
        network.clock.left()
        raise FetchFailed("The site did not answer in time.", is_temporary=True) from None
    except httpcore2.ConnectError as error:
        raise FetchFailed(_connection_words(asked.host, error), is_temporary=True) from None
    except httpcore2.NetworkError:
        raise FetchFailed("The site broke off the connection.", is_temporary=True) from None
    except httpcore2.ProtocolError:
        broke_off = network.wire is not None and network.wire.is_in_body
        words = (
            "The page broke off before its end."
            if broke_off
            else "The site's answer is none a browser would understand."
        )
        raise FetchFailed(words, is_temporary=True) from None
    except Unpackable as refusal:
        raise FetchFailed(str(refusal), is_temporary=isinstance(refusal, Broken)) from None


def _connection_words(host: str, error: Exception) -> str:
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"The certificate of {host} cannot be trusted: {cause.verify_message.rstrip('.')}."
    if isinstance(cause, ssl.SSLError):
        return f"No secure connection to {host} could be made."
    return f"{host} could not be reached."


def _answer(asked: Target, response: httpcore2.Response, network: Network) -> Page | str:
    headers: dict[str, str] = {}
    for name, value in response.headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        packed_again = key == "content-encoding" and key in headers
        headers[key] = f"{headers[key]}, {text}" if packed_again else headers.get(key, text)
    status = response.status
    if status in MOVED:
        return moved(str(asked), headers.get("location", ""))
    if status not in {200, 203, 304}:
        raise failure(status, headers)
    found = page(str(asked), status, headers)
    if status == 304:
        return found
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > network.bounds.largest_download:
        raise FetchFailed(_too_large(network.bounds), is_temporary=False)
    return replace(found, body=_body(response, headers.get("content-encoding", ""), network))


def _body(response: httpcore2.Response, encoding: str, network: Network) -> bytes:
    if network.wire is not None:
        network.wire.is_in_body = True
    body = bytearray()
    for piece in unpacked(response.iter_stream(), encoding, network.bounds.largest_page):
        network.clock.left()
        body += piece
    return bytes(body)


def _finished(found: Page, redirects: tuple[str, ...], known: Known) -> Page:
    if found.not_modified and not (known.etag or known.modified):
        raise FetchFailed("The site says the page is unchanged, but nobody has seen it before.", is_temporary=True)
    return replace(found, redirects=redirects)
