"""Large files: cut into parts that workers read side by side, and any of which goes on where it was broken off.

What is to be done with a file is its parts as jobs, each with the line it has come to. A part that stops its worker
again and again at one line leaves that line out, and says so.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from quotes.intake.lines import Line, lines
from quotes.models import Job, Refusal, Upload
from quotes.services import ingest, jobs
from quotes.services.arrival import take_in
from quotes.services.ingest import Refused

PART = 50
"""Lines of a part: some seconds of reading, so that progress is seen and little is lost."""

LANES = 8
"""Parts of one file that may be read side by side."""

MOST_STOPS = 3
"""Workers that one line may stop before it is left out."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is. `rate` in articles a second, `left` the time it takes from here; None when not known yet."""

    counts: Counter[str]
    lines_done: int
    lines: int
    failed: int
    running: int
    rate: float | None
    left: timedelta | None

    @property
    def share(self) -> float:
        return self.lines_done / self.lines if self.lines else 1.0

    @property
    def articles(self) -> int:
        return self.counts.total() - self.counts["refused"]


def keep_copy(chunks: Iterable[bytes]) -> Path:
    """Keeps what was sent until it is read, in the state folder, for this installation's eyes alone."""
    folder = settings.HEARSAY_UPLOADS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path: Path = folder / f"{timezone.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.jsonl"
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        file.writelines(chunks)
    return path


def open_file(
    path: Path,
    *,
    name: str,
    outlet: str = "",
    published: datetime | None = None,
    added_by: User | None = None,
    is_ours: bool = False,
    in_background: bool = True,
) -> Upload:
    """Queues the parts of a file; the same file again, while it is not all read, goes on. Reads it through once.

    Parts that are not `in_background` are left to the caller, in order (`parts`). Raises OSError.
    """
    digest, starts, size, count = _survey(path)
    details = {"digest": digest, "outlet": outlet, "published": published, "is_ours": is_ours, "path": str(path)}
    with transaction.atomic():
        begun = Upload.objects.filter(**details, finished_at=None, jobs__isnull=False).first()
        if begun is not None:
            return begun
        upload = Upload.objects.create(name=name[:300], size=size, line_count=count, added_by=added_by, **details)
        Job.objects.bulk_create(_cut(upload, starts, in_background))
    close(upload)  # when it is empty
    return upload


def _survey(path: Path) -> tuple[str, list[tuple[int, int]], int, int]:
    """(digest, where each part starts by line and byte, size, lines)."""
    digest = hashlib.sha256()
    starts: list[tuple[int, int]] = []
    count = size = 0
    with path.open("rb") as file:
        for line in lines(file):
            if count % PART == 0:
                starts.append((count + 1, line.start))
            digest.update(line.data)
            count += 1
            size = line.end
    return digest.hexdigest(), starts, size, count


def _cut(upload: Upload, starts: list[tuple[int, int]], in_background: bool) -> Iterator[Job]:
    names = [f"upload:{upload.pk}:{n}" for n in range(min(LANES, len(starts)))]
    lanes = [jobs.lane(name) if in_background else None for name in names]
    ends = [*(start for _, start in starts[1:]), upload.size]
    for number, ((line, start), end) in enumerate(zip(starts, ends, strict=False)):
        details = {"first": line, "line": line, "offset": start, "end": end, "counts": {}}
        yield Job(kind="batch", upload=upload, number=number, lane=lanes[number % len(lanes)], details=details)


def parts(upload: Upload) -> Iterator[Job]:
    """The parts of a file that are not read yet, in order, each claimed; those of a dead process are taken over."""
    for job in upload.jobs.unfinished().with_subjects().order_by("number"):
        if job.state == Job.State.RUNNING and jobs.is_dead(job):
            jobs.put_off(job, jobs.DIED, wait=timedelta(0))
            job.refresh_from_db()
        if jobs.claim(job):
            yield job


def read_part(job: Job) -> Iterator[str]:
    """Reads a part from where it was broken off; *new*, *revision*, *known* or *refused* for every line that has an article.

    Raises Failed when the file is not there any more. Ends early when the job was taken over by somebody else.
    """
    upload = job.upload
    assert upload is not None
    counts = Counter(job.details["counts"])
    try:
        with open(upload.path, "rb") as file:
            number = job.details["line"]
            if "since" not in job.details:
                jobs.note(job, since=_now())
            begun = job.details["since"]
            for line in lines(file, job.details["offset"], job.details["end"]):
                outcome = _read_line(job, upload, number, line, begun)
                begun = ""
                number += 1
                if outcome:
                    counts[outcome] += 1
                    yield outcome
                if not jobs.note(job, line=number, offset=line.end, counts=dict(counts), since=_now()):
                    return
        jobs.finish(job)
    except OSError as error:
        raise jobs.Failed(f"The file {upload.path} cannot be read: {error.strerror}.") from None


def _read_line(job: Job, upload: Upload, number: int, line: Line, begun: str) -> str:
    """What became of a line; nothing for an empty one. `begun`: since when a worker that was stopped may have been at it."""
    if not line.data.strip():
        return ""
    if job.tries >= MOST_STOPS:
        return _refuse(
            upload, number, f"Reading this line has stopped its worker {MOST_STOPS} times, so it was left out."
        )
    if line.is_cut:
        return _refuse(
            upload, number, f"The line has {line.end - line.start:,} bytes, which is too long for an article."
        )
    try:
        draft = ingest.json_draft(line.data, outlet=upload.outlet, published=upload.published)
        stored = take_in(draft, added_by=upload.added_by)
    except Refused as refusal:
        return _refuse(upload, number, str(refusal))
    if stored.outcome == "known" and begun and stored.revision.seen_at.isoformat() >= begun:
        return "new" if stored.revision.number == 1 else "revision"  # stored just before the last worker stopped
    return stored.outcome


def _now() -> str:
    return timezone.now().isoformat()


def _refuse(upload: Upload, number: int, message: str) -> str:
    Refusal.objects.update_or_create(upload=upload, line=number, defaults={"message": message[:500]})
    return "refused"


def close(upload: Upload) -> None:
    """Notes that a file is read, when none of its parts is left; removes our copy of it unless a part failed. Five queries."""
    if upload.jobs.unfinished().exists():
        return
    has_failed = upload.jobs.failed().exists()
    if not has_failed and not any(details["counts"] for details in upload.jobs.values_list("details", flat=True)):
        _refuse(upload, 1, "The file is empty.")
    Upload.objects.filter(pk=upload.pk, finished_at=None).update(finished_at=timezone.now())
    if upload.is_ours and not has_failed:
        Path(upload.path).unlink(missing_ok=True)


def progress(upload: Upload) -> Progress:
    """How far a file is. Two queries."""
    rows: list[tuple[dict[str, Any], str, datetime | None]] = list(
        upload.jobs.values_list("details", "state", "started_at")
    )
    counts: Counter[str] = Counter()
    for details, _, _ in rows:
        counts.update(details["counts"])
    refused = upload.refusals.count()  # an empty file has one, and no line
    if refused:
        counts["refused"] = refused
    done = sum(details["line"] - details["first"] for details, _, _ in rows)
    states = Counter(state for _, state, _ in rows)
    began = min((moment for _, _, moment in rows if moment), default=None)
    ended = upload.finished_at or timezone.now()
    seconds = (ended - began).total_seconds() if began else 0.0
    rate = counts.total() / seconds if seconds > 1 and done else None
    left = timedelta(seconds=round(seconds / done * (upload.line_count - done))) if rate and done else None
    return Progress(counts, done, upload.line_count, states["failed"], states["running"], rate, left)
