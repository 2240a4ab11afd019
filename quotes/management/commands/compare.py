"""`manage.py compare IN.jsonl`: are these pairs of wordings one quote? Touches no database."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import BaseCommand

from quotes.management.progress import convert_lines, json_object
from quotes.text.match import Comparison, Wording, compare
from quotes.text.reasons import sentences


class Command(BaseCommand):
    help = (
        "Reads lines {n, a: {text, source, date}, b: {text, source, date}} and writes lines {n, probability, tier, "
        "alarms, reasons, because}. A line that cannot be read is reported, skipped, and makes the exit status 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", help="a .jsonl file, or - for standard input")
        parser.add_argument("-o", "--output", default="-", help="where to write (default: standard output)")

    def handle(self, *, input: str, output: str, **options: Any) -> None:
        convert_lines(self, input, output, unit="pairs", convert=compare_line)


def compare_line(line: bytes) -> dict[str, Any]:
    """One line of input -> one of output. Raises ValueError with what is wrong."""
    row = json_object(line)
    found = compare(_wording(row, "a"), _wording(row, "b"))
    return {"n": row.get("n"), **as_json(found)}


def as_json(found: Comparison) -> dict[str, Any]:
    return {
        "probability": float(f"{found.probability:.6g}"),
        "tier": found.tier,
        "alarms": [{"kind": alarm.kind, "words": list(alarm.words)} for alarm in found.alarms],
        "reasons": found.evidence.reasons(),
        "because": [*sentences(found.evidence), *map(str, found.alarms)],
    }


def _wording(row: dict[str, Any], side: str) -> Wording:
    given = row.get(side)
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise ValueError(f"the field “{side}.text” is missing")
    source = given.get("source")
    return Wording(given["text"], source if isinstance(source, str) else None, _day(given.get("date"), side))


def _day(printed: object, side: str) -> date | None:
    if not printed:
        return None
    try:
        return date.fromisoformat(str(printed)[:10])
    except ValueError:
        raise ValueError(f"the field “{side}.date” is no date like 2025-05-21: {str(printed)[:40]!r}") from None
