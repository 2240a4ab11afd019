"""`manage.py attribute IN.jsonl`: reads texts, writes their attributions, touches no database."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management import BaseCommand

from quotes.management.progress import convert_lines, json_object
from quotes.text.attribute import AttributionCandidate, read
from quotes.text.relay import RelayCandidate
from quotes.text.spans import Span


class Command(BaseCommand):
    help = (
        "Reads lines {id, text, published?, outlet?} and writes lines {id, attributions}; offsets refer to the "
        "given text. A line that cannot be read is reported, skipped, and makes the exit status 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", help="a .jsonl file, or - for standard input")
        parser.add_argument("-o", "--output", default="-", help="where to write (default: standard output)")

    def handle(self, *, input: str, output: str, **options: Any) -> None:
        convert_lines(self, input, output, unit="articles", convert=attribute_line)


def attribute_line(line: bytes) -> dict[str, Any]:
    """One line of input -> one of output. Raises ValueError with what is wrong."""
    row = json_object(line)
    if not isinstance(row.get("text"), str):
        raise ValueError("the field “text” is missing")
    found = read(
        row["text"], published=_day(row.get("published") or row.get("date")), outlet=str(row.get("outlet") or "")
    )
    return {"id": row.get("id"), "attributions": [as_json(candidate) for candidate in found]}


def _day(value: Any) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValueError(f"the date {str(value)[:40]!r} is not written as 2025-05-21") from None


def as_json(candidate: AttributionCandidate) -> dict[str, Any]:
    return {
        "source": _pairs(candidate.source),
        "cue": _pairs(candidate.cue),
        "content": _pairs(candidate.content),
        "kind": candidate.form,
        "speech": candidate.speech,
        "speaker": candidate.speaker.label,
        "candidates": [[name, odds] for name, odds in candidate.speaker.candidates],
        "relays": [_relay(step) for step in candidate.relays],
        "hedged": candidate.hedged,
        "sourcing": candidate.sourcing,
        "confidence": candidate.confidence,
        "wraps": candidate.wraps,
    }


def _relay(step: RelayCandidate) -> dict[str, Any]:
    return {
        "name": step.party.label,
        "cue": _pairs(step.cue),
        "inferred": step.inferred,
        "role": step.party.role,
        "interest": step.interest,
    }


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
