"""An editor's browser, as far as a server under test notices."""

from __future__ import annotations

import random
from collections import Counter
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from lxml import html

from tests.browser.site import PASSWORD

HTMX = {"HX-Request": "true"}

Answer = tuple[int, html.HtmlElement, dict[str, str]]


class _Stays(HTTPRedirectHandler):
    """A redirect is an answer, too."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Refused(Exception):
    """The site said why it was not done."""


class Browser:
    """One editor's browser, as far as it matters: cookies, forms as they stand, no redirect followed unasked."""

    def __init__(self, site: str, name: str, items: dict[str, list[int]], seed: int) -> None:
        self.site, self.items, self.chance = site, items, random.Random(seed)
        self.open = build_opener(HTTPCookieProcessor(CookieJar()), _Stays()).open
        self.answers: Counter[str] = Counter()
        self.broken: list[str] = []
        self.done: list[int] = []
        login = self.get("/account/login/")[1].forms[0]
        status, _, _ = self.send("/account/login/", {**dict(login.form_values()), "login": name, "password": PASSWORD})
        assert status == 302

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(Request(f"{self.site}{path}", headers=headers))

    def send(self, path: str, data: dict[str, Any], **headers: str) -> Answer:
        return self._ask(Request(f"{self.site}{path}", urlencode(data, doseq=True).encode(), headers))

    def _ask(self, request: Request) -> Answer:
        try:
            with self.open(request, timeout=60) as response:
                status, body, headers = response.status, response.read(), dict(response.headers)
        except HTTPError as error:
            status, body, headers = error.code, error.read(), dict(error.headers)
        if status >= 500:
            self.broken.append(f"{request.get_method()} {request.full_url} {request.data!r}: {status}")
        return status, html.fromstring(body or b"<p></p>"), headers
