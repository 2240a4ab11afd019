"""Full-text search of quotes, whatever the database: what is filed for each quote, and which quotes fit some words.

Words are told apart, stemmed and spelled here and not by the database, so that SQLite's FTS5 and PostgreSQL's tsvector find
the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice
from types import ModuleType

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from quotes.models import Attribution, Quote, SearchEntry
from quotes.models.quote import QuoteQuerySet
from quotes.services import search_postgres, search_sqlite
from quotes.text.normalize import stem
from quotes.text.query import folded

MOST_ARTICLES = 40
"""Articles of a quote whose titles are searched, the first."""

MOST_WORDS = 5_000
MARK = "zq"
"""What words begin with that are not filed as they are written."""

BREAK = ""
"""Stands between the texts of an entry, so that no phrase runs from one into the next: a word nobody writes."""

PLAIN = re.compile(rf"(?!{MARK})[a-z][a-z0-9]{{0,99}}")
"""Words that every database takes for one word, and for the same."""


def entry(quote: Quote, reports: Sequence[Attribution]) -> SearchEntry:
    """What a quote is searched by. No query when the reports came with variant, relays, article and outlet."""
    texts = dict.fromkeys(_texts(quote, reports))
    words = [word for text in texts for word in (*folded(text), BREAK)][:MOST_WORDS]
    stems = dict.fromkeys(stem(word) for word in words if word != BREAK)
    return SearchEntry(quote_id=quote.pk, words=filed(words), stems=filed(stems))


def filed(words: Iterable[str]) -> str:
    """Words as they are given to a database, which else might split, fold or leave out what it has rules of its own for."""
    return " ".join(word if PLAIN.fullmatch(word) else _spelled(word) for word in words)


def _spelled(word: str) -> str:
    """Another script, a number or a very long word, in letters and digits."""
    code = word.encode("utf-8", "surrogatepass")
    return MARK + (code.hex() if len(code) <= 100 else sha256(code).hexdigest())


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
    exact = [filed(folded(phrase)) for phrase in phrases]
    if any(stems) or any(exact):
        found = found.filter(pk__in=_quotes([s for s in stems if s], [e for e in exact if e]))
    for unwanted in filter(None, map(folded, without)):
        several = len(unwanted) > 1
        found = found.exclude(pk__in=_quotes([] if several else [stem(unwanted[0])], [filed(unwanted)] * several))
    return found


def _quotes(stems: Sequence[str], phrases: Sequence[str]) -> RawSQL:
    return engine(connection.vendor).matching(filed(stems).split(), phrases)  # type: ignore[no-any-return]


def engine(vendor: str) -> ModuleType:
    """The module that knows a database's own search."""
    return search_postgres if vendor == "postgresql" else search_sqlite


def is_sound() -> bool:
    """Whether the database's own index is made of the entries. Reads all of it once."""
    with transaction.atomic(), connection.cursor() as cursor:
        return bool(engine(connection.vendor).is_sound(cursor))


def rebuild() -> None:
    """Makes the database's own index again. Nobody else can write meanwhile."""
    with connection.cursor() as cursor:
        engine(connection.vendor).rebuild(cursor)
