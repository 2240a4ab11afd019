"""A list of quotes as a feed: JSON Feed 1.1 (jsonfeed.org) and Atom (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from django.db.models import QuerySet
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from quotes.models import Quote
from quotes.services.notice import notices
from quotes.text.verdict import CLASS_NAMES, counted, listed

ENTRIES = 50
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML cannot hold."""


class Entry(NamedTuple):
    """One quote or article in a feed. Its identity does not change with the site's address."""

    identity: str
    url: str
    title: str
    html: str
    author: str
    first_seen: datetime
    last_seen: datetime
    more: dict[str, str]
    """What JSON Feed carries besides."""


def _quotes(quotes: Any, base: str) -> Iterator[Entry]:
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
            more={"class": quote.sourcing, "grade": quote.grade},
        )


def _articles(articles: Any, base: str) -> Iterator[Entry]:
    """One query after with_list_details. The article's own text stays with its outlet."""
    for article in articles[:ENTRIES]:
        published = article.published or article.added_at
        outlet = article.outlet.name if article.outlet else ""
        yield Entry(
            identity=f"tag:{urlsplit(base).hostname},2026:article/{article.pk}",
            url=urljoin(base, article.get_absolute_url()),
            title=UNPRINTABLE.sub("", article.title),
            html=UNPRINTABLE.sub("", format_html("<p>{}{}</p>", article.title, f", {outlet}" if outlet else "")),
            author=UNPRINTABLE.sub("", outlet),
            first_seen=published,
            last_seen=max(published, article.added_at),
            more={"outlet": outlet},
        )


def _events(events: Any, base: str) -> Iterator[Entry]:
    """What happened to quotes, each entry in two sentences. Six queries after with_details."""
    for notice in notices(events[:ENTRIES]):
        said = format_html("<p>{}</p><p>{}</p>", notice.happened, notice.known)
        yield Entry(
            identity=f"tag:{urlsplit(base).hostname},2026:event/{notice.event.pk}",
            url=urljoin(base, notice.quote.get_absolute_url()),
            title=UNPRINTABLE.sub("", notice.title),
            html=UNPRINTABLE.sub("", said),
            author=UNPRINTABLE.sub("", notice.quote.speaker.name if notice.quote.speaker else ""),
            first_seen=notice.event.made_at,
            last_seen=notice.event.made_at,
            more={"event": notice.event.kind},
        )


ENTRIES_OF: dict[str, Callable[[Any, str], Iterator[Entry]]] = {
    "quotes": _quotes,
    "articles": _articles,
    "events": _events,
}
"""The kinds of list (services.export.LISTS, and what somebody watches) that make a feed: their rows have a day."""


def _title(quote: Quote) -> str:
    who = quote.speaker.name if quote.speaker else quote.speaker_printed or "Not named"
    words = quote.words if len(quote.words) <= 120 else f"{quote.words[:119].rsplit(' ', 1)[0]} …"
    return f"{who}: “{words}”" if quote.is_verbatim else f"{who}: {words}"


def _html(quote: Quote) -> str:
    through = listed([relay["label"] for relay in quote.via])
    known = f"{CLASS_NAMES.get(quote.sourcing, '')}{f', through {through}' if through else ''}; grade {quote.grade}"
    count = counted(quote.article_count, "article")
    marks = ("“", "”") if quote.is_verbatim else ("", "")
    return format_html("<blockquote>{}{}{}</blockquote><p>{}. {}.</p>", marks[0], quote.words, marks[1], known, count)


def json_feed(
    found: QuerySet[Any], kind: str = "quotes", *, title: str, home: str, address: str, base: str
) -> dict[str, Any]:
    """The first ENTRIES of the list. Three queries at most."""
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
                "_hearsay": entry.more,
            }
            for entry in ENTRIES_OF[kind](found, base)
        ],
    }


def atom(found: QuerySet[Any], kind: str = "quotes", *, title: str, home: str, address: str, base: str) -> str:
    """The same as Atom."""
    written = Atom1Feed(
        title=UNPRINTABLE.sub("", f"{title} · Hearsay"), link=home, description="", feed_url=address, language="en"
    )
    for entry in ENTRIES_OF[kind](found, base):
        written.add_item(
            title=entry.title,
            link=entry.url,
            description=entry.html,
            author_name=entry.author or "Not named",
            pubdate=entry.first_seen,
            updateddate=entry.last_seen,
            unique_id=entry.identity,
            categories=[UNPRINTABLE.sub("", value) for value in entry.more.values() if value][:1],
        )
    return str(written.writeString("utf-8"))
