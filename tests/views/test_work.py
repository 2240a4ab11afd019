"""The Work page and a file's progress."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quotes.models import Job, Refusal, Upload
from quotes.services import bulk, presence, work
from tests.factories import make_feed, make_job

pytestmark = pytest.mark.django_db


def text(client: Client, view: str = "") -> str:
    return client.get(reverse("work_index"), {"view": view} if view else {}).content.decode()


def test_each_state_has_its_list_and_count(reporter_client: Client) -> None:
    make_job("https://a.example/1")
    make_job("https://b.example/1", state="failed", reason="The page is gone.", finished_at=timezone.now())
    make_job("https://c.example/1", state="running", beat_at=timezone.now(), started_at=timezone.now())
    make_job("https://d.example/1", state="done", finished_at=timezone.now())
    make_job(
        "https://e.example/1",
        due_at=timezone.now() + timezone.timedelta(hours=1),
        tries=2,
        reason="The site is down for now.",
    )
    make_feed("https://f.example/feed")
    page = text(reporter_client)
    assert "The page is gone." in page  # what failed comes first
    assert "https://a.example/1" in text(reporter_client, "waiting")
    assert "https://f.example/feed" in text(reporter_client, "waiting")
    assert "https://c.example/1" in text(reporter_client, "running")
    assert "https://d.example/1" in text(reporter_client, "done")
    planned = text(reporter_client, "planned")
    assert "https://e.example/1" in planned
    assert "2 tries so far" in planned


def test_a_failed_job_is_tried_again(reporter_client: Client) -> None:
    one, other = (make_job(f"https://a.example/{n}", state="failed", reason="No.") for n in range(2))
    reporter_client.post(reverse("work_retry"), {"job": one.pk})
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, one.reason, other.state) == ("queued", "", "failed")
    reporter_client.post(reverse("work_retry"), {"all": "1"})
    assert Job.objects.failed().count() == 0


def test_only_what_failed_is_tried_again(reporter_client: Client) -> None:
    job = make_job(state="done")
    for value in (str(job.pk), "x", "", "9" * 40):
        reporter_client.post(reverse("work_retry"), {"job": value})
    job.refresh_from_db()
    assert job.state == "done"


def test_a_missing_worker_is_said(reporter_client: Client) -> None:
    assert "No background worker is running" in text(reporter_client)
    presence.cache.set(presence.KEY, timezone.now())
    assert "No background worker is running" not in text(reporter_client)


def upload_of(client: Client, *lines: object) -> Upload:
    data = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = client.post(reverse("add_file"), {"file": SimpleUploadedFile("many.jsonl", data)})
    upload = Upload.objects.get()
    assert response["Location"] == upload.get_absolute_url()
    return upload


def test_an_uploaded_file_is_queued_read_and_reported(
    reporter_client: Client, settings: object, tmp_path: Path
) -> None:
    settings.HEARSAY_UPLOADS = tmp_path  # type: ignore[attr-defined]
    good = {"text": "Mayor Ann Lee said: “We will rebuild the bridge.” She then left the hall.", "title": "Bridge"}
    upload = upload_of(reporter_client, good, b"=cmd|' /C calc'!A0")
    page = reporter_client.get(upload.get_absolute_url()).content.decode()
    assert "Waiting for a worker" in page
    assert "hx-trigger" in page
    for lane in work.lanes_to_call():
        work.do_lane(lane.pk)
    page = reporter_client.get(upload.get_absolute_url()).content.decode()
    assert "Read: line 2 of 2." in page
    assert "hx-trigger" not in page
    assert "This is not JSON" in page
    lines = (
        b"".join(reporter_client.get(upload.get_absolute_url() + "?format=csv").streaming_content).decode().splitlines()
    )
    assert lines[0] == '\ufeff"line","why"'
    assert lines[1].startswith('"2","This is not JSON')
    assert list(tmp_path.iterdir()) == []


def test_ten_thousand_refusals_are_paged(reporter_client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"x\n")
    upload = bulk.open_file(tmp_path / "a.jsonl", name="a.jsonl")
    Refusal.objects.bulk_create(Refusal(upload=upload, line=n, message="No.") for n in range(2, 10_002))
    page = reporter_client.get(upload.get_absolute_url() + "?page=3").content.decode()
    assert "10,000 lines refused" in page
    assert len(page) < 60_000
