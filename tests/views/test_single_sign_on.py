"""Single sign-on with a provider made up here: no socket is opened."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from quotes.adapters import SingleSignOnAdapter
from quotes.environment import single_sign_on
from quotes.services import accounts
from tests.html import page, texts

SERVER = "https://id.paper.example"
LOGIN = "/account/oidc/sso/login/"
ANN = {"sub": "7", "email": "ann@paper.example", "email_verified": True, "name": "Ann Lee", "preferred_username": "ann"}


class Answer:
    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.status_code = 200
        self.headers = {"content-type": "application/json"}

    def json(self) -> dict[str, Any]:
        return self.told

    def raise_for_status(self) -> None:
        pass


class Provider(AbstractContextManager["Provider"]):
    """What allauth takes for a session of requests: discovery, token and user info of one person."""

    def __init__(self) -> None:
        self.person = dict(ANN)
        self.sent: dict[str, Any] = {}

    def __exit__(self, *error: object) -> None:
        pass

    def get(self, url: str, **kwargs: Any) -> Answer:
        if url.endswith("/.well-known/openid-configuration"):
            return Answer(
                {
                    "issuer": SERVER,
                    "authorization_endpoint": f"{SERVER}/authorize",
                    "token_endpoint": f"{SERVER}/token",
                    "userinfo_endpoint": f"{SERVER}/me",
                    "jwks_uri": f"{SERVER}/keys",
                }
            )
        assert url == f"{SERVER}/me"
        assert kwargs["headers"] == {"Authorization": "Bearer good"}
        return Answer(self.person)

    def request(self, method: str, url: str, **kwargs: Any) -> Answer:
        assert (method, url) == ("POST", f"{SERVER}/token")
        self.sent = kwargs["data"]
        now = int(time.time())
        claims = {"iss": SERVER, "aud": "hearsay", "sub": self.person["sub"], "iat": now, "exp": now + 60}
        return Answer({"access_token": "good", "id_token": jwt.encode(claims, "k" * 32, algorithm="HS256")})


@pytest.fixture
def provider(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Provider:
    apps = single_sign_on("Paper ID", f"{SERVER}/", "hearsay", "secret")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}
    made = Provider()
    monkeypatch.setattr(SingleSignOnAdapter, "get_requests_session", lambda self: made)
    return made


def come_by(client: Client, **asked: str) -> str:
    """Through the provider and back; what the page after it says."""
    query = parse_qs(urlsplit(client.get(LOGIN, asked)["Location"]).query)
    assert query["redirect_uri"] == ["http://testserver/account/oidc/sso/login/callback/"]
    assert query["code_challenge_method"] == ["S256"]
    back = client.get(f"{LOGIN}callback/", {"code": "abc", "state": query["state"][0]}, follow=True)
    return back.content.decode()


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_sign_in_page_leads_there(provider: Provider, client: Client) -> None:
    (button,) = page(client, "/account/login/?next=/review/").cssselect("main a.button")
    assert button.text_content() == "Sign in with Paper ID"
    assert button.get("href") == f"{LOGIN}?process=login&next=%2Freview%2F"
    assert client.get(LOGIN)["Location"].startswith(f"{SERVER}/authorize?client_id=hearsay&")


def test_without_settings_there_is_none(db: None, client: Client) -> None:
    assert not page(client, "/account/login/").cssselect("main a.button")
    assert client.get(LOGIN).status_code == 404
    assert client.get(f"{LOGIN}callback/?code=a&state=b").status_code == 404


def test_an_invited_person_is_connected(provider: Provider, client: Client) -> None:
    user = accounts.invite(email="ann@paper.example", group="editors").user
    come_by(client, next="/review/")
    assert is_in(client)
    assert SocialAccount.objects.get().user == user
    assert provider.sent["code_verifier"]
    assert provider.sent["client_secret"] == "secret"
    provider.person["email"] = "ann.married@paper.example"  # known by the number now
    other = Client()
    come_by(other)
    assert is_in(other)
    assert User.objects.count() == 1


@pytest.mark.parametrize("claim", [False, None])
def test_an_address_the_provider_has_not_confirmed(provider: Provider, client: Client, claim: object) -> None:
    accounts.invite(email="ann@paper.example", group="editors")
    provider.person["email_verified"] = claim
    assert "Accounts come by invitation" in come_by(client)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("join", [True, False])
def test_an_address_that_was_only_claimed_here(
    provider: Provider, client: Client, editor: User, settings: Settings, join: bool
) -> None:
    settings.HEARSAY_OIDC_JOIN = join
    EmailAddress.objects.create(user=editor, email="ann@paper.example", verified=False)
    assert "Accounts come by invitation" in come_by(client)
    assert not is_in(client)
    assert editor.check_password("correct horse battery")
    assert User.objects.count() == 1


def test_nobody_joins_uninvited(provider: Provider, client: Client) -> None:
    assert "Accounts come by invitation" in come_by(client)
    assert not User.objects.exists()


def test_with_the_setting_they_join(provider: Provider, client: Client, settings: Settings) -> None:
    settings.HEARSAY_OIDC_JOIN = True
    come_by(client)
    assert is_in(client)
    user = User.objects.get()
    assert (user.username, user.get_full_name(), user.email) == ("ann", "Ann Lee", "ann@paper.example")
    assert [group.name for group in user.groups.all()] == ["reporters"]
    assert not user.has_usable_password()
    assert accounts.has_confirmed(user=user, email="ann@paper.example")


def test_they_join_the_group_of_the_setting_under_a_free_name(
    provider: Provider, client: Client, editor: User, settings: Settings
) -> None:
    settings.HEARSAY_OIDC_JOIN, settings.HEARSAY_OIDC_GROUP = True, "editors"
    provider.person["preferred_username"] = "Edith"
    come_by(client)
    user = User.objects.exclude(pk=editor.pk).get()
    assert user.username.lower() != "edith"
    assert user.has_perm("quotes.settle_flag")


def test_nobody_joins_without_a_confirmed_address(provider: Provider, client: Client, settings: Settings) -> None:
    settings.HEARSAY_OIDC_JOIN = True
    for changed in ({"email_verified": False}, {"email": ""}):
        provider.person = ANN | changed
        assert "Accounts come by invitation" in come_by(client), changed
    assert not User.objects.exists()


@pytest.mark.parametrize("join", [True, False])
def test_a_retired_person_stays_out(provider: Provider, client: Client, settings: Settings, join: bool) -> None:
    settings.HEARSAY_OIDC_JOIN = join
    user = accounts.invite(email="ann@paper.example", group="editors").user
    come_by(client)
    for is_known in (True, False):
        User.objects.update(is_active=False)
        if not is_known:
            SocialAccount.objects.all().delete()
        other = Client()
        come_by(other)
        assert not is_in(other)
    assert User.objects.get() == user


def test_the_second_factor_is_asked_for_too(provider: Provider, client: Client) -> None:
    user = accounts.invite(email="ann@paper.example", group="editors").user
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert "Enter your code" in come_by(client)
    assert not is_in(client)


def test_what_comes_back_must_have_been_sent_for(provider: Provider, client: Client) -> None:
    answer = client.get(f"{LOGIN}callback/?code=abc&state=made-up", follow=True)
    assert "Single sign-on did not work" in answer.content.decode()
    assert not is_in(client)


def test_stopped_half_way(provider: Provider, client: Client) -> None:
    state = parse_qs(urlsplit(client.get(LOGIN)["Location"]).query)["state"][0]
    answer = client.get(f"{LOGIN}callback/", {"error": "access_denied", "state": state}, follow=True)
    assert "You stopped signing in" in answer.content.decode()


def test_connected_and_disconnected_by_hand(provider: Provider, editor: User, client: Client) -> None:
    client.post("/account/login/", {"login": "edith", "password": "correct horse battery"})
    client.post("/account/reauthenticate/", {"password": "correct horse battery"})
    come_by(client, process="connect")
    account = SocialAccount.objects.get()
    assert account.user == editor
    assert any("Paper ID" in text for text in texts(page(client, "/account/single-sign-on/"), "main li"))
    assert any("Single sign-on" in text for text in texts(page(client, "/account/"), "dt"))
    client.post("/account/single-sign-on/", {"account": account.pk})
    assert not SocialAccount.objects.exists()
