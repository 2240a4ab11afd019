"""`manage.py move_database URL`: moves everything into an empty database, on the other engine or the same."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError

from quotes.environment import database
from quotes.management.progress import Steps
from quotes.services import move


class Command(BaseCommand):
    help = (
        "Moves everything from the database in use into an empty one, such as from SQLite to PostgreSQL, and compares "
        "what came across. Sessions stay behind: everybody signs in again. Stop the server first. Broken off, it leaves "
        "the other database empty, and may be begun again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target",
            help="where to: sqlite:///PATH or postgres://user:password@host:port/name; - reads it from standard input, "
            "so that no list of processes shows the password",
        )

    def handle(self, *, target: str, **options: Any) -> None:
        began = time.monotonic()
        try:
            settings = database(sys.stdin.readline().strip() if target == "-" else target)
            with Steps(hidden=not self.stderr.isatty(), unit=" rows") as tell:
                moved = move.move(settings, tell)
        except (ImproperlyConfigured, move.NotMoved) as refusal:
            raise CommandError(str(refusal)) from None
        seconds = max(time.monotonic() - began, 0.001)
        for table in moved:
            self.stdout.write(f"{table.table:34} {table.rows:>12,}  {table.digest[:16]}")
        rows = sum(table.rows for table in moved)
        self.stdout.write(
            f"{rows:,} rows are the same on both sides, moved in {seconds:,.1f} s ({rows / seconds:,.0f} a second). "
            "Set DATABASE_URL to the new place and start the server again; everybody signs in anew."
        )
