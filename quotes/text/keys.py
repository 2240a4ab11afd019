"""The keys by which wordings find each other: content-word stems and adjacent pairs, hashed.

A lexical variant of a quote shares some rare key with it, however it was cut, turned or re-spelled. Keys are
32-bit numbers, the same on every platform (CRC-32 of UTF-8); `VERSION` changes with anything they depend on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from zlib import crc32

from quotes.text.cues import DATA
from quotes.text.words import FUNCTION, words

CODE = "1"
"""To be counted up when the code that makes keys changes."""

MOST_KEYS = 400
"""Keys kept for one wording; a longer one is a speech, found by its first words as well."""


@cache
def version() -> str:
    """The name of the present way to make keys: an index with another name is to be rebuilt."""
    data = b"".join((DATA / name).read_bytes() for name in ("shades.txt", "irregular.txt"))
    return f"{CODE}-{hashlib.sha256(data).hexdigest()[:12]}"


@lru_cache(maxsize=65536)
def key_of(*stems: str) -> int:
    """One stem, or two neighbours, as a number from −2³¹ to 2³¹−1: what a database column holds in four bytes."""
    return crc32(" ".join(stems).encode("utf-8", "surrogatepass")) - (1 << 31)


@lru_cache(maxsize=4096)
def keys(wording: str) -> tuple[int, ...]:
    """The keys of a wording, each once, in the order of its words. Empty for a wording of function words alone."""
    stems = [word.stem for word in words(wording)]
    content = [stem not in FUNCTION for stem in stems]
    found = dict.fromkeys(key_of(stem) for stem, counts in zip(stems, content, strict=True) if counts)
    pairs = zip(pairwise(stems), pairwise(content), strict=True)
    found |= dict.fromkeys(key_of(*pair) for pair, counts in pairs if any(counts))
    return tuple(found)[:MOST_KEYS]


def keys_of_all(rows: Iterable[tuple[int, str]]) -> list[tuple[int, ...]]:
    """The keys of numbered wordings, for many at once."""
    return [keys(wording) for _, wording in rows]
