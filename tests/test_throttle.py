"""Who asks too often is told so, on a page or in a sentence, with when to ask again; others are not held up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account import app_settings as allauth_settings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quotes.environment import by_allauth, env_rate
from quotes.models import Article
from quotes.services.watch import inbox_of
from tests.factories import TEXT

SEARCHES = ["/quotes/?q=bridge", "/seen/?q=bridge", "/speakers/suggest/?q=ann", "/compare/", "/articles/", "/speakers/"]


@pytest.fixture(autouse=True)
def counted(settings: Any, db: None) -> Iterator[None]:
    """Three a minute, counted from nothing."""
    settings.HEARSAY_SEARCH_RATE = settings.HEARSAY_FEED_RATE = "3/min"
    for cache in caches.all():
        cache.clear()
    caches["local"].clear()
    yield
    caches["local"].clear()


@pytest.mark.parametrize("url", SEARCHES)
def test_searches(url: str, client: Client) -> None:
    assert [client.get(url).status_code for _ in range(4)] == [200, 200, 200, 429]
    response = client.get(url)
    assert 1 <= int(response["Retry-After"]) <= 60
    assert "too often in a short time" in response.content.decode()


def test_all_searches_count_together(client: Client) -> None:
    assert [client.get(url).status_code for url in SEARCHES[:4]] == [200, 200, 200, 429]
    assert client.post("/look/", {"box": "bridge"}).status_code == 429
    assert client.get("/").status_code == 200


def test_everybody_is_counted_alone(editor: User, reporter: User, client: Client) -> None:
    for _ in range(4):
        client.get("/quotes/")
    assert client.get("/quotes/").status_code == 429
    for user in (editor, reporter):
        person = Client()
        person.force_login(user)
        assert person.get("/quotes/").status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.9").get("/quotes/").status_code == 200


def test_a_made_up_address_does_not_help(client: Client) -> None:
    for number in range(4):
        last = client.get("/quotes/", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert last.status_code == 429


def test_htmx_is_told_in_a_sentence(client: Client) -> None:
    for _ in range(4):
        last = client.get("/quotes/", headers={"HX-Request": "true"})
    told = last.content.decode()
    assert last.status_code == 429
    assert 'role="alert"' in told
    assert "<html" not in told
    assert '{"code": "429", "swap": true, "error": true}' in client.get("/").content.decode()


def test_private_feeds(reporter: User, client: Client) -> None:
    url = f"/watches/feed/{inbox_of(reporter).feed_key}.atom"
    assert [client.get(url).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_guessing_feeds(client: Client) -> None:
    assert [client.get(f"/watches/feed/guess{n}.atom").status_code for n in range(4)] == [404, 404, 404, 429]


@pytest.fixture
def two_an_hour(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "add_article": "2/h/user"}
    settings.HEARSAY_ADD_RATE = "2/h"
    assert allauth_settings.RATE_LIMITS["add_article"] == "2/h/user"


def test_adding(two_an_hour: None, reporter_client: Client, editor_client: Client) -> None:
    for number in range(3):
        last = reporter_client.post("/add/", {"text": TEXT.replace("winter", f"winter {number}"), "title": "A bridge"})
    assert last.status_code == 429
    assert last["Retry-After"] == "60"
    assert "Nothing was added" in last.content.decode()
    assert "winter 2" in last.content.decode()  # what was pasted is kept
    assert Article.objects.count() == 2
    sent = {"file": SimpleUploadedFile("a.txt", TEXT.encode())}
    assert reporter_client.post("/add/file/", sent).status_code == 429
    assert editor_client.post("/add/", {"text": TEXT, "title": "A bridge"}).status_code == 302


@pytest.mark.parametrize("value", ["", "120", "0/min", "120/week", "-1/h", "1/min/ip", "1.5/s"])
def test_what_is_no_rate_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARSAY_X_RATE", value)
    with pytest.raises(ImproperlyConfigured, match="HEARSAY_X_RATE must be a number"):
        env_rate("X_RATE", "1/s")


def test_rates_as_allauth_writes_them() -> None:
    assert by_allauth("120/min", "user") == "120/m/user"
    assert by_allauth("5/day", "ip") == "5/d/ip"
