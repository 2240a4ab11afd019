"""`manage.py notify`: sends what people watch by e-mail, to each person one e-mail a period."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone

from quotes.services import digest
from quotes.text.verdict import counted


class Command(BaseCommand):
    help = (
        "Sends everybody one e-mail with what is new on what they watch: daily ones once a day, weekly ones once a week. "
        "May be run again at any time, but not twice at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--period", choices=digest.PERIODS, help="only the daily or the weekly ones (default: both)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be sent, to whom")

    def handle(self, *, period: str | None, dry_run: bool, **options: Any) -> None:
        periods = (period,) if period else digest.PERIODS
        if dry_run:
            for each in periods:
                self._tell(each)
            return
        failed = []
        for each in periods:
            outcome = digest.run(period=each, write=written)
            failed += outcome.failed
            self.stdout.write(f"{each}: {counted(len(outcome.sent), 'e-mail')} handed over.")
        if failed:
            raise CommandError(
                f"{counted(len(failed), 'e-mail')} could not be handed over, to {', '.join(failed)}; "
                "the log says why. The next run tries again."
            )

    def _tell(self, period: str) -> None:
        now = timezone.now()
        for _, found in digest.due(period=period, upto=digest.settled(now), now=now):
            if found is not None:
                self.stdout.write(f"{period}: {found.person}, {counted(found.count, 'event')}: {found.subject}")


def written(found: digest.Digest) -> digest.Written:
    """The e-mail as plain text and as HTML."""
    context = {"digest": found, "site": settings.HEARSAY_ADDRESS}
    return render_to_string("watch/mail.txt", context), render_to_string("watch/mail.html", context)
