"""Quotes as data."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from quotes.models import Attribution, Quote
from quotes.models.quote import QuoteQuerySet
from quotes.models.review import IN_FORCE


def quote_lines() -> Iterator[dict[str, Any]]:
    """One mapping a quote, in order of id: who, the words, every attribution with its place and chain.

    `content` offsets refer to the article's stored text. Ten queries for every 200 quotes.
    """
    rows = (
        Quote.objects.shown()
        .order_by("pk")
        .select_related("speaker")
        .prefetch_related(
            "flags",
            "variants__attributions__revision__article__outlet",
            "variants__attributions__spans",
            "variants__attributions__relays__intermediary",
        )
    )
    for quote in rows.iterator(chunk_size=200):
        yield {
            "id": quote.pk,
            "speaker": quote.speaker.name if quote.speaker else None,
            "words": quote.words,
            "sourcing": quote.sourcing,
            "origins": quote.origin_count,
            "flags": [{"kind": flag.kind, "state": flag.state} for flag in quote.flags.all() if flag.state in IN_FORCE],
            "variants": [variant.wording for variant in quote.variants.all()],
            "attributions": [
                attribution_row(attribution)
                for variant in quote.variants.all()
                for attribution in variant.attributions.all()
                if attribution.status != Attribution.Status.REJECTED
            ],
        }


COLUMNS = [
    "id",
    "words",
    "verbatim",
    "speaker",
    "class",
    "grade",
    "through",
    "outlets",
    "articles",
    "origins",
    "first_seen",
    "last_seen",
    "language",
    "flags",
    "url",
]


def rows(quotes: QuoteQuerySet, base: str) -> Iterator[dict[str, Any]]:
    """The rows of a list of quotes, each as a mapping of COLUMNS. `base` is the site's address, with its last slash.

    Three queries for every 500 quotes.
    """
    for quote in quotes.with_row_details().prefetch_related("outlets").iterator(chunk_size=500):
        yield row(quote, base)


def row(quote: Quote, base: str) -> dict[str, Any]:
    """One quote as a mapping of COLUMNS. No query after with_row_details and with its outlets loaded."""
    return {
        "id": quote.pk,
        "words": quote.words,
        "verbatim": quote.is_verbatim,
        "speaker": quote.speaker.name if quote.speaker else quote.speaker_printed,
        "class": quote.sourcing,
        "grade": quote.grade,
        "through": [relay["label"] for relay in quote.via],
        "outlets": sorted(outlet.name for outlet in quote.outlets.all()),
        "articles": quote.article_count,
        "origins": quote.origin_count,
        "first_seen": quote.first_seen.isoformat() if quote.first_seen else None,
        "last_seen": quote.last_seen.isoformat() if quote.last_seen else None,
        "language": quote.language,
        "flags": [flag.kind for flag in quote.flags_in_force],  # type: ignore[attr-defined]
        "url": urljoin(base, quote.get_absolute_url()),
    }


def csv_lines(quotes: QuoteQuerySet, base: str) -> Iterator[str]:
    """The same as CSV (RFC 4180), UTF-8 with a byte order mark, so that spreadsheets read it right.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for row in rows(quotes, base):
        yield writer.writerow([_cell(row[name]) for name in COLUMNS])


class _Echo:
    """A file that gives back what is written: one line at a time is sent."""

    def write(self, line: str) -> str:
        return line


FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def attribution_row(attribution: Attribution) -> dict[str, Any]:
    """One attribution with its chain and where it stands. No query after with_evidence."""
    article = attribution.revision.article
    spans = list(attribution.spans.all())
    return {
        "article": article.canonical_url or article.pk,
        "article_id": article.pk,
        "outlet": article.outlet.name if article.outlet else None,
        "published": article.published.isoformat() if article.published else None,
        "revision": attribution.revision.number,
        "content": [[span.start, span.end] for span in spans if span.role == "content"],
        "source": [[span.start, span.end] for span in spans if span.role == "source"],
        "relays": [
            {
                "name": relay.intermediary.name if relay.intermediary else None,
                "description": relay.description,
                "role": relay.role,
                "interest": relay.interest,
                "inferred": relay.inferred,
            }
            for relay in attribution.relays.all()
        ],
        "form": attribution.form,
        "hedged": attribution.hedged,
        "sourcing": attribution.sourcing,
        "status": attribution.status,
        "confidence": attribution.confidence,
    }
