"""Full-text search of quotes, whatever the database: what is filed for each quote, and which quotes fit some words.

Words are stemmed here and not by the database, so that SQLite's FTS5 and PostgreSQL's tsvector find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from types import ModuleType

from django.db import connection

from quotes.models import Attribution, Quote, SearchEntry
from quotes.models.quote import QuoteQuerySet
from quotes.services import search_postgres, search_sqlite
from quotes.text.normalize import stem
from quotes.text.query import folded

MOST_ARTICLES = 40
"""Articles of a quote whose titles are searched, the first."""

MOST_WORDS = 5_000
BREAK = "zqbreakqz"
"""Stands between the texts of an entry, so that no phrase runs from one into the next."""


def entry(quote: Quote, reports: Sequence[Attribution]) -> SearchEntry:
    """What a quote is searched by. No query when the reports came with variant, relays, article and outlet."""
    texts = dict.fromkeys(_texts(quote, reports))
    words = [word for text in texts for word in (*folded(text), BREAK)][:MOST_WORDS]
    stems = dict.fromkeys(stem(word) for word in words if word != BREAK)
    return SearchEntry(quote_id=quote.pk, words=" ".join(words), stems=" ".join(stems))


def _texts(quote: Quote, reports: Sequence[Attribution]) -> Iterable[str]:
    for report in reports:
        yield report.variant_words
    for report in islice(reports, MOST_ARTICLES):
        article = report.revision.article
        yield from (
            report.speaker_printed,
            report.speaker_role,
            article.title,
            article.outlet.name if article.outlet else "",
        )
        for relay in report.relays.all():
            yield from (relay.label, relay.role)
    if quote.speaker:
        yield f"{quote.speaker.name} {quote.speaker.role}"


def matching(
    found: QuoteQuerySet, words: Sequence[str], phrases: Sequence[str] = (), without: Sequence[str] = ()
) -> QuoteQuerySet:
    """The quotes that hold every word and phrase, and none of `without` (words or phrases). Part of the one query."""
    stems = [stem(word) for text in words for word in folded(text)]
    exact = [" ".join(folded(phrase)) for phrase in phrases]
    excluded = [" ".join(folded(text)) for text in without]
    if any(stems) or any(exact):
        found = found.filter(
            pk__in=engine(connection.vendor).matching([s for s in stems if s], [e for e in exact if e])
        )
    for text in filter(None, excluded):
        several = " " in text
        found = found.exclude(
            pk__in=engine(connection.vendor).matching([] if several else [stem(text)], [text] if several else [])
        )
    return found


def engine(vendor: str) -> ModuleType:
    """The module that knows a database's own search."""
    return search_postgres if vendor == "postgresql" else search_sqlite
