"""Links -> articles: asked for by people and feeds, fetched by workers, and looked at again for as long as it may matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from quotes.intake import page as pages
from quotes.intake.archive import archived
from quotes.intake.draft import Draft, Refused
from quotes.intake.link import canonical
from quotes.models import Article, Feed, Job, Link
from quotes.services import archive, jobs
from quotes.services.arrival import take_in
from quotes.services.web import Gone, Known, Page, lane_name, page_at
from quotes.text.copies import passages, share_in

MOST_ASKED = 50
"""Links that may be pasted at once."""

CHECKS = [timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=30)]
"""How long after each look an article is looked at again; after the last no more."""

AFTER_CHANGE = 1
"""Where in CHECKS an article goes on whose text has changed: it may change once more."""

LEAST_SHARED = 0.2
"""The share of an article's sentences that a new text must keep to be the same article in other words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one address that was asked for: an article we have, a link that will be fetched, or why neither."""

    given: str
    article: Article | None = None
    link: Link | None = None
    problem: str = ""
    is_new: bool = False


def ask(
    addresses: Iterable[str], *, added_by: User | None = None, feed: Feed | None = None, outlet: str = ""
) -> list[Asked]:
    """Answers at once for what is known, and queues the rest. Two queries, and seven for each address that is new."""
    given = dict.fromkeys(address.strip() for address in addresses if address.strip())
    places = {address: _place(address) for address in given}
    urls = [place.url for place in places.values() if isinstance(place, _Place)]
    links = {link.url: link for link in Link.objects.filter(url__in=urls).select_related("article__takedown", "job")}
    articles = Article.objects.filter(canonical_url__in=urls).select_related("takedown")
    known = {link.url: link.article for link in links.values() if link.article}
    known |= {article.canonical_url: article for article in articles if article.canonical_url}
    answers = []
    for address, place in places.items():
        if isinstance(place, str):
            answers.append(Asked(address, problem=place))
        elif place.url in known:
            answers.append(_answer(address, known[place.url], links.get(place.url)))
        elif feed is not None and place.url in links:
            answers.append(Asked(address, link=links[place.url]))  # a person may try again; a feed does not
        else:
            answers.append(_queue(address, place, added_by, feed, outlet))
    return answers


class _Place(NamedTuple):
    """What an address is filed under, and where an archive keeps it, when it is an archive's."""

    url: str
    archived: str


def _place(given: str) -> _Place | str:
    """Or why there is none."""
    try:
        copy = archived(given)
        return _Place((copy.original if copy else "") or canonical(given), canonical(given) if copy else "")
    except Refused as refusal:
        return str(refusal)


def _answer(given: str, article: Article, link: Link | None) -> Asked:
    if hasattr(article, "takedown"):
        return Asked(given, problem="Hearsay had this article, and it was taken down.")
    return Asked(given, article=article, link=link)


def _queue(given: str, place: _Place, added_by: User | None, feed: Feed | None, outlet: str) -> Asked:
    """Makes a link to be fetched, or tries a known one again that was given up."""
    details: dict[str, Any] = {"feed": feed, "outlet": outlet[:200], "added_by": added_by}
    details |= {"archived": place.archived, "is_from_archive": bool(place.archived)}
    with transaction.atomic():
        link, is_new = Link.objects.get_or_create(url=place.url, defaults=details)
        lane = jobs.lane(lane_name(place.archived or place.url))
        job, _ = Job.objects.get_or_create(link=link, defaults={"kind": "link", "lane": lane})
        if job.state in {Job.State.FAILED, Job.State.DONE}:
            jobs.queue(job)
    return Asked(given, link=link, is_new=is_new)


def read(job: Job) -> None:
    """Fetches a link and takes in what is there; plans the next look. Raises Later or Failed."""
    link = job.link
    assert link is not None
    try:
        page = page_at(link.archived if link.is_from_archive else link.url, job=job, known=_known(link))
        if not page.not_modified:
            _keep(link, pages.draft(page, limit=settings.HEARSAY_LONGEST_TEXT, **_details(link)))
    except (jobs.Later, jobs.Failed, Refused) as problem:
        link.fault, link.is_gone = str(problem)[:500], isinstance(problem, Gone)
        _note_look(link)
        if link.article is None:
            raise problem if not isinstance(problem, Refused) else jobs.Failed(str(problem)) from None
    else:
        _note_good(link, page)
    jobs.finish(job, again_at=_next_look(link))


def _known(link: Link) -> Known:
    """What we have of the page already; nothing while it has not become an article."""
    return Known(link.etag, link.modified) if link.article else Known()


def _details(link: Link) -> dict[str, str]:
    """What is known of the article whatever the page says: the outlet whose feed it came from, and a known address."""
    known = {"outlet": link.outlet, "url": (link.article.canonical_url or "") if link.article else ""}
    return {name: value for name, value in known.items() if value}


def _keep(link: Link, draft: Draft) -> None:
    """Stores what was found. Raises Refused when a known address shows something else altogether."""
    before = link.article.current_number if link.article else None
    if link.article is not None:
        _check_same(link.article, draft)
    link.article = take_in(draft, added_by=link.added_by).article
    if before is None:
        archive.queue(link)
    if before is not None and link.article.current_number != before:
        link.checks = AFTER_CHANGE - 1


def _check_same(article: Article, draft: Draft) -> None:
    """Raises Refused for a text that has next to nothing of the article's: another story, or a page that says it is gone."""
    revision = article.current_revision
    old, new = passages(revision.text if revision else ""), passages(draft.text)
    if old and max(share_in(old, new), share_in(new, old)) < LEAST_SHARED and draft.title != article.title:
        raise Refused("The address shows another text now, so what Hearsay has was left as it is.")


def _note_good(link: Link, page: Page) -> None:
    link.fault, link.is_gone = "", False
    if not page.not_modified:
        link.etag, link.modified = page.etag[:300], page.modified[:100]
    _note_look(link)


def _note_look(link: Link) -> None:
    if link.checked_at is not None and link.article is not None:
        link.checks += 1
    link.checked_at = timezone.now()
    link.save(update_fields=["article", "checks", "checked_at", "etag", "modified", "fault", "is_gone"])


def _next_look(link: Link) -> datetime | None:
    """When to look again: sooner while an article is new, and not after the last of CHECKS or when it is gone."""
    if link.checks >= len(CHECKS) or link.is_gone:
        return None
    return timezone.now() + CHECKS[link.checks]
