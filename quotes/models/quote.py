"""Quotes (one thing said) and their variants (the distinct wordings of it)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse

from quotes.models.attribution import Attribution
from quotes.models.match import Match
from quotes.models.outlet import Outlet
from quotes.models.review import Flag
from quotes.models.speaker import Speaker
from quotes.models.takedown import Takedown

FIRSTHAND = ["record", "firsthand", "pickup"]
"""Sourcing classes in which nobody stands between the speaker and a newsroom."""


class QuoteQuerySet(models.QuerySet["Quote"]):
    def shown(self) -> QuoteQuerySet:
        """Quotes that at least one article still reports."""
        return self.filter(report_count__gt=0)

    def taken_down(self) -> QuoteQuerySet:
        """Those taken down, and those that no article shows any more but ones taken down. From the few to the many."""
        down, rows = Takedown.objects, Quote.objects.order_by()
        read = Attribution.objects.filter(revision__article__in=down.articles(), variant__isnull=False)
        emptied = rows.filter(report_count=0, pk__in=read.values("variant__quote")).values("pk")
        return self.filter(pk__in=down.quotes().union(emptied))

    def read_from(self, articles: Iterable[int]) -> QuoteQuerySet:
        """Those that these articles report."""
        read = Attribution.objects.filter(revision__article__in=articles, variant__isnull=False)
        return self.filter(pk__in=read.values("variant__quote"))

    def newest_first(self) -> QuoteQuerySet:
        return self.order_by(F("last_seen").desc(nulls_last=True), "-pk")

    def oldest_first(self) -> QuoteQuerySet:
        return self.order_by(F("first_seen").asc(nulls_last=True), "pk")

    def most_reported_first(self) -> QuoteQuerySet:
        return self.order_by("-report_count", "-pk")

    def said_by(self, speaker: Speaker) -> QuoteQuerySet:
        return self.filter(speaker=speaker)

    def firsthand(self) -> QuoteQuerySet:
        return self.filter(sourcing__in=FIRSTHAND)

    def through_others(self) -> QuoteQuerySet:
        return self.exclude(sourcing__in=FIRSTHAND)

    def counts_by_sourcing(self) -> dict[str, int]:
        """How many in all (`said`), `firsthand` and through `others`. One query."""
        return self.aggregate(
            said=models.Count("pk"),
            firsthand=models.Count("pk", filter=Q(sourcing__in=FIRSTHAND)),
            others=models.Count("pk", filter=~Q(sourcing__in=FIRSTHAND)),
        )

    def relayed_by(self, speaker: object) -> QuoteQuerySet:
        """Quotes for which a shown attribution names `speaker` as intermediary."""
        return self.relayed_by_any([speaker])

    def relayed_by_any(self, speakers: Iterable[object] | QuerySet[Any]) -> QuoteQuerySet:
        found = Quote.intermediaries.through.objects.filter(speaker__in=speakers)
        return self.filter(pk__in=found.values("quote"))

    def in_outlet(self, outlet: object) -> QuoteQuerySet:
        return self.in_outlets([outlet])

    def in_outlets(self, outlets: Iterable[object] | QuerySet[Any]) -> QuoteQuerySet:
        """Quotes that an article of one of the outlets reports."""
        found = Quote.outlets.through.objects.filter(outlet__in=outlets)
        return self.filter(pk__in=found.values("quote"))

    def flagged(self, kinds: Sequence[str] = ()) -> QuoteQuerySet:
        """With a flag open or upheld, of one of the kinds or any."""
        raised = Flag.objects.in_force()
        return self.filter(pk__in=(raised.filter(kind__in=kinds) if kinds else raised).values("quote"))

    def seen_between(self, after: date | None, before: date | None) -> QuoteQuerySet:
        """First reported on or after `after`, and on or before `before`."""
        found = self
        if after:
            found = found.filter(first_seen__gte=datetime.combine(after, time.min, UTC))
        if before:
            found = found.filter(first_seen__lte=datetime.combine(before, time.max, UTC))
        return found

    def with_row_details(self) -> QuoteQuerySet:
        """What a row of a list shows: speaker and flags in force. Two queries in all."""
        in_force = Prefetch("flags", queryset=Flag.objects.in_force(), to_attr="flags_in_force")
        return self.select_related("speaker").prefetch_related(in_force)


class Quote(models.Model):
    """The thing said: one speaker, one occasion, one proposition. A cluster of variants.

    The fields below *derived* repeat what its attributions say, so that lists need no counting;
    services.summary alone writes them.
    """

    speaker = models.ForeignKey("Speaker", models.PROTECT, null=True, blank=True, related_name="quotes")
    addressee = models.CharField(max_length=300, blank=True)
    occasion = models.CharField(max_length=300, blank=True)
    said_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=35, default="en")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    # derived
    words = models.TextField(blank=True)
    form = models.CharField(max_length=10, blank=True, help_text="Of the best version: in quotation marks or not.")
    sourcing = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    via = models.JSONField(default=list, help_text="Intermediaries: {label, inferred} each, once.")
    outlets: models.ManyToManyField[Outlet, Any] = models.ManyToManyField("Outlet", related_name="quotes")
    intermediaries: models.ManyToManyField[Speaker, Any] = models.ManyToManyField(
        "Speaker", related_name="relayed_quotes"
    )
    speaker_printed = models.CharField(max_length=500, blank=True)
    report_count = models.PositiveIntegerField(default=0)
    article_count = models.PositiveIntegerField(default=0)
    outlet_count = models.PositiveIntegerField(default=0)
    origin_count = models.PositiveIntegerField(default=0, help_text="Independent ones: see services.origins.")
    first_seen = models.DateTimeField(null=True, blank=True)
    last_seen = models.DateTimeField(null=True, blank=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="quote_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(article_count__lte=F("report_count")), name="quote_articles_within_reports"
            ),
            models.CheckConstraint(
                condition=Q(first_seen=None) | Q(first_seen__lte=F("last_seen")), name="quote_first_seen_before_last"
            ),
        ]
        indexes = [
            models.Index(fields=["-last_seen", "-id"], name="quote_latest"),
            models.Index(fields=["-report_count", "-id"], name="quote_most_reported"),
            models.Index(fields=["first_seen"], name="quote_first_seen"),
            models.Index(fields=["sourcing", "-last_seen"], name="quote_class_latest"),
            models.Index(fields=["sourcing", "grade", "report_count"], name="quote_facets"),
            models.Index(fields=["speaker", "report_count"], name="quote_speaker_shown"),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    def get_absolute_url(self) -> str:
        return reverse("quote_detail", args=[self.pk])

    @property
    def is_verbatim(self) -> bool:
        """Its best version stands in quotation marks as a whole."""
        return self.form == "direct"

    @property
    def survivor(self) -> Quote:
        """The quote that this one's address leads to: itself, unless it was merged. One query for each step."""
        quote = self
        while quote.merged_into is not None:
            quote = quote.merged_into
        return quote


class VariantQuerySet(models.QuerySet["Variant"]):
    def shown(self) -> VariantQuerySet:
        """Those that an article still prints, without what was taken down."""
        return self.filter(Exists(Attribution.objects.shown().filter(variant=OuterRef("pk"))))

    def taken_down(self) -> VariantQuerySet:
        """Those that only what was taken down prints."""
        read = Attribution.objects.taken_down().filter(variant__isnull=False).values("variant")
        down = self.filter(Q(pk__in=read) | Q(quote__in=Takedown.objects.quotes()))
        return down.exclude(Exists(Attribution.objects.shown().filter(variant=OuterRef("pk"))))

    def reported_outside(self, article: int) -> VariantQuerySet:
        """Those that some other article reports, in an attribution that is not rejected; taken down or not."""
        others = Attribution.objects.standing().exclude(revision__article=article)
        return self.filter(Exists(others.filter(variant=OuterRef("pk"))))

    def comparable(self) -> VariantQuerySet:
        """Those of known speakers that are shown: nobody is asked about what was taken down, nor is it linked."""
        return self.shown().filter(quote__speaker__isnull=False)

    def as_said(self) -> VariantQuerySet:
        """With their quotes, and how they were first printed as `form`: *direct*, *indirect* or *mixed*."""
        first = Attribution.objects.standing().filter(variant=OuterRef("pk")).order_by("pk")
        return self.select_related("quote").annotate(form=Subquery(first.values("form")[:1]))

    def not_joined_by_hand(self, *, but: Variant) -> VariantQuerySet:
        """Without those that an editor called the same as another, but for one: how they are worded says nothing."""
        same = Match.objects.filter(outcome=Match.Outcome.SAME)
        joined = same.filter(Q(one=OuterRef("pk")) | Q(other=OuterRef("pk")))
        return self.filter(Q(pk=but.pk) | ~Exists(joined))


class Variant(models.Model):
    """One distinct wording of a quote."""

    quote = models.ForeignKey("Quote", models.CASCADE, related_name="variants")
    wording = models.TextField()
    fingerprint = models.CharField(max_length=32, db_index=True)

    objects = VariantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["quote", "fingerprint"], name="variant_once_per_quote"),
            models.CheckConstraint(condition=~Q(wording=""), name="variant_has_words"),
        ]

    def __str__(self) -> str:
        return self.wording[:80]
