"""A PDF -> the article in it. Read in a process of its own that is ended when it takes too long or too much."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotes.intake import paste
from quotes.intake.draft import LONGEST_TEXT, Draft, Refused, tidy
from quotes.intake.moment import moment
from quotes.text.clean import printable

READER = Path(__file__).with_name("pdf_reading.py")
MEMORY = 1_000_000_000
DAMAGED = "This PDF cannot be read: it is damaged. Paste its text instead."
REFUSALS = {
    "encrypted": "This PDF is locked with a password. Paste its text instead.",
    "damaged": DAMAGED,
}
HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]$")
SENTENCE_END = re.compile(r"[.!?:][\"”’'»)\]]*$")
FULL_LINE = 0.7
"""A line this long, against the page's long ones, goes on in the next; a shorter one ends its paragraph."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one PDF may take."""

    pages: int = 200
    seconds: float = 15.0
    size: int = 20_000_000


def pdf_draft(data: bytes, *, bounds: Bounds = Bounds(), limit: int = LONGEST_TEXT, **details: Any) -> Draft:
    """The article in a PDF; `details` (title, outlet, byline, published, url) win over its own. Raises Refused."""
    found = _read(data, bounds, limit)
    if found["count"] > bounds.pages:
        raise Refused(
            f"This PDF has {found['count']:,} pages; the most Hearsay reads is {bounds.pages:,}. Paste the part you need."
        )
    text = "\n\n".join(filter(None, map(reflowed, found["pages"])))
    if not text.strip():
        raise Refused("There is no text in this PDF: it is a picture of one. Paste its text instead.")
    return paste.draft(
        text,
        title=details.get("title") or tidy(found["title"]),
        outlet=details.get("outlet") or "",
        byline=details.get("byline") or tidy(found["author"]),
        published=details.get("published") or moment(found["created"]),
        url=details.get("url") or "",
        language=details.get("language") or "en",
        limit=limit,
    )


def _read(data: bytes, bounds: Bounds, limit: int) -> dict[str, Any]:
    """What pdf_reading.py finds, in another process that sees neither our environment nor our modules."""
    if len(data) > bounds.size:
        raise Refused(f"This PDF is larger than {bounds.size // 1_000_000:,} MB. Paste the part you need.")
    command = [
        sys.executable,
        "-I",
        str(READER),
        str(bounds.pages),
        str(limit + 1),
        str(int(bounds.seconds) + 1),
        str(MEMORY),
    ]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=bounds.seconds, env={}, check=False)  # nosec B603  # our own reader, given as a list
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Refused(
            f"Reading this PDF took longer than {bounds.seconds:g} seconds. Paste its text instead."
        ) from None
    except (OSError, ValueError):  # it was ended, for taking too much
        raise Refused(DAMAGED) from None
    if "fault" in found:
        raise Refused(REFUSALS.get(found["fault"], DAMAGED))
    return dict(found)


def reflowed(page: str) -> str:
    """The paragraphs of a page, each on one line: the lines of a column joined, words at their ends made whole."""
    lines = [line.strip() for line in printable(page).split("\n")]
    lengths = [len(line) for line in lines if line]
    full = FULL_LINE * statistics.quantiles(lengths, n=10)[-1] if len(lengths) > 1 else 0
    paragraphs = [""]
    for line in lines:
        if not line:
            paragraphs.append("")
            continue
        before = paragraphs[-1]
        is_cut = HYPHEN.search(before)
        whole = before[:-1] if is_cut and line[0].islower() else before
        paragraphs[-1] = whole + ("" if is_cut or not before else " ") + line
        if len(line) < full and SENTENCE_END.search(line):
            paragraphs.append("")
    return "\n\n".join(filter(None, paragraphs))
