"""Taking a quote or an article down, and bringing it back: at once everywhere, and on record.

What is derived from it is counted again in the same transaction, so that lists, searches and counts are without it. What
was read stays, so that the same words met again come into the quote that is down and not back as a new one.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from quotes.models import Article, Decision, Quote, Takedown
from quotes.models.decision import TOOK_DOWN
from quotes.models.takedown import CATEGORIES
from quotes.services import summary
from quotes.services.journal import Journal
from quotes.services.record import Conflict, NotAllowed, record
from quotes.services.turns import in_turn
from quotes.services.undo import undo

ALREADY = "It was taken down in the meantime."


def take_down(*, subject: Quote | Article, actor: User, category: str, reason: str) -> Decision:
    """Hides a quote, or an article with everything read from it. Eight queries, and those of counting its quotes again.

    Everybody may read when, and the category; the reason is for the desk. Raises NotAllowed without a reason or for an
    unknown category, Conflict when it is down already.
    """
    if category not in CATEGORIES:
        raise NotAllowed("Choose why it is taken down.")
    if not reason.strip():
        raise NotAllowed("Say why: it stays in the record, for desk heads alone.")
    with in_turn():
        subject = subject.survivor if isinstance(subject, Quote) else subject
        about: dict[str, Any] = {"quote": subject} if isinstance(subject, Quote) else {"article": subject}
        journal = Journal()
        try:
            with transaction.atomic():
                journal.made(Takedown.objects.create(category=category, **about))
        except IntegrityError:
            raise Conflict(ALREADY) from None
        decision = record(
            actor=actor,
            verb=TOOK_DOWN,
            after={"because of": CATEGORIES[category]},
            changes=journal.changes,
            reason=reason,
            is_public=False,
            **about,
        )
        summary.refresh(_quotes_of(subject), is_news=False)
    return decision


def bring_back(*, subject: Quote | Article, actor: User, reason: str) -> Decision:
    """Undoes what took it down: everything shows as before, and nobody is told of it as news.

    Raises NotAllowed when it is not down, Conflict when somebody brought it back first.
    """
    about = {"quote": subject.pk} if isinstance(subject, Quote) else {"article": subject.pk}
    last = Decision.objects.takedowns().filter(**about).first()
    if last is None or not Takedown.objects.filter(**about).exists():
        raise NotAllowed("It is not taken down.")
    return undo(decision=last, actor=actor, reason=reason)


def of_quote(quote: Quote) -> list[Takedown]:
    """Why a quote is not shown: it was taken down itself, or the articles that reported it were; else nothing.

    No query for a quote that is reported, else up to two.
    """
    if quote.report_count:
        return []
    own = Takedown.objects.filter(quote=quote)
    return list(own) or list(Takedown.objects.filter(article__revisions__attributions__variant__quote=quote).distinct())


def of_report(report: int) -> list[Takedown]:
    """Why an attribution is not shown, by its number: its article or its quote was taken down; else nothing. Two queries."""
    of_article = Takedown.objects.filter(article__revisions__attributions=report)
    return [*of_article, *Takedown.objects.filter(quote__variants__attributions=report)]


def _quotes_of(subject: Quote | Article) -> list[int]:
    if isinstance(subject, Quote):
        return [subject.pk]
    return list(Quote.objects.read_from([subject.pk]).values_list("pk", flat=True))
