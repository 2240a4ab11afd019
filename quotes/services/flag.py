"""Flags: raised by an editor, settled by an editor, always with a reason."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from quotes.models import Flag, Quote
from quotes.models.review import ACTIVE, KINDS, SERIOUS
from quotes.services import summary
from quotes.services.record import Conflict, NotAllowed, record

RESULTS = {
    Flag.State.UPHELD: "Upheld",
    Flag.State.NOT_UPHELD: "Not upheld",
    Flag.State.EXPLAINED: "Explained",
}


def raise_flag(*, quote: Quote, actor: User, kind: str, reason: str) -> Flag:
    """Raises a flag on a quote, or on the one it was merged into. Three queries.

    Raises NotAllowed without a reason, for an unknown kind or a serious one; Conflict when one of the kind
    is open.
    """
    if kind not in KINDS:
        raise NotAllowed("Choose what the flag is about.")
    if kind in SERIOUS:
        raise NotAllowed(
            f"“{KINDS[kind]}” is serious: it takes two editors and evidence, and cannot be raised here yet."
        )
    if not reason.strip():
        raise NotAllowed("Say why: a flag needs a reason.")
    quote = Quote.objects.get(pk=quote.pk).survivor  # it may have been merged while the form was open
    try:
        with transaction.atomic():
            flag = Flag.objects.create(quote=quote, kind=kind, reason=reason.strip(), raised_by=actor)
            record(actor=actor, verb="raised flag", quote=quote, flag=flag, after={"flag": flag.label}, reason=reason)
    except IntegrityError:
        raise Conflict(f"A flag “{KINDS[kind]}” is open on this quote already. Add to that one.") from None
    return flag


def settle_flag(*, flag: Flag, actor: User, result: str, reason: str) -> Flag:
    """Ends an active flag with a result, and grades the quote again. About twenty queries.

    Raises NotAllowed without a reason, for a serious flag (that takes two editors, and has no path yet), or
    for an unknown result; Conflict when somebody settled it first.
    """
    if result not in RESULTS:
        raise NotAllowed("Choose a result: upheld, not upheld, or explained.")
    if not reason.strip():
        raise NotAllowed("Say why: settling a flag needs a reason.")
    if flag.is_serious:
        raise NotAllowed("A serious flag needs two editors and two items of evidence; that path is not open yet.")
    before = flag.get_state_display()
    with transaction.atomic():
        settled = Flag.objects.filter(pk=flag.pk, state__in=ACTIVE).update(
            state=result, settled_by=actor, settled_reason=reason.strip(), settled_at=timezone.now()
        )
        if not settled:
            raise Conflict("Somebody else has settled this flag in the meantime. Look at the history below.")
        flag.refresh_from_db()
        record(
            actor=actor,
            verb="settled flag",
            quote=flag.quote,
            flag=flag,
            before={"flag": flag.label, "state": before},
            after={"flag": flag.label, "state": flag.get_state_display()},
            reason=reason,
        )
        summary.refresh({flag.quote_id})
    return flag
