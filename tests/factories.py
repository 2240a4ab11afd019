"""Plain functions that make rows. Every argument has a default that says nothing about the test."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from quotes.models import (
    Article,
    Attribution,
    Decision,
    Event,
    Evidence,
    Feed,
    Flag,
    Job,
    Link,
    Outlet,
    Problem,
    Quote,
    Relay,
    Revision,
    Span,
    Speaker,
    Upload,
    Variant,
    Watch,
)
from quotes.models.watch import EVENTS
from quotes.services import extract, index, ingest, jobs, review, subscription, summary
from quotes.services.watch import aim, set_watch
from quotes.services.web import lane_name
from quotes.text.normalize import fingerprint

numbers = itertools.count(1)
PUBLISHED = datetime(2025, 5, 21, 9, 0, tzinfo=UTC)
TEXT = 'Ann Lee said: "We will rebuild the bridge before winter." She left early.'


def make_user(name: str, group: str = "") -> User:
    user = User.objects.create_user(name, password="correct horse battery")
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def make_outlet(**kwargs: Any) -> Outlet:
    number = next(numbers)
    return Outlet.objects.create(**{"name": f"Outlet {number}", "slug": f"outlet-{number}", **kwargs})


def make_article(text: str = TEXT, **kwargs: Any) -> Article:
    """An article with one revision, not read."""
    number = next(numbers)
    values = {"title": f"Article {number}", "published": PUBLISHED, **kwargs}
    if "outlet" not in values:
        values["outlet"] = make_outlet()
    article = Article.objects.create(**values)
    make_revision(article, text)
    return article


def make_revision(article: Article, text: str) -> Revision:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Revision.objects.create(article=article, number=article.revisions.count() + 1, text=text, digest=digest)


def make_speaker(name: str = "Ann Lee", **kwargs: Any) -> Speaker:
    return Speaker.objects.create(name=name, **kwargs)


def make_quote(words: str = "We will rebuild the bridge.", speaker: Speaker | None = None, **kwargs: Any) -> Quote:
    """A quote with one variant that no article reports yet."""
    quote = Quote.objects.create(speaker=speaker, words=words, **kwargs)
    variant = Variant.objects.create(quote=quote, wording=words, fingerprint=fingerprint(words))
    index.add(variant)
    return quote


def make_attribution(
    words: str = "We will rebuild the bridge before winter.",
    *,
    speaker: Speaker | None = None,
    via: tuple[Speaker, ...] = (),
    article: Article | None = None,
    quote: Quote | None = None,
    **kwargs: Any,
) -> Attribution:
    """An attribution with its article, quote, content span and chain."""
    article = article or make_article(f"Somebody said this on Tuesday. {words} The rest of the article follows here.")
    revision = article.current_revision
    assert revision is not None
    quote = quote or make_quote(words, speaker)
    start = revision.text.index(words)
    values = {
        "revision": revision,
        "speaker": speaker,
        "variant": quote.variants.get(fingerprint=fingerprint(words)),
        "form": "direct",
        "sourcing": ["firsthand", "secondhand", "thirdhand"][min(len(via), 2)],
        "start": start,
        "extractor": "test",
        "span_key": hashlib.sha256(f"{next(numbers)}".encode()).hexdigest(),
        **kwargs,
    }
    attribution = Attribution.objects.create(**values)
    Span.objects.create(attribution=attribution, role="content", start=start, end=start + len(words), exact=words)
    for position, intermediary in enumerate(via, start=1):
        Relay.objects.create(attribution=attribution, position=position, intermediary=intermediary)
    summary.refresh({quote.pk})
    return attribution


def make_evidence(flag: Flag, added_by: User, **kwargs: Any) -> Evidence:
    values = {"kind": "recording", "note": "The minister says it at 3:20.", "url": "https://video.example/1", **kwargs}
    return Evidence.objects.create(flag=flag, added_by=added_by, **values)


def make_flag(quote: Quote, raised_by: User, **kwargs: Any) -> Flag:
    return Flag.objects.create(
        **{"quote": quote, "raised_by": raised_by, "kind": "secondhand", "reason": "Known through an aide.", **kwargs}
    )


def make_problem(quote: Quote, **kwargs: Any) -> Problem:
    return Problem.objects.create(**{"quote": quote, "words": "She said it differently on air.", **kwargs})


def correct_reading(
    attribution: Attribution, actor: User, version: int | None = None, reason: str = "", **changes: Any
) -> Decision:
    """What an editor does to a reading: as it is now, with something else."""
    now = Attribution.objects.get(pk=attribution.pk)
    return review.correct(
        attribution=attribution,
        actor=actor,
        version=now.version if version is None else version,
        reading=replace(review.reading_of(now), **changes),
        reason=reason,
    )


def make_event(quote: Quote, kind: str = "report", *, minutes_ago: float = 10, **kwargs: Any) -> Event:
    """An event that was noted a while ago."""
    event = Event.objects.create(quote=quote, kind=kind, **{"detail": f"Something happened: {kind}.", **kwargs})
    Event.objects.filter(pk=event.pk).update(made_at=timezone.now() - timedelta(minutes=minutes_ago))
    event.refresh_from_db()
    return event


def make_watch(person: User, *, events: Collection[str] = tuple(EVENTS), period: str = "daily", **aimed: Any) -> Watch:
    return set_watch(watch=aim(**aimed), person=person, events=events, period=period)


def read_article(
    text: str, *, outlet: str = "Newspoint", published: datetime | None = PUBLISHED, url: str = ""
) -> Article:
    """An article through the real pipeline: pasted, stored, read."""
    stored = ingest.store(ingest.draft_paste(text, outlet=outlet, published=published, url=url))
    extract.read_revision(stored.revision)
    return stored.article


def make_job(url: str = "https://lake.example/bridge", **kwargs: Any) -> Job:
    """A link that waits to be fetched."""
    link = Link.objects.create(url=url)
    return Job.objects.create(link=link, kind="link", lane=jobs.lane(lane_name(url)), **kwargs)


def make_feed(url: str = "https://lake.example/feed.xml", **kwargs: Any) -> Feed:
    """A feed that waits to be read."""
    feed = subscription.add(url)
    for name, value in kwargs.items():
        setattr(feed, name, value)
    feed.save()
    return feed


def make_upload(**kwargs: Any) -> Upload:
    """A file of many articles, none of whose parts is queued."""
    details = {"name": "many.jsonl", "path": "/nowhere/many.jsonl", "size": 10, "digest": "0" * 64, **kwargs}
    return Upload.objects.create(**details)
