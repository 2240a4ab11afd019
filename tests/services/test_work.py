"""The worker's turn: whatever happens to a job is said in it, and the next one is done."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.utils import timezone

from quotes import tasks
from quotes.models import Job, Lane
from quotes.services import jobs, work
from tests.factories import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order, in place of fetching."""
    seen: list[str] = []

    def do(job: Job) -> None:
        seen.append(str(job.link))
        if "later" in str(job.link):
            raise jobs.Later("Not now.")
        if "never" in str(job.link):
            raise jobs.Failed("Never.")
        if "bug" in str(job.link):
            raise ZeroDivisionError("secret words of an article")
        jobs.finish(job)

    monkeypatch.setitem(work.DOERS, "link", do)
    return seen


def test_one_call_does_what_is_due_in_its_lane(done: list[str]) -> None:
    made = [make_job(f"https://a.example/{n}") for n in range(3)]
    make_job("https://b.example/1")
    lanes = work.lanes_to_call()
    assert {lane.name for lane in lanes} == {"host:a.example", "host:b.example"}
    assert work.lanes_to_call() == []
    assert work.do_lane(made[0].lane_id or 0) == 3
    assert done == [f"https://a.example/{n}" for n in range(3)]
    assert Lane.objects.get(name="host:a.example").called_at is None
    assert work.do_lane(made[0].lane_id or 0) == 0


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("later", "queued", "Not now."),
        ("never", "failed", "Never."),
        ("bug", "queued", "Something went wrong in Hearsay itself (ZeroDivisionError)"),
    ],
)
def test_what_happened_is_said(
    done: list[str], caplog: pytest.LogCaptureFixture, name: str, state: str, reason: str
) -> None:
    job = make_job(f"https://a.example/{name}")
    after = make_job("https://a.example/well")
    assert work.do_lane(job.lane_id or 0) == 2  # the next is done all the same
    job.refresh_from_db()
    after.refresh_from_db()
    assert (job.state, after.state) == (state, "done")
    assert job.reason.startswith(reason)
    assert ("Job" in caplog.text) == (name == "bug")


def test_a_lane_that_is_no_more_is_no_fault() -> None:
    assert work.do_lane(10**9) == 0


def test_a_turn_ends_so_that_others_come_to_theirs(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    made = [make_job(f"https://a.example/{n}") for n in range(3)]
    monkeypatch.setattr(work, "TURN", work.TURN * 0)
    assert work.do_lane(made[0].lane_id or 0) == 0
    assert Lane.objects.to_call(timezone.now()).exists()


@pytest.mark.django_db(transaction=True)
def test_the_clock_calls_and_the_worker_comes(done: list[str], settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    from django.core.management import call_command

    caplog.set_level(logging.WARNING)
    make_job("https://a.example/1")
    make_job("https://b.example/1")
    assert tasks.call_workers() == 2
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)
    assert sorted(done) == ["https://a.example/1", "https://b.example/1"]
    assert tasks.call_workers() == 0
