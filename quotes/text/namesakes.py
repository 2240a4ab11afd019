"""Whether two articles that print one name mean one person: roles, countries, and who else is in the story.

A name alone ties a mention to somebody known. What the articles tell besides it is added up; where it speaks
against the tie, the two are kept apart, and where it is too little, the question stays open for a person.
The weights are set by hand: a wrong tie puts words in a stranger's mouth, an open one costs an editor a click.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from quotes.text.capitals import COURTESY
from quotes.text.descriptions import POLITICAL, Description, describe, of_term
from quotes.text.gazetteer import first_names
from quotes.text.offices import Offices
from quotes.text.parties import is_common_body

SAME_ROLE = 2.0
OTHER_ROLE = -1.5
SAME_COUNTRY = 1.0
OTHER_COUNTRY = -3.0
SAME_PAPER = 0.5
OTHER_PAPERS = -0.5
SHARED_COMPANY = 1.5
MOST_COMPANY = 2
"""Shared companions that count; more of them tell nothing new."""

LEAD = 1.0
"""By how much the best of several must lead."""

Verdict = Literal["known", "new", "open"]


@dataclass(frozen=True, slots=True)
class Standard:
    """What a kind of name takes: tied to somebody known from `tied` up, another of the name from `apart` down."""

    tied: float
    apart: float


FULL_NAME = Standard(tied=-0.5, apart=-2.0)
SHORT_NAME = Standard(tied=1.0, apart=-2.0)
"""*Mr Lee*, *Laura*: many bear it, and the article never gives it in full."""
COMMON_BODY = Standard(tied=0.5, apart=-0.5)
"""*the Health Ministry*: every country has one."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What earlier articles tell of somebody: roles as printed, whom they were in the news with, and where.

    `papers` holds the names of outlets and `countries` their ISO codes.
    """

    roles: tuple[str, ...] = ()
    company: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Story:
    """The article in which a name is met."""

    text: str = ""
    paper: str = ""
    country: str = ""


NO_STORY = Story()


def likeness(name: str, role: str, story: Story, known: Profile) -> float:
    """What speaks for one person (above 0) and against it (below), summed."""
    mentioned = describe(role) if role else None
    roles = [found for printed in known.roles if (found := describe(printed)) is not None] + _offices(name)
    score = _by_role(mentioned, roles) + _by_paper(story, known)
    company = sum(other in story.text for other in known.company if other != name)
    return score + SHARED_COMPANY * min(company, MOST_COMPANY)


def choose(scores: Sequence[float], standard: Standard) -> tuple[Verdict, int]:
    """Which of those known by a name is meant: `known` with its place in `scores`, `new`, or `open`."""
    if not scores or max(scores) <= standard.apart:
        return "new", -1
    best = max(range(len(scores)), key=scores.__getitem__)
    rivals = [score for at, score in enumerate(scores) if at != best]
    least = max(standard.tied, SHORT_NAME.tied) if rivals else standard.tied
    clear = scores[best] >= least and all(scores[best] - score >= LEAD for score in rivals)
    return ("known", best) if clear else ("open", -1)


def standard_of(name: str, kind: str, printed: str) -> Standard:
    """The standard for a name, printed so in its article."""
    if kind != "person":
        return COMMON_BODY if is_common_body(name) else FULL_NAME
    title = printed.split(" ", 1)[0].rstrip(".").lower()
    short = " " not in name and (title in COURTESY or name in first_names())
    return SHORT_NAME if short else FULL_NAME


def is_everywhere(name: str) -> bool:
    """True for heads of state and the like: to be in the news with them tells nothing."""
    return bool(_offices(name))


@cache
def _every_office() -> Offices:
    return Offices(None)


def _offices(name: str) -> list[Description]:
    return [known for term in _every_office().of_person(name) for known in of_term(term)]


def _by_role(mentioned: Description | None, known: Sequence[Description]) -> float:
    if mentioned is None or not known:
        return 0.0
    fits = any(mentioned.fits(role) or role.fits(mentioned) for role in known)
    career = mentioned.noun in POLITICAL and any(role.noun in POLITICAL for role in known)
    score = SAME_ROLE if fits else 0.0 if career else OTHER_ROLE
    stated = {role.country for role in known if role.country}
    if mentioned.country and stated:
        score += SAME_COUNTRY if mentioned.country in stated else OTHER_COUNTRY
    return score


def _by_paper(story: Story, known: Profile) -> float:
    if story.paper in known.papers or story.country in known.countries:
        return SAME_PAPER
    return OTHER_PAPERS if story.country and known.countries else 0.0
