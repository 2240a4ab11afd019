"""Settings fail loudly: what cannot be read stops the start with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from quotes.environment import database, mail, single_sign_on, site_address

ROOT = Path(__file__).parent.parent


def test_where_mail_goes() -> None:
    assert mail("") == {"backend": "django.core.mail.backends.dummy.EmailBackend"}
    assert mail("console:") == {"backend": "django.core.mail.backends.console.EmailBackend"}
    plain = mail("smtp://localhost")
    assert (plain["host"], plain["port"], plain["use_tls"], plain["use_ssl"]) == ("localhost", 25, False, False)
    login = mail("smtp://ann%40paper:p%2Fw@mail.example")
    assert (login["user"], login["password"], login["port"], login["use_tls"]) == ("ann@paper", "p/w", 587, True)
    secure = mail("smtps://ann:pw@mail.example:4650")
    assert (secure["port"], secure["use_tls"], secure["use_ssl"]) == (4650, False, True)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail:port", "console:x"])
def test_what_is_no_mail_server(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HEARSAY_EMAIL_URL must"):
        mail(url)


def test_the_address_of_the_site() -> None:
    assert site_address("https://hearsay.example/") == "https://hearsay.example"
    for url in ("hearsay.example", "ftp://hearsay.example", "https://", ""):
        with pytest.raises(ImproperlyConfigured, match="HEARSAY_ADDRESS must begin"):
            site_address(url)


def test_single_sign_on_is_set_as_a_whole() -> None:
    assert single_sign_on("", "", "", "") == []
    (app,) = single_sign_on("Paper ID", "https://id.example/", "hearsay", "secret")
    assert app["settings"]["server_url"] == "https://id.example"
    with pytest.raises(ImproperlyConfigured, match="give HEARSAY_OIDC_CLIENT_ID, HEARSAY_OIDC_SECRET too"):
        single_sign_on("Paper ID", "https://id.example", "", "")
    with pytest.raises(ImproperlyConfigured, match="HEARSAY_OIDC_SERVER must begin with https"):
        single_sign_on("Paper ID", "id.example", "hearsay", "secret")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HEARSAY_OIDC_NAME", "Paper ID", "Single sign-on is set by half"),
        ("HEARSAY_OIDC_GROUP", "kings", "HEARSAY_OIDC_GROUP must be one of reporters, editors, desk heads"),
        ("HEARSAY_OIDC_JOIN", "maybe", "HEARSAY_OIDC_JOIN must be yes or no"),
        ("HEARSAY_EMAIL_URL", "nonsense", "HEARSAY_EMAIL_URL must be"),
    ],
)
def test_a_bad_value_stops_the_start(name: str, value: str, said: str, tmp_path: Path) -> None:
    environment = {**os.environ, "HEARSAY_STATE_DIR": str(tmp_path), name: value}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert said in done.stderr


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {"options": "-c jit=off"}),
        ("?sslmode=require", {"options": "-c jit=off", "sslmode": "require"}),
        ("?options=", {"options": ""}),
    ],
)
def test_options_of_postgresql(query: str, options: dict[str, str]) -> None:
    assert database(f"postgres://ann@db.example/hearsay{query}")["OPTIONS"] == options
