"""Speakers, and the names, titles and epithets they go by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.formats import date_format

from quotes.models.attribution import Attribution, Relay
from quotes.models.naming import Folded, LastWord, called, holding


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def current(self) -> SpeakerQuerySet:
        """Without those merged into another."""
        return self.filter(merged_into=None)

    def listed(self) -> SpeakerQuerySet:
        """Without those merged into another, and without those known from what was taken down alone."""
        return self.current().exclude(pk__in=Speaker.objects.gone().values("pk"))

    def gone(self) -> SpeakerQuerySet:
        """Those who said or relayed something that was taken down, and nothing else that is shown."""
        down, shown = Attribution.objects.taken_down(), Attribution.objects.shown()
        told = Relay.objects.filter(attribution__in=down.values("pk"))
        known = Q(pk__in=down.filter(speaker__isnull=False).values("speaker"))
        known |= Q(pk__in=told.filter(intermediary__isnull=False).values("intermediary"))
        says = Exists(shown.filter(speaker=OuterRef("pk")))
        relays = Exists(shown.filter(relays__intermediary=OuterRef("pk")))
        return self.filter(known).exclude(says).exclude(relays)

    def going_by(self, name: str) -> SpeakerQuerySet:
        """Everyone, those merged into another included, who goes by exactly this name (letter case aside). By indexes."""
        named = Speaker.objects.filter(called("name", name)).order_by().values("pk")
        # Were it asked for by its kind, SQLite would read all of that kind, and not the few of that text.
        known = Alias.objects.filter(called("text", name)).exclude(kind__in=[Alias.Kind.TITLE, Alias.Kind.EPITHET])
        return self.filter(pk__in=named.union(known.order_by().values("speaker")))

    def of_surname(self, surname: str) -> SpeakerQuerySet:
        """People whose name ends with this word (the case of a to z aside). By an index."""
        return self.filter(kind=Speaker.Kind.PERSON, name__last_word__folded=Folded(Value(surname)))

    def matching(self, words: str) -> SpeakerQuerySet:
        """Everyone whose name or alias holds the words."""
        return self.current().filter(holding("name", words) | holding("aliases__text", words)).distinct()

    def suggested(self, words: str, most: int = 8) -> list[Speaker]:
        """Whom somebody may mean who has typed the beginning of a name; those with most quotes first. Two queries.

        Each has `is_shared` (somebody else has the name too) and `told`: role and titles, by which one knows them.
        """
        found = (
            self.matching(words)
            .listed()
            .annotate(said=Count("quotes"))
            .order_by("-said", "name", "pk")
            .prefetch_related("aliases")
        )
        suggested = list(found[:most])
        names = Speaker.objects.current().filter(name__in=[speaker.name for speaker in suggested])
        shared = set(names.values("name").annotate(n=Count("pk")).filter(n__gt=1).values_list("name", flat=True))
        for speaker in suggested:
            titles = [alias.in_words for alias in speaker.aliases.all() if alias.kind == Alias.Kind.TITLE]
            speaker.is_shared = speaker.name in shared
            speaker.told = "; ".join(dict.fromkeys(filter(None, [speaker.role, *titles])))
        return suggested

    def confusable_with(self, pk: int) -> SpeakerQuerySet:
        """The speaker, everybody of the same name, and whom editors keep apart; itself first. One query.

        Those merged into another come only as itself. Each has `is_apart`: an editor said that it is somebody else.
        """
        name = Subquery(Speaker.objects.filter(pk=pk).values("name"))
        apart = Exists(Speaker.apart_from.through.objects.filter(from_speaker=pk, to_speaker=OuterRef("pk")))
        other = Q(merged_into=None) & (Q(name=name) | Q(is_apart=True))
        found = self.annotate(is_apart=apart).filter(Q(pk=pk) | other).select_related("merged_into")
        return found.order_by(Case(When(pk=pk, then=0), default=1), "pk")

    def with_counts(self) -> SpeakerQuerySet:
        """Adds `said_count` (quotes) and `relayed_count` (quotes relayed). One query with the list."""
        said = Subquery(
            Speaker.objects.filter(pk=OuterRef("pk"))
            .annotate(n=Count("quotes", filter=Q(quotes__report_count__gt=0)))
            .values("n")
        )
        relayed = Subquery(Speaker.objects.filter(pk=OuterRef("pk")).annotate(n=Count("relayed_quotes")).values("n"))
        return self.annotate(said_count=said, relayed_count=relayed)


class Speaker(models.Model):
    """A person, organisation, group or unnamed party who is said to have said something."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        ORGANISATION = "organisation", "organisation"
        OUTLET = "outlet", "news outlet"
        DOCUMENT = "document", "document"
        GROUP = "group", "group"
        UNNAMED = "unnamed", "unnamed"

    name = models.CharField(max_length=300, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.PERSON)
    role = models.CharField(max_length=300, blank=True, help_text="As an article printed it first.")
    wikidata_id = models.CharField(max_length=20, blank=True)
    wikidata_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who said that this is the one Wikidata means.",
    )
    wikidata_at = models.DateTimeField(null=True, blank=True)
    apart_from: models.ManyToManyField[Speaker, Any] = models.ManyToManyField(
        "self", blank=True, help_text="Others for whom an editor said that they are somebody else."
    )
    version = models.PositiveIntegerField(
        default=1, help_text="Counts the changes, so that two editors notice each other."
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    objects = SpeakerQuerySet.as_manager()

    is_shared: bool
    told: str
    """Of `suggested` alone."""

    class Meta:
        ordering = ["name", "pk"]
        permissions = [("mend_speaker", "Can merge, split, name and resolve speakers")]
        indexes = [
            models.Index(Folded("name"), name="speaker_called"),
            models.Index(Folded(LastWord("name")), name="speaker_of_surname"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="speaker_has_a_name"),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="speaker_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(wikidata_id="") | Q(wikidata_id__regex=r"^Q[1-9][0-9]*\Z"),
                name="speaker_wikidata_id_well_formed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("speaker_detail", args=[self.pk])


class AliasQuerySet(models.QuerySet["Alias"]):
    def titles_on(self, day: date | None) -> AliasQuerySet:
        """Titles held on a day (without a day: those with no end). One query, speakers included."""
        titles = self.filter(kind=Alias.Kind.TITLE).select_related("speaker")
        if day is None:
            return titles.filter(valid_until=None)
        return titles.filter(Q(valid_from=None) | Q(valid_from__lte=day)).filter(
            Q(valid_until=None) | Q(valid_until__gt=day)
        )


class Alias(models.Model):
    """Another way to print a speaker; a title has the days it was held."""

    class Kind(models.TextChoices):
        NAME = "name", "name"
        TITLE = "title", "title"
        EPITHET = "epithet", "epithet"

    speaker = models.ForeignKey("Speaker", models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=300, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NAME)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="Where the dates are from.")

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["kind", F("valid_from").asc(nulls_first=True), "text", "pk"]
        indexes = [
            models.Index(Folded("text"), name="alias_called"),
            models.Index(fields=["kind"], name="alias_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["speaker", "text", "kind", "valid_from"], name="alias_once_from_a_day"),
            models.UniqueConstraint(
                fields=["speaker", "text", "kind"], condition=Q(valid_from=None), name="alias_once_without_a_day"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="alias_has_text"),
            models.CheckConstraint(condition=Q(kind__in=["name", "title", "epithet"]), name="alias_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_from__lt=F("valid_until")),
                name="alias_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def in_words(self) -> str:
        """With its days: *foreign minister, 1 Jan 2024 to now*."""
        if not self.valid_from and not self.valid_until:
            return self.text
        first, last = (date_format(day, "j M Y") if day else "" for day in (self.valid_from, self.valid_until))
        return f"{self.text}, {first or '?'} to {last or 'now'}"
