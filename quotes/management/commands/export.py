"""`manage.py export quotes --format jsonl`: writes everything as data."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from quotes.management.progress import json_line, progress, writing
from quotes.models import Quote
from quotes.services.export import quote_lines


class Command(BaseCommand):
    help = "Writes one line of JSON a quote, with its wordings, attributions and chains."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["quotes"])
        parser.add_argument("--format", choices=["jsonl"], default="jsonl")
        parser.add_argument("-o", "--output", default="-", help="where to write (default: standard output)")

    def handle(self, *, output: str, **options: Any) -> None:
        total = Quote.objects.shown().count()
        with writing(output, self.stdout) as out:
            for row in progress(quote_lines(), unit="quotes", total=total):
                out.write(json_line(row))
