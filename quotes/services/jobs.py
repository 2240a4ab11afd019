"""Jobs: queued, claimed by one worker, finished, put off, failed, and freed when their worker has died.

Every step is one conditional UPDATE, so that two workers never have one job and a worker thought dead changes nothing.
"""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from quotes.models import Job, Lane, Upload
from quotes.models.work import STALE

BEAT = STALE / 6
"""Between two signs that a worker gives of a job it is at."""

PUT_OFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12)]
"""How long until the second try, the third and so on; after the last the job has failed."""


DIED = "The worker that was at it stopped."


class Later(Exception):
    """The job cannot be done now; the message says why. `at`: when it may be tried again, where somebody told us."""

    def __init__(self, message: str, at: datetime | None = None) -> None:
        super().__init__(message)
        self.at = at


class Failed(Exception):
    """The job can never be done; the message says why."""


def lane(name: str) -> Lane:
    """The lane of a name. One query, three the first time."""
    return Lane.objects.get_or_create(name=name[:300])[0]


def queue(job: Job) -> None:
    """Queues a known job to be done at once, unless a worker is at it just now. One query."""
    queue_again(Job.objects.filter(pk=job.pk))


def queue_again(found: QuerySet[Job]) -> int:
    """Queues jobs to be done at once, but for those that a worker is at; how many. Two queries."""
    Upload.objects.filter(jobs__in=found).update(finished_at=None)
    changes: dict[str, Any] = {"state": Job.State.QUEUED, "due_at": timezone.now(), "tries": 0, "reason": ""}
    return found.exclude(state=Job.State.RUNNING).update(**changes)


def next_in(lane: Lane) -> Job | None:
    """The next due job of a lane, now the caller's; None when there is none or somebody is at the lane. Three queries."""
    now = timezone.now()
    if not Lane.objects.filter(pk=lane.pk, open_at__lte=now).exists():
        return None
    job = Job.objects.with_subjects().waiting(now).filter(lane=lane).order_by("due_at", "pk").first()
    return job if job is not None and claim(job) else None


def claim(job: Job) -> bool:
    """Takes a queued job; False when somebody else has it, or is at its lane. One query."""
    now = timezone.now()
    changes = {"state": Job.State.RUNNING, "started_at": now, "beat_at": now, "worker": worker_name()}
    try:
        with transaction.atomic():
            if not Job.objects.queued().filter(pk=job.pk, claim=job.claim).update(claim=F("claim") + 1, **changes):
                return False
    except IntegrityError:  # another job of this lane is running
        return False
    job.claim += 1
    for name, value in changes.items():
        setattr(job, name, value)
    return True


def worker_name() -> str:
    return f"{platform.node()[:150]}:{os.getpid()}"


def is_dead(job: Job) -> bool:
    """Its worker was a process of this machine that is no more, or has given no sign for too long."""
    host, _, process = job.worker.rpartition(":")
    if job.beat_at is None or job.beat_at < timezone.now() - STALE:
        return True
    if host != platform.node()[:150] or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)  # signal 0 asks whether it is there, and sends nothing
    except ProcessLookupError:
        return True
    except PermissionError:  # it is there, and somebody else's
        return False
    return False


def note(job: Job, **details: Any) -> bool:
    """Writes how far a job is: a sign of life, and tries count from here. False when it is ours no more. One query."""
    job.details.update(details)
    job.tries = 0
    return bool(_ours(job).update(details=job.details, beat_at=timezone.now(), tries=0))


def finish(job: Job, *, again_at: datetime | None = None) -> bool:
    """It went well; `again_at` plans it anew. False when it is ours no more. One query."""
    changes: dict[str, Any] = {"state": Job.State.DONE, "tries": 0, "reason": "", "finished_at": timezone.now()}
    if again_at is not None:
        changes |= {"state": Job.State.QUEUED, "due_at": again_at}
    return bool(_ours(job).update(**changes))


def put_off(job: Job, reason: str, *, at: datetime | None = None, wait: timedelta | None = None) -> bool:
    """It did not go well: queued for another try, or failed after the last. False when it is ours no more. One query.

    Not before `at`, where somebody told us; after `wait`, else longer with every try.
    """
    if job.tries >= len(PUT_OFF):
        return fail(job, reason)
    soonest = timezone.now() + (PUT_OFF[job.tries] if wait is None else wait)
    due = max(soonest, at) if at else soonest
    changes = {"state": Job.State.QUEUED, "due_at": due, "tries": job.tries + 1, "reason": reason[:500]}
    return bool(_ours(job).update(**changes))


def fail(job: Job, reason: str) -> bool:
    """It cannot be done. False when it is ours no more. One query."""
    changes = {
        "state": Job.State.FAILED,
        "reason": reason[:500] or "No reason was given.",
        "finished_at": timezone.now(),
    }
    return bool(_ours(job).update(**changes))


def _ours(job: Job) -> Any:
    return Job.objects.running().filter(pk=job.pk, claim=job.claim)


def free_stale() -> int:
    """Puts back jobs whose worker has died, to be done at once; one that stops its workers again and again fails.

    One query, and three for each; how many there were.
    """
    freed = 0
    for job in Job.objects.running().select_related("lane"):
        if is_dead(job) and put_off(job, DIED, wait=timedelta(0)):
            freed += 1
            if job.lane is not None:
                answer(job.lane)
    return freed


def call(lane: Lane) -> bool:
    """Notes that a worker is asked to come to a lane; False when somebody else has just asked. One query."""
    unchanged = Lane.objects.filter(pk=lane.pk, called_at=lane.called_at)
    return bool(unchanged.update(called_at=timezone.now()))


def answer(lane: Lane, *, open_at: datetime | None = None) -> None:
    """Nobody is expected at a lane any more; `open_at`: when its next job may start. One query."""
    changes: dict[str, Any] = {"called_at": None}
    if open_at is not None:
        changes["open_at"] = open_at
    Lane.objects.filter(pk=lane.pk).update(**changes)


@contextmanager
def beating(job: Job) -> Iterator[None]:
    """Gives signs of life of a job from a thread of its own, until the block ends."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(job: Job, ended: threading.Event) -> None:
    while not ended.wait(BEAT.total_seconds()):
        try:
            _ours(job).update(beat_at=timezone.now())
        except OperationalError:  # busy just now: the next sign will do
            pass
        finally:
            connection.close()  # this thread's own
