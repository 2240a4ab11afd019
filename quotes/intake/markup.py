"""An HTML page -> the article in it, found by trafilatura, with what the page says about itself.

The time this takes is bounded by what a linear look at the page shows. trafilatura's second opinion (jusText) takes
time that grows with the square of the number of paragraphs: 1 s for a page of 3,000 elements, 70 s for 30,000.
Larger pages get the first opinion alone, 5 s for 25,000 elements. It too is slow where one element has thousands of
children: half a second for 3,000, 34 s for 20,000. What is larger is refused.
"""

from __future__ import annotations

import re
from typing import Any

import trafilatura
from lxml.etree import LxmlError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from quotes.intake.charset import decoded
from quotes.intake.declared import declared
from quotes.intake.draft import LONGEST_TEXT, Draft, Refused, check_text, parse_published, tidy, title_of
from quotes.intake.link import canonical
from quotes.intake.own_address import own_address
from quotes.text.clean import clean

LARGEST = 5_000_000
MOST_MARKS = 100_000
"""Characters "<", counted before anything is parsed."""
MOST_ELEMENTS = 25_000
MOST_CHILDREN = 3_000
MOST_ATTRIBUTES = 2_000
"""Of one tag, with the words in them: libxml2 takes time by their square."""
SECOND_OPINION = 4_000
"""Elements up to which both opinions are asked."""

NO_ARTICLE = "No article was found in this page. Paste its text instead."
TANGLED = "This page is too large or too tangled to find an article in. Paste its text instead."
NOTICE = (
    "This page shows a notice (about cookies, JavaScript, robots or a subscription) in place of the article. "
    "Paste its text instead."
)
NOTICE_WORDS = re.compile(
    r"\b(?:enable (?:javascript|cookies|js)|javascript (?:is|must be) |cookies? (?:policy|settings|consent)|use cookies|"
    r"accept (?:all|cookies)|your consent|consent to|captcha|(?:not|are) a robot|unusual (?:traffic|activity)|"
    r"verify (?:that )?you(?:'|’| a)re human|checking your browser|subscribe to (?:continue|read)|"
    r"(?:sign|log) in to (?:continue|read)|already a subscriber|access denied)\b",
    re.I,
)
SHORTEST_SURE = 120
"""Words from which a text with such phrases is taken for an article that mentions them."""


def is_binary(data: bytes) -> bool:
    """Whether the start of these bytes is something else than text; a stray NUL or two is still a page."""
    start = data[:8000]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) and len(data) % 2 == 0:
        return False
    return sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in start) > max(4, len(start) // 100)


def parsed(text: str) -> HtmlElement:
    """The page as a tree no deeper than 256. Raises Refused for a page too large or without any content."""
    if len(text) > LARGEST or text.count("<") > MOST_MARKS or is_crowded(text):
        raise Refused(TANGLED)
    parser = HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        tree = document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        raise Refused(NO_ARTICLE) from None
    if size(tree) > MOST_ELEMENTS or any(len(element) > MOST_CHILDREN for element in tree.iter()):
        raise Refused(TANGLED)
    return tree


def is_crowded(text: str) -> bool:
    """Whether a tag has more attributes than any of an article's. Linear, and nothing is parsed."""
    return any(
        len(rest.partition(">")[0].split(maxsplit=MOST_ATTRIBUTES)) > MOST_ATTRIBUTES for rest in text.split("<")[1:]
    )


def size(tree: HtmlElement) -> int:
    """How many elements a page has."""
    return sum(1 for _ in tree.iter())


def html_draft(
    data: bytes, *, charset: str = "", fetched: str = "", limit: int = LONGEST_TEXT, **details: Any
) -> Draft:
    """The article in a web page, with the page's own title, byline, date, language and address. Raises Refused.

    `charset` is what the site's header says; `fetched` where the page was fetched, if it was; `details` win over the page.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise Refused("The page is empty.")
    if is_binary(data):
        raise Refused("This is no web page: it is not text.")
    tree = parsed(decoded(data, charset))
    own = declared(tree)  # before trafilatura takes the tree apart
    found = _extracted(tree)
    text = found.get("text") or ""
    if not text.strip():
        raise Refused(NO_ARTICLE)
    if len(text.split()) < SHORTEST_SURE and NOTICE_WORDS.search(text):
        raise Refused(NOTICE)
    check_text(text, limit)
    cleaned = clean(text)
    return Draft(
        text=cleaned.text,
        title=title_of(details.get("title") or found.get("title") or "", cleaned),
        outlet=tidy(details.get("outlet") or own.site or found.get("sitename") or "")[:200],
        byline=tidy(details.get("byline") or found.get("author") or ""),
        published=details.get("published") or own.published or parse_published(found.get("date")),
        canonical_url=canonical(details.get("url") or "") or _address(own.address, fetched, own.is_amp),
        language=details.get("language") or own.language or "en",
        removed=cleaned.removed,
    )


def _extracted(tree: HtmlElement) -> dict[str, Any]:
    """What trafilatura finds. It was written for pages, not for attacks: whatever it trips over is no article."""
    try:
        page = trafilatura.bare_extraction(
            tree, fast=size(tree) > SECOND_OPINION, with_metadata=True, include_comments=False, include_tables=False
        )
    except Exception:
        raise Refused(NO_ARTICLE) from None
    return page if isinstance(page, dict) else page.as_dict() if page is not None else {}


def _address(claimed: str, fetched: str, is_amp: bool) -> str:
    """Of a page in a file nobody knows where it came from, so that its own absolute address has to do."""
    if fetched:
        return own_address(claimed, fetched, is_amp=is_amp)
    if not claimed.startswith(("http://", "https://")) or claimed.count("://") > 1:
        return ""
    try:
        return canonical(claimed)
    except Refused:
        return ""
