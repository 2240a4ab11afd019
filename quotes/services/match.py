"""Attributions -> variants and quotes.

Equal words of one resolved speaker are linked by machine, and reworded ones when that is near certain. What is less
sure, or changed in meaning, is proposed (services.propose).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from quotes.models import Attribution, Match, Quote, Relay, Speaker, Variant
from quotes.services import index
from quotes.text.frequencies import Frequencies, background
from quotes.text.match import LEAST_MEAN, SHORT, Comparison, Wording, compare
from quotes.text.normalize import content_words, fingerprint
from quotes.text.reasons import sentences
from quotes.text.speech import Form

LONG_ENOUGH = 8
"""Content words from which equal words are one remark on any day, not only within the window."""

WINDOW_DAYS = 7
"""Days within which equal words of middling length are taken for one remark."""

SHORT_WINDOW_DAYS = 2
"""The window for wordings of fewer than FRAGMENT_WORDS content words (“anytime”, “no comment”)."""

MOST_WORDINGS = 30
"""Wordings of one quote that a new one is held against."""

MOST_COMPARED = 40
"""Candidates of the index that a new wording is compared with, those that share most."""

FRAGMENT_WORDS = 5
"""Content words below which equal words are one remark only on days close together."""


def place(attribution: Attribution, wording: str, day: date | None) -> list[Variant]:
    """Gives an attribution its variant and quote. Up to ten queries, and one for each quote that is near certain.

    Returns the wording when it is new, for the caller to enter in the index (`index.add`); an empty list otherwise.

    What already has a variant with these words and this speaker stays where it is, and what a person placed stays
    whatever it reads. Equal words of one resolved speaker are one quote; so are reworded ones, when they are near
    certain and no change of meaning objects.
    """
    if not wording.strip():
        return []
    mark = fingerprint(wording)
    current = attribution.variant
    if current is not None and (attribution.is_placed or _is_of(current, mark, attribution)):
        return []
    variant, is_new = _in_another_version(attribution, mark) or _known(attribution, wording, mark, day), False
    if variant is None:
        near = _reworded(attribution, wording, day)
        variant, is_new = _join(near, wording, mark) if near else _new(attribution, wording, mark, day)
    attribution.variant = variant
    attribution.save(update_fields=["variant"])
    return [variant] if is_new else []


def _is_of(variant: Variant, mark: str, attribution: Attribution) -> bool:
    return variant.fingerprint == mark and variant.quote.speaker_id == attribution.speaker_id


def _in_another_version(attribution: Attribution, mark: str) -> Variant | None:
    """Where the same words stand in another version of the article: what was told apart there stays apart."""
    if attribution.speaker_id is None:
        return None
    same = Attribution.objects.standing().filter(
        revision__article=attribution.revision.article_id,
        variant__fingerprint=mark,
        variant__quote__speaker=attribution.speaker_id,
    )
    other = same.exclude(revision=attribution.revision_id).select_related("variant").order_by("-revision__number", "pk")
    found = other.first()
    return found.variant if found else None


def _join(near: Reworded, wording: str, mark: str) -> tuple[Variant, bool]:
    """Enters a wording in the quote it rewords, and notes by which known one it was recognised."""
    variant, is_new = _variant(near.variant.quote, wording, mark)
    if variant != near.variant:
        pair_of(variant, near.variant, found=near.found)
    return variant, is_new


def pair_of(variant: Variant, second: Variant, *, found: Comparison | None = None) -> Match:
    """The row of two wordings, made (as linked) when there is none. Two queries; the days are those of their quotes."""
    one, other = sorted((variant, second), key=lambda each: each.pk)
    if found is None:
        here, there = (Variant.objects.as_said().get(pk=each.pk) for each in (one, other))
        found = compared(said(here), there, background())
    values = {"score": round(found.probability, 3), "outcome": Match.Outcome.LINKED, **in_words(found)}
    return Match.objects.get_or_create(one=one, other=other, defaults=values)[0]


def in_words(found: Comparison) -> dict[str, list[str]]:
    """Reasons and alarms as a Match keeps them."""
    return {"reasons": sentences(found.evidence), "alarms": [str(alarm) for alarm in found.alarms]}


class Reworded(NamedTuple):
    """A known wording that a new one is near certain to reword."""

    variant: Variant
    found: Comparison
    mean: float
    """The mean probability over all wordings of its quote."""


def _reworded(attribution: Attribution, wording: str, day: date | None) -> Reworded | None:
    """The quote of the same speaker that a wording rewords, by average link: chains of likeness make no quote.

    Only what other articles report: whether one article says a thing once or twice is for a person to tell. Each
    wording of the quote counts, but those an editor joined to it, which may be worded in any way; one alarm against
    any of them leaves the decision to an editor.
    """
    if not Quote.objects.filter(speaker=attribution.speaker_id, speaker__isnull=False).exists():
        return None
    near = index.near(wording, most=MOST_COMPARED)
    elsewhere = Variant.objects.reported_outside(attribution.revision.article_id)
    known = elsewhere.filter(quote__speaker=attribution.speaker_id).as_said()
    own = Wording(wording, day=day, form=form_as_printed(attribution.form))
    nearest: dict[Quote, tuple[Comparison, Variant]] = {}
    for other in known.in_bulk([candidate.variant for candidate in near.candidates]).values():
        found = compared(own, other, near.frequencies)
        best = nearest.get(other.quote)
        if found.tier == "same" and (best is None or found.probability > best[0].probability):
            nearest[other.quote] = (found, other)
    joined = []
    mark = fingerprint(wording)
    for quote, (found, like) in nearest.items():
        if quote.merged_into_id is not None or are_kept_apart(quote, {mark}):
            continue
        others = known.filter(quote=quote).not_joined_by_hand(but=like)
        mean = _average([compared(own, each, near.frequencies) for each in others[:MOST_WORDINGS]])
        if mean >= LEAST_MEAN and is_long_enough(attribution, found, like):
            joined.append(Reworded(like, found, mean))
    return max(joined, key=lambda reworded: (reworded.mean, -reworded.variant.pk), default=None)


def are_kept_apart(quote: Quote, marks: Collection[str], outcomes: Collection[str] = ()) -> bool:
    """Whether an editor kept any of a quote's wordings apart from one of these fingerprints, here or in other quotes.

    Two queries. `outcomes` narrows it down to one answer.
    """
    own = list(quote.variants.values_list("fingerprint", flat=True))
    answered = Match.objects.keeping_apart().on_wordings(quote.speaker_id, marks, own)
    return (answered.filter(outcome__in=outcomes) if outcomes else answered).exists()


def _average(found: Sequence[Comparison]) -> float:
    """The mean probability; 0 as soon as one of them raises an alarm."""
    if not found or any(each.alarms for each in found):
        return 0.0
    return sum(each.probability for each in found) / len(found)


def may_join(one: Variant, other: Variant) -> bool:
    """Whether a machine may make one quote of two, for wordings of them that are near certain. Up to seven queries.

    The rules of `place`, seen from both sides: one speaker, two articles, average link over all wordings without an
    alarm, and nothing that an editor kept apart.
    """
    if one.quote_id == other.quote_id or one.quote.speaker_id is None or one.quote.speaker_id != other.quote.speaker_id:
        return False
    if Match.objects.across(one.quote, other.quote).keeping_apart().exists():
        return False
    if are_kept_apart(one.quote, set(other.quote.variants.values_list("fingerprint", flat=True))):
        return False
    articles = Attribution.objects.shown().filter(variant__in=[one, other]).values_list("variant", "revision__article")
    if len({article for _, article in articles}) < 2:
        return False
    here, there = (
        list(Variant.objects.filter(quote=each.quote_id).as_said().not_joined_by_hand(but=each)[:MOST_WORDINGS])
        for each in (one, other)
    )
    pairs = [compared(said(a), b, background()) for a in here for b in there]
    short = any(each.evidence.words < SHORT and not each.evidence.exact for each in pairs)
    if _average(pairs) < LEAST_MEAN:
        return False
    return not short or is_told_alike(one.attributions.all(), other)


def _known(attribution: Attribution, wording: str, mark: str, day: date | None) -> Variant | None:
    """A variant with the same words of the same speaker, near enough in time; the nearest, where an editor has told
    several occasions apart."""
    if attribution.speaker_id is None:
        return None
    same = Variant.objects.filter(fingerprint=mark, quote__speaker=attribution.speaker_id)
    if len(content_words(wording)) < LONG_ENOUGH:
        if day is None:
            return None
        short = len(content_words(wording)) < FRAGMENT_WORDS
        first, last = around(day, SHORT_WINDOW_DAYS if short else WINDOW_DAYS)
        same = same.filter(quote__first_seen__date__lte=last, quote__last_seen__date__gte=first)
    found = same.select_related("quote").order_by("pk")[:MOST_WORDINGS]
    alive = [
        variant for variant in found if variant.quote.merged_into_id is None
    ]  # in SQL it misleads SQLite's planner
    return min(alive, key=lambda variant: (_days_off(variant.quote, day), variant.pk), default=None)


def alike(speaker: Speaker) -> Iterator[tuple[Quote, Quote]]:
    """Pairs of a speaker's quotes with a wording in equal words, near enough in time to be one remark. One query."""
    known = Variant.objects.filter(quote__speaker=speaker, quote__merged_into=None, quote__report_count__gt=0)
    shared = known.order_by().values("fingerprint").annotate(n=Count("pk")).filter(n__gt=1).values("fingerprint")
    by_mark: dict[str, list[Variant]] = {}
    for variant in known.filter(fingerprint__in=shared).select_related("quote").order_by("pk"):
        by_mark.setdefault(variant.fingerprint, []).append(variant)
    for first, *others in by_mark.values():
        for other in others:
            if other.quote_id != first.quote_id and _is_near(first, other):
                yield first.quote, other.quote


def _is_near(one: Variant, other: Variant) -> bool:
    words = len(content_words(one.wording))
    if words >= LONG_ENOUGH:
        return True
    days = SHORT_WINDOW_DAYS if words < FRAGMENT_WORDS else WINDOW_DAYS
    ends = (one.quote.first_seen, one.quote.last_seen)
    return all(ends) and min(_days_off(other.quote, end.date()) for end in ends if end) <= days


def _days_off(quote: Quote, day: date | None) -> int:
    """Days from the reports of a quote to a day; 0 within them."""
    if day is None or quote.first_seen is None or quote.last_seen is None:
        return 0
    return max((quote.first_seen.date() - day).days, (day - quote.last_seen.date()).days, 0)


def around(day: date, days: int) -> tuple[date, date]:
    """The first and last day of a window, within the calendar."""
    number = day.toordinal()
    first, last = max(number - days, date.min.toordinal()), min(number + days, date.max.toordinal())
    return date.fromordinal(first), date.fromordinal(last)


def _new(attribution: Attribution, wording: str, mark: str, day: date | None) -> tuple[Variant, bool]:
    article = attribution.revision.article
    seen = article.published or article.added_at
    quote = Quote.objects.create(
        speaker_id=attribution.speaker_id, language=article.language, words=wording, first_seen=seen, last_seen=seen
    )
    return _variant(quote, wording, mark)


def wording_in(quote: Quote, wording: str) -> Variant:
    """These words as a wording of a quote, made and entered in the index when it is new there. Up to eight queries."""
    variant, is_new = _variant(quote, wording, fingerprint(wording))
    if is_new:
        index.add(variant)
    return variant


def _variant(quote: Quote, wording: str, mark: str) -> tuple[Variant, bool]:
    """The wording, and whether it is new."""
    return Variant.objects.get_or_create(quote=quote, fingerprint=mark, defaults={"wording": wording})


def compared(one: Wording, other: Variant, known: Frequencies) -> Comparison:
    """One speaker's wordings, compared. `other` comes from `as_said`."""
    return compare(one, said(other), heard="same", frequencies=known)


def said(variant: Variant) -> Wording:
    """A wording of `as_said` as it is compared."""
    return Wording(variant.wording, day=_day_of(variant), form=form_as_printed(getattr(variant, "form", "")))


def form_as_printed(printed: str | None) -> Form:
    """A form as attributions have it; what is partly in quotation marks says nothing."""
    return "direct" if printed == "direct" else "indirect" if printed == "indirect" else ""


def _day_of(variant: Variant) -> date | None:
    seen = variant.quote.first_seen
    return seen.date() if seen else None


def is_long_enough(attribution: Attribution, found: Comparison, other: Variant) -> bool:
    """A few words are a fragment of a longer quote only in the same article, or through the same intermediary."""
    if found.evidence.exact or found.evidence.words >= SHORT:
        return True
    return is_told_alike(Attribution.objects.filter(pk=attribution.pk), other)


def is_told_alike(reports: QuerySet[Attribution], other: Variant) -> bool:
    """Whether a wording stands in the same article as one of the reports, or came through the same intermediary."""
    told = Q(revision__article__in=reports.values("revision__article"))
    told |= Q(relays__intermediary__in=Relay.objects.filter(attribution__in=reports).values("intermediary"))
    return other.attributions.filter(told).exists()
