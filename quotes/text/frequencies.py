"""In how many sentences a key occurs: what makes *waterboarding* tell more than *people*.

A background table ships, so that the first article of an empty database is weighed sensibly; the database's own
counts are added to it. data/frequencies.npz holds counts of hashed keys alone, made by training/frequencies.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from quotes.text.cues import DATA


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Counts by key, of `total` wordings; keys without a count occur once."""

    counts: Mapping[int, int]
    total: int
    more: Mapping[int, int] = field(default_factory=dict)
    """Counts to be added: the database's own."""

    def count(self, key: int) -> int:
        return self.counts.get(key, 0) + self.more.get(key, 0)

    def weight(self, key: int) -> float:
        """How much a key tells: ln((wordings + 1) / (those that hold it + 1)); 0 for what stands everywhere."""
        return math.log((self.total + 1) / (self.count(key) + 1))

    def plus(self, more: Mapping[int, int], total: int) -> Frequencies:
        """These and the counts of `total` further wordings."""
        return Frequencies(self.counts, self.total + total, more)


@dataclass(frozen=True, slots=True, eq=False)
class Counts(Mapping[int, int]):
    """Millions of counts in eight bytes each: `keys` ascending, both of numpy's int32."""

    keys_: np.ndarray[Any, np.dtype[np.int32]]
    values_: np.ndarray[Any, np.dtype[np.int32]]

    def __getitem__(self, key: int) -> int:
        at = int(
            np.searchsorted(self.keys_, np.int32(key))
        )  # of the same type, or numpy would copy all keys to compare
        if at == len(self.keys_) or self.keys_[at] != key:
            raise KeyError(key)
        return int(self.values_[at])

    def __iter__(self) -> Iterator[int]:
        return iter(self.keys_.tolist())

    def __len__(self) -> int:
        return len(self.keys_)


@cache
def background() -> Frequencies:
    """The table that ships. 0.5 MB, loaded once."""
    with np.load(DATA / "frequencies.npz") as table:
        return Frequencies(
            dict(zip(table["keys"].tolist(), table["counts"].tolist(), strict=True)), int(table["total"])
        )
