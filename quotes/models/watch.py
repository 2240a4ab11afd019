"""What happened to quotes (events), who wants to know of it (watches), and how far each person has been told (inbox)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.text import Truncator

from quotes.models.attribution import Attribution
from quotes.models.quote import Quote
from quotes.models.speaker import Speaker
from quotes.models.takedown import Takedown

EVENTS = {
    "report": "New attribution",
    "firsthand": "Firsthand source found",
    "drifted": "Wording drifted",
    "denied": "Denied",
    "upheld": "Flag upheld",
    "reversed": "Flag reversed",
}
"""Kinds of event; an open vocabulary, so not frozen into the table's choices."""

EVENT_MEANINGS = {
    "report": "One more article reports it.",
    "firsthand": "Until then it was known through others only; now a newsroom had it from the speaker.",
    "drifted": "An article words it otherwise: something is dropped, added, or means something else.",
    "denied": "Somebody flagged it as denied.",
    "upheld": "Editors found that a flag on it is right.",
    "reversed": "A flag that had been upheld is open again.",
}
"""Kind of event -> one sentence for what it tells."""

PERIODS = {"daily": "Every day", "weekly": "Every week", "never": "Only here"}
"""How often a watch is told of by e-mail."""


class EventQuerySet(models.QuerySet["Event"]):
    def since(self, event: int) -> EventQuerySet:
        """Those noted after an event, by its number."""
        return self.filter(pk__gt=event)

    def shown(self) -> EventQuerySet:
        """Without those on what was taken down, by it, or in which its words may be told."""
        quotes, down = Quote.objects.taken_down().values("pk"), Takedown.objects
        telling = Attribution.objects.filter(variant__quote__in=down.quotes()).values("revision__article")
        found = self.exclude(quote__in=quotes).exclude(quote__merged_into__in=quotes)
        return found.exclude(article__in=down.articles()).exclude(kind="drifted", article__in=telling)

    def settled_before(self, moment: datetime) -> EventQuerySet:
        """Noted before a moment: with several writers a lower number may appear after a higher one for a short while."""
        return self.filter(made_at__lt=moment)

    def newest_first(self) -> EventQuerySet:
        return self.order_by("-pk")

    def with_details(self) -> EventQuerySet:
        """Quote (and where it was merged to) with its speaker, and article with its outlet. No further query."""
        return self.select_related("quote__speaker", "quote__merged_into__speaker", "article__outlet", "flag")


class Event(models.Model):
    """Something that happened to a quote, noted in the transaction that made it happen."""

    kind = models.CharField(max_length=20)
    quote = models.ForeignKey("Quote", models.CASCADE, related_name="events")
    article = models.ForeignKey("Article", models.CASCADE, null=True, blank=True, related_name="events")
    flag = models.ForeignKey("Flag", models.CASCADE, null=True, blank=True, related_name="events")
    detail = models.TextField(blank=True, help_text="What happened, in a sentence.")
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(EVENTS)), name="event_kind_known"),
            models.UniqueConstraint(fields=["kind", "quote", "article"], name="event_once_per_article"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.quote}"

    @property
    def label(self) -> str:
        return EVENTS[self.kind]

    @property
    def living_quote(self) -> Quote:
        """The quote it is about now: where that was merged to, else itself. No query after with_details."""
        return self.quote.merged_into or self.quote


class WatchQuerySet(models.QuerySet["Watch"]):
    def of(self, person: Any) -> WatchQuerySet:
        """Theirs, with what they watch and where that was merged to. No further query."""
        merged = ("quote__merged_into", "speaker__merged_into", "intermediary__merged_into")
        gone = Speaker.objects.gone().filter(Q(pk=OuterRef("speaker")) | Q(pk=OuterRef("intermediary")))
        theirs = self.filter(person=person).annotate(is_of_gone=Exists(gone))
        return theirs.select_related("quote__speaker", "outlet", *merged)

    def told(self, period: str) -> WatchQuerySet:
        return self.filter(period=period)


class Watch(models.Model):
    """Which events on which quotes one person wants to be told of, and how often.

    Exactly one of `quote`, `speaker` (perhaps through an `intermediary`), `outlet` and `search` says which quotes.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    target = models.CharField(max_length=600, help_text="What is watched, in one word: see services.watch.")
    quote = models.ForeignKey("Quote", models.CASCADE, null=True, blank=True, related_name="watches")
    speaker = models.ForeignKey("Speaker", models.CASCADE, null=True, blank=True, related_name="watches")
    intermediary = models.ForeignKey("Speaker", models.CASCADE, null=True, blank=True, related_name="watches_through")
    outlet = models.ForeignKey("Outlet", models.CASCADE, null=True, blank=True, related_name="watches")
    search = models.CharField(max_length=500, blank=True)
    events: models.JSONField[Any, Any] = models.JSONField(default=list)
    period = models.CharField(max_length=10, choices=list(PERIODS.items()), default="daily")
    made_at = models.DateTimeField(auto_now_add=True)
    from_event = models.BigIntegerField(default=0, help_text="The last event when it was set: only later ones count.")

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "watches"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "target"], name="watch_once_per_target"),
            models.CheckConstraint(condition=Q(period__in=list(PERIODS)), name="watch_period_known"),
            models.CheckConstraint(
                condition=Q(quote__isnull=False, speaker=None, intermediary=None, outlet=None, search="")
                | Q(quote=None, speaker__isnull=False, outlet=None, search="")
                | Q(quote=None, speaker=None, intermediary=None, outlet__isnull=False, search="")
                | (Q(quote=None, speaker=None, intermediary=None, outlet=None) & ~Q(search="")),
                name="watch_of_exactly_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.target

    def get_absolute_url(self) -> str:
        return reverse("watch_detail", args=[self.pk])

    @property
    def label(self) -> str:
        """What is watched, as a reader is told. No query after `of`."""
        if getattr(self, "is_of_gone", False):
            return "Somebody who is not shown any more"
        if self.quote is not None and not self.quote.words:
            return "A quote that is not shown any more"
        if self.quote is not None:
            words = Truncator(self.quote.words).chars(80)
            return f"{self.quote.speaker}: “{words}”" if self.quote.speaker else f"“{words}”"
        if self.speaker is not None:
            return f"{self.speaker} through {self.intermediary}" if self.intermediary else self.speaker.name
        return self.outlet.name if self.outlet else f"Search: {self.search}"

    @property
    def subject_url(self) -> str:
        """The page of what is watched. No query after `of`."""
        subject = self.quote or self.speaker or self.outlet
        if self.intermediary and self.speaker:
            return (
                f"{self.intermediary.get_absolute_url()}?{urlencode({'tab': 'relayed', 'speaker': self.speaker.name})}"
            )
        return subject.get_absolute_url() if subject else f"{reverse('quote_browse')}?{urlencode({'q': self.search})}"

    @property
    def label_of_events(self) -> str:
        return ", ".join(EVENTS[kind].lower() for kind in EVENTS if kind in self.events)


def _feed_key() -> str:
    return secrets.token_urlsafe(24)


class Inbox(models.Model):
    """How far one person has been told of the events they watch; and the secret address of their feed."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    feed_key = models.CharField(max_length=64, unique=True, default=_feed_key)
    seen_event = models.BigIntegerField(default=0, help_text="The last event when they looked at their list.")
    daily_event = models.BigIntegerField(default=0, help_text="The last event their daily e-mail went up to.")
    daily_at = models.DateTimeField(null=True, blank=True)
    weekly_event = models.BigIntegerField(default=0)
    weekly_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "inboxes"

    def __str__(self) -> str:
        return f"Inbox of {self.person}"
