"""The record of decisions: every act of an editor is written here, in the transaction that carries it out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from quotes.models import Article, Attribution, Decision, Flag, Match, Quote, Speaker


class Conflict(Exception):
    """Somebody else changed the same thing in the meantime; nothing was written. The message says what to do."""


class NotAllowed(ValueError):
    """The act breaks a rule; the message says which. Nothing was written."""


def record(
    *,
    actor: User | None,
    verb: str,
    quote: Quote | None = None,
    attribution: Attribution | None = None,
    flag: Flag | None = None,
    match: Match | None = None,
    speaker: Speaker | None = None,
    article: Article | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    changes: list[list[Any]] | None = None,
    undoes: Decision | None = None,
    reason: str = "",
    is_public: bool = True,
) -> Decision:
    """Appends one decision; without an actor it is Hearsay's own, by a rule. One query.

    Not public is what editors do on the way to a result: who is on what, what is being asked, what a first editor thinks.
    """
    return Decision.objects.create(
        actor=actor,
        verb=verb,
        quote=quote,
        attribution=attribution,
        flag=flag,
        match=match,
        speaker=speaker,
        article=article,
        before=before or {},
        after=after or {},
        changes=changes or [],
        undoes=undoes,
        reason=reason.strip(),
        is_public=is_public,
    )
