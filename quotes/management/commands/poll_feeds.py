"""`manage.py poll_feeds`: reads the feeds that are due, and what is new in them, without a worker running."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from quotes.management.progress import progress
from quotes.models import Feed
from quotes.services import jobs, subscription, work


class Command(BaseCommand):
    help = (
        "Reads the feeds that are due (all of them with --all) and says how each went. New articles are queued; "
        "`manage.py work` fetches them. Not needed where a worker runs all the time: it reads feeds by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="those that are not due too")

    def handle(self, *, all: bool, **options: Any) -> None:
        subscription.queue_stopped()
        feeds = Feed.objects.filter(is_paused=False).select_related("job__lane").in_order()
        for feed in progress(list(feeds), unit="feeds"):
            if all:
                subscription.read_now(feed)
            feed.job.refresh_from_db()
            if feed.job.is_due and jobs.claim(feed.job):
                work.do(feed.job)
                feed.refresh_from_db()
                self.stdout.write(f"{feed}: {feed.fault or 'read'}")
