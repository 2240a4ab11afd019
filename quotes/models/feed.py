"""Feeds that are read by themselves, and links: addresses of articles that are fetched, and looked at again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

SOONEST, LATEST = timedelta(minutes=10), timedelta(days=1)
"""How often a feed is read, at most and at least."""


class FeedQuerySet(models.QuerySet["Feed"]):
    def with_counts(self) -> FeedQuerySet:
        """Adds `week_count`: links that came from it in the last seven days. One query with the list."""
        lately = Q(links__made_at__gte=timezone.now() - timedelta(days=7))
        return self.annotate(week_count=Count("links", filter=lately))

    def in_order(self) -> FeedQuerySet:
        """Those in trouble first, then by name."""
        return self.order_by(F("failures").desc(), "title", "pk")


class Feed(models.Model):
    """A list of articles that an outlet keeps up to date, and how reading it has gone."""

    url = models.CharField(max_length=2000, unique=True, validators=[URLValidator(["http", "https"])])
    title = models.CharField(max_length=300, blank=True)
    site = models.CharField(max_length=2000, blank=True, help_text="The page it belongs to.")
    outlet = models.CharField(
        max_length=200, blank=True, help_text="Whose articles these are; empty: as each page says."
    )
    is_paused = models.BooleanField(default=False)
    every = models.DurationField(default=timedelta(hours=1), help_text="How long until it is read again; it adapts.")
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True, help_text="Last-Modified, as the site wrote it.")
    checked_at = models.DateTimeField(null=True, blank=True)
    good_at = models.DateTimeField(null=True, blank=True, help_text="When it was last read without a fault.")
    failures = models.PositiveIntegerField(default=0, help_text="Readings that failed since then.")
    fault = models.CharField(max_length=500, blank=True, help_text="Why the last reading failed.")
    offers: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, help_text="Feeds that the page at this address names, when it is none itself."
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        permissions = [("manage_feed", "Can add, pause and remove feeds")]
        constraints = [
            models.CheckConstraint(condition=~Q(url=""), name="feed_has_an_address"),
            models.CheckConstraint(condition=Q(every__gte=SOONEST, every__lte=LATEST), name="feed_read_within_bounds"),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    def get_absolute_url(self) -> str:
        return reverse("feed_detail", args=[self.pk])

    @property
    def a_day(self) -> float:
        """Links a day over the last week, or since it was added. No query after with_counts."""
        days = max(1.0, min(7.0, (timezone.now() - self.added_at) / timedelta(days=1)))
        return float(getattr(self, "week_count", 0)) / days


class LinkQuerySet(models.QuerySet["Link"]):
    def newest_first(self) -> LinkQuerySet:
        """Without those whose article was taken down."""
        shown = self.filter(article__takedown=None)
        return shown.select_related("article", "feed").order_by("-pk")

    def looked_at(self) -> LinkQuerySet:
        """Those that were fetched, the last one first."""
        return self.exclude(checked_at=None).select_related("feed").order_by("-checked_at")


class Link(models.Model):
    """The address of an article: how it was fetched, what came of it, and how often it was looked at again."""

    url = models.CharField(max_length=2000, unique=True, validators=[URLValidator(["http", "https"])])
    article = models.ForeignKey("Article", models.SET_NULL, null=True, blank=True, related_name="links")
    feed = models.ForeignKey("Feed", models.SET_NULL, null=True, blank=True, related_name="links")
    outlet = models.CharField(max_length=200, blank=True, help_text="Whose it is; empty: as the page says.")
    archived = models.CharField(max_length=2000, blank=True, help_text="Where an archive keeps the page.")
    is_from_archive = models.BooleanField(default=False, help_text="Fetched there, and not from its site.")
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    checks = models.PositiveIntegerField(default=0, help_text="How often it was looked at again.")
    checked_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=500, blank=True, help_text="Why the last fetch failed.")
    is_gone = models.BooleanField(default=False, help_text="The site says that there is no such page any more.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(url=""), name="link_has_an_address")]
        indexes = [models.Index(fields=["feed", "-made_at"])]

    def __str__(self) -> str:
        return self.url

    @property
    def is_open(self) -> bool:
        """Not fetched yet, and not given up. No query when its job came with it."""
        return self.article_id is None and self.job.state in {"queued", "running"}
