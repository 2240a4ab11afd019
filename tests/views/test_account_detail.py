from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Permission, User
from django.test import Client

from quotes.apps import GROUPS
from quotes.services.accounts import RIGHTS
from tests.factories import make_user
from tests.html import page, text_of, texts


def facts(client: Client) -> dict[str, str]:
    tree = page(client, "/account/")
    return dict(zip(texts(tree, "dt"), texts(tree, "dd"), strict=True))


def test_it_says_who_one_is_and_what_one_may_do(editor: User, editor_client: Client) -> None:
    editor.first_name, editor.last_name, editor.email = "Edith", "Lee", "edith@paper.example"
    editor.save()
    words, told = text_of(page(editor_client, "/account/").cssselect("main")[0]), facts(editor_client)
    assert (told["User name"], told["Name"]) == ("edith", "Edith Lee")
    assert told["E-mail"].startswith("edith@paper.example")
    assert told["Two-factor sign-in"].startswith("off")
    assert "As one of the editors you may" in words
    assert texts(page(editor_client, "/account/"), "main li") == [
        "add articles",
        "accept, correct and reject what a machine has read",
        "say which wordings are one quote",
        "work through flags and settle them",
        "merge, split and name speakers",
        "add, pause and remove feeds",
    ]


def test_somebody_in_no_group_reads(outsider: User) -> None:
    client = Client()
    client.force_login(outsider)
    assert "You may read, raise flags and set watches." in text_of(page(client, "/account/"))


def test_two_factor_is_told(editor: User, editor_client: Client) -> None:
    TOTP.activate(editor, generate_totp_secret())
    RecoveryCodes.activate(editor)
    assert facts(editor_client)["Two-factor sign-in"].startswith("on")


def test_the_masthead_leads_there(editor_client: Client) -> None:
    (link,) = page(editor_client, "/quotes/").cssselect(".masthead .account a")
    assert (link.get("href"), text_of(link)) == ("/account/", "edith")


@pytest.mark.parametrize("address", ["/account/email/", "/account/password/change/", "/account/sessions/"])
def test_it_links_to_what_can_be_changed(editor_client: Client, address: str) -> None:
    assert address in [link.get("href") for link in page(editor_client, "/account/").cssselect("main a")]


def test_every_right_has_its_words() -> None:
    assert {codename for codenames in GROUPS.values() for codename in codenames} == set(RIGHTS)


def test_rights_of_a_person_and_of_their_groups(db: None) -> None:
    user = make_user("ann", "reporters")
    user.user_permissions.add(Permission.objects.get(codename="settle_flag"))
    user = User.objects.get(pk=user.pk)
    assert user.get_all_permissions() == {"quotes.add_article", "quotes.settle_flag"}
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert User.objects.get(pk=user.pk).get_all_permissions() == set()
    root = User.objects.create_superuser("root")
    assert root.get_all_permissions() >= user.get_all_permissions()
