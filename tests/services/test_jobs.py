"""Jobs: one worker each, other tries later, and nothing lost when a worker dies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quotes.models import Job, Lane
from quotes.services import jobs
from tests.factories import make_job

pytestmark = pytest.mark.django_db


def test_one_worker_has_a_job() -> None:
    job = make_job()
    one, two = Job.objects.get(pk=job.pk), Job.objects.get(pk=job.pk)
    assert jobs.claim(one)
    assert not jobs.claim(two)
    assert Job.objects.get(pk=job.pk).worker == jobs.worker_name()


def test_one_job_of_a_lane_at_a_time() -> None:
    first = make_job("https://slow.example/1")
    second = make_job("https://slow.example/2")
    other = make_job("https://quick.example/1")
    assert first.lane == second.lane != other.lane
    assert jobs.claim(first)
    assert not jobs.claim(second)
    assert first.lane is not None
    assert jobs.next_in(first.lane) is None
    assert jobs.claim(other)  # a slow site delays nobody else
    jobs.finish(first)
    assert jobs.next_in(first.lane) == second


def test_the_database_keeps_lanes_apart() -> None:
    first, second = make_job("https://slow.example/1"), make_job("https://slow.example/2")
    assert jobs.claim(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=second.pk).update(state="running", beat_at=timezone.now())


def test_a_lane_that_is_closed_waits() -> None:
    job = make_job()
    assert job.lane is not None
    jobs.answer(job.lane, open_at=timezone.now() + timedelta(seconds=30))
    assert jobs.next_in(job.lane) is None
    assert not Lane.objects.to_call(timezone.now()).exists()
    assert Lane.objects.to_call(timezone.now() + timedelta(seconds=31)).get() == job.lane


def test_tries_come_later_and_later_until_it_has_failed() -> None:
    job = make_job()
    waits = []
    for _ in range(len(jobs.PUT_OFF) + 1):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        job.refresh_from_db()
        assert jobs.claim(job)
        jobs.put_off(job, "The site is down for now.")
        job.refresh_from_db()
        waits.append(job.due_at - timezone.now())
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[-2] > timedelta(hours=11)
    assert (job.state, job.reason) == ("failed", "The site is down for now.")


def test_it_waits_as_long_as_a_site_asks() -> None:
    job = make_job()
    jobs.claim(job)
    jobs.put_off(job, "Later.", at=timezone.now() + timedelta(hours=3))
    job.refresh_from_db()
    assert job.due_at > timezone.now() + timedelta(hours=2)


def test_what_a_dead_worker_held_is_free_again_at_once_but_not_for_ever() -> None:
    job = make_job()
    host, _, _ = jobs.worker_name().rpartition(":")
    for tries in range(1, len(jobs.PUT_OFF) + 2):
        jobs.claim(job)
        Job.objects.filter(pk=job.pk).update(worker=f"{host}:999999999")
        assert jobs.free_stale() == 1
        job.refresh_from_db()
        assert job.reason == jobs.DIED
        if tries <= len(jobs.PUT_OFF):
            assert (job.is_due, job.tries) == (True, tries)
    assert job.state == "failed"


def test_a_worker_elsewhere_is_dead_when_it_gives_no_sign() -> None:
    job = make_job()
    jobs.claim(job)
    Job.objects.filter(pk=job.pk).update(worker="elsewhere:1")
    assert jobs.free_stale() == 0
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=2))
    assert jobs.free_stale() == 1


@pytest.mark.parametrize(
    "act", [jobs.finish, jobs.note, lambda job: jobs.fail(job, "No."), lambda job: jobs.put_off(job, "No.")]
)
def test_a_worker_that_was_thought_dead_changes_nothing(act) -> None:  # type: ignore[no-untyped-def]
    job = make_job()
    jobs.claim(job)
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=2))
    jobs.free_stale()
    new = Job.objects.get(pk=job.pk)
    assert jobs.claim(new)
    assert not act(job)
    after = Job.objects.get(pk=job.pk)
    assert (after.state, after.claim) == ("running", new.claim)


def test_one_clock_calls_a_lane() -> None:
    job = make_job()
    one, two = Lane.objects.get(pk=job.lane_id), Lane.objects.get(pk=job.lane_id)
    assert jobs.call(one)
    assert not jobs.call(two)
    assert not Lane.objects.to_call(timezone.now()).exists()
    later = timezone.now() + timedelta(minutes=1)  # a call that nobody answered is repeated
    assert Lane.objects.to_call(later).exists()


def test_queueing_again_leaves_a_running_job_alone() -> None:
    job = make_job()
    jobs.claim(job)
    jobs.queue(job)
    job.refresh_from_db()
    assert job.state == "running"
