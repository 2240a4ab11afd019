"""Parties of one text -> Speakers across texts. Namesakes are never merged silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from quotes.intake.draft import tidy
from quotes.models import Alias, Attribution, Relay, Speaker
from quotes.text.descriptions import describe
from quotes.text.namesakes import NO_STORY, Profile, Story, choose, is_everywhere, likeness, standard_of
from quotes.text.offices import Term
from quotes.text.parties import Party
from quotes.text.pronouns import shares

RECENT = 100
"""The newest attributions of a speaker by which a namesake is told apart."""


NUMBERED = re.compile(r"\s#([1-9]\d{0,17})$")
"""How a form names one of several who share a name."""


class Resolved(NamedTuple):
    """The Speaker, or None with those it may be and their odds (0 to 1)."""

    speaker: Speaker | None
    candidates: tuple[tuple[str, float], ...] = ()


class Resolver:
    """Finds or makes the Speakers behind the names of one article; remembers answers, so that a name is asked once."""

    def __init__(self, story: Story = NO_STORY) -> None:
        self.story = story
        self.learned: set[int] = set()
        """Speakers whose role was not known before: what they said is searched by it, too."""

        self._known: dict[tuple[str, str], Resolved] = {}

    def resolve(self, party: Party) -> Resolved:
        """Whom the party stands for. Two queries for a new name, six more for each who goes by it already.

        No name is nobody. A name that others bear too is open, unless role, country, outlet or the company in
        the news tell whose it is (quotes.text.namesakes).
        """
        if party.name is None:
            return Resolved(None, party.candidates)
        key = (party.ref or party.name, party.kind)
        if key not in self._known:
            holder = titled(party.ref)
            self._known[key] = Resolved(holder) if holder else self._named(party)
        return self._known[key]

    def _named(self, party: Party) -> Resolved:
        name = tidy(party.name or "")[:300]
        if not name:
            return Resolved(None)
        found = going_by(name, party.kind)
        scores = [likeness(name, party.role, self.story, profile(speaker)) for speaker in found]
        verdict, place = choose(scores, standard_of(name, party.kind, party.description))
        if verdict == "open":
            return Resolved(None, _odds(found, scores))
        speaker = found[place] if verdict == "known" else _made(name, party)
        if party.role and not speaker.role and speaker.version == 1:  # an editor may have left it empty
            speaker.role = party.role[:300]
            speaker.save(update_fields=["role"])
            self.learned.add(speaker.pk)
        return Resolved(speaker)


def titled(ref: str) -> Speaker | None:
    """The holder of a title that an editor entered (see `terms_on`). One query; none without a key."""
    if not ref:
        return None
    speaker = Speaker.objects.select_related("merged_into").filter(pk=ref).first()
    return root(speaker) if speaker else None


def named(name: str) -> Speaker | None:
    """Whom an editor means by a name: the one who goes by it, made if there is none; None when several do.

    A merged speaker's name means the one it was merged into. *Ann Lee #12* is number 12, for one of several. Two queries.
    """
    name = tidy(name)[:300]
    found = meant(name)
    if name and not found and not NUMBERED.search(name):
        return Speaker.objects.create(name=name)
    return found[0] if len(found) == 1 else None


def meant(name: str) -> list[Speaker]:
    """Everyone a name in a form may mean; just one for a name with a number, if that one goes by it. One query."""
    numbered = NUMBERED.search(name)
    if numbered:
        known = Speaker.objects.going_by(tidy(name[: numbered.start()])[:300]).select_related("merged_into")
        return [root(speaker) for speaker in known.filter(pk=int(numbered[1]))]
    return going_by(tidy(name)[:300], kind="") if name.strip() else []


def going_by(name: str, kind: str) -> list[Speaker]:
    """Everyone who may be meant by a name: people only for a person's, whole names first. One query, or two."""
    known = Speaker.objects.going_by(name).select_related("merged_into")
    found = {root(speaker): None for speaker in known}
    if kind == "person" and " " not in name:
        of_surname = Speaker.objects.of_surname(name).select_related("merged_into")
        found |= {root(speaker): None for speaker in of_surname[:RECENT]}
    return [speaker for speaker in found if not kind or (speaker.kind == "person") == (kind == "person")]


def profile(speaker: Speaker) -> Profile:
    """What articles have told of a speaker. Six queries; each reads the newest rows on an index, however many there are."""
    wanted = (
        "revision",
        "speaker",
        "speaker_role",
        "revision__article__outlet__name",
        "revision__article__outlet__country",
    )
    said = Attribution.objects.standing().filter(speaker=speaker).order_by("-pk").values_list("pk", *wanted)[:RECENT]
    told = Relay.objects.filter(intermediary=speaker).order_by("-pk").values_list("attribution", flat=True)[:RECENT]
    passed_on = Attribution.objects.standing().filter(pk__in=list(told)).values_list("pk", *wanted)
    newest = sorted({*said, *passed_on}, reverse=True)[:RECENT]
    rows = [row for _, *row in newest]
    roles = {role for _, said_by, role, _, _ in rows if said_by == speaker.pk}
    roles |= set(speaker.relayed.order_by("-pk").values_list("role", flat=True)[:RECENT])
    roles |= {alias.text for alias in speaker.aliases.all() if alias.kind == Alias.Kind.TITLE}
    together = Speaker.objects.filter(
        kind="person", attributions__revision__in={row[0] for row in rows}, name__contains=" "
    )
    company = together.exclude(pk=speaker.pk).order_by("name").values_list("name", flat=True).distinct()[:RECENT]
    return Profile(
        roles=tuple(sorted(filter(None, {speaker.role, *roles}))),
        company=frozenset(name for name in company if not is_everywhere(name)),
        papers=frozenset(row[3] for row in rows if row[3]),
        countries=frozenset(row[4] for row in rows if row[4]),
    )


def _made(name: str, party: Party) -> Speaker:
    kind = party.kind if party.kind in Speaker.Kind.values else Speaker.Kind.PERSON
    return Speaker.objects.create(name=name, kind=kind, role=party.role[:300])


def _odds(found: Sequence[Speaker], scores: Sequence[float]) -> tuple[tuple[str, float], ...]:
    """Those a name may mean, told apart by role, with the odds."""
    printed = [f"{speaker.name} ({speaker.role})" if speaker.role else speaker.name for speaker in found]
    return tuple(zip(printed, shares(scores), strict=True))


def root(speaker: Speaker) -> Speaker:
    """Who a merged speaker has become. A query for each further merge."""
    while speaker.merged_into is not None:
        speaker = speaker.merged_into
    return speaker


def terms_on(day: date | None) -> list[Term]:
    """The titles editors have entered, as terms for the reading floor. One query."""
    found = []
    for alias in Alias.objects.titles_on(day):
        described = describe(alias.text)
        phrase = " ".join(sorted(described.words)) if described else ""
        if described is None:
            continue
        found.append(
            Term(
                country=described.country or "",
                phrases=(f"{phrase} {described.noun}".strip(),),
                holder=alias.speaker.name,
                since=alias.valid_from,
                until=alias.valid_until,
                source=alias.source,
                ref=str(alias.speaker_id),
            )
        )
    return found


BRACKETED = re.compile(r" \([^()]*\)$")
"""The role by which a machine's candidates of one name are told apart."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a printed name may mean: as an editor reads it, and as `people.resolve` takes it."""

    name: str
    value: str


def candidates(report: Attribution) -> list[Candidate]:
    """Those a machine weighed, the likeliest first; by number where several share the name. One query."""
    weighed = [str(name) for name, _ in sorted(report.candidates, key=lambda pair: -pair[1])]
    bare = [BRACKETED.sub("", name) for name in weighed]
    known: dict[str, list[Speaker]] = {}
    for speaker in Speaker.objects.current().filter(name__in=bare):
        known.setdefault(speaker.name, []).append(speaker)
    found = []
    for name, plain in zip(weighed, bare, strict=True):
        same = known.get(plain, [])
        by_role = [one for one in same if f"{one.name} ({one.role})" == name]
        one = by_role[0] if by_role else same[0] if len(same) == 1 else None
        found.append(Candidate(name, f"{plain} #{one.pk}" if one else plain))
    return found
