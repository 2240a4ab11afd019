"""Matches: a proposed "same quote" between an attribution and a wording of another quote."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class MatchQuerySet(models.QuerySet["Match"]):
    def undecided(self) -> MatchQuerySet:
        """Those a machine may still change."""
        return self.filter(outcome__in=[Match.Outcome.PROPOSED, Match.Outcome.LINKED])

    def between(self, quote: object) -> MatchQuerySet:
        """Proposals that touch a quote, from either side, best first. Wordings and quotes included."""
        return (
            self.filter(Q(variant__quote=quote) | Q(attribution__variant__quote=quote))
            .exclude(variant__quote=models.F("attribution__variant__quote"))
            .exclude(attribution__status="rejected")
            .filter(variant__quote__report_count__gt=0, attribution__variant__quote__report_count__gt=0)
            .select_related("variant__quote__speaker", "attribution__variant__quote__speaker")
            .order_by("-score", "pk")
        )


class Match(models.Model):
    """Evidence that an attribution reports a known wording, with its reasons and its alarms in words."""

    class Outcome(models.TextChoices):
        LINKED = "linked", "linked by machine"
        PROPOSED = "proposed", "proposed"
        SAME = "same", "same quote"
        DIFFERENT = "different", "different"
        UNSURE = "unsure", "can’t tell"

    attribution = models.ForeignKey("Attribution", models.CASCADE, related_name="matches")
    variant = models.ForeignKey("Variant", models.CASCADE, related_name="matches")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    alarms = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PROPOSED)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["attribution", "variant"], name="match_once_per_pair"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="match_score_is_a_share"),
            models.CheckConstraint(
                condition=Q(outcome__in=["linked", "proposed", "same", "different", "unsure"]),
                name="match_in_one_known_outcome",
            ),
            models.UniqueConstraint(
                fields=["attribution"], condition=Q(outcome="linked"), name="match_one_link_per_attribution"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score:.2f} {self.variant}"
