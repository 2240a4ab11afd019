"""What a page says about itself, in its links, its meta elements and its JSON-LD: words to weigh, not to believe."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml.html import HtmlElement

from quotes.intake.moment import moment

LONGEST_JSON = 1_000_000
MOST_NODES = 20_000
MOST_FEEDS = 20
ARTICLE = re.compile(r"(?:Article|Posting|Report)$")
LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]|$)", re.I)
FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
PUBLISHED = (
    "article:published_time og:article:published_time og:published_time datepublished dc.date.issued dcterms.created"
    " dcterms.date dc.date pubdate publishdate publish_date parsely-pub-date sailthru.date date"
).split()
"""Names of the meta elements that give the date, the surest first."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A page's own words; whatever it does not say is empty."""

    address: str = ""
    published: datetime | None = None
    """In UTC, and only where the page names a time with its zone."""
    language: str = ""
    """The language alone: *en*, not *en-GB*."""
    site: str = ""
    is_amp: bool = False


def declared(tree: HtmlElement) -> Declared:
    """What a parsed page says about itself."""
    metas, articles = _metas(tree), list(_articles(tree))
    dates = [_text(article.get("datePublished")) for article in articles]
    dates += [metas.get(name, "") for name in PUBLISHED] + _times(tree)
    language = LANGUAGE.match(tree.get("lang") or tree.get("xml:lang") or metas.get("og:locale", ""))
    sites = [metas.get("og:site_name", ""), *(_name(article.get("publisher")) for article in articles)]
    return Declared(
        address=_canonical(tree) or metas.get("og:url", ""),
        published=next(filter(None, map(moment, dates)), None),
        language=language[1].lower() if language else "",
        site=next(filter(None, sites), ""),
        is_amp=tree.tag == "html" and ("amp" in tree.attrib or "⚡" in tree.attrib),
    )


def feeds(tree: HtmlElement, base: str) -> list[str]:
    """The addresses of the feeds a page names, most twenty."""
    found = []
    for link in tree.iter("link"):
        rel, kind = (link.get("rel") or "").lower().split(), (link.get("type") or "").split(";")[0].strip().lower()
        if "alternate" in rel and kind in FEED_TYPES and "stylesheet" not in rel:
            found.append(absolute(link.get("href"), base))
    return list(dict.fromkeys(filter(None, found)))[:MOST_FEEDS]


def absolute(written: object, base: str) -> str:
    """A link as a web address, read from a page at `base`; empty when it is none."""
    if not isinstance(written, str) or not written.strip():
        return ""
    try:
        url = urljoin(base, written.strip())
    except ValueError:
        return ""
    return url if url.lower().startswith(("http://", "https://")) else ""


def _canonical(tree: HtmlElement) -> str:
    """The canonical link; a page that names several says nothing."""
    links = {
        (link.get("href") or "").strip()
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    } - {""}
    return links.pop() if len(links) == 1 else ""


def _metas(tree: HtmlElement) -> dict[str, str]:
    """Names to contents; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        content = (meta.get("content") or "").strip()
        if name and content:
            found.setdefault(name, content[:1000])
    return found


def _times(tree: HtmlElement) -> list[str]:
    return [
        time.get("datetime") or ""
        for time in tree.iter("time")
        if (time.get("itemprop") or "").lower() == "datepublished" or "pubdate" in time.attrib
    ]


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles the page's JSON-LD describes."""
    for script in tree.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json" or len(
            text
        ) > LONGEST_JSON:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (node for node in _nodes(data) if _is_article(node))


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Every object in the JSON, the outer ones first."""
    waiting, count = [data], 0
    while waiting and count < MOST_NODES:
        node = waiting.pop(0) if len(waiting) < 100 else waiting.pop()
        count += 1
        if isinstance(node, dict):
            yield node
            waiting += [value for value in node.values() if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += [value for value in node if isinstance(value, dict | list)]


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and ARTICLE.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _name(value: object) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return _text(value.get("name"))[:200] if isinstance(value, dict) else ""
