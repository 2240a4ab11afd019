from __future__ import annotations

from typing import Any

from django.test import Client


def test_it_works_without_a_database_and_for_everybody(settings: Any) -> None:
    settings.HEARSAY_ANONYMOUS_READING = False
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_it_is_asked_without_tls(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200


def test_it_is_only_looked_at(settings: Any) -> None:
    assert Client().post("/healthz").status_code == 405
