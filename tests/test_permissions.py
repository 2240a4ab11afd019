"""Every address by every method, tried by everybody: who may do what stands in docs/permissions.md, line for line.

HEARSAY_WRITE=yes pytest tests/test_permissions.py     writes the table anew; read the difference before it is committed
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html

from quotes.models import Article, Attribution, Decision, Flag, Match, Quote
from tests.factories import make_feed, make_flag, make_upload

DOCUMENT = Path(__file__).parent.parent / "docs" / "permissions.md"
CAST = ["nobody", "somebody", "reporter", "editor", "desk head"]
"""Not signed in; signed in without a group; and the three groups."""

OPEN_TO_ALL = {
    "api:openapi-json",  # the same as by GET
    "home_look",
    "account_login",
    "account_logout",
    "account_signup",  # says that accounts come by invitation
    "account_reset_password",
    "account_reset_password_from_key",
    "account_confirm_email",
    "socialaccount_signup",
    "openid_connect_callback",
    "watch_unsubscribe",
}
"""What people who are not signed in may send: the box on the home page, signing in, and the one-click links of e-mails."""


def addresses() -> Iterator[tuple[str, set[str]]]:
    """(name, parts) of every address, but the admin's and the static files'."""

    def walk(resolver: Any, namespace: str, above: set[str]) -> Iterator[tuple[str, set[str]]]:
        for pattern in resolver.url_patterns:
            parts = above | set(pattern.pattern.regex.groupindex) | set(pattern.pattern.converters)
            if not hasattr(pattern, "url_patterns"):
                yield f"{namespace}{pattern.name}", parts
            elif pattern.namespace != "admin":
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern, namespace + inner, parts)

    return walk(get_resolver(), "", set())


@pytest.fixture
def rows(founding_article: Article, editor: User) -> dict[str, Any]:
    return rows_of(founding_article, editor)


def rows_of(founding_article: Article, editor: User) -> dict[str, Any]:
    """A value for every part of an address."""
    quote = Quote.objects.get(words__startswith="Vladimir, you can")
    report = Attribution.objects.get(variant__quote=quote)
    return {
        "quote": quote.pk,
        "attribution": report.pk,
        "flag": make_flag(quote, editor).pk,
        "article": founding_article.pk,
        "speaker": report.speaker_id,
        "match": Match.objects.asked()[0].pk,
        "feed": make_feed().pk,
        "work": make_upload().pk,
        "slug": founding_article.outlet.slug if founding_article.outlet else "",
    }


ROW_OF = {
    "cite_quote": "quote",
    "takedown_quote": "quote",
    "takedown_article": "article",
    "data_quote": "quote",
    "data_reports": "quote",
    "data_attribution": "attribution",
    "flag_add": "quote",
    "problem_add": "quote",
    "match_arrange": "quote",
    "match_review": "match",
    "reading_correct": "attribution",
    "reading_add": "article",
    "review_item": "attribution",
    "people_resolve": "attribution",
    "people_edit": "speaker",
    "people_merge": "speaker",
    "people_split": "speaker",
}
"""Name of an address -> whose number it has, where its own first word does not say so."""


def filled(name: str, parts: set[str], rows: dict[str, Any]) -> str:
    row = ROW_OF.get(name, name.rpartition(":")[2].partition("_")[0])
    values = {"pk": rows.get(row, 1), "slug": rows["slug"], "provider_id": "sso", "uidb36": "1", "key": "x-1"}
    values["kind"] = "bib" if name == "cite_quote" else "reading"
    values["token"] = "x"
    return reverse(name, kwargs={part: values[part] for part in parts})


def answer(client: Client, method: str, url: str) -> str:
    """What happens, in a word; nothing of it stays, and nobody is signed out."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = getattr(client, method)(url)
        if response.streaming:
            b"".join(response)  # closed by hand, it would close the database's connection too
        transaction.set_rollback(True)
    client.cookies = cookies
    to = response.get("Location", "")
    if response.status_code == 302 and to.startswith("/account/login/"):
        return "sign in"
    if response.status_code == 302 and to.startswith(("/account/reauthenticate/", "/account/two-factor/reauth")):
        return "confirm"
    return {403: "no", 404: "not found", 405: "–", 401: "sign in"}.get(response.status_code, "yes")


def lines(rows: dict[str, Any], clients: list[Client]) -> Iterator[tuple[str, str, list[str]]]:
    """(name, method, what happens to each of the cast), without methods that an address does not have."""
    for name, parts in sorted(addresses()):
        url = filled(name, parts, rows)
        for method in ("get", "post"):
            answers = [answer(client, method, url) for client in clients]
            if set(answers) != {"–"}:
                yield name, method.upper(), answers


@pytest.fixture
def clients(outsider: User, reporter: User, editor: User, desk_head: User) -> list[Client]:
    made = [Client()]
    for user in (outsider, reporter, editor, desk_head):
        made.append(Client())
        made[-1].force_login(user)
    return made


def test_who_may_do_what_stands_in_the_document(
    rows: dict[str, Any], clients: list[Client], capsys: pytest.CaptureFixture[str]
) -> None:
    kept = [list(model.objects.order_by("pk").values()) for model in (Attribution, Flag, Decision, Quote)]
    found = list(lines(rows, clients))
    table = [f"| {' | '.join(['address', 'method', *CAST])} |", f"|{'---|' * (2 + len(CAST))}"]
    table += [f"| `{name}` | {method} | {' | '.join(answers)} |" for name, method, answers in found]
    with capsys.disabled():
        print("\n" + "\n".join(table))  # noqa: T201
    text = HEAD + "\n".join(table) + "\n"
    if os.environ.get("HEARSAY_WRITE") == "yes":
        DOCUMENT.write_text(text, encoding="utf-8")
    for name, method, answers in found:
        if method == "POST" and answers[0] == "yes":
            assert name in OPEN_TO_ALL, f"anybody may post to {name}"
        order = [{"sign in": 0, "no": 1}.get(each, 2) for each in answers]
        assert order == sorted(order), f"{name}: somebody may less than a person with fewer rights: {answers}"
    assert kept == [list(model.objects.order_by("pk").values()) for model in (Attribution, Flag, Decision, Quote)]
    assert DOCUMENT.read_text(encoding="utf-8") == text, "docs/permissions.md is not what the site does"


HEAD = """# Who may do what

Every address and method, as `tests/test_permissions.py` tries them; the test fails when the site does otherwise. *sign in*: sent to
the sign-in page. *confirm*: the password is asked once more. *no*: refused. *not found*: there is nothing (for them) at this address.
*–*: the method does not exist. *yes* for POST says that the form is read; each act is checked again by its service.

"""


def test_who_is_not_signed_in_sees_no_control_that_is_not_for_them(rows: dict[str, Any]) -> None:
    """Every form and link of every page that anybody may open leads to something that anybody may open."""
    client = Client()
    opened: dict[str, str] = {}
    for name, parts in addresses():
        response = client.get(filled(name, parts, rows))
        if response.status_code != 200 or b"<html" not in getattr(response, "content", b""):
            continue
        tree = html.fromstring(response.content)
        for form in tree.cssselect("form"):
            action = form.get("action") or ""
            method = (form.get("method") or "get").lower()
            assert method == "get" or action == "/look/" or name.startswith(("account_", "watch_")), (name, action)
        targets = {link.get("href").split("#")[0] for link in tree.cssselect("a[href^='/']")}
        for target in sorted(targets - {""}):
            if not target.startswith("/account/"):
                opened[target] = opened.get(target) or answer(client, "get", target)
                assert opened[target] == "yes", (name, target)
