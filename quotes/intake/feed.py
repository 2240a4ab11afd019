"""Feeds -> their items: RSS of all ages and Atom by feedparser, JSON Feed by its standard (version 1.1)."""

from __future__ import annotations

import calendar
import contextlib
import html
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from quotes.intake.answer import Page
from quotes.intake.charset import decoded
from quotes.intake.declared import absolute, feeds
from quotes.intake.draft import LONGEST_TITLE, Refused, tidy
from quotes.intake.markup import parsed
from quotes.intake.moment import likely, moment
from quotes.intake.page import kind_of

MOST_ITEMS = 500
LARGEST = 5_000_000
HEAVIEST = 30_000
"""Elements that are read. feedparser takes 1 s for 500 items; nested deeply, its time grows with the square of their number."""
LONGEST_TITLE_MARKUP = 3000
SHORTEST_WAIT, LONGEST_WAIT = 60.0, 86_400.0
TAG = re.compile(r"<[^<>]{0,1000}>")
ITEM_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s{0,9}>", re.I)
ROOT = re.compile(r"<(rss|feed|rdf:RDF|\w{1,20}:feed)[\s>]", re.I)
LONG_TAG = re.compile(r"<[^<>]{10000}")
FIRST_ELEMENT = re.compile(r"<[a-z_]", re.I)
ENTITY = re.compile(r"<!ENTITY|<!DOCTYPE[^<>\[]*\[", re.I)
"""Looked for above the first element, where alone they have an effect."""
DECLARATION = re.compile(r"^\s*<\?xml[^<>]*\?>")
PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
NO_FEED = "This is {what}, not a feed."
TANGLED = "This feed is too tangled to be read."
BROKEN = "This feed cannot be read: it is damaged."


@dataclass(frozen=True, slots=True)
class Item:
    """One story of a feed; `id` is what the feed calls it, else its address."""

    url: str
    title: str
    published: datetime | None
    id: str


@dataclass(frozen=True, slots=True)
class FeedContent:
    """What a feed says now; `site` is the page it belongs to."""

    title: str
    site: str
    items: tuple[Item, ...]
    ttl: float | None = None
    """Seconds after which the feed asks to be read again, from a minute to a day; None when it does not say."""


def parse(page: Page) -> FeedContent:
    """The feed in a fetched page, its first 500 items. Raises Refused, with the feeds a web page names instead.

    Items without a web address are left out, for there is nothing to read.
    """
    kind = kind_of(page)
    text = decoded(page.body[: LARGEST + 1], page.charset)
    if _is_json(text):
        return _json_feed(text, page.url)
    if _defines_entities(text):
        raise Refused("This feed defines entities of its own, as attacks do; it is not read.", field="url")
    if kind != "feed":
        raise Refused(_instead(page, kind), field="url")
    if len(page.body) > LARGEST:
        raise Refused(f"This feed is larger than {LARGEST // 1_000_000} MB.", field="url")
    return _xml_feed(text, page.url)


def discover(page: Page) -> list[str]:
    """The addresses of the feeds a web page names; its own when it is a feed itself. Empty for anything else."""
    try:
        kind = kind_of(page)
        if kind == "feed" or _is_json(decoded(page.body[:LARGEST], page.charset)):
            return [page.url]
        return feeds(parsed(decoded(page.body, page.charset)), page.url) if kind == "html" else []
    except Refused:
        return []


def _defines_entities(text: str) -> bool:
    first = FIRST_ELEMENT.search(text)
    return bool(ENTITY.search(text, 0, first.start() if first else len(text)))


def _instead(page: Page, kind: str) -> str:
    """What the page is, and which feeds it names."""
    named = discover(page)
    words = {"html": "a web page", "text": "plain text", "pdf": "a PDF", "data": "data"}.get(kind, kind)
    if not named:
        return NO_FEED.format(what=words)
    return f"This is {words}, not a feed; it names {'this feed' if len(named) == 1 else 'these feeds'}: {', '.join(named[:5])}"


def _xml_feed(text: str, address: str) -> FeedContent:
    """feedparser gets the text in UTF-8, so that no word of the feed on its encoding counts, and never an address."""
    data = io.BytesIO(shortened(DECLARATION.sub("", text, count=1)).encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    try:
        found = feedparser.parse(data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # it goes on where XML is broken, and may trip over what it then finds
        raise Refused(BROKEN, field="url") from None
    if not found.entries and (found.bozo or not found.get("version")):
        raise Refused(BROKEN, field="url")
    about = found.feed
    return FeedContent(
        title=_title(about.get("title")),
        site=absolute(about.get("link"), address),
        items=_distinct(_item(entry, address) for entry in found.entries[:MOST_ITEMS]),
        ttl=_ttl(about),
    )


def shortened(text: str) -> str:
    """A feed that ends behind its 500th item, or sooner where it is heavy; without the articles it carries in CDATA.

    Raises Refused when not even its first item ends within what can be read.
    """
    text = _without_articles(text)
    if LONG_TAG.search(text):
        raise Refused(TANGLED, field="url")
    if _weight(text) <= HEAVIEST and len(ITEM_END.findall(text)) <= MOST_ITEMS:
        return text
    end = weight = 0
    for number, item in enumerate(ITEM_END.finditer(text), start=1):
        weight += _weight(text[end : item.end()])
        if number > MOST_ITEMS or weight > HEAVIEST:
            break
        end = item.end()
    root = ROOT.search(text)
    if not end or root is None:
        raise Refused(TANGLED, field="url")
    return text[:end] + ("</channel>" if root[1].lower() == "rss" else "") + f"</{root[1]}>"


def _weight(text: str) -> int:
    """What a text costs to read, in elements; entities count as well."""
    return text.count("<") + text.count("&") // 5


def _without_articles(text: str) -> str:
    kept, place = [], 0
    while (start := text.find("<![CDATA[", place)) >= 0 and (end := text.find("]]>", start)) >= 0:
        kept.append(text[place:start] if end - start > LONGEST_TITLE_MARKUP else text[place : end + 3])
        place = end + 3
    return "".join(kept) + text[place:]


def _item(entry: dict[str, Any], address: str) -> Item:
    base = absolute(getattr(entry.get("title_detail"), "base", None), address) or address
    url = absolute(entry.get("link"), base) or absolute(entry.get("id"), base if "://" in str(entry.get("id")) else "")
    return Item(url, _title(entry.get("title")), _published(entry), tidy(str(entry.get("id") or url))[:500])


def _published(entry: dict[str, Any]) -> datetime | None:
    """The moment written, where it has a zone; else feedparser's reading of it in UTC, if it found the year written."""
    for name in ("published", "created", "updated"):
        if name not in entry:  # asked for, it would warn of its own past
            continue
        if found := moment(entry[name]):
            return found
        parts = entry.get(f"{name}_parsed")
        if parts and str(parts[0]) in str(entry[name]):
            with contextlib.suppress(ValueError, OverflowError, TypeError):
                return likely(datetime.fromtimestamp(calendar.timegm(parts), UTC))
    return None


def _ttl(about: dict[str, Any]) -> float | None:
    """RSS's minutes, or its syndication module's times a period."""
    try:
        seconds = float(about["ttl"]) * 60 if about.get("ttl") else 0.0
        if not seconds and about.get("sy_updateperiod"):
            period = PERIODS.get(str(about["sy_updateperiod"]).strip().lower(), 0)
            seconds = period / max(float(about.get("sy_updatefrequency") or 1), 1.0)
    except ValueError:
        return None
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT) if seconds > 0 else None


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] == "{" and "jsonfeed.org/version/" in text[:LARGEST]


def _json_feed(text: str, address: str) -> FeedContent:
    if len(text) > LARGEST:
        raise Refused(f"This feed is larger than {LARGEST // 1_000_000} MB.", field="url")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(BROKEN, field="url") from None
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or "jsonfeed.org/version/" not in str(found.get("version"))[:100]:
        raise Refused(BROKEN, field="url")
    return FeedContent(
        title=_title(found.get("title")),
        site=absolute(found.get("home_page_url"), address),
        items=_distinct(_json_item(item, address) for item in items[:MOST_ITEMS] if isinstance(item, dict)),
    )


def _json_item(item: dict[str, Any], address: str) -> Item:
    """A title may be missing, as in short notes; the external address is where a linked story is."""
    name = item.get("id")
    url = absolute(item.get("url"), address) or absolute(item.get("external_url"), address)
    published = moment(item.get("date_published")) or moment(item.get("date_modified"))
    known_as = tidy(str(name))[:500] if isinstance(name, str | int | float) else ""
    return Item(url, _title(item.get("title")), published, known_as or url)


def _title(written: object) -> str:
    """One line of text; feeds write markup and entities in titles, even twice over."""
    if not isinstance(written, str):
        return ""
    return tidy(html.unescape(TAG.sub("", html.unescape(written[:5000]))))[:LONGEST_TITLE]


def _distinct(items: Iterable[Item]) -> tuple[Item, ...]:
    """Those with an address, each once, in the feed's order."""
    return tuple({item.id: item for item in reversed([item for item in items if item.url])}.values())[::-1]
