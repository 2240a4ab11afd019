"""Background work: jobs in lanes, and files that are read by many jobs.

What is to be done stands here, whatever queue calls the workers: a queue that forgets loses nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

STALE = timedelta(minutes=1)
"""A job whose worker has given no sign for so long is free again."""

FORGET_CALL = timedelta(seconds=30)
"""A call that no worker has answered for so long is repeated."""

JOB_KINDS = {"link": "Link", "feed": "Feed", "batch": "Part of a file", "archive": "Saving to an archive"}


class LaneQuerySet(models.QuerySet["Lane"]):
    def to_call(self, now: datetime) -> LaneQuerySet:
        """Those with something due, nobody at it, and no call that may still be answered."""
        due = Job.objects.filter(lane=OuterRef("pk"), state=Job.State.QUEUED, due_at__lte=now)
        running = Job.objects.filter(lane=OuterRef("pk"), state=Job.State.RUNNING)
        uncalled = Q(called_at=None) | Q(called_at__lt=now - FORGET_CALL)
        return self.filter(uncalled, Exists(due), ~Exists(running), open_at__lte=now)


class Lane(models.Model):
    """Jobs that never run side by side: what is fetched from one host, say, so that a slow one delays only itself."""

    name = models.CharField(max_length=300, unique=True, help_text="host:example.org, or upload:7:3")
    open_at = models.DateTimeField(default=timezone.now, help_text="The next job may start then: the pace of a host.")
    called_at = models.DateTimeField(null=True, blank=True, help_text="When a worker was last asked to come.")

    objects = LaneQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="lane_has_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What it is, for a reader: the host, or *a file*."""
        kind, _, rest = self.name.partition(":")
        return rest if kind == "host" else "a file"


class JobQuerySet(models.QuerySet["Job"]):
    def queued(self) -> JobQuerySet:
        return self.filter(state=Job.State.QUEUED)

    def waiting(self, now: datetime) -> JobQuerySet:
        """Queued and due: a worker takes them as soon as it can."""
        return self.queued().filter(due_at__lte=now)

    def planned(self, now: datetime) -> JobQuerySet:
        """Queued for later: the next look at an article, the next reading of a feed, another try."""
        return self.queued().filter(due_at__gt=now)

    def running(self) -> JobQuerySet:
        return self.filter(state=Job.State.RUNNING)

    def done(self) -> JobQuerySet:
        return self.filter(state=Job.State.DONE)

    def failed(self) -> JobQuerySet:
        return self.filter(state=Job.State.FAILED)

    def with_subjects(self) -> JobQuerySet:
        """With what each is about. No further query."""
        return self.select_related("lane", "link__article", "page__article", "feed", "upload")

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


class Job(models.Model):
    """One piece of work, done once: by whom it is claimed, how often it was tried, and why it failed."""

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    lane = models.ForeignKey(
        "Lane", models.PROTECT, null=True, blank=True, related_name="jobs", help_text="Empty: a command does it itself."
    )
    kind = models.CharField(max_length=20)
    link = models.OneToOneField("Link", models.CASCADE, null=True, blank=True, related_name="job")
    feed = models.OneToOneField("Feed", models.CASCADE, null=True, blank=True, related_name="job")
    page = models.OneToOneField(
        "Link", models.CASCADE, null=True, blank=True, related_name="saving", help_text="What is saved to an archive."
    )
    upload = models.ForeignKey("Upload", models.CASCADE, null=True, blank=True, related_name="jobs")
    number = models.PositiveIntegerField(default=0, help_text="Which part of a file.")
    details: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0, help_text="Since it last went well.")
    claim = models.PositiveIntegerField(default=0, help_text="Counts claims, so that a worker thought dead notices.")
    worker = models.CharField(max_length=200, blank=True, help_text="host:process of whoever claimed it last.")
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="The last sign of its worker.")
    finished_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it failed, or waits for another try.")

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed"]), name="job_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="link", link__isnull=False, feed=None, upload=None, page=None)
                | Q(kind="feed", link=None, feed__isnull=False, upload=None, page=None)
                | Q(kind="archive", link=None, feed=None, upload=None, page__isnull=False)
                | Q(kind="batch", link=None, feed=None, upload__isnull=False, page=None),
                name="job_about_exactly_one_thing",
            ),
            models.CheckConstraint(condition=~Q(state="failed", reason=""), name="job_failed_for_a_reason"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(beat_at__isnull=False), name="job_running_gives_signs"
            ),
            models.UniqueConstraint(fields=["lane"], condition=Q(state="running"), name="job_one_running_a_lane"),
            models.UniqueConstraint(
                fields=["upload", "number"], condition=Q(kind="batch"), name="job_once_per_part_of_a_file"
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "state", "due_at"]),
            models.Index(fields=["state", "due_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.subject}"

    @property
    def is_due(self) -> bool:
        return self.state == self.State.QUEUED and self.due_at <= timezone.now()

    @property
    def label(self) -> str:
        return JOB_KINDS[self.kind]

    @property
    def subject(self) -> str:
        """What it is about. No query after with_subjects."""
        if self.upload:
            return f"{self.upload}, part {self.number + 1}"
        return str(self.link or self.feed or self.page)

    @property
    def subject_url(self) -> str:
        """The page of what it is about; empty when there is none. No query after with_subjects."""
        about = self.feed or self.upload or (self.link.article if self.link else None)
        about = about or (self.page.article if self.page else None)
        return about.get_absolute_url() if about else ""


class UploadQuerySet(models.QuerySet["Upload"]):
    def newest_first(self) -> UploadQuerySet:
        return self.order_by("-pk")


class Upload(models.Model):
    """A file of many articles, read in parts: where it lies, and whose articles it has."""

    name = models.CharField(max_length=300, help_text="As its owner calls it.")
    path = models.CharField(max_length=1000, help_text="Where it lies on this machine.")
    size = models.BigIntegerField(help_text="In bytes.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of all of it.")
    outlet = models.CharField(max_length=200, blank=True)
    published = models.DateTimeField(null=True, blank=True)
    is_ours = models.BooleanField(default=False, help_text="A copy of what was sent: removed when it is read.")
    line_count = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(path=""), name="upload_has_name_and_place"),
            models.CheckConstraint(condition=Q(size__gte=0), name="upload_size_from_0"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("work_upload", args=[self.pk])


class Refusal(models.Model):
    """Something in a file that could not become an article: where, and why."""

    upload = models.ForeignKey("Upload", models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    message = models.CharField(max_length=500)

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "line"], name="refusal_once_per_line"),
            models.CheckConstraint(condition=~Q(message=""), name="refusal_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"line {self.line:,}: {self.message}"
