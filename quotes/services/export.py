"""Quotes as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quotes.models import Attribution, Quote
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
                _attribution(attribution)
                for variant in quote.variants.all()
                for attribution in variant.attributions.all()
                if attribution.status != Attribution.Status.REJECTED
            ],
        }


def _attribution(attribution: Attribution) -> dict[str, Any]:
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
