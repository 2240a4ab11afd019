"""What is written down, and what never is: no marker that anybody sent is in any line."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as live
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from quotes import urls
from quotes.logs import MOST_AN_HOUR
from tests.factories import PUBLISHED

MARKERS = ("zebrafinch", "marmalade", "tambourine", "quicksilver", "moonflower")
"""In an article, a search, a password, a header and an exception."""

pytestmark = pytest.mark.django_db


def broken(request: HttpRequest, key: str) -> HttpResponse:
    local = str(request.POST)  # what a traceback with variables would tell
    try:
        raise ValueError(f"moonflower: {local}")
    except ValueError as error:
        raise RuntimeError(f"moonflower again: {request.GET}") from error


class Broken:
    """The site with one more page, which breaks."""

    urlpatterns = [*urls.urlpatterns, path("broken/<str:key>/", broken, name="test_broken")]
    handler500 = urls.handler500
    handler404 = urls.handler404


@pytest.fixture(params=["plain", "json"])
def lines(request: pytest.FixtureRequest, settings: Any) -> Iterator[io.StringIO]:
    """Everything that any logger writes, down to DEBUG, in each of the two formats."""
    settings.ROOT_URLCONF = Broken
    out = io.StringIO()
    kept = logging.getLogger().handlers[:]
    config = {**live.LOGGING, "root": {"handlers": ["console", "mail"], "level": "DEBUG"}}
    console = {**config["handlers"]["console"], "formatter": request.param, "stream": out}
    logging.config.dictConfig(config | {"handlers": {**config["handlers"], "console": console}})
    yield out
    logging.config.dictConfig(live.LOGGING)
    for handler in kept:
        if handler not in logging.getLogger().handlers:
            logging.getLogger().addHandler(handler)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, headers={"X-Marker": "quicksilver"})


def is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def test_nothing_that_was_sent_is_written_down(lines: io.StringIO, client: Client, reporter: User) -> None:
    client.cookies["quicksilver"] = "quicksilver"
    client.post("/account/login/", {"login": "quicksilver@example.org", "password": "tambourine"})
    client.get("/quotes/?q=marmalade")
    client.get("/marmalade/marmalade?marmalade")
    client.get("/watches/feed/tambourine.atom")
    client.get("/watches/unsubscribe/tambourine/")
    client.get("/account/password/reset/key/1-tambourine/")
    client.get("/", headers={"host": "quicksilver.example.org"})
    client.get("/healthz", headers={"X-Request-ID": "quicksilver@example.org tambourine"})
    client.post("/look/", {"text": "zebrafinch " * 40})
    client.force_login(reporter)
    text = f'Ann Lee said: "The zebrafinch will come back before winter." {"The zebrafinch sat there all day. " * 20}'
    client.post("/add/", {"text": text, "outlet": "Zebrafinch Post", "published": PUBLISHED.date().isoformat()})
    client.post("/broken/tambourine/?q=marmalade", {"text": "zebrafinch", "password": "tambourine"})
    written = lines.getvalue()
    assert "test_broken" in written
    assert "RuntimeError" in written, "the error itself is written down"
    assert "test_logs.py" in written
    for marker in MARKERS:
        assert marker not in written.lower(), [line for line in written.splitlines() if marker in line.lower()]
    assert "example.org" not in written
    assert reporter.username not in written


def test_one_line_for_each_request(lines: io.StringIO, client: Client, reporter: User) -> None:
    client.force_login(reporter)
    lines.truncate(0)
    lines.seek(0)
    answer = client.get("/method/?q=1", headers={"X-Request-ID": "abc-123.DEF_4"})
    assert answer["X-Request-ID"] == "abc-123.DEF_4"
    (line,) = [line for line in lines.getvalue().splitlines() if "method_detail" in line]
    if not is_json(line):
        assert re.search(r" INFO quotes\.request \[abc-123\.DEF_4\]: GET method_detail 200, \d+ ms, user \d+$", line)
        return
    told = json.loads(line)
    assert told["ms"] >= 0
    assert {name: told[name] for name in ("url", "method", "status", "user", "request_id", "level", "logger")} == {
        "url": "method_detail",
        "method": "GET",
        "status": 200,
        "user": reporter.pk,
        "request_id": "abc-123.DEF_4",
        "level": "INFO",
        "logger": "quotes.request",
    }


@pytest.mark.parametrize(
    "sent", ["", "short", "a" * 65, "with space in it", "line\nbreak-line", "ümlaut-ümlaut", '"quoted"-and-more']
)
def test_a_number_that_is_not_well_formed_is_replaced(client: Client, sent: str) -> None:
    number = client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", number)


def test_requests_have_different_numbers(client: Client) -> None:
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_every_line_is_one_object(lines: io.StringIO, client: Client) -> None:
    client.get("/broken/x/")
    written = lines.getvalue()
    if is_json(written):
        assert all(isinstance(json.loads(line), dict) for line in written.splitlines())


def test_the_page_says_the_number(lines: io.StringIO, client: Client) -> None:
    answer = client.get("/broken/x/")
    assert answer.status_code == 500
    assert f"<code>{answer['X-Request-ID']}</code>".encode() in answer.content
    assert answer["X-Request-ID"] in lines.getvalue()
    assert b"moonflower" not in answer.content


def test_errors_are_mailed_without_what_was_sent_and_not_without_end(
    lines: io.StringIO, client: Client, settings: Any, reporter: User
) -> None:
    settings.ADMINS = [("", "desk@newsroom.example")]
    caches["local"].clear()
    client.force_login(reporter)
    client.cookies["quicksilver"] = "quicksilver"
    for number in range(MOST_AN_HOUR + 3):
        client.post(f"/broken/tambourine{number}/?q=marmalade", {"text": "zebrafinch", "password": "tambourine"})
    assert len(mail.outbox) == MOST_AN_HOUR
    for message in mail.outbox:
        assert message.to == ["desk@newsroom.example"]
        whole = f"{message.subject}\n{message.body}\n{getattr(message, 'alternatives', '')}".lower()
        assert "test_broken" in message.subject
        assert "runtimeerror" in whole
        assert not [marker for marker in MARKERS if marker in whole], whole
        assert reporter.username not in whole
        assert "sessionid" not in whole


def test_without_admins_nobody_is_mailed(lines: io.StringIO, client: Client, settings: Any) -> None:
    settings.ADMINS = []
    client.get("/broken/x/")
    assert mail.outbox == []


def test_another_error_is_mailed_all_the_same(lines: io.StringIO, client: Client, settings: Any) -> None:
    settings.ADMINS = [("", "desk@newsroom.example")]
    caches["local"].clear()
    for _ in range(MOST_AN_HOUR + 1):
        client.get("/broken/x/")
    logging.getLogger("quotes.other").error("Something else.")
    assert len(mail.outbox) == MOST_AN_HOUR + 1
    assert "Something else." in mail.outbox[-1].subject
