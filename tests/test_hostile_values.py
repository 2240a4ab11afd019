"""Every address and method with what nobody should send: bad values are answered, never with an error of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from lxml import html

from quotes.models import Article
from tests.factories import make_problem
from tests.test_permissions import addresses, filled, rows_of

HOSTILE = {
    "a NUL": "%00",
    "half a character": "%ED%A0%80",
    "no character": "%FF%FE",
    "a number too big": "9" * 40,
    "a number below": "-1",
    "digits of another script": "%D9%A3",
    "no whole number": "1e9",
    "not a number": "NaN",
    "quotation marks": "%27%22%3B--%5C%25_*",
    "long": "a" * 3000,
    "directions and joiners": "%E2%80%AE%E2%80%8D%F0%9F%92%A9",
    "brackets": "%28%28%5B%7B*%2B",
    "lines": "a%0D%0ASet-Cookie:%20x=1",
    "a template": "%7B%7Bsettings.SECRET_KEY%7D%7D",
}
TRIED = list(HOSTILE) if os.environ.get("HEARSAY_HOSTILE") == "all" else ["a NUL", "long"]
"""All of them take minutes: HEARSAY_HOSTILE=all pytest tests/test_hostile_values.py"""

WORST = ("a NUL", "a number too big")
"""What is tried in one field at a time too."""

ASKED = (
    "q sort page tab result format version kind view item done via speaker outlet quote search words wording url all into "
    "cursor name page_size next after before class grade flag lang event"
).split()
"""What addresses are asked with."""

GIVEN = (
    "decision following number act seen written reason name kind answer version text title box file published words "
    "category into other events period count renew remove retire bring_back email group item seen-flag-1 reports relayed "
    "candidate split move take_out merge settle result duplicate_of evidence url archive_url note due_on alias valid_from "
    "valid_until login password content content_at source source_at cue cue_at relay-0-name relay-0-words sourcing code otp"
).split()
"""What forms send, beside the fields that the page itself has."""


@pytest.fixture
def urls(founding_article: Article, editor: User) -> list[tuple[str, str]]:
    rows = rows_of(founding_article, editor)
    make_problem(founding_article.revisions.get().attributions.exclude(variant=None)[0].variant.quote)  # type: ignore[union-attr]
    return [
        (name, filled(name, parts, rows))
        for name, parts in sorted(addresses())
        if name not in ("account_logout", "api:openapi-json")
    ]


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss", "boss@paper.example", "correct horse battery")


CLIENTS: dict[int, Client] = {}


@pytest.fixture(autouse=True)
def _nobody_is_signed_in_twice() -> None:
    CLIENTS.clear()


def client_of(user: User | None) -> Client:
    key = user.pk if user else 0
    if key not in CLIENTS:
        CLIENTS[key] = Client(raise_request_exception=False)
        if user is not None:
            CLIENTS[key].force_login(user)
    return CLIENTS[key]


def status_of(user: User | None, method: str, url: str, **sent: Any) -> tuple[int, Any]:
    """The answer, read to its end; nothing of it stays."""
    client = client_of(user)
    cookies = client.cookies.copy()
    with transaction.atomic():
        response: Any = getattr(client, method)(url, **sent)
        if response.streaming:
            list(response.streaming_content)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response.status_code, response


def fields(response: Any) -> Iterator[str]:
    if response.streaming or not response["Content-Type"].startswith("text/html") or not response.content.strip():
        return
    for field in html.fromstring(response.content).cssselect("main [name]"):
        yield field.get("name")


@pytest.mark.parametrize("what", TRIED)
def test_in_addresses(what: str, urls: list[tuple[str, str]], boss: User) -> None:
    query = "&".join(f"{name}={HOSTILE[what]}" for name in ASKED)
    one_by_one = (
        "quote_browse",
        "review_queue",
        "watch_add",
        "compare_detail",
        "article_detail",
        "api:quotes",
        "speaker_detail",
    )
    for name, url in urls:
        assert status_of(boss, "get", f"{url}?{query}")[0] < 500, (name, what)
        for asked in ASKED if name in one_by_one and what in WORST else ():
            assert status_of(boss, "get", f"{url}?{asked}={HOSTILE[what]}")[0] < 500, (name, asked, what)


@pytest.mark.parametrize("what", TRIED)
def test_in_forms(what: str, urls: list[tuple[str, str]], boss: User) -> None:
    for name, url in urls:
        if name.startswith(("api:", "account_", "mfa_", "openid_", "socialaccount_", "usersessions_")):
            continue
        own = set(fields(status_of(boss, "get", url)[1]))
        body = "&".join(f"{field}={HOSTILE[what]}" for field in dict.fromkeys([*sorted(own), *GIVEN]))
        for headers in ({}, {"HX-Request": "true"}) if what in WORST else ({},):
            sent = {"data": body, "content_type": "application/x-www-form-urlencoded", "headers": headers}
            assert status_of(boss, "post", url, **sent)[0] < 500, (name, what)
        # the fields of the page alone, so that no other act is taken for the one that is meant
        for act in sorted(own) if what in WORST else ():
            sent = {"data": f"{act}={HOSTILE[what]}", "content_type": "application/x-www-form-urlencoded"}
            assert status_of(boss, "post", url, **sent)[0] < 500, (name, act, what)


def test_in_signing_in(urls: list[tuple[str, str]], boss: User) -> None:
    own = [
        pair for pair in urls if pair[0].startswith(("account_", "mfa_", "openid_", "socialaccount_", "usersessions_"))
    ]
    for value in HOSTILE.values():
        body = "&".join(f"{field}={value}" for field in ("login", "password", "email", "next", "code", "action_add"))
        sent = {"data": body, "content_type": "application/x-www-form-urlencoded"}
        for name, url in own:
            for user in (None, boss):
                assert status_of(user, "post", url, **sent)[0] < 500, (name, value)
                assert status_of(user, "get", f"{url}?{body}")[0] < 500, (name, value)


@pytest.mark.parametrize("what", TRIED)
def test_in_paths_and_headers(what: str, boss: User) -> None:
    for path in ("/outlets/{}/", "/review/item/{}/1/", "/review/item/flag/{}/", "/quotes/{}/", "/quotes/1/cite.{}",
                 "/watches/feed/{}.atom", "/watches/unsubscribe/{}/", "/api/v1/quotes/{}", "/takedowns/{}", "/static/{}"):  # fmt: skip
        assert status_of(boss, "get", path.format(HOSTILE[what]))[0] < 500, path
    value = HOSTILE[what][:2000]
    for header in (
        "HX-Current-URL",
        "HX-Target",
        "HX-Trigger",
        "HX-Request",
        "User-Agent",
        "Accept-Language",
        "X-Forwarded-For",
    ):
        for url in ("/", "/quotes/", "/review/", "/account/login/"):
            assert status_of(boss, "get", url, headers={header: value})[0] < 500, (header, url)
    for name in ("sessionid", "csrftoken", "messages"):
        client = Client(raise_request_exception=False)
        client.cookies[name] = value
        assert client.get("/").status_code < 500, name


@pytest.mark.parametrize(
    "name", ["a\x00.html", "../../etc/passwd.html", "a" * 300 + ".txt", "\u202egnp.html", ".html", "a.jsonl", "CON.txt"]
)
def test_in_names_of_files(name: str, boss: User) -> None:
    for content in (b"\x00\xff", b"{}", b"<html>", "Ann Lee said: “Halves \ufffd.”".encode()):
        sent = {"data": {"file": SimpleUploadedFile(name, content), "outlet": "\ufffd", "published": "x"}}
        assert status_of(boss, "post", "/add/file/", **sent)[0] == 200, name


def test_too_many_fields_and_files_are_refused(boss: User) -> None:
    body = "&".join(f"f{n}=1" for n in range(1100))
    sent = {"data": body, "content_type": "application/x-www-form-urlencoded"}
    assert status_of(boss, "post", "/add/", **sent)[0] == 400
    files = {f"file{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(3)}
    assert status_of(boss, "post", "/add/file/", data=files)[0] == 400


def test_what_says_it_is_too_large_is_refused_unread(boss: User, settings: Any) -> None:
    settings.HEARSAY_LARGEST_UPLOAD = 1000
    sent = {"data": {"file": SimpleUploadedFile("a.txt", b"x" * 1_200_000)}}
    status, response = status_of(boss, "post", "/add/file/", **sent)
    assert status == 413
    assert "too large" in response.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        b"%",
        b"&&&&",
        b"=",
        b"a" * 100,
        b"\xff\xfe\x00",
        b"{}",
        b'--x\r\nContent-Disposition: form-data; name="box"\r\n\r\n',
    ],
)
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json; charset=nonsense",
    ],
)
def test_damaged_bodies(body: bytes, kind: str, boss: User) -> None:
    for url in ("/look/", "/add/", "/add/file/", "/review/act/", "/decisions/undo/", "/account/login/"):
        client = Client(raise_request_exception=False)
        client.force_login(boss)
        assert client.generic("POST", url, body, kind).status_code < 500, url
