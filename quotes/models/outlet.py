"""Outlets: who publishes articles."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from quotes.models.naming import Folded
from quotes.models.takedown import Takedown


class OutletQuerySet(models.QuerySet["Outlet"]):
    def with_counts(self) -> OutletQuerySet:
        """Adds `article_count`, and `since`, when the earliest of them came out. One query with the list."""
        shown = ~Q(articles__in=Takedown.objects.articles())
        return self.annotate(
            article_count=models.Count("articles", filter=shown), since=models.Min("articles__published", filter=shown)
        )

    def most_articles_first(self) -> OutletQuerySet:
        """With counts. One query with the list."""
        return self.with_counts().order_by(models.F("article_count").desc(), "name")


class Outlet(models.Model):
    """A newspaper, broadcaster, agency or site."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=200, unique=True)
    kind = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="Where it is based: an ISO 3166 code.")
    is_demo = models.BooleanField(default=False, help_text="Invented, for the demonstration.")

    objects = OutletQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(Folded("name"), name="outlet_called")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="outlet_has_a_name"),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}\Z"), name="outlet_country_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("outlet_detail", args=[self.slug])
