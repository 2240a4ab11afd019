"""What every answer tells browsers: whose scripts run, what may be stored, and who may embed it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponse]

PAGE = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The policy of a page. A script runs when it carries the nonce of this one answer, wherever it is from; without
'strict-dynamic', so that a script that runs cannot let others in, as htmx would with what it puts into a page.
`require-trusted-types-for` is not asked for: htmx 2 puts text into pages as HTML, and Chromium stops it then."""

DATA = "default-src 'none'; frame-ancestors 'none'"
"""The policy of everything that is not a page: nothing in it is ever run, were it taken for one."""

UNUSED = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media fullscreen geolocation "
    "gyroscope hid identity-credentials-get idle-detection magnetometer microphone midi payment picture-in-picture "
    "publickey-credentials-get screen-wake-lock serial usb xr-spatial-tracking"
).split()
"""What browsers can do and no page of ours asks for."""

SAME = {
    "Permissions-Policy": ", ".join([*(f"{name}=()" for name in UNUSED), "clipboard-write=(self)"]),
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""The same on every answer, beside those of Django's SecurityMiddleware."""


def protected(get_response: GetResponse) -> GetResponse:
    """Makes the nonce of this answer, `request.csp_nonce`, and sends the headers; what a view has set itself stays."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(18)  # type: ignore[attr-defined]
        response = get_response(request)
        for name, value in SAME.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", _policy(request, response))
        return response

    return middleware


def _policy(request: HttpRequest, response: HttpResponse) -> str:
    """By nonce alone; the admin's templates are Django's own and know none, so their scripts come from this site."""
    if not response.get("Content-Type", "").startswith("text/html"):
        return DATA
    is_admin = request.path.startswith(reverse("admin:index"))
    return PAGE.format(scripts="'self'" if is_admin else f"'nonce-{request.csp_nonce}'")  # type: ignore[attr-defined]


def kept_by_nobody(get_response: GetResponse) -> GetResponse:
    """What a signed-in person was shown is kept by no cache, the browser's own included: the next at the desk sees none of it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
