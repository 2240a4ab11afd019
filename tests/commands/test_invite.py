from __future__ import annotations

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from quotes.services import accounts

pytestmark = pytest.mark.django_db


def invite(email: str = "ann@paper.example", group: str = "editors", name: str = "") -> str:
    out = io.StringIO()
    call_command("invite", email, group=group, name=name, stdout=out)
    return out.getvalue()


def test_it_prints_the_link_and_mails_it(client: Client, settings: Settings) -> None:
    settings.HEARSAY_ADDRESS = "https://hearsay.paper.example"
    said = invite(name="Ann Lee")
    assert "New account: ann, editors." in said
    (path,) = re.findall(r"https://hearsay\.paper\.example(/account/password/reset/key/\S+)", said)
    assert path in mail.outbox[0].body
    assert "Choose a password" in client.get(path, follow=True).content.decode()
    assert User.objects.get().get_full_name() == "Ann Lee"


def test_without_mail_it_says_so(settings: Settings) -> None:
    settings.EMAIL_BACKEND = accounts.NO_MAIL
    assert "Send them this link" in invite()
    assert not mail.outbox


def test_again_is_a_new_link() -> None:
    first, again = invite(), invite()
    assert "New link for the account: ann" in again
    assert first.splitlines()[-1] != again.splitlines()[-1]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "group", "said"),
    [("ann", "editors", "“ann” is no e-mail address."), ("ann@paper.example", "kings", "There is no group “kings”.")],
)
def test_refusals(email: str, group: str, said: str) -> None:
    with pytest.raises(CommandError, match=said) as refusal:
        invite(email, group)
    assert refusal.value.returncode == 1
    assert not User.objects.exists()


def test_an_address_that_is_taken() -> None:
    User.objects.create_superuser("root", "root@paper.example")
    with pytest.raises(CommandError, match="is taken: root has an account"):
        invite("Root@Paper.example")
