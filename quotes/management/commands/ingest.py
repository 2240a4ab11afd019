"""`manage.py ingest FILE…`: stores articles and reads them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from quotes.management.progress import progress, reading, writing
from quotes.models import Upload
from quotes.services import bulk, export, ingest, work
from quotes.services.arrival import take_in

MANY = ".jsonl"


class Command(BaseCommand):
    help = (
        "Stores the articles of .txt, .html or .jsonl files and reads them. What is refused is reported and makes "
        "the exit status 1; the rest is kept. Safe to repeat: what is known is not doubled. A .jsonl file that was "
        "broken off, however it was, goes on where it stopped when the same command is given again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", nargs="+", help="files; - reads JSON lines from standard input")
        parser.add_argument("--outlet", default="", help="the outlet, where a file does not say")
        parser.add_argument("--report", default="", help="a CSV file for what is refused, besides standard error")
        parser.add_argument("--background", action="store_true", help="queue .jsonl files for the workers, and return")

    def handle(self, *, input: list[str], outlet: str, report: str, background: bool, **options: Any) -> None:
        counts: Counter[str] = Counter()
        problems: list[ingest.Problem] = []
        for path in input:
            try:
                self._take_in(path, outlet, counts, problems, background=background)
            except CommandError as error:  # a file that cannot be read costs nothing but itself
                self._refuse(ingest.Problem(path, str(error)), counts, problems)
        if report:
            with writing(report, self.stdout) as out:
                for line in export.csv_of(("place", "why"), ((p.place, p.message) for p in problems)):
                    out.write(line)
        self.stderr.write(
            f"{counts['new']} new, {counts['revision']} new versions, {counts['known']} known already, {counts['refused']} refused."
        )
        if problems:
            raise CommandError("Some articles were refused; see above.")

    def _take_in(
        self, path: str, outlet: str, counts: Counter[str], problems: list[ingest.Problem], *, background: bool
    ) -> None:
        if path != "-" and path.lower().endswith(MANY):
            self._read_many(Path(path), outlet, counts, problems, background=background)
            return
        with reading(path) as lines:
            name = "standard input.jsonl" if path == "-" else path
            for item in progress(ingest.file_drafts(name, lines, outlet=outlet), unit="articles"):
                if isinstance(item, ingest.Problem):
                    self._refuse(item, counts, problems)
                else:
                    counts[take_in(item).outcome] += 1

    def _read_many(
        self, path: Path, outlet: str, counts: Counter[str], problems: list[ingest.Problem], *, background: bool
    ) -> None:
        try:
            upload = bulk.open_file(path.resolve(), name=path.name, outlet=outlet, in_background=background)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        if background:
            self.stderr.write(
                f"{path}: {upload.line_count:,} lines are queued; {upload.get_absolute_url()} has how far they are."
            )
            return
        for _ in progress(self._lines(upload), unit="articles", total=upload.line_count):
            pass
        counts.update(bulk.progress(upload).counts)
        for refusal in upload.refusals.iterator():
            self._tell(ingest.Problem(f"line {refusal.line:,}", refusal.message), problems)
        for job in upload.jobs.failed():
            self._refuse(ingest.Problem(f"part {job.number + 1:,}", job.reason), counts, problems)

    def _lines(self, upload: Upload) -> Iterator[str]:
        """Each line as it is read, those that were read before the command was broken off first."""
        yield from ["read before"] * bulk.progress(upload).lines_done
        for job in bulk.parts(upload):
            yield from work.each_step(job)

    def _refuse(self, problem: ingest.Problem, counts: Counter[str], problems: list[ingest.Problem]) -> None:
        counts["refused"] += 1
        self._tell(problem, problems)

    def _tell(self, problem: ingest.Problem, problems: list[ingest.Problem]) -> None:
        problems.append(problem)
        self.stderr.write(str(problem))
