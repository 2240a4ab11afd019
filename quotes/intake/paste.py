"""Pasted text -> Draft."""

from __future__ import annotations

from datetime import datetime

from quotes.intake.draft import LONGEST_TEXT, Draft, check_text, tidy, title_of
from quotes.intake.link import canonical
from quotes.text.clean import clean, printable


def draft(
    text: str,
    *,
    title: str = "",
    outlet: str = "",
    byline: str = "",
    published: datetime | None = None,
    url: str = "",
    language: str = "en",
    limit: int = LONGEST_TEXT,
) -> Draft:
    """The article in a pasted text, its furniture taken off. Raises Refused."""
    check_text(printable(text), limit)
    cleaned = clean(text, headline=not title)
    check_text(cleaned.text, limit)
    return Draft(
        text=cleaned.text,
        title=title_of(title, cleaned),
        outlet=tidy(outlet),
        byline=tidy(byline) or cleaned.byline,
        published=published,
        canonical_url=canonical(url),
        language=language or "en",
        removed=cleaned.removed,
    )
