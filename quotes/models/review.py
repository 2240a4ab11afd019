"""Flags (raised by people) and their evidence, and the problems that readers report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone

ACTIVE = ["open", "claimed", "waiting", "reopened"]
IN_FORCE = [*ACTIVE, "upheld"]
DECIDED = ["upheld", "not_upheld", "explained"]
"""Results that an editor reached by weighing the flag."""

KINDS = {
    "secondhand": "Secondhand",
    "wrong_speaker": "Wrong speaker",
    "wording_altered": "Wording altered",
    "cut_short": "Cut short",
    "paraphrase_in_marks": "Paraphrase in quote marks",
    "back_translated": "Back-translated",
    "accounts_differ": "Accounts differ",
    "denied": "Denied",
    "out_of_context": "Out of context",
    "withdrawn": "Withdrawn or corrected",
    "fabricated": "Fabricated or satire",
}
"""Kinds of flag; an open vocabulary, so not frozen into the table's choices."""

KIND_MEANINGS = {
    "secondhand": "An editor confirms or corrects through whom it is known.",
    "wrong_speaker": "Somebody else said it, or nobody did.",
    "wording_altered": "An outlet changed words inside quotation marks.",
    "cut_short": "What was left out changes what was said.",
    "paraphrase_in_marks": "Quotation marks stand around words that nobody said like that.",
    "back_translated": "The words went into another language and came back in other words.",
    "accounts_differ": "Those who tell it do not tell the same.",
    "denied": "The speaker, or somebody for them, denies having said it.",
    "out_of_context": "It was said of something else, or in another sense.",
    "withdrawn": "The outlet or the intermediary took it back or corrected it.",
    "fabricated": "It was made up, or meant as satire.",
}
"""Kind of flag -> one sentence for what it says of the quote."""

SERIOUS = frozenset(("wrong_speaker", "out_of_context", "withdrawn", "fabricated"))

NEUTRAL = frozenset(("secondhand",))
"""Kinds that describe and blame nobody: several may be settled at once."""

DISPUTING = SERIOUS | {"denied"}
"""Kinds that make a quote disputed when upheld."""


CLAIM = timedelta(minutes=15)
"""How long a claim lasts unless it is renewed."""

NEEDED_EVIDENCE = 2
"""Items that a serious flag needs before it may be upheld."""


def held_now() -> Q:
    """Flags that somebody has claimed, and whose claim has not run out."""
    return Q(state="claimed", claimed_at__gt=timezone.now() - CLAIM)


class FlagQuerySet(models.QuerySet["Flag"]):
    def active(self) -> FlagQuerySet:
        """Raised and not settled."""
        return self.filter(state__in=ACTIVE)

    def in_force(self) -> FlagQuerySet:
        """Active or upheld: what a reader is shown."""
        return self.filter(state__in=IN_FORCE)

    def disputing(self) -> FlagQuerySet:
        """Upheld, and of a kind that leaves the quote itself in doubt."""
        return self.filter(state=Flag.State.UPHELD, kind__in=DISPUTING)

    def settled(self) -> FlagQuerySet:
        """Ended on their merits: what may be reopened."""
        return self.filter(state__in=DECIDED)

    def held_by(self, person: Any) -> FlagQuerySet:
        return self.filter(held_now(), claimed_by=person)

    def with_people(self) -> FlagQuerySet:
        return self.select_related("raised_by", "settled_by", "claimed_by", "first_by")


class Flag(models.Model):
    """An editor's mark on a quote, worked through to a result with reasons."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        CLAIMED = "claimed", "claimed"
        WAITING = "waiting", "waiting for a reply"
        UPHELD = "upheld", "upheld"
        NOT_UPHELD = "not_upheld", "not upheld"
        EXPLAINED = "explained", "explained"
        SUPERSEDED = "superseded", "superseded"
        DUPLICATE = "duplicate", "duplicate"
        REOPENED = "reopened", "reopened"

    quote = models.ForeignKey("Quote", models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    reason = models.TextField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="flags_raised")
    raised_at = models.DateTimeField(auto_now_add=True)
    settled_reason = models.TextField(blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="flags_settled"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="flags_claimed"
    )
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="When it was taken up, or last renewed.")
    claimed_since = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="Until when a reply is waited for.")
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="flags_first"
    )
    first_result = models.CharField(max_length=12, blank=True, help_text="What the first of two editors found.")
    first_reason = models.TextField(blank=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    version = models.PositiveIntegerField(
        default=1, help_text="Counts the acts, so that two editors notice each other."
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quote", "kind"], condition=Q(state__in=ACTIVE), name="flag_one_active_of_a_kind"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="flag_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state__in=ACTIVE) | (~Q(settled_reason="") & Q(settled_by__isnull=False)),
                name="flag_settled_with_reason_and_name",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claimed_at__isnull=False), name="flag_claimed_at_some_time"
            ),
            models.CheckConstraint(
                condition=Q(first_by=None) | ~Q(first_by=F("raised_by")), name="flag_first_editor_did_not_raise_it"
            ),
            models.CheckConstraint(condition=~Q(duplicate_of=F("pk")), name="flag_not_a_duplicate_of_itself"),
        ]
        permissions = [
            ("settle_flag", "Can settle a flag"),
            ("manage_desk", "Can invite people and retire accounts"),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("flag_detail", args=[self.pk])

    @property
    def label(self) -> str:
        return KINDS.get(self.kind, self.kind)

    @property
    def is_serious(self) -> bool:
        return self.kind in SERIOUS

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def resting_state(self) -> str:
        """Its state in nobody's hands: reopened when it had been settled before, else open."""
        return self.State.REOPENED if self.settled_at else self.State.OPEN

    @property
    def holder(self) -> Any:
        """Who is on it now: nobody when it is not claimed, or the claim has run out."""
        fresh = self.claimed_at is not None and self.claimed_at > timezone.now() - CLAIM
        return self.claimed_by if self.state == self.State.CLAIMED and fresh else None


EVIDENCE = {
    "recording": "Recording",
    "transcript": "Transcript or original document",
    "correction": "Correction or retraction by the outlet",
    "statement": "Statement by the speaker or for them",
    "article": "Article of another newsroom",
    "other": "Something else",
}
"""What kinds of evidence there are, the strongest first."""


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def strongest_first(self) -> EvidenceQuerySet:
        rank = Case(*(When(kind=kind, then=place) for place, kind in enumerate(EVIDENCE)), default=len(EVIDENCE))
        return self.select_related("added_by").order_by(rank, "added_at", "pk")


class Evidence(models.Model):
    """Something that speaks for or against a flag, where it can be looked at. Never who a confidential source is."""

    flag = models.ForeignKey("Flag", models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=20)
    url = models.CharField(max_length=2000, blank=True, validators=[URLValidator(["http", "https"])])
    archive_url = models.CharField(max_length=2000, blank=True, validators=[URLValidator(["http", "https"])])
    note = models.TextField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="evidence_added")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="evidence_says_what_it_shows"),
            models.CheckConstraint(condition=Q(kind__in=list(EVIDENCE)), name="evidence_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.note[:60]}"

    @property
    def label(self) -> str:
        return EVIDENCE[self.kind]


class ProblemQuerySet(models.QuerySet["Problem"]):
    def waiting(self) -> ProblemQuerySet:
        return self.filter(state=Problem.State.OPEN)


class Problem(models.Model):
    """A reader's word that something is wrong with a quote. Never public: an editor makes a flag of it, or says why not."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        FLAGGED = "flagged", "became a flag"
        DISMISSED = "dismissed", "dismissed"

    quote = models.ForeignKey("Quote", models.PROTECT, related_name="problems")
    kind = models.CharField(max_length=40, blank=True, help_text="A kind of flag; empty when the reader did not know.")
    words = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="problems_made"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    flag = models.ForeignKey("Flag", models.PROTECT, null=True, blank=True, related_name="problems")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="problems_settled"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.TextField(blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="problem_says_something"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(settled_by__isnull=False), name="problem_settled_by_name"
            ),
            models.CheckConstraint(
                condition=Q(state="flagged", flag__isnull=False) | (~Q(state="flagged") & Q(flag=None)),
                name="problem_flagged_has_its_flag",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.words[:60]}"

    @property
    def label(self) -> str:
        return KINDS.get(self.kind, "Problem")

    @property
    def who(self) -> str:
        return str(self.made_by) if self.made_by else "a reader"
