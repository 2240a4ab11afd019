"""People's accounts: made by invitation, retired and brought back by desk heads, and erased for good.

A decision names who took it, so an account that is erased keeps its row and loses everything that says whose it was.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from quotes.models import Flag, Inbox, Watch
from quotes.services.record import NotAllowed
from quotes.services.reopening import NOBODY, act

log = logging.getLogger(__name__)

RIGHTS = {
    "add_article": "add articles",
    "review_attribution": "accept, correct and reject what a machine has read",
    "judge_match": "say which wordings are one quote",
    "settle_flag": "work through flags and settle them",
    "mend_speaker": "merge, split and name speakers",
    "manage_feed": "add, pause and remove feeds",
    "manage_desk": "invite people and retire accounts",
    "take_down": "take quotes and articles down and bring them back",
}
"""Right -> what its holder may do, in words that follow *may*."""

TAKES_PASSWORD = "At least eight characters; not a common password, not only digits, and not like your name."

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


# --- who has an account ----------------------------------------------------------------------------


def people() -> QuerySet[User]:
    """Everybody, those who may sign in first, with `seen_at`, `has_two_factor` and groups. Two queries."""
    second = Authenticator.objects.filter(user=OuterRef("pk"))
    seen = Coalesce(Max("usersession__last_seen_at"), "last_login")
    found = User.objects.annotate(seen_at=seen, has_two_factor=Exists(second))
    return found.prefetch_related("groups").order_by("-is_active", "username")


def groups_with_rights(user: User) -> list[tuple[str, list[str]]]:
    """Each group of a person, with what its members may do in words. Two queries."""
    found = user.groups.prefetch_related("permissions").order_by("name")
    return [(group.name, in_words({held.codename for held in group.permissions.all()})) for group in found]


def in_words(codenames: Collection[str]) -> list[str]:
    """What these rights let somebody do, in one order."""
    return [words for codename, words in RIGHTS.items() if codename in codenames]


def with_address(email: str) -> User | None:
    """The account that an e-mail address belongs to, confirmed or not. Two queries at most."""
    known = EmailAddress.objects.filter(email__iexact=email).select_related("user").first()
    return known.user if known else User.objects.filter(email__iexact=email).first()


def has_confirmed(*, user: User, email: str) -> bool:
    """Whether the address is known to be that of this person, who may sign in. One query."""
    return user.is_active and bool(EmailAddress.objects.filter(user=user, email__iexact=email, verified=True))


def has_two_factor(user: User) -> bool:
    """One query."""
    return bool(Authenticator.objects.filter(user=user))


def is_erased(user: User) -> bool:
    """Its name has spaces, which no name that a person may choose can have."""
    return user.username == pseudonym(user)


def pseudonym(user: User) -> str:
    return f"former editor {user.pk}"


def note_session(*, user: User, session_key: str, ip: str, browser: str) -> None:
    """Notes that somebody was here just now, in this session. One query."""
    row = UserSession(user=user, session_key=session_key, ip=ip, user_agent=browser[:200], last_seen_at=timezone.now())
    fresh = ["last_seen_at", "ip", "user_agent"]
    UserSession.objects.bulk_create([row], update_conflicts=True, unique_fields=["session_key"], update_fields=fresh)


# --- invitations -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invitation:
    """An account that has no password yet, and the path at which its owner sets one, once."""

    user: User
    path: str
    until: datetime
    is_new: bool

    def link(self, site: str = "") -> str:
        """The whole address; the site's own is taken when none is given."""
        return f"{site or settings.HEARSAY_ADDRESS}{self.path}"


def invite(*, email: str, group: str, name: str = "", actor: User | None = None) -> Invitation:
    """Makes an account in a group, to be signed in to by a link; for one never signed in to, makes a new link.

    Any earlier link of the account ends. Raises NotAllowed for an address that cannot be one, an unknown group, and an
    address that is taken. About twelve queries.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    _good_address(email)
    if len(name) > 150:
        raise NotAllowed("The name is too long: 150 letters at most.")
    chosen = _group(group)
    with transaction.atomic():
        user = with_address(email)
        is_new = user is None
        if user is None:
            user = User(username=_free_name(email), email=email)
        elif user.last_login is not None or user.is_staff or user.is_superuser:
            raise NotAllowed(f"{email} is taken: {user.username} has an account.")
        elif not user.is_active:
            raise NotAllowed(f"{user.username} has a retired account with this address: bring it back first.")
        if name:
            user.first_name, _, user.last_name = name.rpartition(" ")
        user.set_unusable_password()
        user.save()
        user.groups.set([chosen])
        EmailAddress.objects.get_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )  # whoever invites vouches for it
        _log(actor, user, f"Invited as one of the {group}.")
    return Invitation(user, _one_time_path(user), _link_ends(), is_new)


def mail_invitation(invitation: Invitation, *, link: str) -> bool:
    """Sends the link to its owner; False when e-mail is not set up or could not be sent."""
    if not mails_are_sent():
        return False
    text = (
        f"You have been given an account on Hearsay, where newsrooms keep who said what. Your user name is "
        f"{invitation.user.username}.\n\nChoose a password here, once, until "
        f"{timezone.localtime(invitation.until):%d %B %Y, %H:%M %Z}:\n\n{link}\n\n"
        "If you do not know what this is about, do nothing: without a password nobody can use the account.\n"
    )
    try:
        return bool(send_mail("Hearsay: your account", text, None, [invitation.user.email]))
    except OSError:  # smtplib's errors too
        log.exception("An invitation could not be sent.")
        return False


def mails_are_sent() -> bool:
    """Whether e-mail is set up."""
    return str(settings.EMAIL_BACKEND) != NO_MAIL


def join(*, user: User, group: str) -> None:
    """Puts somebody into a group. Three queries."""
    user.groups.add(_group(group))


def _good_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise NotAllowed(f"“{email}” is no e-mail address.") from None
    if len(email) > 254:
        raise NotAllowed("The e-mail address is too long.")


def _group(name: str) -> Group:
    found = Group.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Group.objects.order_by("name").values_list("name", flat=True))
        raise NotAllowed(f"There is no group “{name}”. The groups are: {known}.")
    return found


def _free_name(email: str) -> str:
    """A user name after the address that nobody has, whatever its capitals."""
    stem = re.sub(r"[^\w.+-]", "", email.partition("@")[0])[:140] or "person"
    taken = {
        name.lower() for name in User.objects.filter(username__istartswith=stem).values_list("username", flat=True)
    }
    return next(
        name for name in [stem, *(f"{stem}{number}" for number in range(2, len(taken) + 3))] if name not in taken
    )


def _one_time_path(user: User) -> str:
    """Ends when it is used: the token is made of what setting a password changes."""
    token = account_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})


def _link_ends() -> datetime:
    return timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


# --- the end of an account -------------------------------------------------------------------------


def retire(*, user: User, actor: User) -> None:
    """Ends somebody's sessions and keeps them from signing in; what they did stays under their name.

    Raises NotAllowed for one's own account and, unless by a superuser, for a superuser's. Reads every session once.
    """
    if user == actor:
        raise NotAllowed("You cannot retire your own account. Ask another desk head.")
    if user.is_superuser and not actor.is_superuser:
        raise NotAllowed(f"{user.username} runs this Hearsay: only another superuser may retire the account.")
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        _end_sessions(user)
        _log(actor, user, "Retired.")


def bring_back(*, user: User, actor: User) -> None:
    """Lets somebody sign in again. Raises NotAllowed for an erased account, and as `retire` does. Three queries."""
    if is_erased(user):
        raise NotAllowed("This account was erased: nobody can sign in to it again.")
    if user.is_superuser and not actor.is_superuser:
        raise NotAllowed(f"{user.username} runs this Hearsay: only another superuser may bring the account back.")
    with transaction.atomic():
        user.is_active = True
        user.save(update_fields=["is_active"])
        _log(actor, user, "Brought back.")


def erase(*, user: User) -> str:
    """Takes everything off an account that says whose it was, for good; gives the pseudonym that is left.

    Decisions, flags and evidence stay and show the pseudonym; flags in this person's hands are released. Words that
    people wrote into reasons and notes are not searched. Raises NotAllowed for the last active superuser. About twenty
    queries, and reads every session once.
    """
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    with transaction.atomic():
        if user.is_superuser and user.is_active and not others.exists():
            raise NotAllowed("This is the last superuser who can sign in. Make another one first.")
        for flag in Flag.objects.active().filter(claimed_by=user).select_related("quote"):
            released = {"state": flag.resting_state, **NOBODY}
            act(flag, None, flag.version, "released flag", released, "The account of who was on it was erased.")
        Flag.objects.filter(claimed_by=user).update(claimed_by=None)
        _end_sessions(user)
        for model in (EmailAddress, Authenticator, SocialAccount):
            model.objects.filter(user=user).delete()
        for own in (Watch, Inbox):
            own.objects.filter(person=user).delete()
        _become_pseudonym(user)
    return user.username


def _become_pseudonym(user: User) -> None:
    user.groups.clear()
    user.user_permissions.clear()
    user.username = pseudonym(user)
    user.email = user.first_name = user.last_name = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    LogEntry.objects.filter(_about(user)).update(object_repr=user.username, change_message="")


def end_session(*, user: User, number: int) -> bool:
    """Ends one of somebody's own sessions; False when they have none of this number. Three queries."""
    session = UserSession.objects.filter(user=user, pk=number).first()
    if session is None:
        return False
    session.end()
    return True


def _end_sessions(user: User) -> None:
    """Signs somebody out everywhere. Three queries, one of which reads every session."""
    own = [row.pk for row in Session.objects.all() if row.get_decoded().get("_auth_user_id") == str(user.pk)]
    Session.objects.filter(pk__in=own).delete()
    UserSession.objects.filter(user=user).delete()


def _about(user: User) -> Q:
    return Q(content_type=_user_type(), object_id=str(user.pk))


def _user_type() -> ContentType:
    return ContentType.objects.get_for_model(User)


def _log(actor: User | None, user: User, message: str) -> None:
    """Into the admin's own record of who did what, where an account's history shows it. One query."""
    if actor is not None:
        values: dict[str, Any] = {"user": actor, "object_id": str(user.pk), "object_repr": user.username}
        LogEntry.objects.create(**values, content_type=_user_type(), action_flag=CHANGE, change_message=message)
