"""What editors do to quotes: say whether two wordings are one, take a report out, move it, split, merge.

An answer binds for ever: a machine never links what a person kept apart, and never moves what a person placed.
Each act is one transaction, leaves one Decision, and can be undone as long as nobody has moved the same things since.
A quote that gave everything away points to where it went, so that its address still leads somewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any, Literal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q

from quotes.models import Attribution, Decision, Match, Quote, Speaker, Takedown, Variant
from quotes.models.review import ACTIVE
from quotes.services import index, match, summary
from quotes.services.journal import Journal
from quotes.services.record import Conflict, NotAllowed, record
from quotes.services.turns import in_turn
from quotes.services.versions import in_all_versions

Answer = Literal["same", "different", "unsure"]
VERBS: dict[Answer, str] = {
    "same": "said it is the same quote",
    "different": "said they are different quotes",
    "unsure": "could not tell whether it is the same quote",
}
ANSWERED = "Somebody else answered this in the meantime. Look at the history of the quote."


# --- two wordings ----------------------------------------------------------------------------------


def judge(*, pair: Match, actor: User, answer: Answer, seen: str, reason: str = "") -> Decision:
    """Answers whether two wordings are one quote. About twenty queries for *same*, ten for the others.

    `seen` is the outcome the editor looked at. Raises Conflict when it has changed; NotAllowed for an unknown answer,
    or when *same* contradicts who spoke or what was decided before.
    """
    if answer not in VERBS:
        raise NotAllowed("Choose one of: same quote, different, can’t tell.")
    with in_turn():
        journal = Journal()
        journal.set(Match.objects.filter(pk=pair.pk, outcome=seen), outcome=answer)
        if not journal.changes:
            raise Conflict(ANSWERED)
        pair = Match.objects.with_wordings().get(pk=pair.pk)
        one, other = _living(pair.one), _living(pair.other)
        if one == other and answer != "same":
            raise NotAllowed("Both stand in one quote under the same words by now. Take a report out of it instead.")
        _place([one, other], journal)
        quotes = {one.quote, other.quote}
        if answer == "same" and len(quotes) == 2:
            _join(*_older_first(quotes), journal)
        elif answer == "different" and len(quotes) == 1:
            quotes.add(_move_out(_less_reported(one, other), journal))
        _settle(quotes, answer, journal)
        decision = record(
            actor=actor, verb=VERBS[answer], match=pair, changes=journal.changes, reason=reason, after=_words(pair)
        )
        summary.refresh({quote.pk for quote in quotes})
    return decision


def _living(variant: Variant) -> Variant:
    """The wording itself; for one left behind in a merged quote, that of the same words in the quote it leads to."""
    if variant.quote.merged_into is None:
        return variant
    return variant.quote.survivor.variants.filter(fingerprint=variant.fingerprint).first() or variant


def _settle(quotes: Iterable[Quote], answer: Answer, journal: Journal) -> None:
    """What holds for two wordings holds for whatever else was asked of their two quotes."""
    two = list(quotes)
    if len(two) == 2 and answer != "same":
        others = Match.objects.across(*two).filter(outcome=Match.Outcome.PROPOSED)
        journal.set(Match.objects.filter(pk__in=list(others.values_list("pk", flat=True))), outcome=answer)


def _words(pair: Match) -> dict[str, Any]:
    return {"wordings": [pair.one.wording, pair.other.wording]}


def _place(variants: Iterable[Variant], journal: Journal) -> None:
    """From now on the reports in these wordings are where a person put them."""
    journal.set(Attribution.objects.filter(variant__in=list(variants), is_placed=False), is_placed=True)


def _older_first(quotes: Iterable[Quote]) -> tuple[Quote, Quote]:
    first, second = sorted(quotes, key=lambda quote: quote.pk)
    return first, second


def _less_reported(one: Variant, other: Variant) -> Variant:
    """The wording that leaves when two in one quote are told apart; the later one of equals."""
    counted = Variant.objects.filter(pk__in=[one.pk, other.pk]).annotate(reports=Count("attributions"))
    return counted.order_by("reports", "-pk")[0]


# --- whole quotes ----------------------------------------------------------------------------------


def merge(*, quote: Quote, into: Quote, actor: User, reason: str) -> Quote:
    """Makes one quote of two; the older address stays, the other leads to it. About twenty queries.

    Raises NotAllowed without a reason, when they have different speakers, or when that contradicts a decision.
    """
    if quote.pk == into.pk:
        raise NotAllowed("That is this quote itself. Give the address of another one.")
    if not reason.strip():
        raise NotAllowed("Say why: merging two quotes needs a reason.")
    with in_turn():
        kept, gone = _older_first(_again([quote, into]))
        if kept.merged_into_id or gone.merged_into_id:
            raise Conflict("One of the two has been merged with another quote in the meantime. Look at it again.")
        _refuse_told_apart(kept, gone)
        journal = Journal()
        pair = _pair_of(kept, gone)
        journal.set(Match.objects.filter(pk=pair.pk), outcome=Match.Outcome.SAME)
        _place([pair.one, pair.other], journal)
        _join(kept, gone, journal)
        record(
            actor=actor, verb="merged two quotes", quote=kept, match=pair, changes=journal.changes, reason=reason,
            after=_words(pair),
        )  # fmt: skip
        summary.refresh({kept.pk, gone.pk})
    return kept


def _again(quotes: Iterable[Quote]) -> list[Quote]:
    """The rows as they are now, in the transaction that changes them."""
    return list(Quote.objects.filter(pk__in=[quote.pk for quote in quotes]))


def _pair_of(kept: Quote, gone: Quote) -> Match:
    """The row that says their best wordings are one; made when there is none."""
    best = [quote.variants.filter(wording=quote.words).first() or quote.variants.first() for quote in (kept, gone)]
    if best[0] is None or best[1] is None:
        raise NotAllowed("One of the two has no words any more.")
    return match.pair_of(best[0], best[1])


def join(kept: Quote, gone: Quote) -> None:
    """Moves everything of one quote into another for a machine, which leaves no decision. Raises as `merge` does."""
    _join(kept, gone, Journal())
    summary.refresh({kept.pk, gone.pk})


def join_alike(speaker: Speaker, come: Collection[int], journal: Journal) -> set[int | None]:
    """Makes one quote of two in equal words, where a machine would have: of those that came to a speaker, and their own.

    What editors left apart, and what has the same flag open twice, stays as it is. Gives the quotes that changed.
    """
    touched: set[int | None] = set()
    for one, other in match.alike(speaker):
        kept, gone = _older_first(_again([one, other]))
        is_new = (one.pk in come) != (other.pk in come)
        marks = set(gone.variants.values_list("fingerprint", flat=True))
        if is_new and not kept.merged_into_id and not gone.merged_into_id and not match.are_kept_apart(kept, marks):
            with suppress(NotAllowed), transaction.atomic():
                done = Journal()
                _join(kept, gone, done)
                journal.changes += done.changes
                touched |= {kept.pk, gone.pk}
    return touched


def _join(kept: Quote, gone: Quote, journal: Journal) -> None:
    if kept.speaker_id != gone.speaker_id:
        raise NotAllowed("They are put down to different speakers. Correct the speaker of one of them first.")
    if Takedown.objects.filter(quote__in=[kept.pk, gone.pk]).exists():
        raise NotAllowed("One of the two was taken down. It must be brought back first.")
    _refuse_told_apart(kept, gone)
    _move_everything(kept, gone, journal)
    _ask_once(kept, journal)


def _move_everything(kept: Quote, gone: Quote, journal: Journal) -> None:
    """Leaves nothing in a quote but the address that leads to the other."""
    _move_flags(kept, gone, journal)
    journal.set(Quote.objects.filter(Q(pk=gone.pk) | Q(merged_into=gone)).exclude(pk=kept.pk), merged_into_id=kept.pk)
    there = {variant.fingerprint: variant for variant in kept.variants.all()}
    for variant in gone.variants.all():
        same = there.get(variant.fingerprint)
        if same is None:
            journal.set(Variant.objects.filter(pk=variant.pk), quote_id=kept.pk)
        else:
            journal.set(Attribution.objects.filter(variant=variant), variant_id=same.pk)


def _ask_once(quote: Quote, journal: Journal) -> None:
    """What was answered or asked of two quotes is not asked once more because one of them has grown."""
    answered: dict[int, str] = {}
    asked: set[int] = set()
    pairs = Match.objects.touching(quote).between_quotes().with_wordings().likeliest_first()
    for pair in sorted(pairs, key=lambda pair: pair.outcome == Match.Outcome.PROPOSED):
        other = pair.other.quote_id if pair.one.quote_id == quote.pk else pair.one.quote_id
        if pair.outcome != Match.Outcome.PROPOSED:
            answered.setdefault(other, pair.outcome)
        elif other in answered:
            journal.set(Match.objects.filter(pk=pair.pk), outcome=answered[other])
        elif other in asked:
            journal.set(Match.objects.filter(pk=pair.pk), outcome=Match.Outcome.LINKED)  # no question, and no answer
        asked.add(other)


def _refuse_told_apart(kept: Quote, gone: Quote) -> None:
    marks = set(gone.variants.values_list("fingerprint", flat=True))
    here = Match.objects.across(kept, gone).filter(outcome=Match.Outcome.DIFFERENT).exists()
    if here or match.are_kept_apart(kept, marks, [Match.Outcome.DIFFERENT]):
        raise NotAllowed("An editor said that wordings of these two are different quotes. Undo that first.")


def _move_flags(kept: Quote, gone: Quote, journal: Journal) -> None:
    there = {flag.kind for flag in kept.flags.filter(state__in=ACTIVE)}
    both = [flag.label for flag in gone.flags.filter(state__in=ACTIVE) if flag.kind in there]
    if both:
        raise NotAllowed(f"Both have an open flag “{both[0]}”. Settle one of the two first.")
    journal.set(gone.flags.all(), quote_id=kept.pk)


# --- out of a quote --------------------------------------------------------------------------------


def split(*, variant: Variant, actor: User, reason: str) -> Quote:
    """Makes a wording a quote of its own, apart from the others for ever. About fifteen queries.

    Raises NotAllowed without a reason, or when it is the only wording.
    """
    if not reason.strip():
        raise NotAllowed("Say why: splitting a wording off needs a reason.")
    with in_turn():
        variant = Variant.objects.select_related("quote").get(pk=variant.pk)
        old, journal = variant.quote, Journal()
        new = _move_out(variant, journal)
        _finish_leaving(variant, old, actor, "split a wording off", reason, journal)
    return new


def take_out(*, attribution: Attribution, actor: User, reason: str) -> Quote:
    """Makes one report a quote of its own: the same words, but another occasion. About fifteen queries.

    Raises NotAllowed without a reason, when it has no words, or when it is the only report of its quote.
    """
    if not reason.strip():
        raise NotAllowed("Say why: taking a report out of its quote needs a reason.")
    with in_turn():
        attribution = Attribution.objects.select_related("variant__quote", "revision").get(pk=attribution.pk)
        if attribution.variant is None:
            raise NotAllowed("It has no words, and so no quote to be taken out of.")
        if attribution.status == Attribution.Status.REJECTED:
            raise NotAllowed("It was rejected, and stands in no quote.")
        old, journal = attribution.variant.quote, Journal()
        leaving = in_all_versions(attribution)
        if not Attribution.objects.standing().filter(variant__quote=old).exclude(pk__in=leaving).exists():
            raise NotAllowed("It is the only report of this quote.")
        new = _own_quote(old, attribution.variant.wording, journal)
        variant = Variant.objects.create(
            quote=new, wording=attribution.variant.wording, fingerprint=attribution.variant.fingerprint
        )
        index.add(variant)
        journal.set(Attribution.objects.filter(pk__in=leaving), variant_id=variant.pk, is_placed=True)
        _finish_leaving(variant, old, actor, "took a report out", reason, journal)
    return new


def move(*, attribution: Attribution, into: Quote, actor: User, reason: str) -> Quote:
    """Moves one report into another quote of its speaker, in the words it has. About fifteen queries.

    Raises NotAllowed without a reason, for another speaker's quote, or when it stands there already.
    """
    if not reason.strip():
        raise NotAllowed("Say why: moving a report needs a reason.")
    with in_turn():
        attribution = Attribution.objects.select_related("variant__quote", "revision").get(pk=attribution.pk)
        into = Quote.objects.get(pk=into.pk).survivor
        if attribution.variant is None or attribution.status == Attribution.Status.REJECTED:
            raise NotAllowed("It stands in no quote, so it cannot be moved out of one.")
        old, journal = attribution.variant.quote, Journal()
        if into == old:
            raise NotAllowed("It stands in this quote already.")
        if into.speaker_id != attribution.speaker_id:
            raise NotAllowed("That quote is put down to somebody else. Correct the speaker of this report first.")
        wording = attribution.variant.wording
        there = match.wording_in(into, wording)
        moved = Attribution.objects.filter(pk__in=in_all_versions(attribution))
        journal.set(moved, variant_id=there.pk, is_placed=True)
        record(
            actor=actor, verb="moved a report", quote=into, attribution=attribution, changes=journal.changes,
            before={"quote": old.words}, after={"quote": into.words}, reason=reason,
        )  # fmt: skip
        summary.refresh({old.pk, into.pk})
    return into


def _own_quote(old: Quote, words: str, journal: Journal) -> Quote:
    """A new quote of the same speaker. Born as merged into the old one: that is where an undo leaves its address."""
    new = Quote.objects.create(
        speaker_id=old.speaker_id,
        language=old.language,
        words=words,
        first_seen=old.first_seen,
        last_seen=old.last_seen,
        merged_into=old,
    )
    journal.set(Quote.objects.filter(pk=new.pk), merged_into_id=None)
    return new


def _move_out(variant: Variant, journal: Journal) -> Quote:
    if variant.quote.variants.count() < 2:
        raise NotAllowed("It is the only wording of this quote.")
    new = _own_quote(variant.quote, variant.wording, journal)
    journal.set(Variant.objects.filter(pk=variant.pk), quote_id=new.pk)
    _place([variant], journal)
    return new


def _finish_leaving(variant: Variant, old: Quote, actor: User, verb: str, reason: str, journal: Journal) -> None:
    """Keeps the wording apart from all that stay, records the act, and counts anew."""
    staying = list(old.variants.exclude(pk=variant.pk))
    pairs = [match.pair_of(variant, other) for other in staying]
    journal.set(Match.objects.filter(pk__in=[pair.pk for pair in pairs]), outcome=Match.Outcome.DIFFERENT)
    variant.refresh_from_db()
    _settle([old, variant.quote], "different", journal)
    record(
        actor=actor,
        verb=verb,
        quote=old,
        match=pairs[0] if pairs else None,
        changes=journal.changes,
        reason=reason,
        after={"wordings": [variant.wording]},
    )
    summary.refresh({old.pk, variant.quote_id})


def empty_merged(quotes: set[int | None], journal: Journal) -> set[int | None]:
    """Moves what is left in merged quotes to where they lead; the quotes it went to. For an undo."""
    targets: set[int | None] = set()
    for gone in Quote.objects.filter(pk__in=quotes, merged_into__isnull=False).order_by("pk"):
        kept = gone.survivor
        _move_everything(kept, gone, journal)
        _ask_once(kept, journal)
        targets.add(kept.pk)
    return targets
