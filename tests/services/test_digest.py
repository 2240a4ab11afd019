from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from quotes.models import Event, Inbox, Quote
from quotes.services import digest, watch
from quotes.services.notice import notices
from quotes.services.sourcing import safe_wording_of
from quotes.services.summary import reports_of
from tests.factories import (
    PUBLISHED,
    make_article,
    make_attribution,
    make_event,
    make_flag,
    make_quote,
    make_speaker,
    make_user,
    make_watch,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> User:
    user = make_user("ann")
    user.email = "ann@paper.example"
    user.save()
    return user


def run(period: str = "daily", **kwargs: Any) -> list[str]:
    return digest.run(period=period, write=lambda found: ("text", "<p>html</p>"), **kwargs).sent


# --- how far somebody was told ---


def test_the_last_minute_waits_and_so_does_whatever_was_numbered_after_it(ann: User) -> None:
    quote = make_quote()
    make_watch(ann, quote=quote)
    settled, fresh = make_event(quote, "denied"), make_event(quote, "upheld", minutes_ago=0)
    late = make_event(quote, "reversed")  # numbered after the fresh one, by a server whose clock is behind
    assert digest.settled(timezone.now()) == settled.pk
    assert run() == ["ann"]
    assert Inbox.objects.get().daily_event == settled.pk
    Event.objects.filter(pk=fresh.pk).update(made_at=timezone.now() - timedelta(minutes=2))
    assert digest.settled(timezone.now()) == late.pk
    assert run(now=timezone.now() + timedelta(days=1)) == ["ann"]
    assert mail.outbox[1].subject.endswith("and 1 more")


def test_settled_without_events(db: None) -> None:
    assert digest.settled(timezone.now()) == 0


@pytest.mark.parametrize(
    ("period", "told", "now", "is_sent"),
    [
        ("daily", datetime(2025, 5, 21, 0, 1, tzinfo=UTC), datetime(2025, 5, 21, 23, 59, tzinfo=UTC), False),
        ("daily", datetime(2025, 5, 21, 23, 59, tzinfo=UTC), datetime(2025, 5, 22, 0, 1, tzinfo=UTC), True),
        ("weekly", datetime(2025, 5, 19, 7, 0, tzinfo=UTC), datetime(2025, 5, 25, 23, 0, tzinfo=UTC), False),
        ("weekly", datetime(2025, 5, 25, 23, 0, tzinfo=UTC), datetime(2025, 5, 26, 7, 0, tzinfo=UTC), True),
        ("weekly", datetime(2024, 5, 20, 7, 0, tzinfo=UTC), datetime(2025, 5, 19, 7, 0, tzinfo=UTC), True),
    ],
)
def test_once_a_day_and_once_a_week(period: str, told: datetime, now: datetime, is_sent: bool, ann: User) -> None:
    quote = make_quote()
    make_watch(ann, quote=quote, period=period)
    Inbox.objects.update(**{f"{period}_at": told})
    event = make_event(quote, "denied")
    Event.objects.filter(pk=event.pk).update(made_at=now - timedelta(hours=2))
    assert run(period, now=now) == (["ann"] if is_sent else [])
    assert getattr(Inbox.objects.get(), f"{period}_at") == (now if is_sent else told)


def test_no_news_does_not_use_up_the_day(ann: User) -> None:
    quote = make_quote()
    make_watch(ann, quote=quote)
    make_event(make_quote("Other words."), "denied")
    assert run() == []
    assert Inbox.objects.get().daily_event == Event.objects.get().pk
    make_event(quote, "denied")
    assert run() == ["ann"]


def test_who_begins_to_want_mail_gets_none_of_what_was_long_ago(ann: User) -> None:
    quote = make_quote()
    made = make_watch(ann, quote=quote, period="never")
    make_event(quote, "denied")
    assert run() == []
    watch.change(watch=made, events=made.events, period="daily")
    assert run() == []
    make_event(quote, "upheld")
    assert run() == ["ann"]


def test_a_daily_run_leaves_the_weekly_mark_alone(ann: User) -> None:
    quote = make_quote()
    make_watch(ann, quote=quote, period="weekly")
    make_event(quote, "denied")
    assert run("daily") == []
    assert run("weekly") == ["ann"]


def test_cost_for_each_person(ann: User, django_assert_max_num_queries: Any) -> None:
    quotes = [make_quote(f"Words {n}.") for n in range(30)]
    for quote in quotes:
        make_attribution(quote.words, quote=quote, speaker=make_speaker(), via=(make_speaker("Bob Stone"),))
        make_watch(ann, quote=quote)
        make_event(quote, "denied")
    with django_assert_max_num_queries(16):
        assert run() == ["ann"]


# --- what is said ---


def told(quote: Quote) -> str:
    return notices(Event.objects.filter(pk=make_event(quote).pk).with_details())[0].known


def check(quote: Quote) -> None:
    quote.refresh_from_db()
    assert told(quote) == safe_wording_of(quote, reports_of(quote), list(quote.flags.all()))


def test_the_wording_is_that_of_the_page(editor: User) -> None:
    words = "We will rebuild the bridge before winter."
    quote = make_quote(words, make_speaker("Ada Moor"))
    aide = make_speaker("Bob Stone")
    later, earlier = (make_article(f"So. {words} {n}", published=PUBLISHED - timedelta(days=n)) for n in range(2))
    for article in (later, earlier):
        make_attribution(words, quote=quote, speaker=quote.speaker, via=(aide,), article=article)
    check(quote)
    assert told(quote) == f"According to Bob Stone, Ada Moor said: “{words}”"
    make_attribution(words, quote=quote, speaker=quote.speaker)
    check(quote)
    make_flag(quote, editor, kind="denied", state="upheld", settled_by=editor, settled_reason="Yes.")
    check(quote)
    assert told(quote).endswith("This is disputed: editors upheld “Denied”.")


def test_five_queries_however_many(django_assert_num_queries: Any) -> None:
    for n in range(12):
        quote = make_quote(f"We will rebuild bridge {n}.", make_speaker())
        make_attribution(quote.words, quote=quote, speaker=quote.speaker, via=(make_speaker("Bob Stone"),))
        make_event(quote)
    events = list(Event.objects.with_details())
    with django_assert_num_queries(5):
        assert len(notices(events)) == 12


def test_founding_article(founding_article: Any) -> None:
    for quote in Quote.objects.all():
        check(quote)
