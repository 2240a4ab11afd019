"""`manage.py reindex`: makes the index of wordings again, and goes on where it was broken off."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from tqdm import tqdm

from quotes.models import Variant
from quotes.services import index


class Command(BaseCommand):
    help = (
        "Makes the index by which wordings find each other again: after an upgrade that makes other keys, or when it "
        "was damaged. Goes on where a broken-off run stopped. Articles may come in meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only say whether the index is current (exit status 1: no)"
        )
        parser.add_argument("--anew", action="store_true", help="make it again, also when nothing calls for it")

    def handle(self, *, check: bool, anew: bool, **options: Any) -> None:
        current = index.is_current()
        if check and not current:
            self.stdout.write("The index was made by another version, or never finished. Run manage.py reindex.")
            raise SystemExit(1)
        if current and not anew:
            self.stdout.write("The index is current.")
            return
        done = 0
        with tqdm(total=Variant.objects.count(), unit=" wordings", disable=not self.stderr.isatty()) as bar:
            for done in index.rebuild(anew=anew):
                bar.update(done - bar.n)
        self.stdout.write(f"{done:,} wordings are in the index.")
