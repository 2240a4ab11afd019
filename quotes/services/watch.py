"""Watches: who wants to be told of which events on which quotes; what happened since; how much that would be."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.core import signing
from django.db import transaction
from django.db.models import ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.fields import BooleanField
from django.utils import timezone

from quotes.models import Article, Event, Inbox, Outlet, Quote, Speaker, Watch
from quotes.models.quote import QuoteQuerySet
from quotes.models.review import KINDS
from quotes.models.watch import EVENTS, PERIODS, EventQuerySet
from quotes.services.record import NotAllowed
from quotes.services.search import Search
from quotes.text.query import parse

MOST_WATCHES = 100
"""Things one person may watch: all of them make one query."""

MOST_SEARCHES = 10
"""Searches among them: each is asked for with everything else whenever the list or the feed is opened."""

MOST_LISTED = 1000
"""Events somebody can page back through, the newest: counting stops there."""

LONGEST_SEARCH = 500
COUNTED = timedelta(days=30)
"""What the expected volume goes by."""

SETTLED = timedelta(minutes=1)
"""Age from which no event with a lower number can still appear."""

BY_AN_ARTICLE = ("report", "drifted")
"""Events an article makes: of an outlet one is told of its own, and not of what others print of the same quotes."""

SALT = "quotes.services.watch.unsubscribe"
Row = TypeVar("Row", Quote, Speaker)


# --- what is watched -------------------------------------------------------------------------------


def aim(
    *,
    quote: Quote | None = None,
    speaker: Speaker | None = None,
    intermediary: Speaker | None = None,
    outlet: Outlet | None = None,
    search: str = "",
) -> Watch:
    """A watch of exactly one thing, not saved: of what a merged quote or speaker leads to, and of a search as it is read.

    Told of every kind of event, every day. Raises NotAllowed for a search without words, or too long a one. No query
    for what was not merged.
    """
    query = str(parse(search, KINDS))
    if len(query) > LONGEST_SEARCH:
        raise NotAllowed(f"This search is too long to be watched: the most is {LONGEST_SEARCH} characters.")
    watch = Watch(events=list(EVENTS), period="daily", outlet=outlet, search=query)
    watch.quote = _living(quote) if quote else None
    watch.speaker, watch.intermediary = (_living(one) if one else None for one in (speaker, intermediary))
    watch.target = _target(watch)
    if not watch.target:
        raise NotAllowed("Say what to watch: a quote, a speaker, an outlet or a search.")
    return watch


def _living(row: Row) -> Row:
    """What a merged row leads to."""
    while row.merged_into is not None:
        row = row.merged_into
    return row


def _target(watch: Watch) -> str:
    """What is watched, in one word: `quote:12`, `speaker:5`, `speaker:5 via:7`, `outlet:3`, `search:via:Ushakov`."""
    if watch.quote:
        return f"quote:{watch.quote.pk}"
    if watch.speaker:
        return f"speaker:{watch.speaker.pk}" + (f" via:{watch.intermediary.pk}" if watch.intermediary else "")
    return f"outlet:{watch.outlet.pk}" if watch.outlet else f"search:{watch.search}" if watch.search else ""


def set_watch(*, watch: Watch, person: User, events: Collection[str], period: str) -> Watch:
    """Saves an aim as somebody's watch, from now on; changes theirs when they watch the same already. Seven queries.

    Raises NotAllowed without events, for unknown ones or an unknown period, and beyond MOST_WATCHES and MOST_SEARCHES.
    """
    values = _checked(events, period)
    with transaction.atomic():
        if Watch.objects.filter(person=person).exclude(target=watch.target).count() >= MOST_WATCHES:
            raise NotAllowed(f"You watch {MOST_WATCHES} things already. Remove one first.")
        searches = Watch.objects.filter(person=person).exclude(search="").exclude(target=watch.target)
        if watch.search and searches.count() >= MOST_SEARCHES:
            raise NotAllowed(f"You watch {MOST_SEARCHES} searches already. Remove one first.")
        inbox_of(person)
        aimed = {name: getattr(watch, name) for name in ("quote", "speaker", "intermediary", "outlet", "search")}
        return Watch.objects.update_or_create(
            person=person,
            target=watch.target,
            defaults=values,
            create_defaults={**values, **aimed, "from_event": last_event()},
        )[0]


def change(*, watch: Watch, events: Collection[str], period: str) -> None:
    """Which events, and how often. One query. Raises NotAllowed as `set_watch` does."""
    for name, value in _checked(events, period).items():
        setattr(watch, name, value)
    watch.save(update_fields=["events", "period"])


def _checked(events: Collection[str], period: str) -> dict[str, Any]:
    if not events or not set(events) <= set(EVENTS):
        raise NotAllowed("Choose at least one event.")
    if period not in PERIODS:
        raise NotAllowed("Choose how often you want an e-mail.")
    return {"events": [kind for kind in EVENTS if kind in events], "period": period}


def remove(*, watch: Watch) -> None:
    """One query."""
    watch.delete()


def number(person: User | AnonymousUser, aimed: Q) -> Subquery:
    """The number of somebody's watch, or nothing, as part of another query."""
    return Subquery(Watch.objects.filter(aimed, person=person.pk).order_by("pk").values("pk")[:1])


AT_QUOTE = Q(quote=OuterRef("pk")) | Q(quote__merged_into=OuterRef("pk"))
AT_SPEAKER = Q(speaker=OuterRef("pk"), intermediary=None) | Q(speaker__merged_into=OuterRef("pk"), intermediary=None)
AT_OUTLET = Q(outlet=OuterRef("pk"))


def at_search(query: str) -> Q:
    return Q(target=f"search:{query}")


# --- what happened ---------------------------------------------------------------------------------


def last_event() -> int:
    """One query."""
    return Event.objects.newest_first().values_list("pk", flat=True).first() or 0


def events_for(watches: Sequence[Watch]) -> EventQuerySet:
    """The events these watches tell, newest first, each once; `told_by` says by which.

    One query when run, whatever is watched: also the names in searches are part of it. `watches` come from
    Watch.objects.of, or are aims.
    """
    since = min((watch.from_event for watch in watches), default=0)
    told = {watch.pk: Q(pk__gt=watch.from_event) & _tells(watch) for watch in watches}
    found = Event.objects.shown().since(since).filter(reduce(or_, told.values(), Q(pk__in=[])))
    by = {f"by_{pk}": ExpressionWrapper(condition, BooleanField()) for pk, condition in told.items()}
    return found.annotate(**by).with_details().newest_first()


def told_by(event: Event, watches: Sequence[Watch]) -> list[Watch]:
    """By which of them `events_for` told an event. No query."""
    return [watch for watch in watches if getattr(event, f"by_{watch.pk}")]


def _tells(watch: Watch) -> Q:
    """Which events a watch tells, whenever they were. By an event's own columns alone, so that nothing is joined."""
    kinds = Q(kind__in=watch.events) if len(watch.events) < len(EVENTS) else Q()  # all: then the newest are read first
    if watch.outlet is None:
        return kinds & _on_watched(watch)
    articles = Article.objects.shown().in_outlet(watch.outlet).values("pk")
    its_own = Q(kind__in=BY_AN_ARTICLE, article__in=articles)
    return kinds & (its_own | (~Q(kind__in=BY_AN_ARTICLE) & _on(Quote.objects.in_outlet(watch.outlet))))


def _on_watched(watch: Watch) -> Q:
    if watch.quote:
        quote = _living(watch.quote)
        return Q(quote=quote) | Q(quote__in=Quote.objects.filter(merged_into=quote).values("pk"))
    if watch.speaker is None:
        return _on(Search(parse(watch.search, KINDS), is_one_query=True).quotes())
    speaker = _living(watch.speaker)
    said = Quote.objects.filter(speaker__in=Speaker.objects.filter(Q(pk=speaker.pk) | Q(merged_into=speaker)))
    if watch.intermediary is None:
        return Q(quote__in=said.values("pk"))  # what was merged into another quote has the same speaker
    return _on(said.relayed_by(_living(watch.intermediary)))


def _on(quotes: QuoteQuerySet) -> Q:
    """Events on these quotes, and on what was merged into them since."""
    covered = quotes.order_by().values("pk")
    merged = Quote.objects.filter(merged_into__isnull=False, merged_into__in=covered)
    return Q(quote__in=covered) | Q(quote__in=merged.values("pk"))


def expected(watch: Watch) -> str:
    """How much a watch would tell, in a sentence, by how much it would have told lately. One query."""
    count = Event.objects.filter(_tells(watch), made_at__gte=timezone.now() - COUNTED).count()
    if not count:
        return f"Nothing in the last {COUNTED.days} days."
    weekly = round(7 * count / COUNTED.days)
    often = f"About {count} a month" if weekly < 2 else f"About {weekly:,} a week"
    return f"{often}, by the last {COUNTED.days} days."


# --- whom it is told -------------------------------------------------------------------------------


def inbox_of(person: User) -> Inbox:
    """Theirs; made on the first call, from now on. One query, and three on the first call."""
    inbox = Inbox.objects.filter(person=person).first()
    if inbox is None:
        last = last_event()
        told = {"seen_event": last, "daily_event": last, "weekly_event": last}
        inbox, _ = Inbox.objects.get_or_create(person=person, defaults=told)
    return inbox


def look(*, inbox: Inbox, shown: Iterable[Event]) -> None:
    """Notes that somebody looked at events: the next time these are not new. One query, or none when nothing is.

    `inbox` stays as it was, so that a page can say what was new. The last minute's events stay new: one of a lower
    number may still appear.
    """
    settled = timezone.now() - SETTLED
    last = max((event.pk for event in shown if event.made_at < settled), default=0)
    if last > inbox.seen_event:
        Inbox.objects.filter(pk=inbox.pk, seen_event__lt=last).update(seen_event=last)


def renew_feed(*, inbox: Inbox) -> None:
    """Gives the private feed another address; the old one stops working at once. One query."""
    inbox.feed_key = secrets.token_urlsafe(24)
    inbox.save(update_fields=["feed_key"])


def token_of(person: User, period: str) -> str:
    """What the address that stops the e-mails of a period carries: signed, and without an end."""
    return signing.dumps([person.pk, period], salt=SALT)


def bearer(token: str) -> tuple[User, str] | None:
    """Whose e-mails a token stops, and of which period; None for a token that is not whole. One query."""
    try:
        pk, period = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=pk).first()
    return (person, period) if person else None


def unsubscribe(*, person: User, period: str) -> int:
    """From now on what was told by e-mail in this period is told in the list and the feed alone; how many watches. One query."""
    return Watch.objects.filter(person=person, period=period).update(period="never")
