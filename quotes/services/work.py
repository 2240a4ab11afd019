"""Background work from its two ends: which lanes have something to do, and doing it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.utils import timezone

from quotes.models import Job, Lane
from quotes.services import archive, bulk, jobs, link, subscription

log = logging.getLogger(__name__)

TURN = timedelta(seconds=20)
"""After so long at one lane a worker looks whether others wait too."""

BROKEN = "Something went wrong in Hearsay itself ({}); the log has it."


def lanes_to_call() -> list[Lane]:
    """The lanes that a worker should be asked to come to, each noted as called; frees what dead workers held. Two queries
    when there is nothing to do."""
    jobs.free_stale()
    return [lane for lane in Lane.objects.to_call(timezone.now()).order_by("called_at", "pk") if jobs.call(lane)]


def do_lane(pk: int) -> int:
    """Does what is due in a lane, one job after the other, for one turn; how many. Harmless when repeated or late."""
    lane = Lane.objects.filter(pk=pk).first()
    done = 0
    until = timezone.now() + TURN
    while lane is not None and timezone.now() < until:
        job = jobs.next_in(lane)
        if job is None:
            break
        do(job)
        done += 1
    if lane is not None:
        jobs.answer(lane)
    return done


def do(job: Job) -> None:
    """Does a claimed job, whatever happens; says in the job what did."""
    for _ in each_step(job):
        pass


def each_step(job: Job) -> Iterator[str]:
    """The same, step by step: a word for each line of a file, nothing for the other kinds."""
    try:
        with jobs.beating(job):
            yield from DOERS[job.kind](job) or ()
    except jobs.Later as later:
        jobs.put_off(job, str(later), at=later.at)
    except jobs.Failed as failure:
        jobs.fail(job, str(failure))
    except Exception as error:  # a fault of ours must not stop the worker
        log.exception("Job %s failed.", job.pk)
        jobs.put_off(job, BROKEN.format(type(error).__name__))
    if job.upload:
        bulk.close(job.upload)


DOERS: dict[str, Callable[[Job], Iterable[str] | None]] = {
    "archive": archive.save,
    "batch": bulk.read_part,
    "link": link.read,
    "feed": subscription.read,
}
"""Kind of job -> what does it. Each can be repeated."""
