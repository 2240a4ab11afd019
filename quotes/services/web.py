"""Asking a site for a page, politely: under an honest name, not where robots.txt forbids it, and at the host's own pace."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from quotes.intake import fetch, robots
from quotes.intake.answer import FetchFailed, Known, Page
from quotes.intake.fetch import Bounds
from quotes.intake.guard import PORTS
from quotes.intake.robots import Rules
from quotes.models import Job
from quotes.services.jobs import Failed, Later, answer

ROBOTS_KEPT, ROBOTS_MISSED = 86_400, 900
"""Seconds for which a robots.txt holds, and for which one that could not be had is not asked for again."""

LOOPBACK = frozenset({"127.0.0.1", "127.0.0.2"})

__all__ = ["Gone", "Known", "Page", "agent", "lane_name", "page_at"]


class Gone(Failed):
    """The site says that there is no such page, or no more."""


def agent() -> str:
    """The name we fetch under, with where to complain."""
    contact = f"; {settings.HEARSAY_CONTACT}" if settings.HEARSAY_CONTACT else ""
    return f"Hearsay/{settings.HEARSAY_VERSION} (+{settings.HEARSAY_ADDRESS}{contact})"


def lane_name(url: str) -> str:
    """The lane of an address: one a host, so that a slow host keeps nobody else waiting."""
    return f"host:{(urlsplit(url).hostname or '').removeprefix('www.')}"


def page_at(url: str, *, job: Job, known: Known = Known()) -> Page:  # noqa: B008, it is frozen
    """The page at an address, fetched for a job; its lane is closed for as long as the host wants between two pages.

    Raises Later when it may come another time, Failed when it will not; the message is for a reader. Up to four queries.
    """
    pause = float(settings.HEARSAY_PACE)
    try:
        rules = _rules(url)
        pause = max(pause, rules.crawl_delay)
        if rules.is_for_now:
            raise Later("The site could not give out its robots.txt, so nothing is read there for now.")
        if not rules.may(url):
            raise Failed("The site's robots.txt asks programs not to read this page.")
        return fetch.fetch(url, agent=agent(), bounds=_bounds(), known=known)
    except FetchFailed as failure:
        raise _outcome(failure) from None
    finally:
        if job.lane is not None:
            answer(job.lane, open_at=timezone.now() + timedelta(seconds=pause))


def _bounds() -> Bounds:
    ports = frozenset(settings.HEARSAY_LOOPBACK_PORTS)
    return Bounds(ports=PORTS | ports, allowed_addresses=LOOPBACK) if ports else Bounds()


def _outcome(failure: FetchFailed) -> Later | Failed:
    if not failure.is_temporary:
        return Gone(str(failure)) if failure.status in {404, 410} else Failed(str(failure))
    wait = failure.retry_after
    return Later(str(failure), at=timezone.now() + timedelta(seconds=wait) if wait else None)


def _rules(url: str) -> Rules:
    """What the host's robots.txt allows, asked for once a day; soon again where the host had none to give for now.

    Raises FetchFailed where the host cannot be asked for anything.
    """
    place = robots.address(url)
    kept: Rules | None = cache.get(f"robots:{place}")
    if kept is None:
        kept = Rules.found(_answer_at(place), agent())
        cache.set(f"robots:{place}", kept, ROBOTS_MISSED if kept.is_for_now else ROBOTS_KEPT)
    return kept


def _answer_at(place: str) -> Page | FetchFailed:
    try:
        return fetch.fetch(place, agent=agent(), bounds=_bounds())
    except FetchFailed as failure:
        if failure.status is None:
            raise
        return failure
