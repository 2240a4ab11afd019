"""How well the present reader reads, as `make evaluate` measured it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from quotes.text.attribute import extractor
from quotes.text.tagger import SHIPPED

FIGURES = SHIPPED / "figures.json"
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
    figures = _kept()
    if figures.get("reader") != extractor():
        return []
    return [
        Figure(label, *figures[part][name])
        for part, labels in SHOWN.items()
        for name, label in labels.items()
        if name in figures.get(part, {})
    ]


@lru_cache(maxsize=1)
def _kept() -> dict[str, Any]:
    try:
        kept = json.loads(FIGURES.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
