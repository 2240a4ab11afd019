"""Which addresses may be fetched: only web addresses, and only machines that anybody on the internet could reach.

A link pasted by a reader, a redirect and a name server's answer may all point into the newsroom's own network.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

LONGEST_URL = 4000
PORTS = frozenset({80, 443, 8080, 8443})
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f\\]")
SAFE = "/%:@!$&'()*+,;=~-._"

CLOSED_IPV4 = tuple(
    IPv4Network(network)
    for network in """
        0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
        192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    """.split()
)
"""The special-purpose networks of RFC 6890 and its successors; 168.63.129.16 is a cloud's own server on a public address."""

OPEN_IPV6 = IPv6Network("2000::/3")
"""Global unicast: what lies outside is loopback, local, mapped IPv4, multicast or not given out."""

CLOSED_IPV6 = tuple(
    IPv6Network(network) for network in "2001::/23 2001:db8::/32 2002::/16 3fff::/20 2620:4f:8000::/48".split()
)
"""Teredo, documentation, 6to4 and the like: they are special, or hide an IPv4 address."""

NAT64 = IPv6Network("64:ff9b::/96")
ISATAP = re.compile(r"(?:0000|0200):5efe")


class Closed(ValueError):
    """An address that is not fetched; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A web address, taken apart and fit to be asked for; `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def target(url: str, ports: Collection[int] = PORTS) -> Target:
    """The parts of a web address. Raises Closed for what is none, carries a password or names an odd port."""
    if len(url) > LONGEST_URL:
        raise Closed(f"The address has {len(url):,} characters; the most Hearsay follows is {LONGEST_URL:,}.")
    try:
        parts = urlsplit(url)
        scheme, port, host = parts.scheme.lower(), parts.port, _host(parts.hostname or "")
        url.encode()
    except ValueError:
        raise Closed(f"{url[:80]!a} is not a web address.") from None
    if scheme not in DEFAULT_PORTS:
        raise Closed(f"{url[:80]!a} is not a web address. It must start with http:// or https://.")
    if not host or NOT_IN_ADDRESS.search(url):
        raise Closed(f"{url[:80]!a} is not a web address.")
    if "@" in parts.netloc:
        raise Closed("The address carries a user name or password. Take it out.")
    port = DEFAULT_PORTS[scheme] if port is None else port
    if port not in ports:
        raise Closed(f"The address names port {port}, which web sites do not use.")
    query = f"?{quote(parts.query, safe=SAFE + '?')}" if parts.query else ""
    return Target(scheme, host, port, quote(parts.path or "/", safe=SAFE) + query)


def _host(written: str) -> str:
    """The host in ASCII, without a final dot; empty for what is no host name. Raises ValueError.

    *0x7f.1* and *2130706433* are addresses to some programs: a host that ends in a number must be four plain ones.
    """
    if ":" in written:
        return str(IPv6Address(written))
    host = written.encode("idna").decode().lower().removesuffix(".")
    if not HOST.fullmatch(host):
        return ""
    return str(IPv4Address(host)) if NUMBER.fullmatch(host.rpartition(".")[2]) else host


def checked(host: str, found: Iterable[str], allowed: Collection[str] = ()) -> list[str]:
    """The addresses found for a host, every one of them public or allowed. Raises Closed when one is not.

    One private address among public ones is enough: whoever answers so is trying something.
    """
    addresses = list(dict.fromkeys(found))
    for address in addresses:
        if address not in allowed and not is_public(address):
            raise Closed(f"{host} leads into a private network, so it is not fetched.")
    return addresses


def is_public(address: str) -> bool:
    """Whether anybody on the internet could reach this IP address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in CLOSED_IPV4)
    if parsed in NAT64:
        return is_public(str(IPv4Address(int(parsed) & 0xFFFFFFFF)))
    if parsed.scope_id is not None or parsed not in OPEN_IPV6:
        return False
    return not (any(parsed in network for network in CLOSED_IPV6) or ISATAP.match(parsed.exploded[20:]))
