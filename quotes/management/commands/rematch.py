"""`manage.py rematch`: matches all wordings anew, on one machine or a cluster."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.core.management import BaseCommand, CommandError

from quotes.management.progress import Steps
from quotes.services import pairs as found_pairs
from quotes.services import rematch

NO_INDEX = "The index of wordings is not current. Run manage.py reindex first."


class Command(BaseCommand):
    help = (
        "Compares every wording with what the same speaker said elsewhere, links what is near certain and asks editors "
        "about the rest. What editors decided stays. Goes on where a broken-off run stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--engine",
            choices=["auto", "loop", "duckdb", "spark"],
            default="auto",
            help="a loop for small data, DuckDB for large, Spark for more than one machine (default: by size)",
        )
        parser.add_argument("--master", default="local[*]", help="where Spark runs, such as spark://host:7077")
        parser.add_argument("--memory", default="4GB", help="what DuckDB or Spark's driver may use (default: 4GB)")
        parser.add_argument("--folder", type=Path, help="where the steps are kept (default: var/rematch)")
        parser.add_argument("--anew", action="store_true", help="forget what a broken-off run had done")
        parser.add_argument("--pairs", type=Path, metavar="OUT.csv", help="only write which wordings would be compared")

    def handle(self, *, engine: str, folder: Path | None, pairs: Path | None, **options: Any) -> None:
        folder = folder or settings.BASE_DIR / "var" / "rematch"
        with Steps(hidden=not self.stderr.isatty()) as tell:
            how: dict[str, Any] = {
                "engine": rematch.chosen(engine),
                "tell": tell,
                **{name: options[name] for name in ("master", "memory", "anew")},
            }
            try:
                if pairs is not None:
                    rematch.find(folder, **how)
                    self.stdout.write(f"{write_pairs(folder, pairs):,} pairs are in {pairs}.")
                    return
                done = rematch.run(folder, **how)
            except rematch.IndexNotCurrent:
                raise CommandError(NO_INDEX) from None
            except found_pairs.SparkMissing as missing:
                raise CommandError(str(missing)) from None
            except (OSError, duckdb.Error) as error:
                raise CommandError(f"{error} What was done is kept in {folder}.") from None
        self.stdout.write(
            f"{done.weighed:,} pairs were compared: {done.linked:,} quotes were joined to another, "
            f"{done.proposed:,} questions wait for an editor."
        )


def write_pairs(folder: Path, target: Path) -> int:
    """The pairs in order, one a line; how many."""
    count = 0
    with target.open("w", encoding="utf-8") as out:
        for rows in found_pairs.stored(folder):
            out.writelines(f"{one},{other}\n" for one, other, _ in rows)
            count += len(rows)
    return count
