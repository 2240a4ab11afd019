"""Whom an article names as the outlet its text was taken from: dateline, byline, closing line, or a sentence."""

from __future__ import annotations

import re
from itertools import chain

NAME = r"(?:the\s+)?[A-Z][\w&.’'-]*(?:\s+(?:of|the|and|for|[A-Z][\w&.’'-]*)){0,5}"
DATELINE = re.compile(rf"\A\s*[A-Z][\w .,/'’-]{{1,50}}?\((?P<name>{NAME})\)\s*[-–—:]")
SENTENCE = re.compile(
    r"\b(?i:(?:was\s+|were\s+|is\s+)?(?:first|originally|previously)\s+(?:published|appeared|reported|printed|ran)\s+"
    r"(?:by|in|on|at)|(?:is\s+|was\s+)?(?:re)?published\s+(?:here\s+)?with\s+(?:the\s+)?permission\s+(?:of|from)|"
    rf"(?:supplied|provided|distributed)\s+by)\s+(?P<name>{NAME})"
)
LAST_LINE = re.compile(
    rf"^\s*(?:[-–—]+\s*|(?:Source|Sources|Credit|From|Via|Copyright)\s*:?\s*|©\s*(?:\d{{4}}\s+)?|\()(?P<name>{NAME})\)?\.?\s*$",
    re.MULTILINE,
)
BYLINE = re.compile(
    rf"^(?:By\s+|From\s+)?(?P<name>{NAME})(?:\s+(?:staff|correspondent|reporters?|agency|staff writers?))*$"
)
BETWEEN = re.compile(r",|/|;|\b(?:and|with|for)\b")
EDGE = 700
"""Characters at either end of a text in which a credit stands."""


def credited(text: str, byline: str = "") -> tuple[str, ...]:
    """Names as printed, each once, that may be those of outlets; the caller knows which are."""
    edges = text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"
    found = chain(
        DATELINE.finditer(text[:EDGE]),
        SENTENCE.finditer(edges),
        LAST_LINE.finditer(text[-EDGE:]),
        *(BYLINE.finditer(part.strip()) for part in BETWEEN.split(byline)),
    )
    return tuple(
        dict.fromkeys(re.sub(r"^the\s+", "", match["name"].strip(" .,"), flags=re.IGNORECASE) for match in found)
    )
