"""What was taken down: quotes and articles that nobody but a desk head is shown until they are brought back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

CATEGORIES = {
    "legal": "a legal demand",
    "privacy": "somebody’s privacy",
    "safety": "somebody’s safety",
    "error": "an error of ours",
    "other": "another reason",
}
"""Why something was taken down, as everybody may read; the reason in words is for the desk alone."""


class TakedownQuerySet(models.QuerySet["Takedown"]):
    def quotes(self) -> models.QuerySet[Any, Any]:
        """The numbers of the quotes, as part of another query."""
        return self.filter(quote__isnull=False).values("quote")

    def articles(self) -> models.QuerySet[Any, Any]:
        """The numbers of the articles."""
        return self.filter(article__isnull=False).values("article")

    def with_subjects(self) -> TakedownQuerySet:
        """Newest first, with quote or article. One query; the words of a quote stand in its wordings: one more."""
        rows = self.select_related("quote__speaker", "article__outlet").prefetch_related("quote__variants")
        return rows.order_by("-made_at", "-pk")


class Takedown(models.Model):
    """One quote or one article that is taken down. Bringing it back removes the row; both are decisions on record."""

    quote = models.OneToOneField("Quote", models.PROTECT, null=True, blank=True, related_name="takedown")
    article = models.OneToOneField("Article", models.PROTECT, null=True, blank=True, related_name="takedown")
    category = models.CharField(max_length=10, choices=list(CATEGORIES.items()))
    made_at = models.DateTimeField(default=timezone.now)

    objects = TakedownQuerySet.as_manager()

    class Meta:
        permissions = [("take_down", "Can take quotes and articles down and bring them back")]
        constraints = [
            models.CheckConstraint(condition=Q(category__in=list(CATEGORIES)), name="takedown_category_known"),
            models.CheckConstraint(
                condition=Q(quote=None, article__isnull=False) | Q(quote__isnull=False, article=None),
                name="takedown_of_exactly_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{'Quote' if self.quote_id else 'Article'} {self.quote_id or self.article_id}"

    def get_absolute_url(self) -> str:
        """Where a desk head brings it back."""
        if self.quote_id:
            return reverse("takedown_quote", args=[self.quote_id])
        return reverse("takedown_article", args=[self.article_id])

    @property
    def because(self) -> str:
        return CATEGORIES[self.category]
