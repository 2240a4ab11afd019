"""The record: what somebody decided, kept as it was. Nothing here is ever changed or deleted."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q

from quotes.models.takedown import Takedown

TOOK_DOWN = "took down"
"""The verb of taking something down; its undoing brings it back."""


class DecisionIsFinal(Exception):
    """Somebody tried to change or delete a decision."""


TO_QUOTE = ("quote", "attribution__variant__quote", "flag__quote", "match__one__quote", "match__other__quote")
"""The ways from a decision to the quotes that it is about."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    def public(self) -> DecisionQuerySet:
        """What everybody may read: results, not the work on the way to them."""
        return self.filter(is_public=True)

    def shown(self) -> DecisionQuerySet:
        """Without those on what was taken down, whose values and reasons may hold its words; nor taking down itself."""
        down = Takedown.objects
        articles = [Q(article__in=down.articles()), Q(attribution__revision__article__in=down.articles())]
        on_it = _numbers(*_on_quotes(down.quotes()), *articles)
        return self.exclude(verb__in=(TOOK_DOWN, f"undid: {TOOK_DOWN}")).exclude(pk__in=on_it)

    def takedowns(self) -> DecisionQuerySet:
        """What was taken down and what was brought back, newest first."""
        verbs = Q(verb=TOOK_DOWN) | Q(verb=f"undid: {TOOK_DOWN}")
        return self.filter(verbs).select_related("actor", "undone_by", "quote", "article").order_by("-made_at", "-pk")

    def about_quote(self, quote: object) -> DecisionQuerySet:
        """Everything decided on a quote, its attributions or its flags, newest first. One query."""
        rows = self.filter(pk__in=_numbers(*_on_quotes([quote])))
        return rows.select_related("actor", "attribution__revision__article", "flag", "undone_by").order_by(
            "-made_at", "-pk"
        )

    def update(self, **kwargs: Any) -> NoReturn:
        raise DecisionIsFinal("Decisions are append-only: record another one instead.")

    def delete(self) -> NoReturn:
        raise DecisionIsFinal("Decisions are append-only and cannot be deleted.")


def _on_quotes(quotes: Any) -> list[Q]:
    """What is decided on any of these quotes, or on one that was merged into one of them: a condition for each way there."""
    return [Q(**{f"{way}{further}__in": quotes}) for way in TO_QUOTE for further in ("", "__merged_into")]


def _numbers(*conditions: Q) -> models.QuerySet[Any, Any]:
    """The numbers of the decisions that fit any of the conditions. Each is asked for by itself, from the few to the many on
    indexes; all in one condition would look through the whole record."""
    first, *others = (Decision.objects.order_by().filter(condition).values("pk") for condition in conditions)
    return first.union(*others)


class Decision(models.Model):
    """One act of one person: what it was, what changed, and why. Never changed, never deleted."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        help_text="Empty: Hearsay itself, by a rule.",
    )
    verb = models.CharField(max_length=80)
    quote = models.ForeignKey("Quote", models.PROTECT, null=True, blank=True, related_name="decisions")
    attribution = models.ForeignKey("Attribution", models.PROTECT, null=True, blank=True, related_name="decisions")
    flag = models.ForeignKey("Flag", models.PROTECT, null=True, blank=True, related_name="decisions")
    match = models.ForeignKey("Match", models.PROTECT, null=True, blank=True, related_name="decisions")
    speaker = models.ForeignKey("Speaker", models.PROTECT, null=True, blank=True, related_name="decisions")
    article = models.ForeignKey("Article", models.PROTECT, null=True, blank=True, related_name="decisions")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    changes = models.JSONField(default=list, help_text="What an undo puts back: see services.journal.")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    reason = models.TextField(blank=True)
    is_public = models.BooleanField(
        default=True, help_text="A result; else the editors’ own business on the way there."
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quote__isnull=False)
                | Q(attribution__isnull=False)
                | Q(flag__isnull=False)
                | Q(match__isnull=False)
                | Q(speaker__isnull=False)
                | Q(article__isnull=False),
                name="decision_is_about_something",
            ),
            models.CheckConstraint(condition=~Q(verb=""), name="decision_has_a_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise DecisionIsFinal("Decisions are append-only: record another one instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise DecisionIsFinal("Decisions are append-only and cannot be deleted.")

    @property
    def who(self) -> str:
        return str(self.actor) if self.actor else "Hearsay"

    @property
    def took_down(self) -> bool:
        """Of a takedown: whether it took something down, by itself or by undoing that it was brought back."""
        return any(table == "takedown" and after for table, _, _, _, after in self.changes)

    @property
    def because(self) -> str:
        """Of a takedown: why, as everybody may read."""
        return str(self.after.get("because of", ""))

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """(what, before, after) of everything on record that changed; *before* is None where nothing was noted.

        By name: PostgreSQL keeps what is noted in an order of its own.
        """
        told = {name: value for name, value in sorted(self.after.items()) if name not in ("flag", "wordings")}
        return [(name, self.before.get(name), new) for name, new in told.items() if self.before.get(name) != new]

    @property
    def can_be_undone(self) -> bool:
        """It moved something, and nobody has undone it. No query when `undone_by` is selected."""
        return bool(self.changes) and not hasattr(self, "undone_by")
