"""Attributions -> variants and quotes; and proposals where two quotes may be one.

Only equal words of one resolved speaker are linked by machine. Everything fuzzy is proposed with its
reasons and alarms; a person decides.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from quotes.models import Attribution, Match, Quote, Variant
from quotes.text.match import (
    FRAGMENT_WORDS,
    PROPOSE_AT,
    WINDOW_DAYS,
    Wording,
    compare,
    is_fragment_of,
    likeness,
    prepared,
)
from quotes.text.normalize import content_words, fingerprint

LONG_ENOUGH = 8
"""Content words from which equal words are one remark on any day, not only within the window."""

SHORT_WINDOW_DAYS = 2
"""The window for wordings of fewer than FRAGMENT_WORDS content words (“anytime”, “no comment”)."""

MOST_PROPOSING = 500
"""Attributions of one article for which proposals are looked for; a longer one is a transcript."""

FRAGMENT_SCORE = 0.7
"""What a quoted fragment within the same article is worth: more likely than not."""

BEST_KEPT = 5
"""Proposals kept for one attribution."""

MOST_COMPARED = 400
"""Wordings of one speaker and week that a new one is compared with."""


def place(attribution: Attribution, wording: str, day: date | None) -> None:
    """Gives an attribution its variant and quote. Three to six queries.

    What already has a variant with these words and this speaker stays where it is.
    """
    if not wording.strip():
        return
    mark = fingerprint(wording)
    current = attribution.variant
    if current is not None and current.fingerprint == mark and current.quote.speaker_id == attribution.speaker_id:
        return
    known = _known(attribution, wording, mark, day)
    attribution.variant = known or _new(attribution, wording, mark, day)
    attribution.save(update_fields=["variant"])
    attribution.matches.filter(outcome=Match.Outcome.LINKED).delete()
    if known is not None:
        reasons = ["The words are the same.", "Both are put down to the same speaker."]
        Match.objects.create(
            attribution=attribution, variant=known, score=1.0, reasons=reasons, outcome=Match.Outcome.LINKED
        )


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
    return Variant.objects.create(quote=quote, wording=wording, fingerprint=mark)


def propose(attributions: Iterable[Attribution], day: date | None) -> None:
    """Writes the best proposals for new attributions of one article. Two queries, one a speaker, and the inserts."""
    placed = [a for a in attributions if a.variant and a.speaker_id and a.status != Attribution.Status.REJECTED]
    placed = placed[:MOST_PROPOSING]
    if not placed:
        return
    article = placed[0].revision.article_id
    here = set(Variant.objects.filter(attributions__revision__article=article).values_list("pk", flat=True))
    seen = _pairs_known(article)
    near: dict[int | None, list[Variant]] = {}
    proposed: list[Match] = []
    for attribution in placed:
        if attribution.speaker_id not in near:
            near[attribution.speaker_id] = _near(attribution, day)
        others = _unseen(attribution, near[attribution.speaker_id], seen)
        best = heapq.nlargest(BEST_KEPT, ((_promise(attribution, other, here), other.pk, other) for other in others))
        proposed += [_proposal(attribution, other, day, here) for score, _, other in best if score >= PROPOSE_AT]
    Match.objects.bulk_create(proposed)


def _pairs_known(article: int) -> set[frozenset[int]]:
    """Pairs of wordings that have been compared already and proposed, from either side."""
    touching = Q(attribution__revision__article=article) | Q(variant__attributions__revision__article=article)
    pairs = Match.objects.filter(touching).values_list("variant", "attribution__variant")
    return {frozenset(pair) for pair in pairs}


def _near(attribution: Attribution, day: date | None) -> list[Variant]:
    """Wordings of the speaker, from the same article or the days around, the newest first."""
    others = Variant.objects.filter(quote__speaker=attribution.speaker_id, quote__report_count__gt=0)
    if day is None:
        others = others.filter(attributions__revision=attribution.revision_id)
    else:
        first, last = _around(day, WINDOW_DAYS)
        others = others.filter(quote__first_seen__date__lte=last, quote__last_seen__date__gte=first)
    return list(others.select_related("quote__speaker").distinct().order_by("-pk")[:MOST_COMPARED])


def _unseen(attribution: Attribution, near: list[Variant], seen: set[frozenset[int]]) -> list[Variant]:
    """Wordings of other quotes not compared with this one before; notes that they are now."""
    variant = attribution.variant
    if variant is None:
        return []
    others = [o for o in near if o.quote_id != variant.quote_id and frozenset((variant.pk, o.pk)) not in seen]
    seen |= {frozenset((variant.pk, other.pk)) for other in others}
    return others


def _promise(attribution: Attribution, other: Variant, here: set[int]) -> float:
    """The score a proposal would have; `here` are the wordings of the attribution's article."""
    wording = attribution.variant.wording if attribution.variant else ""
    fragment = FRAGMENT_SCORE if other.pk in here and _is_fragment(wording, other.wording) else 0.0
    return max(fragment, likeness(wording, other.wording))


def _is_fragment(one: str, other: str) -> bool:
    """“anytime” belongs to the longer quote of the same speaker in the same article."""
    short, long = sorted((one, other), key=len)
    return len(prepared(short).content) < LONG_ENOUGH and is_fragment_of(short, long)


def _proposal(attribution: Attribution, other: Variant, day: date | None, here: set[int]) -> Match:
    """The reasons and alarms in words, for the few pairs that are worth them."""
    wording = attribution.variant.wording if attribution.variant else ""
    name = other.quote.speaker.name if other.quote.speaker else ""
    seen = other.quote.first_seen
    compared = compare(Wording(wording, name, day), Wording(other.wording, name, seen.date() if seen else None))
    if other.pk in here and _is_fragment(wording, other.wording):
        reasons = [
            f"The words quoted in “{min(wording, other.wording, key=len)}” stand in the longer quote.",
            "Both are in the same article and put down to the same speaker.",
        ]
        lost = [str(alarm) for alarm in compared.alarms if alarm.kind == "negation"]  # figures may well be left out
        return Match(attribution=attribution, variant=other, score=FRAGMENT_SCORE, reasons=reasons, alarms=lost)
    return Match(
        attribution=attribution,
        variant=other,
        score=round(min(compared.score, 1.0), 3),
        reasons=list(compared.reasons),
        alarms=[str(alarm) for alarm in compared.alarms],
    )
