"""Feeds: added, tried, paused, and read by workers as often as something new appears in them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from quotes.intake import feed as feeds
from quotes.intake.draft import Refused
from quotes.intake.feed import FeedContent
from quotes.intake.link import canonical
from quotes.models import Feed, Job
from quotes.models.feed import LATEST, SOONEST
from quotes.services import jobs, link
from quotes.services.web import Known, Page, lane_name, page_at

MOST_OFFERED = 20
"""Feeds of a page among which somebody may choose."""

READING = ["offers", "title", "site", "every", "etag", "modified", "checked_at", "good_at", "failures", "fault"]
"""What a reading writes of a feed: not what people decide."""

BUSY = 0.5
"""The share of new items from which a feed is read twice as often."""


def add(url: str, *, outlet: str = "", added_by: User | None = None) -> Feed:
    """A feed at an address, to be read at once; known ones are left as they are. Raises Refused. Five queries."""
    address = canonical(url)
    if not address:
        raise Refused("There is no address.", field="url")
    with transaction.atomic():
        feed, _ = Feed.objects.get_or_create(url=address, defaults={"outlet": outlet[:200], "added_by": added_by})
        Job.objects.get_or_create(feed=feed, defaults={"kind": "feed", "lane": jobs.lane(lane_name(address))})
    return feed


def pause(feed: Feed, *, is_paused: bool) -> None:
    """Stops reading a feed, or goes on with it at once. Two queries."""
    Feed.objects.filter(pk=feed.pk).update(is_paused=is_paused)
    feed.is_paused = is_paused
    if not is_paused:
        jobs.queue(feed.job)


def choose(feed: Feed, *, url: str) -> None:
    """Reads one of the feeds that the page at a feed's address names in its place. Four queries."""
    if url in feed.offers and not Feed.objects.filter(url=url).exists():
        Feed.objects.filter(pk=feed.pk).update(url=url, offers=[], fault="", failures=0)
        Job.objects.filter(pk=feed.job.pk).update(lane=jobs.lane(lane_name(url)))
        jobs.queue(feed.job)


def remove(feed: Feed) -> None:
    """Forgets a feed; what came from it stays. Three queries."""
    feed.delete()


def read_now(feed: Feed) -> None:
    """Reads a feed as soon as a worker is free, whenever it would be due. One query."""
    jobs.queue(feed.job)


def queue_stopped() -> int:
    """Queues every feed whose job is not in the queue, because something went wrong in Hearsay; how many. Two queries."""
    return jobs.queue_again(Job.objects.filter(feed__is_paused=False, state__in=[Job.State.FAILED, Job.State.DONE]))


def read(job: Job) -> None:
    """Reads a feed, queues what is new in it, and plans the next reading. A fault is noted, and it is tried again: feeds
    never give up."""
    feed = job.feed
    assert feed is not None
    if feed.is_paused:
        jobs.finish(job)
        return
    try:
        page = page_at(feed.url, job=job, known=Known(feed.etag, feed.modified))
        content = None if page.not_modified else _content(feed, page)
    except (jobs.Later, jobs.Failed, Refused) as problem:
        _note_fault(feed, str(problem))
        soonest = problem.at if isinstance(problem, jobs.Later) else None
        jobs.finish(job, again_at=max(filter(None, [timezone.now() + feed.every, soonest])))
        if len(feed.offers) == 1:
            choose(feed, url=feed.offers[0])
        return
    if content is not None:
        feed.etag, feed.modified = page.etag[:300], page.modified[:100]
        feed.title, feed.site = content.title[:300] or feed.title, content.site[:2000] or feed.site
    _note_good(feed, content)
    jobs.finish(job, again_at=timezone.now() + feed.every)


def _content(feed: Feed, page: Page) -> FeedContent:
    """What stands in the feed. A page in its place may name feeds: one is the one meant; of several, somebody chooses.

    Raises Refused for what is no feed.
    """
    try:
        return feeds.parse(page)
    except Refused:
        feed.offers = feeds.discover(page)[:MOST_OFFERED]
        raise


def _note_fault(feed: Feed, message: str) -> None:
    """One failure is a hiccup; with each further one it is read half as often."""
    feed.failures += 1
    feed.fault = message[:500]
    feed.checked_at = timezone.now()
    if feed.failures > 1:
        feed.every = min(feed.every * 2, LATEST)
    feed.save(update_fields=READING)


def _note_good(feed: Feed, content: FeedContent | None) -> None:
    """Queues the new items, the oldest first, and adapts how often the feed is read."""
    items = content.items if content else ()
    asked = link.ask([item.url for item in reversed(items)], feed=feed, outlet=feed.outlet)
    share = sum(entry.is_new for entry in asked) / len(asked) if asked else 0.0
    feed.every = _adapted(feed.every, share, content.ttl if content else None)
    feed.failures, feed.fault, feed.offers = 0, "", []
    feed.checked_at = feed.good_at = timezone.now()
    feed.save(update_fields=READING)


def _adapted(every: timedelta, share: float, wished: float | None) -> timedelta:
    """Twice as often when half of it is new, a half rarer when nothing is, within bounds, and never more often than the
    feed itself wishes."""
    changed = every / 2 if share >= BUSY else every * 3 / 2 if share == 0 else every
    least = max(SOONEST, min(timedelta(seconds=wished), LATEST)) if wished else SOONEST
    return min(max(changed, least), LATEST)
