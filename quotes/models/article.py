"""Articles and their revisions. A revision's text never changes: it is the evidence spans point into."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from quotes.models.naming import holding
from quotes.models.outlet import Outlet
from quotes.models.takedown import Takedown


class ArticleQuerySet(models.QuerySet["Article"]):
    def shown(self) -> ArticleQuerySet:
        """Without those taken down."""
        return self.exclude(pk__in=Takedown.objects.articles())

    def newest_first(self) -> ArticleQuerySet:
        return self.order_by(F("published").desc(nulls_last=True), "-pk")

    def in_order(self, order: str) -> ArticleQuerySet:
        """*new*, *old* or *title*."""
        if order == "title":
            return self.order_by("title", "pk")
        return self.order_by(F("published").asc(nulls_last=True), "pk") if order == "old" else self.newest_first()

    def titled(self, words: str) -> ArticleQuerySet:
        """Those with every one of the words in the title; all of them without a word."""
        found = self.all()
        for word in words.split():
            found = found.filter(holding("title", word))
        return found

    def with_list_details(self) -> ArticleQuerySet:
        """What a row of a list shows. One query."""
        return self.select_related("outlet")

    def in_outlet(self, outlet: Outlet) -> ArticleQuerySet:
        return self.filter(outlet=outlet)

    def at_url(self, url: str) -> ArticleQuerySet:
        """The article at a canonical URL; empty for an empty URL."""
        return self.filter(canonical_url=url) if url else self.none()

    def with_same_text(self, digest: str) -> ArticleQuerySet:
        return self.filter(revisions__digest=digest).distinct()


class Article(models.Model):
    """A story, at a canonical URL when one is known."""

    class Stage(models.TextChoices):
        NEW = "new", "waiting to be read"
        READ = "read", "read"

    outlet = models.ForeignKey("Outlet", models.PROTECT, null=True, blank=True, related_name="articles")
    canonical_url = models.CharField(
        max_length=2000, unique=True, null=True, blank=True, validators=[URLValidator(["http", "https"])]
    )
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True)
    published = models.DateTimeField(null=True, blank=True, db_index=True)
    language = models.CharField(max_length=35, default="en")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.NEW)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")
    copied_share = models.FloatField(default=0, help_text="Of its own words, how much stands in that article.")
    copied_because = models.CharField(max_length=300, blank=True, help_text="Why it is the copy and not the other.")
    current_number = models.PositiveIntegerField(
        null=True, blank=True, help_text="Its current revision; empty: the newest."
    )
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=["new", "read"]), name="article_stage_known"),
            models.CheckConstraint(condition=~Q(canonical_url=""), name="article_url_null_or_given"),
            models.CheckConstraint(condition=~Q(copied_from=F("pk")), name="article_not_copied_from_itself"),
            models.CheckConstraint(
                condition=Q(copied_share__gte=0, copied_share__lte=1), name="article_copied_share_is_a_share"
            ),
        ]
        indexes = [models.Index(fields=["outlet", "-published"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article_detail", args=[self.pk])

    @property
    def copied_percent(self) -> int:
        return round(100 * self.copied_share)

    @property
    def current_revision(self) -> Revision | None:
        """What the outlet says now: the newest revision, or an earlier one it went back to. One query, or none
        when `revisions` is prefetched."""
        revisions = sorted(self.revisions.all(), key=lambda revision: revision.number)
        chosen = [revision for revision in revisions if revision.number == self.current_number]
        return chosen[0] if chosen else revisions[-1] if revisions else None


class Revision(models.Model):
    """One clean text of an article, kept unchanged: the only coordinate system for spans."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64, db_index=True)
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "digest"], name="revision_text_once_per_article"),
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once_per_article"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_number_from_1"),
            models.CheckConstraint(condition=~Q(text=""), name="revision_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.article} ({self.number})"


class PassageKey(models.Model):
    """One key of one sentence of an article's current text (quotes.text.copies): how copies find each other.

    The primary key is the index by key; the article's own rows are found by the second index when its text changes.
    """

    pk = models.CompositePrimaryKey("key", "article_id")
    key = models.IntegerField()
    article = models.ForeignKey("Article", models.CASCADE, related_name="passage_keys")

    def __str__(self) -> str:
        return f"{self.key} of {self.article_id}"
