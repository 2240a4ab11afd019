"""How well the present reader reads, as `make evaluate` measured it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from quotes.text.attribute import extractor
from quotes.text.cues import DATA
from quotes.text.tagger import SHIPPED

FIGURES = SHIPPED / "figures.json"
MATCHING = DATA / "match.json"
"""The weights of matching, with what was measured of them."""

SHOWN = {
    "extraction": {
        "content+source, all": "Words and source both right (F1)",
        "content+source, speech only": "The same, of what was said, not believed or planned",
        "direct, all": "Words of direct quotations (F1)",
        "mixed, all": "Words of quotations that are partly in quotation marks (F1)",
        "indirect, all": "Words of reported speech without quotation marks (F1)",
        "source right": "Source right, of the words found",
    },
    "relays": {
        "class": "Sourcing class right",
        "speaker and relays": "Speaker and every relay right, together",
        "false relays": "Firsthand statements wrongly called relayed",
    },
    "speakers": {
        "right": "Pronouns and titles: the right person",
        "wrong": "Pronouns and titles: a wrong person",
        "open": "Pronouns and titles: left open",
    },
}
SHOWN_MATCHING = {
    "figures": {
        "average precision": "Same quote or not: average precision",
        "linked precision": "Quotes that a machine links by itself: really the same",
        "linked recall": "Pairs that are the same: linked by a machine",
    }
}
"""The figures the Method page shows, with the words it shows them by."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share (0 to 1) with its 95 % interval."""

    label: str
    value: float
    low: float
    high: float


def measured() -> list[Figure]:
    """The figures of the present reader; empty when they were measured of another one, or not at all."""
    figures = _kept(FIGURES)
    return _figures(figures, SHOWN) if figures.get("reader") == extractor() else []


def measured_matching() -> list[Figure]:
    """How well wordings of one quote are told from others."""
    return _figures(_kept(MATCHING), SHOWN_MATCHING)


def _figures(kept: dict[str, Any], shown: dict[str, dict[str, str]]) -> list[Figure]:
    return [
        Figure(label, *kept[part][name])
        for part, labels in shown.items()
        for name, label in labels.items()
        if name in kept.get(part, {})
    ]


@lru_cache(maxsize=2)
def _kept(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
