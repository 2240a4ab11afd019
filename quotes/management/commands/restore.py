"""`manage.py restore FILE`: puts a backup into the configured database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from quotes.services import backup, checks


class Command(BaseCommand):
    help = (
        "Puts a backup into the database that DATABASE_URL names, and its files into their folders. Refuses a database in "
        "which somebody has worked. Stop the web server and the worker first."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what manage.py backup wrote")
        parser.add_argument(
            "--replace-everything",
            action="store_true",
            help="throw away everything the database holds now, without a copy",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what the backup holds")

    def handle(self, *, file: Path, replace_everything: bool, dry_run: bool, **options: Any) -> None:
        try:
            made = backup.read_manifest(file) if dry_run else backup.restore(file, replace=replace_everything)
        except backup.BackupError as error:
            raise CommandError(str(error)) from None
        for name, number in made.counts.items():
            if number:
                self.stdout.write(f"{number:>12,}  {name}")
        self.stdout.write(f"Backup of {made.engine}, made at {made.made_at}; {len(made.files):,} waiting files.")
        if not dry_run:
            self._look()

    def _look(self) -> None:
        """Says whether anything is left to do."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("It was made by an earlier version: run manage.py migrate, then manage.py reindex.")
            return
        found = list(checks.quick())
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError("It was restored as it had been; what was wrong with it stands above.")
        self.stdout.write("Restored; every row leads where it should. manage.py check_data looks at everything.")
