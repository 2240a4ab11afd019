"""The index by which wordings find each other (quotes.text.keys), through the ORM alone: alike on every database."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Key(models.Model):
    """One key of one wording. The primary key is the index; there is no other.

    Without a constraint in the database, so that a wording's keys need no index of their own to be deleted by:
    services.index takes them out with the wording.
    """

    pk = models.CompositePrimaryKey("key", "variant_id")
    key = models.IntegerField()
    variant = models.ForeignKey("Variant", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")

    def __str__(self) -> str:
        return f"{self.key} of {self.variant_id}"


class KeyFrequency(models.Model):
    """How many wordings hold a key. Kept as they come and go; `reindex` counts anew."""

    key = models.IntegerField(primary_key=True)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "key frequencies"

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class KeyIndex(models.Model):
    """What the index holds: made by which version, of how many wordings, and how far a rebuilding has come."""

    version = models.CharField(max_length=40)
    wordings = models.PositiveIntegerField(default=0)
    done_to = models.PositiveBigIntegerField(null=True, help_text="The last wording rebuilt; empty when complete.")

    class Meta:
        verbose_name_plural = "key index"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="key_index_is_one")]

    def __str__(self) -> str:
        return self.version
