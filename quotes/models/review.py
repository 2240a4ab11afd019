"""Flags (raised by people) and decisions (the append-only record of who decided what, and why)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone

from quotes.models.takedown import Takedown

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


TOOK_DOWN = "took down"
"""The verb of taking something down; its undoing brings it back."""

CLAIM = timedelta(minutes=15)
"""How long a claim lasts unless it is renewed."""

NEEDED_EVIDENCE = 2
"""Items that a serious flag needs before it may be upheld."""


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

    def held_by_nobody(self) -> FlagQuerySet:
        """Active, and in nobody's hands: never claimed, or the claim has run out."""
        return self.active().exclude(state=Flag.State.CLAIMED, claimed_at__gt=timezone.now() - CLAIM)

    def held_by(self, person: Any) -> FlagQuerySet:
        return self.filter(state=Flag.State.CLAIMED, claimed_by=person, claimed_at__gt=timezone.now() - CLAIM)

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


class DecisionIsFinal(Exception):
    """Somebody tried to change or delete a decision."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    def public(self) -> DecisionQuerySet:
        """What everybody may read: results, not the work on the way to them."""
        return self.filter(is_public=True)

    def shown(self) -> DecisionQuerySet:
        """Without those on what was taken down, whose values and reasons may hold its words; nor taking down itself."""
        down = Takedown.objects
        quotes, articles = down.quotes(), down.articles()
        on_it = Q(verb=TOOK_DOWN) | Q(verb=f"undid: {TOOK_DOWN}") | Q(article__in=articles)
        for path in ("quote", "attribution__variant__quote", "flag__quote", "match__one__quote", "match__other__quote"):
            on_it |= Q(**{f"{path}__in": quotes}) | Q(**{f"{path}__merged_into__in": quotes})
        on_it |= Q(attribution__revision__article__in=articles)
        return self.exclude(pk__in=Decision.objects.filter(on_it).values("pk"))

    def takedowns(self) -> DecisionQuerySet:
        """What was taken down and what was brought back, newest first."""
        verbs = Q(verb=TOOK_DOWN) | Q(verb=f"undid: {TOOK_DOWN}")
        return self.filter(verbs).select_related("actor", "undone_by", "quote", "article").order_by("-made_at", "-pk")

    def about_quote(self, quote: object) -> DecisionQuerySet:
        """Everything decided on a quote, its attributions or its flags, newest first. One query."""
        return (
            self.filter(
                Q(quote=quote)
                | Q(quote__merged_into=quote)
                | Q(attribution__variant__quote=quote)
                | Q(flag__quote=quote)
                | Q(match__one__quote=quote)
                | Q(match__other__quote=quote)
                | Q(match__one__quote__merged_into=quote)
                | Q(match__other__quote__merged_into=quote)
            )
            .select_related("actor", "attribution__revision__article", "flag", "undone_by")
            .order_by("-made_at", "-pk")
            .distinct()
        )

    def update(self, **kwargs: Any) -> NoReturn:
        raise DecisionIsFinal("Decisions are append-only: record another one instead.")

    def delete(self) -> NoReturn:
        raise DecisionIsFinal("Decisions are append-only and cannot be deleted.")


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
