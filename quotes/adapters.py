"""How allauth behaves here: nobody signs up, single sign-on comes from the settings alone, refusals in plain words."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from quotes.services import accounts

log = logging.getLogger(__name__)

CACHE = "_perm_cache"
"""Where Django keeps a person's rights too."""

WRONG_LOGIN = "The name or the password is not right."
WRONG_CODE = "This code is not right, or it has been used already."


class Backend(AuthenticationBackend):
    """allauth's, with a person's own rights and those of their groups looked up together."""

    def get_all_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None) -> set[str]:
        """The rights of an active person, kept for the rest of the request. One query, where Django makes two."""
        if not isinstance(user_obj, User) or not user_obj.is_active or user_obj.is_superuser or obj is not None:
            return set(super().get_all_permissions(user_obj, obj))
        kept: set[str] | None = getattr(user_obj, CACHE, None)
        if kept is None:
            held = Permission.objects.filter(Q(user=user_obj) | Q(group__user=user_obj)).order_by()
            kept = {f"{app}.{name}" for app, name in held.values_list("content_type__app_label", "codename")}
            setattr(user_obj, CACHE, kept)
        return kept


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and what a person may change of their own account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is retired.",
        "cannot_remove_primary_email": "This is the address that mail goes to. Make another one first, then remove it.",
        "duplicate_email": "Your account has this address already.",
        "email_password_mismatch": WRONG_LOGIN,
        "email_taken": "Another account has this address.",
        "enter_current_password": "This is not your password.",
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link has been used, or is too old.",
        "max_email_addresses": "An account has at most %d addresses.",
        "rate_limited": "Too many attempts. Wait five minutes, then try again.",
        "too_many_login_attempts": "Too many wrong attempts. Wait five minutes, then try again.",
        "unverified_primary_email": "Confirm the address first: a link was sent to it.",
        "username_password_mismatch": WRONG_LOGIN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """0.0.0.0 when the server does not say, as behind a socket: all of those are throttled as one."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "0.0.0.0"  # nosec B104  # nothing binds to it: a name for those without an address

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_detail")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account_email" if self.request.user.is_authenticated else "account_login")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that cannot be reached stops nobody; they are told."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            log.exception("An e-mail could not be sent.")
            messages.error(self.request, "The e-mail could not be sent. Try again later.")


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect with the provider of the settings, for people who were invited; for others if the settings say so."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "connected_other": "Another account is signed in to by this already.",
        "disconnect_last": "Set a password first: without one you could not sign in any more.",
        "no_password": "Set a password first: without one you could not sign in any more.",
    }

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """From the settings alone; what tables hold is not asked. No query."""
        apps = [
            SocialApp(provider=kind, **app)
            for kind, configured in settings.SOCIALACCOUNT_PROVIDERS.items()
            for app in configured["APPS"]
        ]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def authenticate_by_email(self, sociallogin: Any) -> tuple[User, str] | None:
        """The active account with this address, if both the provider and this site hold the address as confirmed."""
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        if found is None or not accounts.has_confirmed(user=found[0], email=found[1]):
            return None
        return found

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """With HEARSAY_OIDC_JOIN, for a confirmed address that no account here has."""
        confirmed = [address.email for address in sociallogin.email_addresses if address.verified]
        return bool(settings.HEARSAY_OIDC_JOIN and confirmed) and not any(map(accounts.with_address, confirmed))

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """The new account, in the group of the settings."""
        user: User = super().save_user(request, sociallogin, form)
        accounts.join(user=user, group=settings.HEARSAY_OIDC_GROUP)
        return user
