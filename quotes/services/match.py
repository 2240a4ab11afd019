"""Attributions -> variants and quotes; and proposals where two quotes may be one.

Only equal words of one resolved speaker are linked by machine. Everything fuzzy is proposed with its
reasons and alarms; a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from quotes.models import Attribution, Match, Quote, Variant
from quotes.text.match import FRAGMENT_WORDS, WINDOW_DAYS, Wording, compare, is_fragment_of
from quotes.text.meaning import alarms
from quotes.text.normalize import content_words, fingerprint

LONG_ENOUGH = 8
"""Content words from which equal words are one remark on any day, not only within the window."""

SHORT_WINDOW_DAYS = 2
"""The window for wordings of fewer than FRAGMENT_WORDS content words (“anytime”, “no comment”)."""

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
    """Writes proposals for new attributions of one article. One query a speaker, and the inserts."""
    found: dict[frozenset[int], Match] = {}
    for attribution in attributions:
        variant = attribution.variant
        if variant is None or attribution.speaker_id is None:
            continue
        for other in _near(attribution, variant, day):
            match = _fragment(attribution, variant, other) or _reworded(attribution, variant, other, day)
            if match is not None:
                found.setdefault(frozenset((variant.pk, other.pk)), match)
    known = Match.objects.filter(
        variant__in=[pk for pair in found for pk in pair],
        attribution__variant__in=[pk for pair in found for pk in pair],
    )
    for variant_id, other_id in known.values_list("variant", "attribution__variant"):
        found.pop(frozenset((variant_id, other_id)), None)
    Match.objects.bulk_create(found.values())


def _near(attribution: Attribution, variant: Variant, day: date | None) -> list[Variant]:
    """Other wordings of the speaker, from the same article or the days around."""
    others = Variant.objects.filter(quote__speaker=attribution.speaker_id, quote__report_count__gt=0)
    others = others.exclude(quote=variant.quote_id)
    if day is None:
        others = others.filter(attributions__revision=attribution.revision_id)
    else:
        first, last = _around(day, WINDOW_DAYS)
        others = others.filter(quote__first_seen__date__lte=last, quote__last_seen__date__gte=first)
    return list(
        others.select_related("quote__speaker").prefetch_related("attributions__revision").distinct()[:MOST_COMPARED]
    )


def _fragment(attribution: Attribution, variant: Variant, other: Variant) -> Match | None:
    """“anytime” belongs to the longer quote of the same speaker in the same article."""
    together = any(a.revision.article_id == attribution.revision.article_id for a in other.attributions.all())
    short, long = sorted((variant.wording, other.wording), key=len)
    if not together or len(content_words(short)) >= LONG_ENOUGH or not is_fragment_of(short, long):
        return None
    reasons = [
        f"The words quoted in “{short}” stand in the longer quote.",
        "Both are in the same article and put down to the same speaker.",
    ]
    return Match(attribution=attribution, variant=other, score=0.7, reasons=reasons, alarms=[])


def _reworded(attribution: Attribution, variant: Variant, other: Variant, day: date | None) -> Match | None:
    speaker = str(attribution.speaker_id)
    seen = other.quote.first_seen
    compared = compare(
        Wording(variant.wording, speaker, day), Wording(other.wording, speaker, seen.date() if seen else None)
    )
    if not compared.is_proposal:
        return None
    name = other.quote.speaker.name if other.quote.speaker else ""
    reasons = [reason.replace(f"put down to {speaker}", f"put down to {name}") for reason in compared.reasons]
    return Match(
        attribution=attribution,
        variant=other,
        score=round(min(compared.score, 1.0), 3),
        reasons=reasons,
        alarms=[str(alarm) for alarm in alarms(variant.wording, other.wording)],
    )
