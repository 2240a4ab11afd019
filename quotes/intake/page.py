"""A fetched page -> the article in it, by what the page is rather than by what the site calls it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from quotes.intake import paste
from quotes.intake.answer import Page
from quotes.intake.archive import archived
from quotes.intake.charset import decoded
from quotes.intake.draft import LONGEST_TEXT, Draft, Refused
from quotes.intake.link import canonical
from quotes.intake.markup import html_draft, is_binary
from quotes.intake.pdf import pdf_draft

STARTS = {
    b"%PDF-": "pdf",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or recording",
    b"ID3": "a recording",
    b"OggS": "a recording",
    b"\x1aE\xdf\xa3": "a video",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"PK\x03\x04": "a packed file or an office document",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"\x1f\x8b": "a packed file",
    b"Rar!": "a packed file",
    b"7z\xbc\xaf": "a packed file",
}
KINDS = {"image": "a picture", "audio": "a recording", "video": "a video", "font": "a font"}
FEED = re.compile(r"<(?:rss|feed|rdf:rdf)[\s>]")
PAGE_STARTS = ("<!doctype html", "<html", "<head", "<body", "<article", "<div", "<p>", "<meta", "<!--")
NOT_READ = "This address leads to {what}, not to an article. Paste the article's text instead."
IS_FEED = "This address leads to a feed, not to an article. Add it as a feed."


def draft(page: Page, *, limit: int = LONGEST_TEXT, **details: Any) -> Draft:
    """The article in a fetched page: HTML, PDF or plain text. Raises Refused.

    It is filed under the page's own address where that can be believed (own_address.py). A copy in an archive is filed
    under the address of what was archived, and `archived_url` says where the copy is. `details` win over the page.
    """
    copy = archived(page.url)
    place = copy.original if copy and copy.original else page.url
    found = _draft(page, place, limit, {**details, "url": ""})
    return replace(
        found,
        canonical_url=canonical(details.get("url") or "") or found.canonical_url,
        archived_url=page.url if copy else "",
    )


def _draft(page: Page, place: str, limit: int, details: dict[str, Any]) -> Draft:
    kind = kind_of(page)
    if kind == "pdf":
        return pdf_draft(page.body, limit=limit, **{**details, "url": place})
    if kind == "html":
        return html_draft(page.body, charset=page.charset, fetched=place, limit=limit, **details)
    if kind == "text":
        return paste.draft(decoded(page.body, page.charset), limit=limit, **{**details, "url": place})
    raise Refused(IS_FEED if kind == "feed" else NOT_READ.format(what=kind))


def kind_of(page: Page) -> str:
    """*html*, *pdf*, *text* or *feed*, or words for what cannot be read. The bytes count for more than the header.

    Raises Refused for an empty page.
    """
    start = page.body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not start:
        raise Refused("The page is empty.")
    for mark, what in STARTS.items():
        if start.startswith(mark) and (len(mark) > 2 or is_binary(page.body)):
            return what
    if is_binary(page.body):
        return KINDS.get(page.content_type.partition("/")[0], "data")
    head = decoded(page.body[:2000], page.charset).lstrip().lower()
    if head.startswith(("<?xml", "<!doctype rss", "<rss", "<feed", "<rdf")) and FEED.search(head):
        return "feed"
    if head.startswith(PAGE_STARTS) or "html" in page.content_type or "<html" in head:
        return "html"
    return _by_header(page.content_type)


def _by_header(content_type: str) -> str:
    family, _, kind = content_type.partition("/")
    if content_type in {"", "text/plain", "text/markdown", "application/octet-stream"}:
        return "text"
    if kind == "json" or kind.endswith("+json"):
        return "data (JSON)"
    if kind == "xml" or kind.endswith("+xml"):
        return "a picture" if kind == "svg+xml" else "data (XML)"
    return KINDS.get(family, f"something else ({content_type[:60]})")
