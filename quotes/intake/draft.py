"""A draft: an article as it came in, before anything is stored. And why one is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from quotes.text.clean import Cleaned, printable

LONGEST_TEXT = 500_000
LONGEST_TITLE = 500
WORD = re.compile(r"[^\W\d_]{2,}")
LEAST_WORDS = 5
LONGEST_WORD = 400
"""A longer run of letters is data, not prose."""


class Refused(ValueError):
    """The material cannot become an article; the message says why and what to do.

    `field` names what it is about: *text* or *url*.
    """

    def __init__(self, message: str, field: str = "text") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Draft:
    """One article ready to be stored; `text` is clean, `removed` are the furniture lines taken off it."""

    text: str
    title: str
    outlet: str = ""
    byline: str = ""
    published: datetime | None = None
    canonical_url: str = ""
    language: str = "en"
    removed: tuple[str, ...] = ()
    archived_url: str = ""
    """Where an archive's copy was fetched; `canonical_url` is then that of what was archived."""


def check_text(text: str, limit: int = LONGEST_TEXT) -> None:
    """Raises Refused for a text nobody could read an article in."""
    if not text.strip():
        raise Refused("There is no text. Paste the words of the article.")
    if len(text) > limit:
        raise Refused(
            f"The text has {len(text):,} characters; the most Hearsay takes is {limit:,}. Split it into articles."
        )
    if len(WORD.findall(text[:5000])) < LEAST_WORDS:
        raise Refused("There are no sentences in this text. Paste the article itself.")
    if any(len(word) > LONGEST_WORD for word in text[:100_000].split() if "://" not in word):
        raise Refused("This looks like data rather than prose: it has words of several hundred letters.")


def title_of(given: str, cleaned: Cleaned) -> str:
    """The title given, the headline found, or the first words of the text."""
    title = tidy(given) or tidy(cleaned.title)
    if not title:
        words = cleaned.text.split()
        title = " ".join(words[:14]) + (" …" if len(words) > 14 else "")
    return title[:LONGEST_TITLE]


def tidy(value: str) -> str:
    """One line without control characters."""
    return " ".join(printable(value).split())


def parse_published(value: object) -> datetime | None:
    """A date or time in ISO 8601, with UTC where no zone is given. Raises Refused for anything else."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    else:
        try:
            moment = datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise Refused(f"The date {str(value)[:40]!r} cannot be read. Write it as 2025-05-21.") from None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise Refused(f"The date {str(value)[:40]!r} cannot be read: it lies outside the calendar.") from None
