"""Feeds: read politely, adapting to how much is new, and in plain words when they are in trouble."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from quotes.models import Article, Feed, Job, Link
from quotes.models.feed import LATEST, SOONEST
from quotes.services import subscription, work
from quotes.services.ingest import Refused
from tests.newspaper import Newspaper, article, rss

pytestmark = pytest.mark.django_db


def read(feed: Feed) -> Feed:
    """Reads a feed once, and nothing else of its host."""
    Job.objects.filter(feed=None).update(due_at=timezone.now() + timedelta(days=1))
    Job.objects.filter(feed=feed).update(due_at=timezone.now())
    job = Job.objects.get(feed=feed)
    assert job.lane_id is not None
    work.do_lane(job.lane_id)
    return Feed.objects.select_related("job").get(pk=feed.pk)


def test_its_articles_come_in(newspaper: Newspaper) -> None:
    newspaper.pages["/feed"] = rss(newspaper.url("/1"), newspaper.url("/2"))
    for number in (1, 2):
        newspaper.pages[f"/{number}"] = article(f"Story {number}", f"We will open bridge number {number} in May.")
    feed = subscription.add(newspaper.url("/feed"), outlet="The Lake Post")
    lane = feed.job.lane_id
    assert lane is not None
    assert work.do_lane(lane) == 3  # the feed, and its two links after it
    feed.refresh_from_db()
    assert (feed.title, feed.failures, feed.fault) == ("Lake Post", 0, "")
    assert feed.good_at is not None
    assert {str(made.outlet) for made in Article.objects.all()} == {"The Lake Post"}
    assert Feed.objects.with_counts().get().week_count == 2
    assert Link.objects.filter(feed=feed, article__isnull=False).count() == 2


def test_it_is_read_more_often_while_much_is_new_and_rarer_when_nothing_is(newspaper: Newspaper) -> None:
    feed = subscription.add(newspaper.url("/feed"))
    waits = []
    for reading in range(5):
        newspaper.pages["/feed"] = rss(*(newspaper.url(f"/{reading}-{n}") for n in range(3)))
        feed = read(feed)
        waits.append(feed.every)
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == SOONEST
    for _ in range(14):
        feed = read(feed)
        waits.append(feed.every)
    assert waits[5:] == sorted(waits[5:])
    assert waits[-1] == LATEST
    assert abs(feed.job.due_at - timezone.now() - feed.every) < timedelta(seconds=5)


def test_the_same_items_are_not_queued_twice(newspaper: Newspaper) -> None:
    newspaper.pages["/feed"] = rss(newspaper.url("/1?utm_source=rss"), newspaper.url("/1"))
    feed = subscription.add(newspaper.url("/feed"))
    read(read(feed))
    assert Link.objects.count() == 1


def test_an_unchanged_feed_is_not_sent_again(newspaper: Newspaper) -> None:
    newspaper.pages["/feed"] = (200, {"ETag": '"7"'}, rss(newspaper.url("/1")))
    feed = read(read(subscription.add(newspaper.url("/feed"))))
    assert newspaper.asked[-1][1]["If-None-Match"] == '"7"'
    assert feed.failures == 0
    assert Link.objects.count() == 1


def test_trouble_is_told_and_it_goes_on_more_rarely(newspaper: Newspaper) -> None:
    newspaper.pages["/feed"] = (500, {}, "oops")
    feed = subscription.add(newspaper.url("/feed"))
    waits = []
    for _ in range(8):
        feed = read(feed)
        waits.append(feed.every)
    assert "fault of its own" in feed.fault
    assert feed.failures == 8
    assert waits == sorted(waits)
    assert waits[-1] == LATEST
    assert feed.job.state == "queued"
    newspaper.pages["/feed"] = rss(newspaper.url("/1"))
    feed = read(feed)
    assert (feed.failures, feed.fault) == (0, "")


def test_a_page_that_names_one_feed_leads_to_it(newspaper: Newspaper) -> None:
    newspaper.pages["/"] = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body><p>Hello</p></body></html>'
    )
    newspaper.pages["/feed"] = rss(newspaper.url("/1"))
    feed = read(subscription.add(newspaper.url("/")))
    feed = read(feed)
    assert feed.url == newspaper.url("/feed")
    assert (feed.fault, feed.offers) == ("", [])
    assert Link.objects.count() == 1


def test_of_several_feeds_somebody_chooses(newspaper: Newspaper) -> None:
    names = "".join(f'<link rel="alternate" type="application/rss+xml" href="/feed/{n}">' for n in range(3))
    newspaper.pages["/"] = f"<html><head>{names}</head><body><p>Hello</p></body></html>"
    newspaper.pages["/feed/1"] = rss(newspaper.url("/1"))
    feed = read(subscription.add(newspaper.url("/")))
    assert feed.offers == [newspaper.url(f"/feed/{n}") for n in range(3)]
    assert "web page, not a feed" in feed.fault
    subscription.choose(feed, url="https://elsewhere.example/feed")
    assert Feed.objects.get().url == newspaper.url("/")
    subscription.choose(feed, url=newspaper.url("/feed/1"))
    assert read(Feed.objects.get()).fault == ""


def test_a_paused_feed_is_not_asked_for(newspaper: Newspaper) -> None:
    newspaper.pages["/feed"] = rss(newspaper.url("/1"))
    feed = subscription.add(newspaper.url("/feed"))
    subscription.pause(feed, is_paused=True)
    read(feed)
    assert newspaper.asked == []
    subscription.pause(feed, is_paused=False)
    assert read(feed).good_at is not None


def test_pausing_while_it_is_read_holds(newspaper: Newspaper) -> None:
    newspaper.pages["/feed"] = rss(newspaper.url("/1"))
    job = subscription.add(newspaper.url("/feed")).job
    stale = Job.objects.with_subjects().get(pk=job.pk)
    subscription.pause(Feed.objects.get(), is_paused=True)
    subscription.read(stale)
    assert Feed.objects.get().is_paused


def test_removing_keeps_what_came_from_it(newspaper: Newspaper) -> None:
    newspaper.pages["/feed"] = rss(newspaper.url("/1"))
    feed = read(subscription.add(newspaper.url("/feed")))
    subscription.remove(feed)
    assert Link.objects.get().feed is None
    assert not Job.objects.filter(kind="feed").exists()


def test_an_entity_bomb_is_refused(newspaper: Newspaper) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
    newspaper.pages["/feed"] = bomb
    assert "entities of its own" in read(subscription.add(newspaper.url("/feed"))).fault
    assert Link.objects.count() == 0


def test_no_address_is_refused() -> None:
    with pytest.raises(Refused):
        subscription.add("not an address at all")
