"""Invitations and the end of accounts."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from quotes.models import Decision, Flag, Inbox, Watch
from quotes.services import accounts, flag
from quotes.services.record import NotAllowed
from tests.factories import make_evidence, make_flag, make_quote, make_user

pytestmark = pytest.mark.django_db


def invite(email: str = "ann@paper.example", group: str = "editors", **kwargs: object) -> accounts.Invitation:
    return accounts.invite(email=email, group=group, **kwargs)  # type: ignore[arg-type]


def test_an_account_with_no_password_in_one_group() -> None:
    invitation = invite(name=" Ann  Mary Lee ")
    user = User.objects.get()
    assert invitation.is_new
    assert (user.username, user.first_name, user.last_name) == ("ann", "Ann Mary", "Lee")
    assert not user.has_usable_password()
    assert user.has_perm("quotes.settle_flag")
    assert accounts.has_confirmed(user=user, email="ANN@paper.example")


def test_names_are_told_apart() -> None:
    make_user("Ann")
    assert [invite(f"ann@{host}.example").user.username for host in ("a", "b", "c")] == ["ann2", "ann3", "ann4"]
    assert invite('"!"@a.example').user.username == "person"


@pytest.mark.parametrize(
    "email", ["", "ann", "ann@", "@paper.example", "ann@paper.example\n\x00x", "a" * 400 + "@b.example"]
)
def test_what_is_no_address(email: str) -> None:
    with pytest.raises(NotAllowed, match="e-mail address"):
        invite(email)
    assert not User.objects.exists()


def test_an_unknown_group_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotAllowed, match=r"no group “kings”.*desk heads, editors, reporters"):
        invite(group="kings")
    assert not User.objects.exists()


def test_a_long_name_is_refused() -> None:
    with pytest.raises(NotAllowed, match="too long"):
        invite(name="a" * 151)


def test_a_second_invitation_makes_a_new_link_and_ends_the_old(client: Client) -> None:
    first, second = invite(), invite("ANN@paper.example", group="reporters")
    assert (first.user, second.is_new) == (second.user, False)
    assert second.user.groups.get().name == "reporters"
    assert "This link is spent" in client.get(first.path, follow=True).content.decode()
    assert "Choose a password" in client.get(second.path, follow=True).content.decode()


def test_addresses_that_are_taken() -> None:
    user = invite().user
    user.last_login = user.date_joined
    user.save()
    with pytest.raises(NotAllowed, match="is taken: ann has an account"):
        invite()
    User.objects.create_superuser("root", "root@paper.example")
    with pytest.raises(NotAllowed, match="is taken"):  # or whoever invites could become root
        invite("root@paper.example")
    EmailAddress.objects.create(user=user, email="second@paper.example")
    with pytest.raises(NotAllowed, match="is taken"):
        invite("second@paper.example")


def test_retired_before_the_first_sign_in(desk_head: User) -> None:
    accounts.retire(user=invite().user, actor=desk_head)
    with pytest.raises(NotAllowed, match="bring it back first"):
        invite()


def test_an_erased_account_keeps_nothing_of_its_person(editor: User, editor_client: Client) -> None:
    user, quote = invite("ann@paper.example", name="Ann Lee").user, make_quote()
    client = Client()
    client.force_login(user)
    client.get("/")
    raised = flag.raise_flag(quote=quote, actor=user, kind="secondhand", reason="Only the aide has it.")
    make_evidence(raised, user)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    SocialAccount.objects.create(user=user, provider="sso", uid="1", extra_data={"name": "Ann Lee"})
    Inbox.objects.create(person=user)
    Watch.objects.create(person=user, target=f"quote {quote.pk}", quote=quote)
    LogEntry.objects.create(
        user=editor, object_id=str(user.pk), object_repr="ann", action_flag=2, content_type=accounts._user_type()
    )
    editor_client.get("/")
    name = accounts.erase(user=user)
    assert name == f"former editor {user.pk}"
    user = User.objects.get(pk=user.pk)
    assert (user.username, user.email, user.get_full_name(), user.last_login) == (name, "", "", None)
    assert (user.is_active, user.has_usable_password(), user.groups.count()) == (False, False, 0)
    for model in (EmailAddress, Authenticator, SocialAccount, UserSession):
        assert not model.objects.filter(user=user).exists(), model
    for own in (Inbox, Watch):
        assert not own.objects.exists(), own
    assert Session.objects.count() == UserSession.objects.count() == 1  # the other one's
    assert LogEntry.objects.get().object_repr == name
    assert Decision.objects.get(verb="raised flag").who == name
    assert raised.evidence.get().added_by.username == name
    assert "ann" not in str(User.objects.filter(pk=user.pk).values())


def test_flags_in_their_hands_are_released(editor: User, second_editor: User) -> None:
    held = make_flag(make_quote(), second_editor)
    flag.claim(flag=held, actor=editor, version=1)
    accounts.erase(user=editor)
    held = Flag.objects.get()
    assert (held.state, held.holder, held.claimed_by, held.version) == ("open", None, None, 3)
    newest = Decision.objects.latest("pk")
    assert (newest.verb, newest.actor) == ("released flag", None)


def test_the_last_superuser_who_can_sign_in_is_not_erased(editor: User) -> None:
    root, old = User.objects.create_superuser("root"), User.objects.create_superuser("old")
    accounts.erase(user=old)
    with pytest.raises(NotAllowed, match="the last superuser"):
        accounts.erase(user=root)
    assert User.objects.get(pk=root.pk).username == "root"


def test_erasing_twice_is_erasing_once(editor: User) -> None:
    assert accounts.erase(user=editor) == accounts.erase(user=editor)


def test_after_erasure_the_address_is_free(editor: User) -> None:
    user = invite().user
    accounts.erase(user=user)
    again = invite()
    assert (again.is_new, again.user.username) == (True, "ann")
    assert again.user != user
