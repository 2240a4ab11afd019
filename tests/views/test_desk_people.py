from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from quotes.services import accounts
from tests.factories import make_user
from tests.html import page, text_of, texts

INVITE = {"invite": "1", "email": "Ann.Lee@Paper.example", "name": "Ann Lee", "group": "editors"}


def test_everybody_with_an_account(desk_head_client: Client, editor: User, outsider: User) -> None:
    rows = texts(page(desk_head_client, "/desk/"), "tbody tr")
    assert [row.split()[0] for row in rows] == ["dora", "edith", "oscar"]
    assert "editors never no active Retire edith" in rows[1]
    assert "reads only" in rows[2]


def test_last_seen_is_when_a_page_was_opened(desk_head_client: Client, editor: User, editor_client: Client) -> None:
    editor_client.get("/quotes/")
    assert accounts.people().get(username="edith").seen_at == UserSession.objects.get(user=editor).last_seen_at
    assert "never" not in texts(page(desk_head_client, "/desk/"), "tbody tr")[1]


def test_an_invitation_shows_its_link_once(desk_head: User, desk_head_client: Client) -> None:
    answer = desk_head_client.post("/desk/", INVITE).content.decode()
    (link,) = re.findall(r"http://testserver/account/password/reset/key/[^<]+", answer)
    user = User.objects.get(email="ann.lee@paper.example")
    assert (user.username, user.get_full_name(), user.groups.get().name) == ("ann.lee", "Ann Lee", "editors")
    assert not user.has_usable_password()
    assert link in mail.outbox[0].body
    assert mail.outbox[0].to == ["ann.lee@paper.example"]
    assert "reset/key" not in desk_head_client.get("/desk/").content.decode()
    assert Client().get(link, follow=True).status_code == 200
    assert LogEntry.objects.get().user == desk_head


def test_without_mail_nothing_is_sent(desk_head_client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = accounts.NO_MAIL
    assert "Nothing was mailed" in desk_head_client.post("/desk/", INVITE).content.decode()
    assert not mail.outbox


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "nonsense"}, "no e-mail address"),
        ({"email": ""}, "This field is required"),
        ({"group": "kings"}, "Select a valid choice"),
        ({"email": "edith@paper.example"}, "is taken: edith has an account"),
    ],
)
def test_an_invitation_is_refused(desk_head_client: Client, editor: User, changed: dict[str, str], said: str) -> None:
    EmailAddress.objects.create(user=editor, email="edith@paper.example")
    editor.last_login = editor.date_joined
    editor.save()
    before = User.objects.count()
    assert said in desk_head_client.post("/desk/", INVITE | changed).content.decode()
    assert User.objects.count() == before


def test_retired_people_are_signed_out_and_come_back(
    desk_head_client: Client, editor: User, editor_client: Client
) -> None:
    assert editor_client.get("/review/").status_code == 200
    done = desk_head_client.post("/desk/", {"retire": editor.pk}, follow=True).content.decode()
    assert "edith is retired" in done
    assert editor_client.get("/review/").status_code == 302
    assert not UserSession.objects.filter(user=editor).exists()
    assert not editor_client.login(username="edith", password="correct horse battery")
    desk_head_client.post("/desk/", {"bring_back": editor.pk})
    assert editor_client.login(username="edith", password="correct horse battery")
    assert editor.groups.get().name == "editors"


def test_nobody_retires_themselves_or_who_runs_the_place(desk_head: User, desk_head_client: Client) -> None:
    root = User.objects.create_superuser("root", password="correct horse battery")
    for user in (desk_head, root):
        answer = desk_head_client.post("/desk/", {"retire": user.pk}, follow=True)
        assert answer.context["messages"], user
        user.refresh_from_db()
        assert user.is_active


def test_an_erased_account_does_not_come_back(desk_head_client: Client, editor: User) -> None:
    accounts.erase(user=editor)
    row = texts(page(desk_head_client, "/desk/"), "tbody tr")[-1]
    assert "erased" in row
    assert "Bring back" not in row
    desk_head_client.post("/desk/", {"bring_back": editor.pk})
    editor.refresh_from_db()
    assert not editor.is_active


@pytest.mark.parametrize("number", ["", "x", "0", "99999", "9" * 30, "²"])
def test_nobody_of_that_number(desk_head_client: Client, number: str) -> None:
    assert desk_head_client.post("/desk/", {"retire": number}).status_code == 404


def test_editors_change_nothing(editor_client: Client, outsider: User) -> None:
    for data in (INVITE, {"retire": str(outsider.pk)}):
        assert editor_client.post("/desk/", data).status_code == 403
    outsider.refresh_from_db()
    assert outsider.is_active
    assert not User.objects.filter(email="ann.lee@paper.example").exists()


def test_the_link_in_the_masthead(desk_head_client: Client, editor_client: Client) -> None:
    assert "People" in texts(page(desk_head_client, "/"), ".masthead li")
    assert "People" not in texts(page(editor_client, "/"), ".masthead li")


def test_many_people_cost_no_more_queries(desk_head_client: Client) -> None:
    desk_head_client.get("/desk/")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk_head_client.get("/desk/")
        return len(captured)

    few = count()
    for number in range(30):
        make_user(f"person{number}", "reporters")
    assert count() == few <= 8
    assert "31 accounts" in text_of(page(desk_head_client, "/desk/"))
