"""What a site's robots.txt lets us fetch, and how often (RFC 9309).

A site without one (any error from 400 on) lets everybody in. One that cannot be reached, is at fault or asks us to
come back later (429) is left alone for now. A file too large is read up to 500 KiB, as the standard asks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from quotes.intake.answer import FetchFailed, Page

LARGEST = 500 * 1024
LONGEST_DELAY = 60.0
COME_BACK_LATER = 429


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one site for one agent; without a file, everything or nothing is open."""

    agent: str
    is_open: bool = True
    file: Protego | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, body: bytes, agent: str) -> Rules:
        """The rules in a robots.txt, whatever its bytes; `agent` is our user agent, of which the first word counts."""
        if len(body) > LARGEST:
            body = body[: body.rfind(b"\n", 0, LARGEST) + 1]
        return cls(product(agent), file=Protego.parse(body.decode("utf-8-sig", "replace")))

    @classmethod
    def found(cls, outcome: Page | FetchFailed, agent: str) -> Rules:
        """The rules, from what came of fetching the site's robots.txt."""
        if isinstance(outcome, Page):
            return cls.parse(outcome.body, agent)
        status = outcome.status or 0
        return cls(product(agent), is_open=400 <= status < 500 and status != COME_BACK_LATER)

    @property
    def is_for_now(self) -> bool:
        """Everything is closed only because the site could not be asked; ask again soon."""
        return not self.is_open

    def may(self, url: str) -> bool:
        """Whether we may fetch this address of the site."""
        if self.file is None:
            return self.is_open
        return bool(self.file.can_fetch(url, self.agent))

    @property
    def crawl_delay(self) -> float:
        """Seconds to leave between two fetches, from 0 to 60."""
        wished = self.file.crawl_delay(self.agent) if self.file else None
        return min(max(wished, 0.0), LONGEST_DELAY) if wished is not None and not math.isnan(wished) else 0.0


def product(agent: str) -> str:
    """*Hearsay* of *Hearsay/1.0 (+https://…)*: the name that a robots.txt knows us by."""
    return agent.split("/")[0].split()[0] if agent.strip(" /") else "*"


def address(url: str) -> str:
    """Where the site of this address keeps its robots.txt."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
