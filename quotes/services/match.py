"""Attributions -> variants and quotes; and proposals where two quotes may be one.

Equal words of one resolved speaker are linked by machine, and reworded ones when that is near certain. What is less
sure, or changed in meaning, is proposed with its reasons and alarms; a person decides.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from quotes.models import Attribution, Match, Quote, Variant
from quotes.services import index
from quotes.text.frequencies import Frequencies
from quotes.text.match import SAME_AT, SHORT, Comparison, Wording, compare
from quotes.text.normalize import content_words, fingerprint
from quotes.text.reasons import VOICES, sentences

LONG_ENOUGH = 8
"""Content words from which equal words are one remark on any day, not only within the window."""

WINDOW_DAYS = 7
"""Days within which equal words of middling length are taken for one remark."""

SHORT_WINDOW_DAYS = 2
"""The window for wordings of fewer than FRAGMENT_WORDS content words (“anytime”, “no comment”)."""

MOST_PROPOSING = 500
"""Attributions of one article for which proposals are looked for; a longer one is a transcript."""

AVERAGE_LINK = 0.75
"""The share of SAME_AT that the mean probability over a quote's wordings must reach to join it."""

MOST_WORDINGS = 30
"""Wordings of one quote that a new one is held against."""

MOST_COMPARED = 40
"""Candidates of the index that a new wording is compared with, those that share most."""

BEST_KEPT = 5
"""Proposals kept for one attribution."""

FRAGMENT_WORDS = 5
"""Content words below which equal words are one remark only on days close together."""


def place(attribution: Attribution, wording: str, day: date | None) -> None:
    """Gives an attribution its variant and quote. Up to ten queries, and one for each quote that is near certain.

    What already has a variant with these words and this speaker stays where it is. Equal words of one resolved
    speaker are one quote; so are reworded ones, when they are near certain and no change of meaning objects.
    """
    if not wording.strip():
        return
    mark = fingerprint(wording)
    current = attribution.variant
    if current is not None and current.fingerprint == mark and current.quote.speaker_id == attribution.speaker_id:
        return
    attribution.matches.filter(outcome=Match.Outcome.LINKED).delete()
    known = _known(attribution, wording, mark, day)
    if known is not None:
        _link(attribution, known, known, 1.0, ["The words are the same.", VOICES["same"]])
        return
    near = _reworded(attribution, wording, day)
    if near is not None:
        variant = _variant(near.variant.quote, wording, mark)
        _link(attribution, variant, near.variant, near.found.probability, sentences(near.found.evidence))
        return
    attribution.variant = _new(attribution, wording, mark, day)
    attribution.save(update_fields=["variant"])


def _link(attribution: Attribution, own: Variant, like: Variant, score: float, reasons: list[str]) -> None:
    """Puts an attribution under its own wording, and notes which known one it was recognised by."""
    attribution.variant = own
    attribution.save(update_fields=["variant"])
    Match.objects.create(
        attribution=attribution, variant=like, score=round(score, 3), reasons=reasons, outcome=Match.Outcome.LINKED
    )


class Reworded(NamedTuple):
    """A known wording that a new one is near certain to reword."""

    variant: Variant
    found: Comparison
    mean: float
    """The mean probability over all wordings of its quote."""


def _reworded(attribution: Attribution, wording: str, day: date | None) -> Reworded | None:
    """The quote of the same speaker that a wording rewords, by average link: chains of likeness make no quote.

    Only what other articles report: whether one article says a thing once or twice is for a person to tell. Each
    wording of the quote counts; one alarm against any of them leaves the decision to an editor.
    """
    if attribution.speaker_id is None:
        return None
    near = index.near(wording, most=MOST_COMPARED)
    elsewhere = Variant.objects.reported_outside(attribution.revision.article_id)
    said = elsewhere.filter(quote__speaker=attribution.speaker_id, quote__merged_into=None).select_related("quote")
    nearest: dict[Quote, tuple[Comparison, Variant]] = {}
    for other in said.in_bulk([candidate.variant for candidate in near.candidates]).values():
        found = _compared(wording, other, day, near.frequencies)
        best = nearest.get(other.quote)
        if found.tier == "same" and (best is None or found.probability > best[0].probability):
            nearest[other.quote] = (found, other)
    joined = []
    for quote, (found, like) in nearest.items():
        all_of_it = [_compared(wording, v, day, near.frequencies) for v in said.filter(quote=quote)[:MOST_WORDINGS]]
        mean = sum(each.probability for each in all_of_it) / len(all_of_it)
        calm = not any(each.alarms for each in all_of_it)
        if calm and mean >= AVERAGE_LINK * SAME_AT and _is_long_enough(attribution, found, like):
            joined.append(Reworded(like, found, mean))
    return max(joined, key=lambda reworded: (reworded.mean, -reworded.variant.pk), default=None)


def _known(attribution: Attribution, wording: str, mark: str, day: date | None) -> Variant | None:
    """A variant with the same words of the same speaker, near enough in time."""
    if attribution.speaker_id is None:
        return None
    same = Variant.objects.filter(fingerprint=mark, quote__speaker=attribution.speaker_id, quote__merged_into=None)
    if len(content_words(wording)) < LONG_ENOUGH:
        if day is None:
            return None
        short = len(content_words(wording)) < FRAGMENT_WORDS
        first, last = _around(day, SHORT_WINDOW_DAYS if short else WINDOW_DAYS)
        same = same.filter(quote__first_seen__date__lte=last, quote__last_seen__date__gte=first)
    return same.order_by("pk").first()


def _around(day: date, days: int) -> tuple[date, date]:
    """The first and last day of a window, within the calendar."""
    number = day.toordinal()
    first, last = max(number - days, date.min.toordinal()), min(number + days, date.max.toordinal())
    return date.fromordinal(first), date.fromordinal(last)


def _new(attribution: Attribution, wording: str, mark: str, day: date | None) -> Variant:
    article = attribution.revision.article
    seen = article.published or article.added_at
    quote = Quote.objects.create(
        speaker_id=attribution.speaker_id, language=article.language, words=wording, first_seen=seen, last_seen=seen
    )
    return _variant(quote, wording, mark)


def _variant(quote: Quote, wording: str, mark: str) -> Variant:
    variant, is_new = Variant.objects.get_or_create(quote=quote, fingerprint=mark, defaults={"wording": wording})
    if is_new:
        index.add(variant)
    return variant


def propose(attributions: Iterable[Attribution], day: date | None) -> None:
    """Writes the best proposals for new attributions of one article. Five queries each, and the inserts."""
    placed = [a for a in attributions if a.variant and a.speaker_id and a.status != Attribution.Status.REJECTED]
    placed = placed[:MOST_PROPOSING]
    if not placed:
        return
    seen = _pairs_known(placed[0].revision.article_id)
    proposed: list[Match] = []
    for attribution in placed:
        wording = attribution.variant.wording if attribution.variant else ""
        compared = [(_compared(wording, other, day, known), other) for other, known in _unseen(attribution, seen)]
        offered = [pair for pair in compared if pair[0].tier != "different" and _is_long_enough(attribution, *pair)]
        best = heapq.nlargest(BEST_KEPT, offered, key=lambda pair: (pair[0].probability, pair[1].pk))
        proposed += [_proposal(attribution, other, found) for found, other in best]
    Match.objects.bulk_create(proposed)


def _pairs_known(article: int) -> set[frozenset[int]]:
    """Pairs of wordings that have been compared already and proposed, from either side."""
    touching = Q(attribution__revision__article=article) | Q(variant__attributions__revision__article=article)
    pairs = Match.objects.filter(touching).values_list("variant", "attribution__variant")
    return {frozenset(pair) for pair in pairs}


def _unseen(attribution: Attribution, seen: set[frozenset[int]]) -> Iterator[tuple[Variant, Frequencies]]:
    """Wordings of the speaker's other quotes not compared with this one before; notes that they are now."""
    variant = attribution.variant
    if variant is None:
        return
    found = index.near(variant.wording, most=MOST_COMPARED)
    said = Variant.objects.filter(quote__report_count__gt=0, quote__speaker=attribution.speaker_id)
    others = said.exclude(quote=variant.quote_id).select_related("quote").in_bulk([c.variant for c in found.candidates])
    for other in others.values():
        if frozenset((variant.pk, other.pk)) not in seen:
            seen.add(frozenset((variant.pk, other.pk)))
            yield other, found.frequencies


def _compared(wording: str, other: Variant, day: date | None, known: Frequencies) -> Comparison:
    """One speaker's wordings, compared."""
    seen = other.quote.first_seen
    return compare(
        Wording(wording, day=day),
        Wording(other.wording, day=seen.date() if seen else None),
        heard="same",
        frequencies=known,
    )


def _is_long_enough(attribution: Attribution, found: Comparison, other: Variant) -> bool:
    """A few words are a fragment of a longer quote only in the same article, or through the same intermediary."""
    if found.evidence.exact or found.evidence.words >= SHORT:
        return True
    told = Q(revision__article=attribution.revision.article_id)
    told |= Q(relays__intermediary__in=attribution.relays.exclude(intermediary=None).values("intermediary"))
    return other.attributions.filter(told).exists()


def _proposal(attribution: Attribution, other: Variant, found: Comparison) -> Match:
    return Match(
        attribution=attribution,
        variant=other,
        score=round(found.probability, 3),
        reasons=sentences(found.evidence),
        alarms=[str(alarm) for alarm in found.alarms],
    )
