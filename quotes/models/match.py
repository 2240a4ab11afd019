"""Matches: a proposed "same quote" between two wordings, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from quotes.models.attribution import Attribution


class MatchQuerySet(models.QuerySet["Match"]):
    def undecided(self) -> MatchQuerySet:
        """Those no editor has answered: all a machine may change."""
        return self.filter(outcome__in=[Match.Outcome.PROPOSED, Match.Outcome.LINKED])

    def decided(self) -> MatchQuerySet:
        return self.exclude(outcome__in=[Match.Outcome.PROPOSED, Match.Outcome.LINKED])

    def on_record(self) -> MatchQuerySet:
        """Those an editor answered, also when the answer was undone: they are never deleted."""
        machine = Q(outcome__in=[Match.Outcome.PROPOSED, Match.Outcome.LINKED])
        return self.filter(~machine | Q(decisions__isnull=False))

    def off_record(self) -> MatchQuerySet:
        """Those that are a machine's alone."""
        return self.undecided().filter(decisions=None)

    def touching(self, quote: Any) -> MatchQuerySet:
        """Those with a wording of a quote on either side. By number, so that each side has its index."""
        own = quote.variants.values("pk")
        return self.filter(Q(one__in=own) | Q(other__in=own))

    def across(self, quote: Any, second: Any) -> MatchQuerySet:
        """Those between a wording of one quote and a wording of the other."""
        own, others = quote.variants.values("pk"), second.variants.values("pk")
        return self.filter(Q(one__in=own, other__in=others) | Q(one__in=others, other__in=own))

    def keeping_apart(self) -> MatchQuerySet:
        """Those whose wordings a machine must never put into one quote."""
        return self.filter(outcome__in=[Match.Outcome.DIFFERENT, Match.Outcome.UNSURE])

    def on_wordings(self, speaker: int | None, marks: Collection[str], others: Collection[str]) -> MatchQuerySet:
        """Those between two of a speaker's wordings, in whatever quote they stand: by fingerprint, from either side.

        What was said of two wordings holds wherever the same words come up again. Equal words are told apart row by
        row only: there it is the occasions that differ. Two queries before the one that it makes.
        """
        mine, theirs = self._wordings(speaker, marks), self._wordings(speaker, others)
        either = Q(one__in=mine, other__in=theirs) | Q(one__in=theirs, other__in=mine)
        return self.filter(either).exclude(one__fingerprint=F("other__fingerprint"))

    def on_mark(self, speaker: int | None, mark: str) -> MatchQuerySet:
        """The same for one wording and any other. One query before the one that it makes."""
        mine = self._wordings(speaker, [mark])
        said = self.filter(Q(one__in=mine) | Q(other__in=mine)).exclude(one__fingerprint=F("other__fingerprint"))
        return said.filter(one__quote__speaker=speaker, other__quote__speaker=speaker)

    def _wordings(self, speaker: int | None, marks: Collection[str]) -> list[int]:
        """The numbers of a speaker's wordings with these fingerprints.

        Looked up first: asked for in one query, PostgreSQL would rather compare all that the speaker said with all of it.
        """
        wordings = Match._meta.get_field("one").related_model._default_manager  # type: ignore[union-attr]
        found = wordings.filter(quote__speaker=speaker, fingerprint__in=marks)
        return list(found.values_list("pk", flat=True))

    def between_quotes(self) -> MatchQuerySet:
        """Those whose wordings stand in two quotes and are still reported; without what a machine once linked."""
        reported = Attribution.objects.shown()
        return (
            self.exclude(one__quote=F("other__quote"))
            .exclude(outcome=Match.Outcome.LINKED)
            .filter(
                Exists(reported.filter(variant=OuterRef("one"))),
                Exists(reported.filter(variant=OuterRef("other"))),
            )
        )

    def asked(self) -> MatchQuerySet:
        """What waits for an editor's answer."""
        return self.between_quotes().filter(outcome=Match.Outcome.PROPOSED)

    def of_kind(self, kind: str) -> MatchQuerySet:
        """One of KINDS of questions; all of them for an empty kind."""
        return self.filter(KINDS[kind][1]) if kind else self

    def likeliest_first(self) -> MatchQuerySet:
        """Questions of the same remark in other words first; suggestions, which share few words, last."""
        return self.order_by("is_suggestion", "-score", "pk")

    def after(self, match: Match) -> MatchQuerySet:
        """Those that follow a match in the order of `likeliest_first`."""
        later = Q(is_suggestion=match.is_suggestion) & (
            Q(score__lt=match.score) | Q(score=match.score, pk__gt=match.pk)
        )
        if not match.is_suggestion:
            later |= Q(is_suggestion=True)
        return self.filter(later)

    def with_wordings(self) -> MatchQuerySet:
        """Both wordings with their quotes and speakers. No further query."""
        return self.select_related("one__quote__speaker", "other__quote__speaker")


class Match(models.Model):
    """Evidence that two wordings are one quote, with its reasons and its alarms in words.

    `one` is the wording with the lower number, so that a pair has one row whoever came first. An editor's answer binds
    the two for ever: *same* keeps them together, *different* and *can't tell* keep a machine from linking their quotes.
    """

    class Outcome(models.TextChoices):
        LINKED = "linked", "linked by machine"
        PROPOSED = "proposed", "proposed"
        SAME = "same", "same quote"
        DIFFERENT = "different", "different"
        UNSURE = "unsure", "can’t tell"

    one = models.ForeignKey("Variant", models.CASCADE, related_name="matches_as_one")
    other = models.ForeignKey("Variant", models.CASCADE, related_name="matches_as_other")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    alarms = models.JSONField(default=list)
    is_suggestion = models.BooleanField(
        default=False, help_text="Perhaps a translation or paraphrase: said by the same speaker in the same days."
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PROPOSED)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="match_once_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="match_lower_wording_first"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="match_score_is_a_share"),
            models.CheckConstraint(
                condition=Q(outcome__in=["linked", "proposed", "same", "different", "unsure"]),
                name="match_in_one_known_outcome",
            ),
        ]
        indexes = [models.Index(fields=["outcome", "is_suggestion", "-score"], name="match_questions")]
        permissions = [("judge_match", "Can say whether two wordings are one quote")]

    def __str__(self) -> str:
        return f"{self.score:.2f} {self.one} / {self.other}"


KINDS: dict[str, tuple[str, Q]] = {
    "alarmed": ("With a change of meaning", Q(is_suggestion=False) & ~Q(alarms=[])),
    "reworded": ("In other words", Q(is_suggestion=False, alarms=[])),
    "suggested": ("Perhaps translated or paraphrased", Q(is_suggestion=True)),
}
"""Kind of question -> its name, and what tells it."""
