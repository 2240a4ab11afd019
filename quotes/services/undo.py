"""Undoing a decision: everything it changed is put back, and that is a decision too."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import IntegrityError

from quotes.models import Attribution, Decision, Quote, Relay, Span, Variant
from quotes.models.decision import TOOK_DOWN
from quotes.services import events, merge, summary
from quotes.services.journal import MOVED, Change, Journal, ids_in, put_back
from quotes.services.record import Conflict, NotAllowed, record
from quotes.services.turns import in_turn

ON_READINGS = ("accepted", "rejected", "corrected", "added")
"""Verbs of acts on one reading, of which the last is undone first."""


def undo(*, decision: Decision, actor: User, reason: str = "") -> Decision:
    """Puts back everything a decision changed, all or nothing; an undo can be undone too. Two queries for each row.

    What came into a quote that is merged again goes along. Raises Conflict when something it changed has been changed
    again since, or somebody undid it first; NotAllowed when it changed nothing, when flags stand in the way, or when it is
    somebody else's act on a flag: those are reopened, with a reason. A report that has left its article since is passed over.
    """
    if not decision.changes:
        raise NotAllowed("There is nothing to undo in this decision.")
    if _is_on_a_flag(decision) and decision.actor_id != actor.pk:
        raise NotAllowed("Only who did it can undo an act on a flag. Reopen the flag instead, with a reason.")
    try:
        with in_turn():
            _refuse_overtaken(decision)
            touched, was = _quotes_of(decision.changes), _flag_state(decision)
            journal = Journal()
            journal.changes = put_back(decision.changes)
            _lead_on(decision.changes, journal)
            touched |= merge.empty_merged(touched | _quotes_of(decision.changes), journal)
            undone = record(
                actor=actor,
                verb=f"undid: {decision.verb.removeprefix('undid: ')}",
                quote=decision.quote,
                attribution=decision.attribution,
                flag=decision.flag,
                match=decision.match,
                speaker=decision.speaker,
                article=decision.article,
                before=decision.after,
                after=decision.before or decision.after,
                changes=journal.changes,
                undoes=decision,
                reason=reason,
                is_public=decision.is_public,
            )
            is_news = decision.verb.removeprefix("undid: ") != TOOK_DOWN
            summary.refresh(touched | _quotes_of(decision.changes), is_news=is_news)
            if decision.flag:
                decision.flag.refresh_from_db()
                events.note_act(decision.flag, was, reason or "The decision was undone.")
    except IntegrityError:
        raise Conflict(MOVED) from None
    return undone


def _refuse_overtaken(decision: Decision) -> None:
    """Raises Conflict when somebody has acted on the same flag or reading since, also where that changed nothing: an
    acceptance of what was accepted already does not go because the first one is taken back. One query."""
    later = Decision.objects.filter(pk__gt=decision.pk, undoes=None, undone_by=None)
    if decision.flag_id:
        later = later.filter(flag=decision.flag_id).exclude(verb="added evidence")
    elif decision.verb.removeprefix("undid: ") in ON_READINGS:
        later = later.filter(attribution=decision.attribution_id, verb__in=ON_READINGS)
    else:
        return
    if later.exists():
        raise Conflict(MOVED)


def _is_on_a_flag(decision: Decision) -> bool:
    """Whether it is an act on a flag, or made one."""
    return bool(decision.flag_id) or any(table == "flag" and not field for table, _, field, *_ in decision.changes)


def _lead_on(changes: Sequence[Change], journal: Journal) -> None:
    """A quote that everything has left leads to where its reports went back: its address stays, and a redo finds it.

    Three queries, and three for each quote that is empty now.
    """
    moved = [change for change in changes if change[0] == "attribution" and change[2] == "variant_id"]
    ids = {pk for *_, before, after in moved for pk in (before, after) if pk}
    quote_of = dict(Variant.objects.filter(pk__in=ids).values_list("pk", "quote"))
    for old, new in {(quote_of.get(before), quote_of.get(after)) for *_, before, after in moved}:
        if old is None or new is None or old == new or Attribution.objects.filter(variant__quote=new).exists():
            continue
        if Quote.objects.get(pk=old).survivor.pk != new:
            journal.set(Quote.objects.filter(pk=new, merged_into=None), merged_into_id=old)


def _flag_state(decision: Decision) -> str:
    return decision.flag.state if decision.flag else ""


def _quotes_of(changes: Sequence[Change]) -> set[int | None]:
    """The quotes in which anything the changes name stands now. Six queries."""
    reports = ids_in(changes, "attribution")
    reports |= set(Relay.objects.filter(pk__in=ids_in(changes, "relay")).values_list("attribution", flat=True))
    reports |= set(Span.objects.filter(pk__in=ids_in(changes, "span")).values_list("attribution", flat=True))
    found: set[int | None] = set(ids_in(changes, "quote"))
    found |= set(Variant.objects.filter(pk__in=ids_in(changes, "variant")).values_list("quote", flat=True))
    found |= set(Attribution.objects.filter(pk__in=reports).values_list("variant__quote", flat=True))
    renamed = {pk for table, pk, field, *_ in changes if table == "speaker" and field in ("name", "role")}
    found |= set(Quote.objects.filter(speaker__in=renamed).values_list("pk", flat=True))
    found |= set(Quote.objects.filter(intermediaries__in=renamed).values_list("pk", flat=True))
    found |= set(Quote.objects.filter(flags__in=ids_in(changes, "flag")).values_list("pk", flat=True))
    down = [before or after for table, _, _, before, after in changes if table == "takedown"]
    found |= {row["quote_id"] for row in down}
    articles = [row["article_id"] for row in down if row["article_id"]]
    found |= set(Quote.objects.read_from(articles).values_list("pk", flat=True)) if articles else set()
    return found
