"""A list of quotes as a feed: JSON Feed 1.1 (jsonfeed.org) and Atom (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from quotes.models import Quote
from quotes.models.quote import QuoteQuerySet
from quotes.text.verdict import CLASS_NAMES, listed

ENTRIES = 50
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML cannot hold."""


class Entry(NamedTuple):
    """One quote in a feed. Its identity does not change with the site's address."""

    identity: str
    url: str
    title: str
    html: str
    author: str
    first_seen: datetime
    last_seen: datetime
    sourcing: str
    grade: str


def _entries(quotes: QuoteQuerySet, base: str) -> Iterator[Entry]:
    """Two queries."""
    for quote in quotes.with_row_details()[:ENTRIES]:
        seen = quote.first_seen or datetime.fromtimestamp(0, UTC)
        yield Entry(
            identity=f"tag:{urlsplit(base).hostname},2026:quote/{quote.pk}",
            url=urljoin(base, quote.get_absolute_url()),
            title=UNPRINTABLE.sub("", _title(quote)),
            html=UNPRINTABLE.sub("", _html(quote)),
            author=UNPRINTABLE.sub("", quote.speaker.name if quote.speaker else quote.speaker_printed),
            first_seen=seen,
            last_seen=quote.last_seen or seen,
            sourcing=quote.sourcing,
            grade=quote.grade,
        )


def _title(quote: Quote) -> str:
    who = quote.speaker.name if quote.speaker else quote.speaker_printed or "Not named"
    words = quote.words if len(quote.words) <= 120 else f"{quote.words[:119].rsplit(' ', 1)[0]} …"
    return f"{who}: “{words}”" if quote.is_verbatim else f"{who}: {words}"


def _html(quote: Quote) -> str:
    through = listed([relay["label"] for relay in quote.via])
    known = f"{CLASS_NAMES.get(quote.sourcing, '')}{f', through {through}' if through else ''}; grade {quote.grade}"
    count = f"{quote.article_count} article{'s' if quote.article_count != 1 else ''}"
    marks = ("“", "”") if quote.is_verbatim else ("", "")
    return format_html("<blockquote>{}{}{}</blockquote><p>{}. {}.</p>", marks[0], quote.words, marks[1], known, count)


def json_feed(quotes: QuoteQuerySet, *, title: str, home: str, address: str, base: str) -> dict[str, Any]:
    """The first ENTRIES of the list. Three queries."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{title} · Hearsay",
        "home_page_url": home,
        "feed_url": address,
        "language": "en",
        "items": [
            {
                "id": entry.identity,
                "url": entry.url,
                "title": entry.title,
                "content_html": entry.html,
                "date_published": entry.first_seen.isoformat(),
                "date_modified": entry.last_seen.isoformat(),
                "authors": [{"name": entry.author}] if entry.author else [],
                "_hearsay": {"class": entry.sourcing, "grade": entry.grade},
            }
            for entry in _entries(quotes, base)
        ],
    }


def atom(quotes: QuoteQuerySet, *, title: str, home: str, address: str, base: str) -> str:
    """The same as Atom."""
    found = Atom1Feed(title=f"{title} · Hearsay", link=home, description="", feed_url=address, language="en")
    for entry in _entries(quotes, base):
        found.add_item(
            title=entry.title,
            link=entry.url,
            description=entry.html,
            author_name=entry.author or "Not named",
            pubdate=entry.first_seen,
            updateddate=entry.last_seen,
            unique_id=entry.identity,
            categories=[entry.sourcing],
        )
    return str(found.writeString("utf-8"))
