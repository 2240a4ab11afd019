"""`manage.py work`: does what is due in the background: links, feeds, and large files."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from quotes import tasks
from quotes.services import presence


class Command(BaseCommand):
    help = (
        "A background worker: fetches links, reads feeds and files, looks at articles again. Start as many as there are "
        "cores to spare. Stops after what it is at on SIGTERM or Ctrl-C; stopped otherwise, another goes on with it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *, once: bool, verbosity: int, **options: Any) -> None:
        if once:
            self._once(verbosity)
            return
        with tasks.clock(), presence.shown():
            self._serve(verbosity, once=False)

    def _once(self, verbosity: int) -> None:
        while tasks.call_workers():
            self._serve(verbosity, once=True)

    def _serve(self, verbosity: int, *, once: bool) -> None:
        if settings.QUEUE:
            self._serve_redis(verbosity, once=once)
        else:
            call_command("db_worker", interval=0.2 if once else 0.5, batch=once, reload=False, verbosity=verbosity - 1)

    def _serve_redis(self, verbosity: int, *, once: bool) -> None:
        """Jobs run in this process and not in a fork each, which would load the model anew every time."""
        from redis.exceptions import ConnectionError as NoConnection

        try:
            call_command(
                "rqworker",
                "default",
                worker_class="rq.SimpleWorker",
                job_class="django_tasks_rq.Job",
                burst=once,
                verbosity=verbosity - 1,
            )
        except (NoConnection, SystemExit) as error:
            if isinstance(error, SystemExit) and not error.code:
                raise
            raise CommandError(f"The Redis at HEARSAY_QUEUE does not answer: {error}. Is it started?") from None
