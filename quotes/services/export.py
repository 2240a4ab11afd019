"""Quotes, lists and decisions as data."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from quotes.models import Article, Attribution, Decision, Quote
from quotes.models.decision import TOOK_DOWN
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
            Prefetch("variants__attributions", queryset=Attribution.objects.shown().with_evidence()),
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
            "variants": [variant.wording for variant in quote.variants.all() if variant.attributions.all()],
            "attributions": [
                attribution_row(attribution)
                for variant in quote.variants.all()
                for attribution in variant.attributions.all()
            ],
        }


def decision_lines() -> Iterator[dict[str, Any]]:
    """One mapping a decision, the oldest first: who, when, what changed, and why. One query for every 2,000.

    `who` is null for what Hearsay did itself, by a rule. What was on record can be followed from these lines alone; on what
    was taken down they say that something was decided (`withheld`), and not what.
    """
    told = Exists(Decision.objects.shown().filter(pk=OuterRef("pk")))
    rows = Decision.objects.order_by("pk").select_related("actor").annotate(is_told=told)
    for decision in rows.iterator(chunk_size=2000):
        is_shown = decision.is_told  # type: ignore[attr-defined]  # annotated
        is_told = is_shown or decision.verb.endswith(TOOK_DOWN)
        yield {
            "id": decision.pk,
            "made_at": decision.made_at.isoformat(),
            "who": decision.actor.get_username() if decision.actor else None,
            "verb": decision.verb,
            "quote": decision.quote_id,
            "attribution": decision.attribution_id,
            "flag": decision.flag_id,
            "match": decision.match_id,
            "speaker": decision.speaker_id,
            "article": decision.article_id,
            "before": _in_order(decision.before) if is_told else {},
            "after": _in_order(decision.after) if is_told else {},
            "moved": _in_order(decision.changes) if is_told else [],
            "undoes": decision.undoes_id,
            "reason": decision.reason if is_shown else "",
            "withheld": not is_shown,
        }


def _in_order(value: Any) -> Any:
    """A value out of JSON with its names in order: each database keeps them in one of its own."""
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in sorted(value)}
    return [_in_order(each) for each in value] if isinstance(value, list) else value


Row = dict[str, Any]


def quote_row(quote: Quote, base: str) -> Row:
    """One quote of a list. No query after with_row_details and with its outlets loaded."""
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


def speaker_row(speaker: Any, base: str) -> Row:
    """One speaker of a list, after with_counts."""
    return {
        "id": speaker.pk,
        "name": speaker.name,
        "kind": speaker.kind,
        "role": speaker.role,
        "wikidata_id": speaker.wikidata_id,
        "said": speaker.said_count,
        "relayed": speaker.relayed_count,
        "url": urljoin(base, speaker.get_absolute_url()),
    }


def outlet_row(outlet: Any, base: str) -> Row:
    """One outlet of a list, after with_counts."""
    return {
        "id": outlet.pk,
        "slug": outlet.slug,
        "name": outlet.name,
        "kind": outlet.kind,
        "country": outlet.country,
        "articles": outlet.article_count,
        "since": outlet.since.isoformat() if outlet.since else None,
        "invented": outlet.is_demo,
        "url": urljoin(base, outlet.get_absolute_url()),
    }


def article_row(article: Article, base: str) -> Row:
    """One article of a list, after with_list_details."""
    return {
        "id": article.pk,
        "title": article.title,
        "outlet": article.outlet.name if article.outlet else None,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "original": article.canonical_url,
        "copied_from": article.copied_from_id,
        "url": urljoin(base, article.get_absolute_url()),
    }


def with_quote_details(quotes: QuoteQuerySet) -> QuoteQuerySet:
    """What quote_row needs. Three queries in all."""
    return quotes.with_row_details().prefetch_related("outlets")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list as data: the columns of its rows, how one is told, and what is loaded with them."""

    columns: tuple[str, ...]
    row: Callable[[Any, str], Row]
    loaded: Callable[[Any], QuerySet[Any]] = QuerySet.all


LISTS = {
    "quotes": Kind(
        tuple(
            "id words verbatim speaker class grade through outlets articles origins first_seen last_seen language flags url".split()
        ),
        quote_row,
        with_quote_details,
    ),
    "speakers": Kind(tuple("id name kind role wikidata_id said relayed url".split()), speaker_row),
    "outlets": Kind(tuple("id slug name kind country articles since invented url".split()), outlet_row),
    "refusals": Kind(("line", "why"), lambda refusal, base: {"line": refusal.line, "why": refusal.message}),
    "articles": Kind(tuple("id title outlet byline published language original copied_from url".split()), article_row),
}
"""Every kind of list that can be had as data."""


def rows(found: QuerySet[Any], base: str, kind: str = "quotes") -> Iterator[Row]:
    """The rows of a list, each as a mapping of its columns. `base` is the site's address, with its last slash.

    For quotes three queries for every 500 rows; for the others one in all.
    """
    how = LISTS[kind]
    for item in how.loaded(found).iterator(chunk_size=500):
        yield how.row(item, base)


def csv_lines(found: QuerySet[Any], base: str, kind: str = "quotes") -> Iterator[str]:
    """The same as CSV: see csv_of."""
    columns = LISTS[kind].columns
    return csv_of(columns, ([row[name] for name in columns] for row in rows(found, base, kind)))


def csv_of(columns: Iterable[str], table: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A table as CSV (RFC 4180), a line at a time, in UTF-8 with a byte order mark, so that spreadsheets read it right.

    Every cell stands in quotation marks, so that a spreadsheet that splits at semicolons finds none inside; one that it
    could take for a formula has an apostrophe before it (see `cell`).
    """
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow(columns)
    for row in table:
        yield writer.writerow([cell(value) for value in row])


class _Echo:
    """A file that gives back what is written: one line at a time is sent."""

    def write(self, line: str) -> str:
        return line


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula begins with in one spreadsheet or another, the wide forms of East Asian keyboards included."""


def cell(value: Any) -> str:
    """A value as a cell: yes or no for truth, lists with semicolons, and text that is no formula anywhere.

    Before what FORMULA names, and before an apostrophe, comes an apostrophe: who takes the first apostrophe of every cell
    away has the text as it was.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


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
