"""One e-mail for one person and period with everything new that their watches tell; nobody gets an empty one.

How far somebody has been told is written the moment their e-mail was handed over: a run that is killed repeats at most
one e-mail and loses none. Two runs must not go at the same time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from quotes.models import Event, Inbox, Watch
from quotes.models.watch import EventQuerySet
from quotes.services import watch as watches
from quotes.services.notice import Notice, notices, shortened

logger = logging.getLogger(__name__)

MOST_TOLD = 50
"""Events in one e-mail; of more, the number and where they are."""

PERIODS = ("daily", "weekly")


@dataclass(frozen=True)
class Digest:
    """What one person is told in one e-mail."""

    person: User
    period: str
    count: int
    """Events in all."""

    groups: list[tuple[Watch, list[Notice]]]
    """Watch -> what it tells, the newest first; what several tell stands with the newest of them."""

    @property
    def more(self) -> int:
        """Events that it only counts."""
        return self.count - sum(len(told) for _, told in self.groups)

    @property
    def subject(self) -> str:
        latest = max((notice for _, told in self.groups for notice in told), key=lambda notice: notice.event.pk)
        others = f" and {self.count - 1} more" if self.count > 1 else ""
        return f"{shortened(latest.title, 150)}{others}"

    @property
    def home(self) -> str:
        return address(reverse("watch_browse"))

    @property
    def stop(self) -> str:
        """The address at which one click stops these e-mails."""
        return address(reverse("watch_unsubscribe", args=[watches.token_of(self.person, self.period)]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whose e-mail was handed over, and whose was refused."""

    sent: list[str]
    failed: list[str]


Written = tuple[str, str]
"""The same as plain text and as HTML."""

Write = Callable[[Digest], Written]


def address(path: str) -> str:
    """A page's address, for where there is no request."""
    return f"{settings.HEARSAY_ADDRESS}{path}"


def run(*, period: str, write: Write, now: datetime | None = None) -> Outcome:
    """Sends what is due in a period; a refused e-mail is logged, told of at the next run, and stops nobody else's.

    Five queries and one connection; for each person without news four queries, with news eleven.
    """
    now = now or timezone.now()
    upto = settled(now)
    outcome = Outcome([], [])
    with closing(get_connection()) as connection:
        for inbox, digest in due(period=period, upto=upto, now=now):
            told: dict[str, Any] = {f"{period}_event": upto}
            if digest is not None:
                if not _hand_over(digest, write, connection):
                    outcome.failed.append(str(digest.person))
                    continue
                outcome.sent.append(str(digest.person))
                told[f"{period}_at"] = now
            Inbox.objects.filter(pk=inbox.pk).update(**told)
    _pass_by(period, upto)
    return outcome


def _hand_over(digest: Digest, write: Write, connection: Any) -> bool:
    """Gives one e-mail to the server; False when it, or a malformed address, stood in the way."""
    message = _message(digest, write(digest), connection)
    try:
        connection.open()
        message.send()
    except (OSError, ValueError) as error:  # SMTP's own errors are OSErrors, that of a malformed address a ValueError
        logger.error("The %s e-mail to %s was not handed over: %s", digest.period, digest.person, error)
        connection.close()  # the next one begins anew
        return False
    return True


def settled(now: datetime) -> int:
    """The event up to which all are old enough that none of a lower number can still appear. One query."""
    known = Event.objects.aggregate(last=Max("pk"), first=Min("pk", filter=Q(made_at__gte=now - watches.SETTLED)))
    return int(known["first"] - 1 if known["first"] else known["last"] or 0)


def due(*, period: str, upto: int, now: datetime) -> Iterator[tuple[Inbox, Digest | None]]:
    """Whose turn it is, each looked at only then, and what is to be sent to them: nothing without news."""
    for person in recipients(period):
        inbox = watches.inbox_of(person)
        if not _was_told(inbox, period, now):
            yield inbox, _digest(person, period, since=getattr(inbox, f"{period}_event"), upto=upto)


def recipients(period: str) -> list[User]:
    """Who has watches of a period, is active, and can be written to. One query."""
    known = User.objects.filter(is_active=True, watches__period=period).exclude(email="")
    return list(known.distinct().order_by("pk"))


def _was_told(inbox: Inbox, period: str, now: datetime) -> bool:
    """They got the e-mail of this day, or of this week, already."""
    told: datetime | None = getattr(inbox, f"{period}_at")
    if told is None:
        return False
    last, today = timezone.localtime(told).date(), timezone.localtime(now).date()
    return last == today if period == "daily" else last.isocalendar()[:2] == today.isocalendar()[:2]


def _digest(person: User, period: str, *, since: int, upto: int) -> Digest | None:
    """None without news. Eight queries with news, two without."""
    mine = list(Watch.objects.of(person).told(period))
    news: EventQuerySet = watches.events_for(mine).since(since).filter(pk__lte=upto)
    told = list(news[:MOST_TOLD])
    if not told:
        return None
    count = len(told) if len(told) < MOST_TOLD else news.count()
    groups: dict[int, tuple[Watch, list[Notice]]] = {}
    for notice in notices(told):
        first = watches.told_by(notice.event, mine)[0]
        groups.setdefault(first.pk, (first, []))[1].append(notice)
    return Digest(person, period, count, list(groups.values()))


def _message(digest: Digest, written: Written, connection: Any) -> EmailMultiAlternatives:
    text, html = written
    headers = {
        "List-Unsubscribe": f"<{digest.stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Message-ID": make_msgid(domain=urlsplit(settings.HEARSAY_ADDRESS).hostname),
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(
        digest.subject, text, settings.DEFAULT_FROM_EMAIL, [digest.person.email], connection=connection, headers=headers
    )
    message.attach_alternative(html, "text/html")
    return message


def _pass_by(period: str, upto: int) -> None:
    """Whoever gets no e-mail of this period now begins from here when they want one: not with what was long ago."""
    others = Inbox.objects.exclude(person__in=recipients(period)).filter(**{f"{period}_event__lt": upto})
    others.update(**{f"{period}_event": upto})
