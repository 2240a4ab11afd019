"""Addresses of archived copies: what was archived, and when.

The Wayback Machine and its like write *…/web/20250521101500/https://site/story*, with letters after the time when
the copy is raw. archive.today writes *https://archive.ph/2025.05.21-101500/https://site/story* or a short name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from quotes.intake.draft import Refused
from quotes.intake.link import canonical

TODAY = frozenset(f"archive.{ending}" for ending in "today ph is li vn md fo".split())
WAYBACK = {
    "web.archive.org": "/web/",
    "arquivo.pt": "/wayback/",
    "webarchive.nationalarchives.gov.uk": "/ukgwa/",
    "wayback.archive-it.org": "/",
    "www.webarchive.org.uk": "/wayback/",
    "swap.stanford.edu": "/",
}
COPY = re.compile(
    r"(?:(?P<time>\d{4,14}|\d{4}\.\d{2}\.\d{2}-\d{6})(?:[a-z]{2}_|\*)?/|newest/|o/\w{4,6}/)?(?P<original>https?:/{1,2}[^/].*)",
    re.S,
)
SHORT = re.compile(r"/[A-Za-z0-9]{4,6}$")


@dataclass(frozen=True, slots=True)
class Copy:
    """An archived copy; `original` is empty when the address does not tell, `taken` None likewise."""

    original: str
    taken: datetime | None


def archived(url: str) -> Copy | None:
    """What an archive's address is a copy of; None for any other address."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if host not in WAYBACK and host not in TODAY:
        return None
    whole = parts.path + (f"?{parts.query}" if parts.query else "")
    start = WAYBACK.get(host, "/")
    found = COPY.fullmatch(whole, len(start)) if whole.startswith(start) else None
    if found is None:
        return Copy("", None) if host in TODAY and SHORT.match(parts.path) else None
    try:
        original = canonical(re.sub(r"^(https?):/+", r"\1://", found["original"]))
    except Refused:
        return None
    return Copy(original, _taken(found["time"] or ""))


def _taken(written: str) -> datetime | None:
    """Archives' times are in UTC; a shorter one names no moment."""
    digits = re.sub(r"\D", "", written)
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if len(digits) == 14 else None
    except ValueError:
        return None
