"""Proposals where two quotes may be one, each with its reasons and alarms; a person decides (services.merge).

Reworded ones, when the words are alike enough to ask; and suggestions, for what may be a translation or a paraphrase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from quotes.models import Attribution, Match, Quote, Variant
from quotes.models.quote import VariantQuerySet
from quotes.services import index
from quotes.services.match import MOST_COMPARED, around, compared, form_as_printed, in_words, is_long_enough
from quotes.text.frequencies import background
from quotes.text.match import Comparison, Wording
from quotes.text.paraphrase import nearness, weighed

MOST_PROPOSING = 500
"""Attributions of one article for which proposals are looked for; a longer one is a transcript."""

BEST_KEPT = 5
"""Proposals kept for one attribution."""

SUGGESTED_DAYS = 3
"""Days within which remarks of one speaker may be translations or paraphrases of one another."""

SUGGESTED_FROM = 0.1
"""Nearness below which two remarks share nothing worth an editor's time: four in five back-translations lie above."""

SUGGESTIONS_KEPT = 3
MOST_RANKED = 200
"""Remarks of one speaker in those days that are ranked, the latest."""

Found = TypeVar("Found")


def propose(attributions: Iterable[Attribution], day: date | None) -> None:
    """Writes the best proposals and suggestions for new attributions of one article. Nine queries each; one for a speaker
    of whom nothing else is known."""
    placed = [a for a in attributions if a.variant and a.speaker_id and a.status != Attribution.Status.REJECTED]
    for attribution in placed[:MOST_PROPOSING]:
        if attribution.variant is not None and _says_more(attribution.variant):
            _propose(attribution, attribution.variant, day)


def _propose(attribution: Attribution, variant: Variant, day: date | None) -> None:
    elsewhere, (asked, suggested) = _elsewhere(variant), _asked(variant.quote)
    offers = list(_offered(attribution, variant, day, elsewhere.exclude(quote__in=asked)))
    for offer in offers:
        forget_suggestions(offer.one.quote, offer.other.quote)
        Match.objects.bulk_create([offer], ignore_conflicts=True)
    offered = {side.quote_id for offer in offers for side in (offer.one, offer.other)}
    rest = elsewhere.exclude(quote__in=asked | suggested | offered)
    Match.objects.bulk_create(_suggested(attribution, variant, day, rest), ignore_conflicts=True)


def _says_more(variant: Variant) -> bool:
    """Whether the speaker said anything besides this quote. One query."""
    return Quote.objects.filter(speaker=variant.quote.speaker_id).exclude(pk=variant.quote_id).exists()


def _asked(quote: Quote) -> tuple[set[int], set[int]]:
    """The quotes about which it was asked before, and those that were no more than suggested; itself in either. One query."""
    asked, suggested = set[int](), set[int]()
    rows = Match.objects.touching(quote).values_list("one__quote", "other__quote", "outcome", "is_suggestion")
    for one, other, outcome, is_suggestion in rows:
        (suggested if is_suggestion and outcome == Match.Outcome.PROPOSED else asked).update((one, other))
    return asked, suggested


def forget_suggestions(quote: Quote, second: Quote) -> None:
    """Takes back what was suggested of two quotes, since a better question is asked. Two queries."""
    suggested = Match.objects.across(quote, second).off_record().filter(is_suggestion=True)
    Match.objects.filter(pk__in=list(suggested.values_list("pk", flat=True))).delete()


def _offered(
    attribution: Attribution, variant: Variant, day: date | None, elsewhere: VariantQuerySet
) -> Iterator[Match]:
    """Where the words are alike enough to ask whether it is one quote."""
    near = index.near(variant.wording, most=MOST_COMPARED)
    said = elsewhere.in_bulk([candidate.variant for candidate in near.candidates])
    own = Wording(variant.wording, day=day, form=form_as_printed(attribution.form))
    pairs = [(compared(own, other, near.frequencies), other) for other in said.values()]
    offered = [pair for pair in pairs if pair[0].tier != "different" and is_long_enough(attribution, *pair)]
    for found, other in _best_of_each_quote(offered, lambda found: (bool(found.alarms), found.probability))[:BEST_KEPT]:
        yield _proposal(variant, other, round(found.probability, 3), found)


def _suggested(
    attribution: Attribution, variant: Variant, day: date | None, elsewhere: VariantQuerySet
) -> Iterator[Match]:
    """Where the same speaker, behind whatever relay, may have been translated or paraphrased: ranked, never linked."""
    if day is None:
        return
    first, last = around(day, SUGGESTED_DAYS)
    said = elsewhere.reported_outside(attribution.revision.article_id).order_by("-pk")
    said = said.filter(quote__first_seen__date__lte=last, quote__last_seen__date__gte=first)
    own = weighed(variant.wording, background())
    near = [(nearness(own, weighed(other.wording, background())), other) for other in said[:MOST_RANKED]]
    likely = [pair for pair in near if pair[0] >= SUGGESTED_FROM]
    for value, other in _best_of_each_quote(likely, lambda value: value)[:SUGGESTIONS_KEPT]:
        found = compared(Wording(variant.wording, day=day, form=form_as_printed(attribution.form)), other, background())
        if found.tier == "different":
            yield _proposal(variant, other, round(value, 3), found, is_suggestion=True)


def _best_of_each_quote(
    found: Iterable[tuple[Found, Variant]], rank: Callable[[Found], Any]
) -> list[tuple[Found, Variant]]:
    """One wording of each quote, the highest first: the question is asked once for two quotes."""
    best: dict[int, tuple[Found, Variant]] = {}
    for pair in sorted(found, key=lambda pair: (rank(pair[0]), pair[1].pk), reverse=True):
        best.setdefault(pair[1].quote_id, pair)
    return list(best.values())


def _elsewhere(variant: Variant) -> VariantQuerySet:
    """The wordings of the speaker's other quotes, without those that an editor told apart from this one. Two queries before
    the one that it makes."""
    said = Variant.objects.comparable().filter(quote__speaker=variant.quote.speaker_id).exclude(quote=variant.quote_id)
    told_apart = Match.objects.keeping_apart().on_mark(variant.quote.speaker_id, variant.fingerprint)
    marks = {mark for pair in told_apart.values_list("one__fingerprint", "other__fingerprint") for mark in pair}
    return said.exclude(fingerprint__in=marks - {variant.fingerprint}).as_said()


def _proposal(variant: Variant, second: Variant, score: float, found: Comparison, **fields: bool) -> Match:
    one, other = sorted((variant, second), key=lambda each: each.pk)
    return Match(one=one, other=other, score=score, **in_words(found), **fields)
