from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from quotes.models import Watch
from quotes.services import watch
from tests.factories import make_quote, make_watch
from tests.html import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(reporter: User) -> str:
    make_watch(reporter, quote=make_quote())
    make_watch(reporter, quote=make_quote("Others."), period="weekly")
    return reverse("watch_unsubscribe", args=[watch.token_of(reporter, "daily")])


def periods() -> list[str]:
    return list(Watch.objects.order_by("pk").values_list("period", flat=True))


def test_opening_it_changes_nothing(url: str, client: Client) -> None:
    tree = page(client, url)
    assert "every day" in text_of(tree)
    assert len(tree.cssselect("main form[method=post] button")) == 1
    client.head(url)
    assert periods() == ["daily", "weekly"]


def test_one_click_of_a_program_without_cookies(url: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(url, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert periods() == ["never", "weekly"]


def test_the_button_of_a_person(url: str, client: Client) -> None:
    answer = client.post(url, {"List-Unsubscribe": "One-Click"})
    assert "No more e-mails" in answer.content.decode()
    again = client.post(url)
    assert "any more already" in again.content.decode()
    assert periods() == ["never", "weekly"]


@pytest.mark.parametrize("spoiled", ["x", "cut", "other"])
def test_a_tampered_address_is_refused_in_words(spoiled: str, url: str, editor: User, client: Client) -> None:
    token = url.split("/")[-2]
    payload, rest = token.split(":", 1)
    other = watch.token_of(editor, "daily").split(":", 1)[0]
    forged = {"x": f"{token}x", "cut": token[:20], "other": f"{other}:{rest}"}[spoiled]
    assert payload != other
    for method in ("get", "post"):
        answer = getattr(client, method)(reverse("watch_unsubscribe", args=[forged]))
        assert answer.status_code == 404
        assert "This address is not whole" in answer.content.decode()
    assert periods() == ["daily", "weekly"]


def test_it_works_where_reading_asks_for_an_account(url: str, client: Client, settings: Any) -> None:
    settings.HEARSAY_ANONYMOUS_READING = False
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 200
    assert periods() == ["never", "weekly"]


def test_it_does_not_depend_on_who_is_signed_in(url: str, editor_client: Client) -> None:
    editor_client.post(url)
    assert periods() == ["never", "weekly"]


def test_other_verbs_are_refused(url: str, client: Client) -> None:
    assert client.put(url).status_code == 405
    assert periods() == ["daily", "weekly"]
