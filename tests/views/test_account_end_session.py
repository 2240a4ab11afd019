from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import Client

from tests.html import page, texts


@pytest.fixture
def elsewhere(editor: User) -> Client:
    """The same editor in another browser, seen there once."""
    client = Client()
    client.force_login(editor)
    client.get("/quotes/")
    return client


def test_one_session_is_ended_and_the_others_go_on(elsewhere: Client, editor_client: Client) -> None:
    tree = page(editor_client, "/account/sessions/")
    (form,) = tree.cssselect("td form")
    tree = page(editor_client, editor_client.post(form.get("action"))["Location"])
    assert texts(tree, ".messages li") == ["Signed out there."]
    assert elsewhere.get("/account/").status_code == 302
    assert editor_client.get("/account/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(elsewhere: Client, second_editor_client: Client) -> None:
    number = UserSession.objects.get().pk
    assert second_editor_client.post(f"/account/sessions/{number}/end/").status_code == 404
    assert elsewhere.get("/account/").status_code == 200
    assert second_editor_client.get(f"/account/sessions/{number}/end/").status_code == 405
