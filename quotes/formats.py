"""The list on the page as data: `?format=csv`, `json`, `feed` or `atom` of exactly that list, in that order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.text import slugify

from quotes.models.quote import QuoteQuerySet
from quotes.services import export, feed

FORMATS = {"csv": "CSV", "json": "JSON", "feed": "JSON Feed", "atom": "Atom"}
"""Value of `?format=` -> its name."""


def response(request: HttpRequest, quotes: QuoteQuerySet, title: str) -> HttpResponse | None:
    """The list in the format asked for; None when the page itself is. All of the list, or its first 50 as a feed."""
    asked = request.GET.get("format", "")
    return MADE[asked](request, quotes, title) if asked in FORMATS else None


def _address(request: HttpRequest, **changed: str | None) -> str:
    """The address of the list, with parameters changed or (None) taken off."""
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}" if query else request.path)


def _csv(request: HttpRequest, quotes: QuoteQuerySet, title: str) -> HttpResponse:
    rows = export.csv_lines(quotes, request.build_absolute_uri("/"))
    return _streamed(rows, "text/csv; charset=utf-8", title, "csv")


def _json(request: HttpRequest, quotes: QuoteQuerySet, title: str) -> HttpResponse:
    page = _address(request, format=None)
    lines = _json_lines(export.rows(quotes, request.build_absolute_uri("/")), {"title": title, "url": page})
    return _streamed(lines, "application/json", title, "json")


def _json_lines(rows: Iterable[dict[str, Any]], head: dict[str, str]) -> Iterator[str]:
    """One JSON object with the rows under `quotes`, a row at a time."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "quotes": ['
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def _streamed(lines: Iterable[str], kind: str, title: str, ending: str) -> HttpResponse:
    streamed = StreamingHttpResponse(lines, content_type=kind)
    streamed["Content-Disposition"] = f'attachment; filename="{slugify(title)[:60] or "quotes"}.{ending}"'
    return streamed  # type: ignore[return-value]


def _json_feed(request: HttpRequest, quotes: QuoteQuerySet, title: str) -> HttpResponse:
    found = feed.json_feed(quotes, title=title, **_addresses(request))
    return HttpResponse(json.dumps(found, ensure_ascii=False), content_type="application/feed+json")


def _atom(request: HttpRequest, quotes: QuoteQuerySet, title: str) -> HttpResponse:
    found = feed.atom(quotes, title=title, **_addresses(request))
    return HttpResponse(found, content_type="application/atom+xml; charset=utf-8")


def _addresses(request: HttpRequest) -> dict[str, str]:
    """Of the list, of its feed, and of the site."""
    home, address = _address(request, format=None, page=None), _address(request, page=None)
    return {"home": home, "address": address, "base": request.build_absolute_uri("/")}


MADE: dict[str, Callable[[HttpRequest, QuoteQuerySet, str], HttpResponse]] = {
    "csv": _csv,
    "json": _json,
    "feed": _json_feed,
    "atom": _atom,
}
