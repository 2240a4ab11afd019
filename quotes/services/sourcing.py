"""What the reports of a quote say of how it is known: verdict, grade with its reason, safe wording, signals, coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast
from urllib.parse import urljoin

from django.core.cache import caches
from django.db.models import Count, Min

from quotes.models import Article, Attribution, Flag, Quote, Relay
from quotes.models.review import DISPUTING
from quotes.services.origins import Origin
from quotes.text.citation import Citation
from quotes.text.verdict import BEST_FIRST, grade_reason, verdict
from quotes.text.wording import FRAGMENT, WORD, Report, Teller, safe

MANY, KEPT = 20_000, 60
"""Articles from which what was read in all is not counted for every page anew, and the seconds for which it is taken to be the
same."""

LOOKED_AROUND = timedelta(days=3)
"""Around the first report: articles of these days are where a firsthand source would stand."""


def verdict_of(quote: Quote, reports: Sequence[Attribution]) -> str:
    """How the quote is known, in one or two sentences. No query."""
    best = _best(quote, reports)
    if not best:
        return "No article reports this any more."
    return verdict(
        quote.sourcing,
        _through(quote, best),
        articles=quote.article_count,
        outlets=quote.outlet_count,
        origins=quote.origin_count,
        hedged=all(report.hedged for report in best),
    )


def _best(quote: Quote, reports: Sequence[Attribution]) -> list[Attribution]:
    """The reports of the quote's own class."""
    return [report for report in reports if report.sourcing == quote.sourcing]


def _through(quote: Quote, best: Sequence[Attribution]) -> list[str]:
    """Everyone the best reports have it from; at third hand the steps of one chain."""
    chains = [[relay.label for relay in report.relays.all() if relay.is_stated] for report in best]
    return chains[0] if quote.sourcing == "thirdhand" else [name for chain in chains for name in chain]


def grade_reason_of(
    quote: Quote, reports: Sequence[Attribution], origins: Sequence[Origin], flags: Sequence[Flag]
) -> str:
    """Why the quote has its grade; empty for one nobody reports. No query."""
    if not quote.grade or not _best(quote, reports):
        return ""
    upheld = [flag for flag in flags if flag.state == Flag.State.UPHELD and flag.kind in DISPUTING]
    return grade_reason(
        quote.grade,
        quote.sourcing,
        _through(quote, _best(quote, reports)),
        firsthand=sum(origin.sourcing == "firsthand" for origin in origins),
        dispute=f"the flag “{upheld[0].label}”" if upheld else "",
    )


def best_report(quote: Quote, reports: Sequence[Attribution]) -> Attribution | None:
    """The report that prints the best version, of the best class; None when nobody reports it. No query."""
    told = [report for report in reports if report.variant is not None]
    rank = {report: (BEST_FIRST.index(report.sourcing), report.variant_words != quote.words) for report in told}
    return min(told, key=lambda report: rank[report], default=None)


def citation_of(quote: Quote, reports: Sequence[Attribution], base: str) -> Citation | None:
    """The best report as it is cited; `base` is the site's address. None when nobody reports it. No query."""
    best = best_report(quote, reports)
    if best is None:
        return None
    article = best.revision.article
    relays = [relay for relay in best.relays.all() if relay.is_stated]
    return Citation(
        key=f"hearsay{quote.pk}",
        words=best.variant_words,
        speaker=best.speaker.name if best.speaker else best.speaker_printed,
        relays=[f"{relay.label} ({relay.role})" if relay.role else relay.label for relay in relays],
        title=article.title,
        outlet=article.outlet.name if article.outlet else "",
        byline=article.byline,
        published=article.published.date() if article.published else None,
        url=article.canonical_url or "",
        seen=best.revision.seen_at.date(),
        permalink=urljoin(base, quote.get_absolute_url()),
    )


def safe_wording_of(quote: Quote, reports: Sequence[Attribution], flags: Sequence[Flag]) -> str:
    """The sentence that may be printed, by the best report; empty without one. No query when reports came with evidence."""
    best = best_report(quote, reports)
    if best is None:
        return ""
    upheld = [flag for flag in flags if flag.state == Flag.State.UPHELD and flag.kind in DISPUTING]
    article = best.revision.article
    languages = [relay.language for relay in best.relays.all() if relay.language and relay.language != article.language]
    return safe(
        Report(
            words=best.variant_words,
            form=cast(Literal["direct", "indirect", "mixed"], best.form),
            sourcing=best.sourcing,
            speaker=best.speaker.name if best.speaker else best.speaker_printed,
            tellers=[_teller(relay) for relay in best.relays.all()],
            outlet=article.outlet.name if article.outlet else "",
            venue=best.venue,
            cue=" ".join(span.exact for span in best.spans.all() if span.role == "cue"),
            is_hedged=best.hedged,
            language=languages[0] if languages else "",
            dispute=f"editors upheld “{upheld[0].label}”" if upheld else "",
        )
    )


def _teller(relay: Relay) -> Teller:
    named = relay.intermediary is not None
    return Teller(relay.label if relay.is_stated else "", relay.role, named, relay.inferred)


# --- signals ---------------------------------------------------------------------------------------


SIGNALS = {
    "Secondhand": "In every article somebody else tells what was said.",
    "Third-hand": "It passed through two people or more.",
    "Unnamed relay": "Somebody through whom it came is described and not named.",
    "Single origin": "All articles rest on one origin.",
    "Hedged": "An article leaves open whether it was said.",
    "Translated": "It was told in another language than it was said in.",
    "Fragment": f"Fewer than {FRAGMENT} words stand in quotation marks.",
    "No longer found": "An article no longer has these words.",
}
"""What a machine notices -> what that means."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What a machine noticed; it describes and never blames."""

    label: str
    reason: str


def signals_of(quote: Quote, reports: Sequence[Attribution]) -> list[Signal]:
    """The neutral signals of a quote, each with its reason. No query when reports came with evidence."""
    if not reports:
        return []
    relays = [[*report.relays.all()] for report in reports]
    words = len(WORD.findall(quote.words))
    noticed = {
        "Secondhand": all(relays),
        "Third-hand": all(len(chain) > 1 for chain in relays),
        "Unnamed relay": any(relay.is_stated and relay.intermediary is None for chain in relays for relay in chain),
        "Single origin": quote.article_count > 1 and quote.origin_count == 1,
        "Hedged": any(report.hedged for report in reports),
        "Translated": any(relay.language for chain in relays for relay in chain),
        "Fragment": quote.is_verbatim and words < FRAGMENT,
        "No longer found": any(not report.is_in_current_text for report in reports),
    }
    counted = {
        "Single origin": f"All {quote.article_count} articles rest on one origin.",
        "Fragment": f"Only {words} word{'s' if words != 1 else ''} stand{'s' if words == 1 else ''} in quotation marks.",
    }
    return [Signal(label, counted.get(label, SIGNALS[label])) for label, holds in noticed.items() if holds]


# --- where we looked -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a firsthand source was looked for: all outlets, and what was read from the days around the first report."""

    outlets: int
    articles: int
    articles_then: int
    outlets_then: int
    since: date | None


def coverage_of(quote: Quote) -> Coverage:
    """Two queries. What was read in all is that of up to a minute ago once there are MANY articles."""
    then = Article.objects.none()
    if quote.first_seen:
        around = (quote.first_seen - LOOKED_AROUND, quote.first_seen + LOOKED_AROUND)
        then = Article.objects.shown().filter(published__range=around)
    return Coverage(
        **_read_in_all(), **then.aggregate(articles_then=Count("pk"), outlets_then=Count("outlet", distinct=True))
    )


def _read_in_all() -> dict[str, Any]:
    """How many articles and outlets, and since when."""
    kept: dict[str, Any] | None = caches["local"].get("coverage")
    if kept is None:
        read = Article.objects.shown().aggregate(
            articles=Count("pk"), outlets=Count("outlet", distinct=True), first=Min("published")
        )
        first = read.pop("first")
        kept = read | {"since": first.date() if first else None}
        if kept["articles"] > MANY:
            caches["local"].set("coverage", kept, KEPT)
    return kept
