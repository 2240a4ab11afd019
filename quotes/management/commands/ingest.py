"""`manage.py ingest FILE…`: stores articles and reads them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management import BaseCommand, CommandError

from quotes.management.progress import progress, reading
from quotes.models import Article
from quotes.services import extract, ingest


class Command(BaseCommand):
    help = (
        "Stores the articles of .txt, .html or .jsonl files and reads them. What is refused is reported and makes "
        "the exit status 1; the rest is kept. Safe to repeat: what is known is not doubled."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", nargs="+", help="files; - reads JSON lines from standard input")
        parser.add_argument("--outlet", default="", help="the outlet, where a file does not say")

    def handle(self, *, input: list[str], outlet: str, **options: Any) -> None:
        counts: Counter[str] = Counter()
        for path in input:
            try:
                self._keep_all(path, outlet, counts)
            except CommandError as error:  # a file that cannot be read costs nothing but itself
                counts[self._keep(ingest.Problem(path, str(error)))] += 1
        self.stderr.write(
            f"{counts['new']} new, {counts['revision']} new versions, {counts['known']} known already, {counts['refused']} refused."
        )
        if counts["refused"]:
            raise CommandError("Some articles were refused; see above.")

    def _keep_all(self, path: str, outlet: str, counts: Counter[str]) -> None:
        with reading(path) as lines:
            name = "standard input.jsonl" if path == "-" else path
            for item in progress(ingest.file_drafts(name, lines, outlet=outlet), unit="articles"):
                counts[self._keep(item)] += 1

    def _keep(self, item: ingest.Draft | ingest.Problem) -> str:
        if isinstance(item, ingest.Problem):
            self.stderr.write(str(item))
            return "refused"
        stored = ingest.store(item)
        if stored.outcome != "known" or stored.article.stage != Article.Stage.READ:
            extract.read_revision(stored.revision)
        return stored.outcome
