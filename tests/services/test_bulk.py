"""Large files: in parts, from where they were broken off, with every refusal told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from quotes.models import Article, Attribution, Job, Upload
from quotes.services import bulk, jobs, work

pytestmark = pytest.mark.django_db

TEXT = 'Mayor Ann Lee said on day {0}: "We will build bridge number {0} before the winter comes." She then left.'


def write(path: Path, *lines: Any) -> Path:
    path.write_bytes(
        b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    )
    return path


def row(number: int) -> dict[str, str]:
    return {"text": TEXT.format(number), "title": f"Bridge {number}", "url": f"https://lake.example/{number}"}


def read_all(upload: Upload) -> Counter[str]:
    for job in bulk.parts(upload):
        work.do(job)
    upload.refresh_from_db()
    return bulk.progress(upload).counts


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PART", 4)


def test_each_line_is_read_or_refused_with_why(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", row(1), b"", b"not json", row(2), {"title": "no text"}, row(1), b"\xff\xfe\x00", row(3)
    )
    upload = bulk.open_file(path, name="a.jsonl", in_background=False)
    assert read_all(upload) == {"new": 3, "known": 1, "refused": 3}
    assert list(upload.refusals.values_list("line", "message")) == [
        (3, "This is not JSON (Expecting value at character 1)."),
        (5, "The field “text” is missing."),
        (7, upload.refusals.get(line=7).message),
    ]
    assert upload.finished_at is not None
    assert Article.objects.count() == 3
    assert Attribution.objects.count() == 3


@pytest.mark.parametrize("done", [1, 2, 4])
def test_it_goes_on_at_the_line_where_it_was_broken_off(tmp_path: Path, done: int) -> None:
    """Broken off after a line was stored and before that was noted: the line counts as new all the same."""
    path = write(tmp_path / "a.jsonl", *map(row, [0, 1, 1, 2, 3, 4, 5, 6, 7]))
    upload = bulk.open_file(path, name="a.jsonl", in_background=False)
    job = next(bulk.parts(upload))
    reading = bulk.read_part(job)
    assert [next(reading) for _ in range(done)] == ["new", "new", "known", "new"][:done]
    reading.close()  # as if killed
    host, _, _ = jobs.worker_name().rpartition(":")
    Job.objects.filter(pk=job.pk).update(worker=f"{host}:999999999")
    again = bulk.open_file(path, name="a.jsonl", in_background=False)
    assert again == upload
    assert read_all(again) == {"new": 8, "known": 1}
    assert Article.objects.count() == 8


def test_the_same_file_after_it_was_read_is_known(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", row(1), row(2))
    assert read_all(bulk.open_file(path, name="a.jsonl", in_background=False)) == {"new": 2}
    assert read_all(bulk.open_file(path, name="a.jsonl", in_background=False)) == {"known": 2}


def test_a_line_that_stops_its_worker_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.jsonl", row(1), row(2), row(3))
    upload = bulk.open_file(path, name="a.jsonl", in_background=False)
    real = bulk.take_in

    def dies(draft: Any, **kwargs: Any) -> Any:
        if "number 2" in draft.text:
            raise KeyboardInterrupt
        return real(draft, **kwargs)

    monkeypatch.setattr(bulk, "take_in", dies)
    host, _, _ = jobs.worker_name().rpartition(":")
    for _ in range(bulk.MOST_STOPS):
        with pytest.raises(KeyboardInterrupt):
            read_all(upload)
        Job.objects.running().update(worker=f"{host}:999999999")
    assert read_all(upload) == {"new": 2, "refused": 1}
    assert "stopped its worker 3 times" in upload.refusals.get().message


def test_workers_share_a_file_and_our_copy_goes(tmp_path: Path) -> None:
    with override_settings(HEARSAY_UPLOADS=tmp_path / "kept"):
        source = write(tmp_path / "a.jsonl", *map(row, range(9)))
        path = bulk.keep_copy([source.read_bytes()])
    assert path.stat().st_mode & 0o777 == 0o600
    upload = bulk.open_file(path, name="a.jsonl", is_ours=True)
    lanes = work.lanes_to_call()
    assert len(lanes) == 3  # parts of four lines
    assert [work.do_lane(lane.pk) for lane in lanes] == [1, 1, 1]
    upload.refresh_from_db()
    assert upload.finished_at is not None
    assert not path.exists()
    assert bulk.progress(upload).counts == {"new": 9}


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", row(1))
    upload = bulk.open_file(path, name="a.jsonl", in_background=False)
    path.unlink()
    read_all(upload)
    assert "cannot be read: No such file" in upload.jobs.get().reason


def test_an_endless_line_costs_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.intake.lines.LONGEST_LINE", 1000)
    path = write(tmp_path / "a.jsonl", row(1), b"x" * 100_000, row(2))
    upload = bulk.open_file(path, name="a.jsonl", in_background=False)
    assert read_all(upload) == {"new": 2, "refused": 1}
    assert "100,001 bytes" in upload.refusals.get().message


@pytest.mark.parametrize("content", [b"", b"\n\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    upload = bulk.open_file(tmp_path / "a.jsonl", name="a.jsonl", in_background=False)
    read_all(upload)
    assert [refusal.message for refusal in upload.refusals.all()] == ["The file is empty."]
    assert upload.finished_at is not None
