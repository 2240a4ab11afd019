"""Compressed pages, unpacked piece by piece: a bomb is noticed when it has grown past the limit, not after."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

OFFERED = "gzip, deflate"
"""What is asked for. Brotli would need one more package, and every site has these."""

GZIP, ZLIB, RAW = 31, 15, -15
"""zlib's names for its three wrappings."""


class Unpackable(ValueError):
    """The page cannot be unpacked; the message says why."""


class Broken(Unpackable):
    """The packed data stop early or are damaged: another try may go better."""


def unpacked(chunks: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """The page in `chunks`, packed as the Content-Encoding header says; at most `limit` bytes. Raises Unpackable."""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    names = [name.removeprefix("x-") for name in names if name != "identity"]
    if len(names) > 1:
        raise Unpackable("The site packed the page several times over.")
    if names and names[0] not in {"gzip", "deflate"}:
        raise Unpackable(f"The site packed the page in a way nobody asked for ({names[0][:20]!a}).")
    pieces = _inflated(chunks, names[0], limit) if names else iter(chunks)
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise Unpackable(f"The page is larger than {limit / 1e6:,.1f} MB.")
        yield piece


def _inflated(chunks: Iterable[bytes], name: str, limit: int) -> Iterator[bytes]:
    """Each piece is at most one byte over the limit, whatever the data would grow to."""
    engine = None
    for chunk in chunks:
        waiting = chunk
        while waiting:
            if engine is None:
                engine = zlib.decompressobj(_wrapping(name, waiting))
            try:
                yield engine.decompress(waiting, limit + 1)
            except zlib.error:
                raise Broken("The page arrived damaged: it cannot be unpacked.") from None
            waiting = engine.unconsumed_tail
            if engine.eof:  # gzip may hold several parts; anything else behind the end is padding
                waiting = engine.unused_data if name == "gzip" else b""
                if not waiting.startswith(b"\x1f\x8b"):
                    return
                engine = None
    if engine is not None and not engine.eof:
        raise Broken("The page broke off before its end.")


def _wrapping(name: str, start: bytes) -> int:
    """Some sites send deflate without the wrapping the standard asks for."""
    if name == "gzip":
        return GZIP
    return ZLIB if start[0] & 0x0F == 8 and int.from_bytes(start[:2].ljust(2, b"\x00"), "big") % 31 == 0 else RAW
