"""The list on the page as data: `?format=csv`, `json`, `feed` or `atom` of exactly that list, in that order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.text import slugify

from quotes.services import export, feed

FEEDS = ("feed", "atom")


def response(request: HttpRequest, found: QuerySet[Any], title: str, kind: str = "quotes") -> HttpResponse | None:
    """The list in the format asked for; None when the page itself is. All of the list, or its first 50 as a feed.

    `kind` is one of services.export.LISTS; those without days make no feed.
    """
    asked = request.GET.get("format", "")
    if asked not in MADE or (asked in FEEDS and kind not in feed.ENTRIES_OF):
        return None
    return MADE[asked](request, found, title, kind)


def _address(request: HttpRequest, **changed: str | None) -> str:
    """The address of the list, with parameters changed or (None) taken off."""
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}" if query else request.path)


def _csv(request: HttpRequest, found: QuerySet[Any], title: str, kind: str) -> HttpResponse:
    rows = export.csv_lines(found, request.build_absolute_uri("/"), kind)
    return _streamed(rows, "text/csv; charset=utf-8", title, "csv")


def _json(request: HttpRequest, found: QuerySet[Any], title: str, kind: str) -> HttpResponse:
    page = _address(request, format=None)
    rows = export.rows(found, request.build_absolute_uri("/"), kind)
    lines = _json_lines(rows, kind, {"title": title, "url": page})
    return _streamed(lines, "application/json", title, "json")


def _json_lines(rows: Iterable[dict[str, Any]], kind: str, head: dict[str, str]) -> Iterator[str]:
    """One JSON object with the rows under the kind's name, a row at a time."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + f', "{kind}": ['
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def _streamed(lines: Iterable[str], kind: str, title: str, ending: str) -> HttpResponse:
    streamed = StreamingHttpResponse(lines, content_type=kind)
    streamed["Content-Disposition"] = f'attachment; filename="{slugify(title)[:60] or "quotes"}.{ending}"'
    return streamed  # type: ignore[return-value]


def _json_feed(request: HttpRequest, found: QuerySet[Any], title: str, kind: str) -> HttpResponse:
    written = feed.json_feed(found, kind, title=title, **_addresses(request))
    return HttpResponse(json.dumps(written, ensure_ascii=False), content_type="application/feed+json")


def _atom(request: HttpRequest, found: QuerySet[Any], title: str, kind: str) -> HttpResponse:
    written = feed.atom(found, kind, title=title, **_addresses(request))
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")


def _addresses(request: HttpRequest) -> dict[str, str]:
    """Of the list, of its feed, and of the site."""
    home, address = _address(request, format=None, page=None), _address(request, page=None)
    return {"home": home, "address": address, "base": request.build_absolute_uri("/")}


MADE: dict[str, Callable[[HttpRequest, QuerySet[Any], str, str], HttpResponse]] = {
    "csv": _csv,
    "json": _json,
    "feed": _json_feed,
    "atom": _atom,
}
"""Value of `?format=` -> what writes it."""
