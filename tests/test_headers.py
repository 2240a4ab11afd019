"""What every answer tells browsers, and what no page may hold: tried at every address there is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from lxml import html

from quotes.models import Article
from quotes.templatetags.hearsay import json_ld
from tests.test_permissions import addresses, filled, rows_of

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
WITHOUT_TOKEN = {"watch_unsubscribe"}
"""What may be posted without a token: the one click in an e-mail program, whose address is signed."""

READ_ONLY = re.compile("^api:")
"""The API knows no session for writing, and no method but GET."""


@pytest.fixture
def urls(founding_article: Article, editor: User) -> list[tuple[str, str]]:
    """Every address, and some of the admin's."""
    rows = rows_of(founding_article, editor)
    found = [(name, filled(name, parts, rows)) for name, parts in sorted(addresses())]
    return [*found, ("admin:index", "/admin/"), ("admin:quotes", "/admin/quotes/quote/")]


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss", "boss@paper.example", "correct horse battery")


def client_of(user: User | None, **kwargs: Any) -> Client:
    client = Client(**kwargs)
    if user is not None:
        client.force_login(user)
    return client


def answers(urls: list[tuple[str, str]], user: User | None) -> Iterator[tuple[str, HttpResponse]]:
    for name, url in urls:
        response: Any = client_of(user).get(url)
        if response.streaming:
            list(response)
        yield name, response


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_every_answer_carries_them(urls: list[tuple[str, str]], boss: User, is_signed_in: bool) -> None:
    for name, response in answers(urls, boss if is_signed_in else None):
        for header, value in ALWAYS.items():
            assert response[header] == value, (name, header)
        assert "camera=()" in response["Permissions-Policy"], name
        policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'", name
        assert "unsafe" not in str(policy), name
        if response["Content-Type"].startswith("text/html"):
            assert policy["style-src"] == policy["form-action"] == "'self'", name
            assert policy["base-uri"] == "'none'", name
        else:
            assert "script-src" not in policy, name
        if is_signed_in and not name.endswith("logout") and response.wsgi_request.user.is_authenticated:  # type: ignore[attr-defined]
            assert {"private", "no-store"} <= {part.strip() for part in response["Cache-Control"].split(",")}, name


def test_every_script_carries_the_nonce_of_its_answer(urls: list[tuple[str, str]], boss: User) -> None:
    seen: set[str] = set()
    for name, response in answers(urls, boss):
        if name.startswith("admin:") or not response["Content-Type"].startswith("text/html"):
            continue
        nonce = re.search(r"script-src 'nonce-([\w-]{24})';", response["Content-Security-Policy"])
        assert nonce, name
        assert nonce[1] not in seen
        seen.add(nonce[1])
        for script in html.fromstring(response.content.strip() or "<p>").cssselect("script:not([type$=json])"):
            assert script.get("nonce") == nonce[1], name
            assert script.get("src"), name


def test_no_page_holds_a_handler_a_style_or_an_address_that_runs(urls: list[tuple[str, str]], boss: User) -> None:
    for name, response in answers(urls, boss):
        if name.startswith("admin:") or not response["Content-Type"].startswith("text/html"):
            continue
        for element in html.fromstring(response.content.strip() or "<p>").iter(html.etree.Element):
            for attribute, value in element.attrib.items():
                assert attribute != "style", (name, value)
                assert not attribute.startswith(("on", "hx-on", "hx-vars")), (name, attribute)
                assert not re.match(r"\s*(?:javascript|vbscript|data):|js:", value, re.I), (name, attribute, value)
            assert element.tag != "style", name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_holds_one_either(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|\bhx-on|=\s*[\"']?javascript:", text, re.I
    )
    assert all('nonce="{{ csp_nonce }}"' in script for script in re.findall(r"<script[^>]*>", text))
    assert "|safe" not in text
    assert "autoescape off" not in text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["form", "htmx"])
def test_nothing_is_written_without_a_token(urls: list[tuple[str, str]], boss: User, headers: dict[str, str]) -> None:
    client = client_of(boss, enforce_csrf_checks=True)
    for name, url in urls:
        if name in WITHOUT_TOKEN:
            continue
        for method in ("post", "put", "patch", "delete"):
            status = getattr(client, method)(url, headers=headers).status_code
            assert status == 403 or (status == 405 and READ_ONLY.match(name)), (name, method)


def test_who_is_not_signed_in_needs_a_token_too(urls: list[tuple[str, str]]) -> None:
    for name, url in urls:
        if name not in WITHOUT_TOKEN and not READ_ONLY.match(name):
            assert client_of(None, enforce_csrf_checks=True).post(url).status_code == 403, name


def test_another_site_cannot_post_even_with_a_token(boss: User, urls: list[tuple[str, str]]) -> None:
    client = client_of(boss, enforce_csrf_checks=True)
    token = client.get("/add/").context["csrf_token"]
    sent = {"csrfmiddlewaretoken": str(token), "box": "Some words."}
    assert client.post("/look/", sent, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/look/", sent, headers={"Origin": "http://testserver"}).status_code == 302


def test_cookies_are_out_of_reach_of_scripts(boss: User) -> None:
    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": "boss", "password": "correct horse battery"})
    assert set(client.cookies) >= {"sessionid", "csrftoken"}
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie
        assert cookie["samesite"] == "Lax", cookie


TOLD = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_PATH,
      s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT)
"""


def test_in_production_cookies_belong_to_this_host_and_https_alone(tmp_path: Path) -> None:
    environment = {**os.environ, "HEARSAY_STATE_DIR": str(tmp_path), "HEARSAY_PRODUCTION": "yes"}
    environment["DJANGO_SETTINGS_MODULE"] = "quotes.settings"
    done = subprocess.run([sys.executable, "-c", TOLD], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout.split() == b"__Host-session __Host-csrf True True / None None 31536000 True".split()


def test_static_files_carry_them_too(db: None, settings: Any) -> None:
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    response = Client().get("/static/js/hearsay.js")
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_nothing_in_linked_data_ends_its_element() -> None:
    hostile = "</script><script>alert(1)</script><!-- ]]> \u2028 & '"
    block = json_ld({"text": hostile, hostile: [hostile]})
    inner = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not re.search("[<>&\u2028\u2029]", inner)
    assert json.loads(inner) == {"text": hostile, hostile: [hostile]}
