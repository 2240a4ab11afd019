"""Whether a load balancer should send readers here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client

from quotes.models import KeyIndex
from quotes.services import health

pytestmark = pytest.mark.django_db
URL = "/readyz"


def test_it_works(settings: Any, tmp_path: Path, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    settings.HEARSAY_ANONYMOUS_READING = False
    settings.HEARSAY_STATE_DIR = tmp_path
    with django_assert_max_num_queries(12):
        response = Client().get(URL)
    assert response.status_code == 200
    assert {name: word for name, word in response.json().items() if name != "model"} == dict.fromkeys(
        ("database", "migrations", "cache", "disk"), "ok"
    )
    assert "no-store" in response["Cache-Control"]


def refuse(*args: object, **kwargs: object) -> None:
    raise OperationalError("could not connect to postgres://hearsay:secret@db.internal/hearsay")


def answered(name: str) -> str:
    response = Client().get(URL)
    assert response.status_code == 503
    assert b"secret" not in response.content
    assert b"internal" not in response.content
    word: str = response.json()[name]
    return word


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(type(KeyIndex.objects), "exists", refuse)
    assert answered("database") == "no answer"
    assert "The check of database failed: OperationalError." in caplog.text
    assert "secret" not in caplog.text


def test_migrations_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr("quotes.services.health.MigrationExecutor.migration_plan", lambda self, targets: ["one"])
    assert answered("migrations") == "run manage.py migrate"


def test_a_cache_table_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches["default"], "get", refuse)
    assert answered("cache") == "no answer"


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    assert answered("disk") == "nearly full"


def test_a_disk_that_cannot_be_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert answered("disk") == "cannot be written to"


def test_reading_by_rules_alone_is_told_and_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.tagger, "state", lambda: health.tagger.State("rules", "It is broken."))
    response = Client().get(URL)
    assert (response.status_code, response.json()["model"]) == (200, "by rules alone")
