"""`manage.py check_data`: looks all data through, and mends what is derived."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from quotes.management.progress import Steps
from quotes.services import checks
from quotes.text.verdict import counted


class Command(BaseCommand):
    help = (
        "Looks through all that is kept and says what cannot be, a line each: where, what, and what to do. Exit status 1 when "
        "something is left. The site may be at work meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="make again what is derived from the rest; evidence and decisions are never touched",
        )

    def handle(self, *, repair: bool, **options: Any) -> None:
        found = left = 0
        with Steps(hidden=not self.stderr.isatty()) as tell:
            for finding in checks.run(repair=repair, tell=tell):
                self.stdout.write(str(finding))
                found += 1
                left += not finding.is_repaired
        if not found:
            self.stdout.write("Nothing is wrong.")
        elif not left:
            self.stdout.write(f"{counted(found, 'finding')}, all repaired.")
        else:
            self.stdout.write(f"{counted(found, 'finding')}, {left} left.")
            raise SystemExit(1)
