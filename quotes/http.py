"""What every view shares: the typed request, rendering of page or fragment, middleware, site context."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.cache import caches
from django.core.paginator import Page, Paginator
from django.db import DatabaseError, OperationalError, connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render as django_render
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from quotes import metrics
from quotes.logs import name_of, request_id
from quotes.models import Article, Quote, Takedown
from quotes.services import accounts, takedown
from quotes.text.tagger import state

PAGE_SIZE = 25
OPEN_PATHS = (
    *("/account/", "/static/", "/watches/feed/", "/watches/unsubscribe/"),
    *("/healthz", "/readyz", "/metrics"),
)
"""Paths that anybody may open, whatever the setting for anonymous reading."""

API = "/api/v1/"

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
"""A request's number that a proxy may give."""

SEEN_EVERY = 600
"""Seconds between two notes that somebody is here."""

log = logging.getLogger("quotes.request")

GetResponse = Callable[[HttpRequest], HttpResponse]


class Request(HttpRequest):
    htmx: HtmxDetails
    user: User | AnonymousUser


class EditorRequest(Request):
    """A request whose user is known to be signed in."""

    user: User


def render(request: HttpRequest, page: str, fragment: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The fragment for htmx, the whole page otherwise; the view names both."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    is_fragment = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    response = django_render(request, fragment if is_fragment else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def asked(request: HttpRequest, name: str, longest: int = 200) -> str:
    """A search word from the address: bounded, and without the NUL that PostgreSQL refuses."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:longest]


def chosen(request: HttpRequest, name: str, options: Mapping[str, Any]) -> str:
    """The option the address asks for, else the first."""
    value = request.GET.get(name, "")
    return value if value in options else next(iter(options))


def number_in(value: str) -> int:
    """The row number in what a form or address sent; 0, which no row has, for anything else."""
    return int(value) if value.isdecimal() and len(value) < 19 else 0


def paginate(request: HttpRequest, found: QuerySet[Any], *, count: int | None = None) -> Page[Any]:
    """The page asked for by `?page=`; a number out of range gives the nearest. A known count saves its query."""
    paginator = Paginator(found, PAGE_SIZE)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))


class TakenDown(Http404):
    """What was asked for was taken down; the page says when and why, in a word. `whole` is the page that desk heads may open."""

    def __init__(self, found: Sequence[Takedown], whole: str = "") -> None:
        super().__init__("taken down")
        self.found, self.whole = found, whole


def refuse_taken_down(*quotes: Quote) -> None:
    """Raises TakenDown for a quote that is not shown for that reason. No query for quotes that are reported."""
    for quote in quotes:
        if found := takedown.of_quote(quote):
            raise TakenDown(found, quote.get_absolute_url())


def refuse_report_taken_down(report: int) -> None:
    """Raises TakenDown for an attribution, by its number, whose article or quote was taken down. Two queries."""
    if found := takedown.of_report(report):
        raise TakenDown(found)


def refuse_article_taken_down(article: Article) -> None:
    """Raises TakenDown. One query, or none with its takedown selected."""
    if hasattr(article, "takedown"):
        raise TakenDown([article.takedown], article.get_absolute_url())


def may(user: AbstractBaseUser | AnonymousUser, codename: str) -> bool:
    return user.has_perm(f"quotes.{codename}")  # type: ignore[union-attr]


MORE_THAN_FILE = 1_000_000
"""Bytes a request may have besides the file it uploads."""


def bounded(get_response: GetResponse) -> GetResponse:
    """Refuses a request that says it is larger than any upload, before a byte of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if number_in(request.META.get("CONTENT_LENGTH") or "0") > settings.HEARSAY_LARGEST_UPLOAD + MORE_THAN_FILE:
            return django_render(request, "errors/400.html", status=413)
        return get_response(request)

    return middleware


def reading_allowed(get_response: GetResponse) -> GetResponse:
    """Sends people who are not signed in to the login page when anonymous reading is off; programs are told in JSON."""

    def middleware(request: HttpRequest) -> HttpResponse:
        anonymous = not request.user.is_authenticated
        if anonymous and not settings.HEARSAY_ANONYMOUS_READING and not request.path.startswith(OPEN_PATHS):
            if request.path.startswith(API):
                return JsonResponse({"detail": "Reading needs an account here: sign in first."}, status=401)
            return redirect_to_login(request.get_full_path())
        return get_response(request)

    return middleware


def last_seen(get_response: GetResponse) -> GetResponse:
    """Notes when a signed-in person was here: one query every SEEN_EVERY a session and worker, none for anybody else.

    A database that is busy just then is left alone: nobody waits for an error page because of a note.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = request.user
        if isinstance(user, User):
            key = request.session.session_key or ""
            if key and caches["local"].add(f"seen-{key}", True, SEEN_EVERY):
                ip, browser = get_adapter().get_client_ip(request), request.headers.get("User-Agent", "")
                with suppress(OperationalError):
                    accounts.note_session(user=user, session_key=key, ip=ip, browser=browser)
        return response

    return middleware


def whole_page_to_sign_in(get_response: GetResponse) -> GetResponse:
    """When a session has ended, htmx is told to open the sign-in page, not to put it into a part of this one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if request.headers.get("HX-Request") and response.get("Location", "").startswith(sign_in):
            back = urlsplit(request.headers.get("HX-Current-URL", ""))
            here = f"{back.path or '/'}{'?' if back.query else ''}{back.query}"
            return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': here})}")
        return response

    return middleware


def site(request: HttpRequest) -> dict[str, Any]:
    """What the base template needs. No query beyond the session and the user's rights."""
    return {
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "may_add": may(request.user, "add_article"),
        "may_report": request.user.is_authenticated or settings.HEARSAY_REPORT_WITHOUT_ACCOUNT,
        "may_judge": may(request.user, "judge_match"),
        "may_mend": may(request.user, "mend_speaker"),
        "may_settle": may(request.user, "settle_flag"),
        "may_review": may(request.user, "review_attribution"),
        "may_feed": may(request.user, "manage_feed"),
        "may_take_down": may(request.user, "take_down"),
        "may_manage": may(request.user, "manage_desk"),
        "mails_are_sent": accounts.mails_are_sent(),
        "reading_by_rules": bool(state().problem),
    }


# --- what is written down of a request --------------------------------------------------------------


class Counted:
    """Counts the statements of a request and their time."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - began


def request_logged(get_response: GetResponse) -> GetResponse:
    """Gives each request a number, writes one line when it is answered, and counts it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        began, counted = time.perf_counter(), Counted()
        try:
            with ExitStack() as stack:
                if settings.HEARSAY_METRICS_TOKEN:
                    stack.enter_context(connection.execute_wrapper(counted))
                response = get_response(request)
            response.headers["X-Request-ID"] = number
            _note(request, response.status_code, time.perf_counter() - began, counted)
        finally:
            request_id.reset(token)
        return response

    return middleware


def _note(request: HttpRequest, status: int, seconds: float, counted: Counted) -> None:
    url, method = name_of(request), str(request.method)
    facts = {
        "url": url,
        "method": method if method in metrics.METHODS else "other",
        "status": status,
        "ms": round(1000 * seconds),
        "user": _user(request),
    }
    log.info("{method} {url} {status}, {ms} ms, user {user}".format(**facts), extra=facts)
    if settings.HEARSAY_METRICS_TOKEN:
        metrics.note(
            url=url,
            method=method,
            status=status,
            seconds=seconds,
            queries=counted.queries,
            query_seconds=counted.seconds,
        )


def _user(request: HttpRequest) -> int | None:
    """The number of who is signed in. No query: the middlewares have asked already."""
    try:
        return getattr(getattr(request, "user", None), "pk", None)
    except DatabaseError:
        return None
