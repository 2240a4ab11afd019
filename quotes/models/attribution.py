"""Attributions: one source–cue–content relation found in one revision, its spans and its relays."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Length
from django.urls import reverse

from quotes.models.takedown import Takedown

SOURCINGS = ["record", "firsthand", "pickup", "secondhand", "secondhand_unnamed", "thirdhand", "not_stated"]


class AttributionQuerySet(models.QuerySet["Attribution"]):
    def standing(self) -> AttributionQuerySet:
        """Without those an editor rejected: what reading and matching go by, taken down or not."""
        return self.exclude(status=Attribution.Status.REJECTED)

    def shown(self) -> AttributionQuerySet:
        """Those that stand, without what was taken down with its quote or its article."""
        down = Takedown.objects
        found = self.standing().exclude(revision__article__in=down.articles())
        return found.exclude(variant__quote__in=down.quotes())

    def taken_down(self) -> AttributionQuerySet:
        """Those of quotes and articles that were taken down, rejected ones too. From the few to the many."""
        down, rows = Takedown.objects, Attribution.objects.order_by()
        of_articles = rows.filter(revision__article__in=down.articles()).values("pk")
        return self.filter(pk__in=of_articles.union(rows.filter(variant__quote__in=down.quotes()).values("pk")))

    def undecided(self) -> AttributionQuerySet:
        """Those no editor has touched: all a machine may change."""
        return self.filter(status=Attribution.Status.PROPOSED, is_placed=False)

    def decided(self) -> AttributionQuerySet:
        return self.exclude(status=Attribution.Status.PROPOSED, is_placed=False)

    def unresolved(self) -> AttributionQuerySet:
        """Those that name somebody a machine could not place, and nobody has since; of texts that still stand."""
        current = Q(revision__article__current_number=None) | Q(revision__article__current_number=F("revision__number"))
        known = [Attribution.Status.ACCEPTED, Attribution.Status.CORRECTED, Attribution.Status.REJECTED]
        open_ones = self.exclude(status__in=known).filter(is_placed=False)  # by its status, SQLite would read them all
        return open_ones.filter(current, speaker=None).exclude(speaker_printed="")

    def in_text_order(self) -> AttributionQuerySet:
        return self.order_by("revision", "start", "pk")

    def in_order_of_publication(self) -> AttributionQuerySet:
        """The undated last, on every database."""
        return self.order_by(F("revision__article__published").asc(nulls_last=True), "pk")

    def with_evidence(self) -> AttributionQuerySet:
        """Spans, relays and article of each. Three queries in all."""
        relays = Prefetch("relays", queryset=Relay.objects.select_related("intermediary"))
        evident = self.select_related("speaker", "variant__quote", "revision__article__outlet")
        return evident.prefetch_related("spans", relays)


class Attribution(models.Model):
    """Who is said, in one article, to have said what, and through whom."""

    class Form(models.TextChoices):
        DIRECT = "direct", "direct"
        INDIRECT = "indirect", "indirect"
        MIXED = "mixed", "mixed"

    class Status(models.TextChoices):
        PROPOSED = "proposed", "read by machine"
        ACCEPTED = "accepted", "accepted"
        CORRECTED = "corrected", "corrected"
        REJECTED = "rejected", "rejected"

    revision = models.ForeignKey("Revision", models.CASCADE, related_name="attributions")
    speaker = models.ForeignKey("Speaker", models.PROTECT, null=True, blank=True, related_name="attributions")
    speaker_printed = models.CharField(max_length=500, blank=True)
    speaker_role = models.CharField(max_length=300, blank=True, help_text="As this article prints it.")
    candidates = models.JSONField(default=list, blank=True, help_text="Possible speakers with their odds.")
    variant = models.ForeignKey("Variant", models.SET_NULL, null=True, blank=True, related_name="attributions")
    form = models.CharField(max_length=10, choices=Form.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    is_placed = models.BooleanField(default=False, help_text="An editor has said which quote it belongs to.")
    confidence = models.FloatField(default=0.5)
    hedged = models.BooleanField(default=False)
    venue = models.CharField(max_length=200, blank=True)
    sourcing = models.CharField(max_length=20, help_text="Derived from the relays.")
    start = models.PositiveIntegerField(help_text="Where its first content span begins.")
    extractor = models.CharField(max_length=40)
    reading = models.CharField(max_length=64, blank=True, help_text="Digest of all the machine read: changed or not.")
    span_key = models.CharField(max_length=64, help_text="Digest of its spans: the same reading again is the same row.")
    version = models.PositiveIntegerField(
        default=1, help_text="Counts the changes, so that two editors notice each other."
    )

    objects = AttributionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "span_key"], name="attribution_once_per_revision"),
            models.CheckConstraint(
                condition=Q(form__in=["direct", "indirect", "mixed"]), name="attribution_form_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "accepted", "corrected", "rejected"]),
                name="attribution_in_one_known_status",
            ),
            models.CheckConstraint(condition=Q(sourcing__in=SOURCINGS), name="attribution_sourcing_known"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="attribution_confidence_is_a_share"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "confidence"], name="attribution_unsure"),
            models.Index(fields=["speaker_printed"], condition=Q(speaker=None), name="attribution_unresolved"),
        ]
        permissions = [("review_attribution", "Can accept, correct and reject attributions")]

    def __str__(self) -> str:
        return f"{self.speaker or self.speaker_printed or 'Somebody'}: {self.variant}"

    def get_absolute_url(self) -> str:
        page = reverse("article_detail", args=[self.revision.article_id])
        return f"{page}#a{self.pk}" if self.is_in_current_text else f"{page}?version={self.revision.number}#a{self.pk}"

    @property
    def is_in_current_text(self) -> bool:
        """False when the article has since been printed in other words. No query after with_evidence."""
        return self.revision.article.current_number in (None, self.revision.number)

    @property
    def variant_words(self) -> str:
        """Its wording; empty when it has none. No query after with_evidence."""
        return self.variant.wording if self.variant else ""

    @property
    def is_decided(self) -> bool:
        """Accepted, corrected, rejected, or put into its quote by an editor."""
        return self.is_placed or self.status != self.Status.PROPOSED


class Span(models.Model):
    """Where the words stand in the revision's text, and the words themselves (W3C position and quote)."""

    class Role(models.TextChoices):
        SOURCE = "source", "source"
        CUE = "cue", "cue"
        CONTENT = "content", "content"
        RELAY = "relay", "intermediary"
        RELAY_CUE = "relay_cue", "words that relay"

    attribution = models.ForeignKey("Attribution", models.CASCADE, related_name="spans")
    relay = models.ForeignKey("Relay", models.SET_NULL, null=True, blank=True, related_name="spans")
    role = models.CharField(max_length=10, choices=Role.choices)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["start", "end", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="span_not_empty"),
            models.CheckConstraint(condition=Q(end=F("start") + Length("exact")), name="span_as_long_as_its_words"),
            models.CheckConstraint(
                condition=Q(role__in=["source", "cue", "content", "relay", "relay_cue"]), name="span_role_known"
            ),
            models.UniqueConstraint(
                fields=["attribution", "role", "start", "end"],
                condition=Q(relay=None),
                name="span_once_per_attribution",
            ),
            models.UniqueConstraint(fields=["relay", "role", "start", "end"], name="span_once_per_relay"),
        ]

    def __str__(self) -> str:
        return self.exact[:80]


class Relay(models.Model):
    """One step between the speaker and the article; position 1 is nearest the speaker.

    A relay the article leaves unsaid (*reportedly*) has neither intermediary nor description.
    """

    attribution = models.ForeignKey("Attribution", models.CASCADE, related_name="relays")
    position = models.PositiveSmallIntegerField()
    intermediary = models.ForeignKey("Speaker", models.PROTECT, null=True, blank=True, related_name="relayed")
    description = models.CharField(max_length=500, blank=True, help_text="As printed, for an unnamed intermediary.")
    kind = models.CharField(max_length=20, default="unnamed", help_text="As Speaker.kind, for one without a name.")
    role = models.CharField(max_length=300, blank=True)
    interest = models.CharField(max_length=300, blank=True)
    cue = models.CharField(max_length=300, blank=True, help_text="The words that say so, as printed.")
    language = models.CharField(max_length=35, blank=True)
    inferred = models.BooleanField(default=False, help_text="From the passage, not from the sentence.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attribution", "position"], name="relay_one_per_position"),
            models.CheckConstraint(condition=Q(position__gte=1), name="relay_positions_from_1"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_stated(self) -> bool:
        return self.intermediary_id is not None or bool(self.description)

    @property
    def label(self) -> str:
        """Who it was, as a reader is told."""
        if self.intermediary is not None:
            return self.intermediary.name
        return self.description or "somebody the article does not name"
