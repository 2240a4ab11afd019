"""`manage.py export quotes` and `export decisions`: writes everything as data."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management import BaseCommand

from quotes.management.progress import json_line, progress, writing
from quotes.models import Decision, Quote
from quotes.services.export import decision_lines, quote_lines

WHAT: dict[str, tuple[Callable[[], Iterator[dict[str, Any]]], Callable[[], int]]] = {
    "quotes": (quote_lines, lambda: Quote.objects.shown().count()),
    "decisions": (decision_lines, lambda: Decision.objects.count()),
}
"""What can be written -> its lines, and how many there are."""


class Command(BaseCommand):
    help = "Writes one line of JSON a quote, with its wordings, attributions and chains; or one a decision, the oldest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=list(WHAT))
        parser.add_argument("--format", choices=["jsonl"], default="jsonl")
        parser.add_argument("-o", "--output", default="-", help="where to write (default: standard output)")

    def handle(self, *, what: str, output: str, **options: Any) -> None:
        lines, count = WHAT[what]
        with writing(output, self.stdout) as out:
            for row in progress(lines(), unit=what, total=count()):
                out.write(json_line(row))
