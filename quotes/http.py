"""What every view shares: the typed request, rendering of page or fragment, middleware, site context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.cache import caches
from django.core.paginator import Page, Paginator
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render as django_render
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from quotes.services import accounts
from quotes.text.tagger import state

PAGE_SIZE = 25
OPEN_PATHS = ("/account/", "/static/", "/healthz", "/watches/feed/", "/watches/unsubscribe/")
"""Paths that anybody may open, whatever the setting for anonymous reading."""

API = "/api/v1/"

SEEN_EVERY = 600
"""Seconds between two notes that somebody is here."""

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

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


def may(user: AbstractBaseUser | AnonymousUser, codename: str) -> bool:
    return user.has_perm(f"quotes.{codename}")  # type: ignore[union-attr]


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


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Scripts and styles from this site alone, the admin included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


def site(request: HttpRequest) -> dict[str, Any]:
    """What the base template needs. No query beyond the session and the user's rights."""
    return {
        "may_add": may(request.user, "add_article"),
        "may_report": request.user.is_authenticated or settings.HEARSAY_REPORT_WITHOUT_ACCOUNT,
        "may_judge": may(request.user, "judge_match"),
        "may_mend": may(request.user, "mend_speaker"),
        "may_settle": may(request.user, "settle_flag"),
        "may_review": may(request.user, "review_attribution"),
        "may_manage": may(request.user, "manage_desk"),
        "mails_are_sent": accounts.mails_are_sent(),
        "reading_by_rules": bool(state().problem),
    }
