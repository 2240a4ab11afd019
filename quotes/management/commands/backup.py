"""`manage.py backup FILE`: everything an installation cannot make again, in one file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from quotes.services import backup


class Command(BaseCommand):
    help = (
        "Writes the database as it is at one moment, and the files that wait to be read, into one file that only you can "
        "read. The site may be at work meanwhile. The secret key is not in it: keep that apart."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to; never over a file that is there")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            made = backup.make(file)
        except backup.BackupError as error:
            raise CommandError(str(error)) from None
        rows, articles = sum(made.counts.values()), made.counts.get("quotes_article", 0)
        self.stdout.write(
            f"{file}: {rows:,} rows of {len(made.counts)} tables, {articles:,} articles among them, and {len(made.files):,} "
            f"waiting files; {file.stat().st_size:,} bytes. The secret key is not in it: keep HEARSAY_SECRET_KEY (or the "
            "file secret_key of the state folder) in another place."
        )
