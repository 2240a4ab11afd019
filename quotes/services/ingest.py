"""Drafts -> articles and revisions. The same story again is noticed, never doubled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.utils.text import slugify

from quotes.intake import file, link, paste
from quotes.intake.draft import Draft, Refused
from quotes.intake.file import Problem
from quotes.models import Article, Outlet, Revision
from quotes.models.naming import called
from quotes.services.turns import beside_others
from quotes.text.gazetteer import outlet_named

Outcome = Literal["new", "revision", "known"]

__all__ = [
    "Draft",
    "Problem",
    "Refused",
    "Stored",
    "canonical_url",
    "draft_paste",
    "file_drafts",
    "json_draft",
    "store",
]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a draft: a new article, a new revision of a known one, or nothing new."""

    article: Article
    revision: Revision
    outcome: Outcome


def draft_paste(
    text: str,
    *,
    title: str = "",
    outlet: str = "",
    byline: str = "",
    published: datetime | None = None,
    url: str = "",
) -> Draft:
    """The draft in a pasted text. Raises Refused. No query."""
    return paste.draft(
        text,
        title=title,
        outlet=outlet,
        byline=byline,
        published=published,
        url=url,
        limit=settings.HEARSAY_LONGEST_TEXT,
    )


def file_drafts(
    name: str, lines: Iterable[bytes], *, outlet: str = "", published: datetime | None = None
) -> Iterator[Draft | Problem]:
    """The drafts in a file, streamed, and what was refused. No query."""
    return file.drafts(name, lines, limit=settings.HEARSAY_LONGEST_TEXT, outlet=outlet, published=published)


def json_draft(line: bytes, *, outlet: str = "", published: datetime | None = None) -> Draft:
    """The draft in one line of JSON; outlet and day fill in what it leaves out. Raises Refused. No query."""
    return file.json_draft(line, limit=settings.HEARSAY_LONGEST_TEXT, outlet=outlet, published=published)


def canonical_url(url: str) -> str:
    """The address a link is filed under. Raises Refused. No query."""
    return link.canonical(url)


def store(draft: Draft, *, added_by: User | None = None, demo: bool = False) -> Stored:
    """Stores a draft once. Three to eight queries in one transaction: two who bring the same text make one article.

    A known URL with other words gives a new revision; the same text at the same outlet (or without an
    address) is known already. The same text at another outlet is a copy, and a story of its own.
    """
    digest = digest_of(draft.text)
    named = {"text": digest, "address": draft.canonical_url, "outlet": draft.outlet.strip().casefold()}
    things = [f"{kind} {name}" for kind, name in named.items() if name]
    try:
        with beside_others(*things):
            return _store(draft, digest, added_by, demo)
    except IntegrityError:  # the admin, which waits for nobody's turn, stored it while we looked: now it is known
        with beside_others(*things):
            return _store(draft, digest, added_by, demo)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _store(draft: Draft, digest: str, added_by: User | None, demo: bool) -> Stored:
    article = Article.objects.at_url(draft.canonical_url).first() or _same_story(draft, digest)
    if article is None:
        article = Article.objects.create(
            outlet=_outlet(draft, demo),
            canonical_url=draft.canonical_url or None,
            title=draft.title,
            byline=draft.byline[:300],
            published=draft.published.astimezone(UTC) if draft.published else None,
            language=draft.language[:35],
            added_by=added_by,
            current_number=1,
        )
        return Stored(article, _revise(article, draft.text, digest), "new")
    _complete(article, draft, demo)
    known = article.revisions.filter(digest=digest).first()
    if known is None:
        return Stored(article, _revise(article, draft.text, digest), "revision")
    if known == article.current_revision:
        return Stored(article, known, "known")
    _show(article, known)  # the outlet went back to an earlier text
    return Stored(article, known, "revision")


def _complete(article: Article, draft: Draft, demo: bool) -> None:
    """Fills in what was not known of an article before; outlet, date and byline decide how it is read, so it is read again."""
    filled = {
        "canonical_url": article.canonical_url or draft.canonical_url or None,
        "outlet": article.outlet or _outlet(draft, demo),
        "published": article.published or (draft.published.astimezone(UTC) if draft.published else None),
        "byline": article.byline or draft.byline[:300],
    }
    changed = [name for name, value in filled.items() if getattr(article, name) != value]
    for name in changed:
        setattr(article, name, filled[name])
    if {"outlet", "published", "byline"} & set(changed):
        article.stage = Article.Stage.NEW
        changed.append("stage")
    if changed:
        article.save(update_fields=changed)


def _same_story(draft: Draft, digest: str) -> Article | None:
    """The article that printed this very text, unless another outlet did."""
    for article in Article.objects.with_same_text(digest).select_related("outlet").order_by("pk")[:20]:
        named = article.outlet.name.casefold() if article.outlet else ""
        if not draft.outlet or not named or named == draft.outlet.strip().casefold():
            return article
    return None


def _outlet(draft: Draft, demo: bool) -> Outlet | None:
    name = draft.outlet.strip()[:200]
    if not name:
        return None
    listed = outlet_named(name)
    by_name = listed.country if listed and listed.name == name else ""
    country = link.country_of(draft.canonical_url) or by_name
    known = Outlet.objects.filter(called("name", name)).first()
    if known is not None:
        if country and not known.country:
            known.country = country
            known.save(update_fields=["country"])
        return known
    slug = base = slugify(name)[:180] or "outlet"
    number = 1
    while Outlet.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return Outlet.objects.create(name=name, slug=slug, country=country, is_demo=demo)


def _revise(article: Article, text: str, digest: str) -> Revision:
    number = article.revisions.count() + 1
    revision = Revision.objects.create(article=article, number=number, text=text, digest=digest)
    if number > 1:
        _show(article, revision)
    return revision


def _show(article: Article, revision: Revision) -> None:
    """Makes a revision the article's current one, to be read."""
    article.current_number = revision.number
    article.stage = Article.Stage.NEW
    article.save(update_fields=["current_number", "stage"])
