"""Signing in, being kept from it, the second factor, sessions, and links to a password."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html
from pytest_django.fixtures import Settings

from quotes.models import Article
from quotes.services import accounts
from tests.html import page, text_of, texts

PASSWORD = "correct horse battery"
WAIT = "Too many wrong attempts. Wait five minutes"


def sign_in(client: Client, login: str = "edith", password: str = PASSWORD, next: str = "") -> str:
    """What the page after it says."""
    data = {"login": login, "password": password, "next": next}
    return client.post("/account/login/", data, follow=True).content.decode()


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# --- password --------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["edith", "EDITH", "edith@paper.example", "Edith@Paper.Example"])
def test_by_name_or_by_address(editor: User, client: Client, login: str) -> None:
    editor.email = "edith@paper.example"
    editor.save()
    sign_in(client, login)
    assert is_in(client)
    assert UserSession.objects.get().user == editor


def test_it_leads_where_one_wanted_to_go_but_not_away(editor: User, client: Client) -> None:
    for next, path in (("/speakers/?q=a", "/speakers/?q=a"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        data = {"login": "edith", "password": PASSWORD, "next": next}
        assert client.post("/account/login/", data).url == path  # type: ignore[attr-defined]
        client.logout()


@pytest.mark.parametrize(("login", "password"), [("edith", "wrong"), ("nobody", PASSWORD), ("nobody@a.example", "x")])
def test_a_refusal_tells_not_which_was_wrong(editor: User, client: Client, login: str, password: str) -> None:
    assert "The name or the password is not right." in sign_in(client, login, password)
    assert not is_in(client)


def test_retired_people_are_told(editor: User, client: Client) -> None:
    User.objects.update(is_active=False)
    assert "This account is retired" in sign_in(client)
    assert not is_in(client)


def test_who_is_signed_in_already_goes_on(editor_client: Client) -> None:
    assert editor_client.get("/account/login/").status_code == 302


def test_signing_out_takes_a_click(editor: User, client: Client) -> None:
    sign_in(client)
    assert "Sign out" in client.get("/account/logout/").content.decode()
    assert is_in(client)
    client.post("/account/logout/")
    assert not is_in(client)


# --- throttle --------------------------------------------------------------------------------------


def test_six_wrong_passwords(editor: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        assert "not right" in sign_in(client, password="wrong")
    assert WAIT in sign_in(client, password="wrong")
    assert WAIT in sign_in(client)  # the right one
    another_worker = caches.create_connection("default")  # type: ignore[no-untyped-call]
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache", another_worker)
    another_person = Client(REMOTE_ADDR="192.0.2.7")
    assert WAIT in sign_in(another_person)
    assert not is_in(client)
    later = time.time() + 301
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)
    sign_in(client)
    assert is_in(client)


def test_one_address_that_tries_many_names(db: None, client: Client) -> None:
    said = [sign_in(client, f"name{number}", "wrong") for number in range(21)]
    assert ["not right" in page for page in said] == [True] * 20 + [False]


def test_too_many_posts_get_a_page_of_ours(db: None, client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post("/account/login/", {})
    answer = client.post("/account/login/", {})
    assert answer.status_code == 429
    assert "Too many attempts · Hearsay" in answer.content.decode()


def test_reading_counts_nothing_in_the_shared_cache(founding_article: Article, client: Client) -> None:
    for url in ("/", "/quotes/", founding_article.get_absolute_url(), "/api/v1/quotes", "/account/login/"):
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        said = [query["sql"] for query in captured]
        assert not [sql for sql in said if re.search("shared_cache|usersession|socialapp|auth_user|session", sql)], url
        assert all(sql.startswith("SELECT") for sql in said), url


def test_a_signed_in_reader_costs_one_query_and_then_none(editor: User, client: Client) -> None:
    sign_in(client)
    noted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get("/method/")
        noted.append(len([query for query in captured if "usersession" in query["sql"]]))
    assert noted[1] == 0
    assert noted[0] <= 1


# --- the second factor -----------------------------------------------------------------------------


def code_of(secret: str, ahead: int = 0) -> str:
    counter = int(time.time()) // 30 + ahead
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def set_up(client: Client) -> str:
    """Switches the second factor on as a person would; gives the secret."""
    sign_in(client)
    assert client.get("/account/two-factor/totp/activate/").url.startswith("/account/reauthenticate/")  # type: ignore[attr-defined]
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/two-factor/totp/activate/"})
    tree = page(client, "/account/two-factor/totp/activate/")
    (secret,) = texts(tree, "code")
    (image,) = tree.cssselect("img.qr")
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    assert image.get("alt")
    assert "code is not right" in client.post("/account/two-factor/totp/activate/", {"code": "000000"}).content.decode()
    client.post("/account/two-factor/totp/activate/", {"code": code_of(secret, -1)})
    return secret


def test_a_code_from_the_app(editor: User, client: Client) -> None:
    secret = set_up(client)
    client.post("/account/logout/")
    assert "Enter your code" in sign_in(client)
    assert not is_in(client)
    assert "code is not right" in client.post("/account/two-factor/authenticate/", {"code": "000000"}).content.decode()
    code = code_of(secret)
    client.post("/account/two-factor/authenticate/", {"code": code})
    assert is_in(client)
    client.post("/account/logout/")
    sign_in(client)
    client.post("/account/two-factor/authenticate/", {"code": code})
    assert not is_in(client)  # a code is good once


def test_a_recovery_code_is_good_once(editor: User, client: Client) -> None:
    set_up(client)
    codes = texts(page(client, "/account/two-factor/recovery-codes/"), "main li code")
    assert len(codes) == 10
    download = client.get("/account/two-factor/recovery-codes/download/").content.decode()
    assert all(code in download for code in codes)
    for is_good in (True, False):
        client.post("/account/logout/")
        sign_in(client)
        client.post("/account/two-factor/authenticate/", {"code": codes[3]})
        assert is_in(client) is is_good


def test_recovery_codes_are_made_anew(editor: User, client: Client) -> None:
    set_up(client)
    old = texts(page(client, "/account/two-factor/recovery-codes/"), "main li code")
    client.post("/account/two-factor/recovery-codes/generate/")
    new = texts(page(client, "/account/two-factor/recovery-codes/"), "main li code")
    assert len(new) == 10
    assert not set(old) & set(new)


def test_guessing_codes_is_throttled(editor: User, client: Client) -> None:
    secret = set_up(client)
    client.post("/account/logout/")
    sign_in(client)
    for _ in range(5):
        client.post("/account/two-factor/authenticate/", {"code": "000000"})
    assert WAIT in client.post("/account/two-factor/authenticate/", {"code": code_of(secret)}).content.decode()
    assert not is_in(client)


def test_switched_off_again(editor: User, client: Client) -> None:
    set_up(client)
    client.post("/account/two-factor/totp/deactivate/")
    assert not Authenticator.objects.exists()
    client.post("/account/logout/")
    sign_in(client)
    assert is_in(client)


def test_the_admin_asks_for_it_too(db: None, client: Client) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    totp.TOTP.activate(root, totp.generate_totp_secret())
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").url == "/account/login/?next=%2Fadmin%2Flogin%2F"  # type: ignore[attr-defined]
    client.post("/admin/login/", {"username": "root", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302


# --- sessions --------------------------------------------------------------------------------------


def test_a_session_ended_from_another_is_signed_out(editor: User, client: Client) -> None:
    phone = Client(headers={"User-Agent": "Phone"})
    sign_in(client)
    sign_in(phone)
    rows = texts(page(client, "/account/sessions/"), "tbody tr")
    assert len(rows) == 2
    assert any("Phone" in row for row in rows)
    client.post("/account/sessions/")
    assert (is_in(client), is_in(phone)) == (True, False)


def test_a_new_password_ends_the_other_sessions(editor: User, client: Client) -> None:
    phone = Client()
    sign_in(client)
    sign_in(phone)
    new = "staple battery horse"
    wrong = {"oldpassword": "nonsense", "password1": new, "password2": new}
    assert "This is not your password." in client.post("/account/password/change/", wrong).content.decode()
    weak = {"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"}
    assert "too common" in client.post("/account/password/change/", weak).content.decode()
    client.post("/account/password/change/", wrong | {"oldpassword": PASSWORD})
    assert (is_in(client), is_in(phone)) == (True, False)
    assert "not right" in sign_in(Client())


# --- links -----------------------------------------------------------------------------------------


def test_an_invited_person_sets_a_password_once(client: Client, db: None) -> None:
    invitation = accounts.invite(email="ann@paper.example", group="reporters")
    form = client.get(invitation.path, follow=True)
    assert "Choose a password" in form.content.decode()
    path = form.redirect_chain[-1][0]
    assert invitation.path.split("-")[-1] not in path  # the token is in the session now
    weak = {"password1": "password", "password2": "password"}
    assert "too common" in client.post(path, weak).content.decode()
    client.post(path, {"password1": PASSWORD, "password2": PASSWORD})
    assert is_in(client)
    assert "This link is spent" in Client().get(invitation.path, follow=True).content.decode()
    other = Client()
    sign_in(other, "ann@paper.example")
    assert is_in(other)


def test_a_link_grows_old(client: Client, db: None, settings: Settings) -> None:
    invitation = accounts.invite(email="ann@paper.example", group="reporters")
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link is spent" in client.get(invitation.path, follow=True).content.decode()


def test_a_forgotten_password(editor: User, client: Client) -> None:
    EmailAddress.objects.create(user=editor, email="edith@paper.example", verified=True, primary=True)
    answer = client.post("/account/password/reset/", {"email": "edith@paper.example"}, follow=True)
    assert "Look into your mail" in answer.content.decode()
    (letter,) = mail.outbox
    assert letter.subject == "Hearsay: A new password"
    link = re.findall(r"http://testserver(/\S+)", letter.body)[0]
    path = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": "staple battery horse", "password2": "staple battery horse"})
    assert is_in(client)


def test_a_stranger_learns_nothing_and_gets_no_mail(db: None, client: Client) -> None:
    answer = client.post("/account/password/reset/", {"email": "nobody@paper.example"}, follow=True)
    assert "Look into your mail" in answer.content.decode()
    assert not mail.outbox


def test_without_mail_the_page_says_whom_to_ask(db: None, client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = accounts.NO_MAIL
    tree = page(client, "/account/password/reset/")
    assert "sends no e-mail" in text_of(tree)
    assert not tree.cssselect("main form")


def test_a_mail_server_that_is_down_is_no_error(
    editor: User, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    EmailAddress.objects.create(user=editor, email="edith@paper.example", verified=True, primary=True)
    answer = client.post("/account/password/reset/", {"email": "edith@paper.example"}, follow=True)
    assert "could not be sent" in answer.content.decode()
    assert "could not be sent" in caplog.text


def test_an_address_is_added_confirmed_and_removed(editor: User, client: Client) -> None:
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/email/", {"action_add": "", "email": "edith@paper.example"})
    link = re.findall(r"http://testserver(/\S+)", mail.outbox[-1].body)[0]
    assert "Confirm it" in client.get(link).content.decode()
    client.post(link)
    assert EmailAddress.objects.get().verified
    assert "confirmed" in text_of(page(client, "/account/email/"))
    client.post("/account/email/", {"action_remove": "", "email": "edith@paper.example"})
    assert not EmailAddress.objects.exists()


# --- all of it -------------------------------------------------------------------------------------


def test_nobody_signs_up(db: None, client: Client) -> None:
    for answer in (
        client.get("/account/signup/"),
        client.post("/account/signup/", {"username": "ann", "email": "a@b.c"}),
    ):
        assert "Accounts come by invitation" in answer.content.decode()
    assert not User.objects.exists()


OPEN = [
    "/account/login/",
    "/account/signup/",
    "/account/inactive/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
    "/account/password/reset/key/1-nonsense/",
    "/account/confirm-email/",
    "/account/confirm-email/nonsense/",
    "/account/single-sign-on/login/cancelled/",
    "/account/single-sign-on/login/error/",
]
SIGNED_IN = [
    "/account/two-factor/",
    "/account/two-factor/reauthenticate/",
    "/account/two-factor/totp/deactivate/",
    "/account/two-factor/recovery-codes/",
    "/account/two-factor/recovery-codes/generate/",
    "/account/email/",
    "/account/password/change/",
    "/account/password/reset/",
    "/account/sessions/",
    "/account/single-sign-on/",
]


def is_of_the_house(client: Client, url: str) -> None:
    response = client.get(url, follow=True)
    tree = html.fromstring(response.content)
    assert tree.cssselect("main#main"), url
    assert tree.cssselect("header.masthead"), url
    assert len(tree.cssselect("h1")) == 1, url
    title = tree.findtext(".//title")
    assert title.endswith(" · Hearsay"), url
    assert title != "Hearsay · Hearsay", url
    assert not tree.cssselect("[style], [onclick], style, script:not([src])"), url
    for field in tree.cssselect("main input:not([type=hidden])"):
        assert tree.cssselect(f'label[for="{field.get("id")}"]'), (url, field.get("name"))
        assert not field.get("placeholder"), url
    ids = [element.get("id") for element in tree.cssselect("[id]")]
    assert len(ids) == len(set(ids)), url
    levels = [int(heading.tag[1]) for heading in tree.cssselect("h1, h2, h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels)), url


@pytest.mark.parametrize("reading", [True, False])
def test_every_open_page_is_of_the_house(db: None, client: Client, settings: Settings, reading: bool) -> None:
    settings.HEARSAY_ANONYMOUS_READING = reading
    for url in OPEN:
        assert client.get(url, follow=True).status_code in (200, 401), url
        is_of_the_house(client, url)


def test_every_page_of_an_account_is_of_the_house(editor: User, client: Client) -> None:
    sign_in(client)
    is_of_the_house(client, "/account/two-factor/totp/activate/")  # asks for the password first
    client.post("/account/logout/")
    set_up(client)
    for url in SIGNED_IN:
        is_of_the_house(client, url)
    client.post("/account/logout/")
    sign_in(client)
    is_of_the_house(client, "/account/two-factor/authenticate/")


def test_an_account_without_a_password_sets_one(editor: User, client: Client) -> None:
    editor.set_unusable_password()
    editor.save()
    client.force_login(editor)
    is_of_the_house(client, "/account/password/set/")
    client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert is_in(client)
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)
