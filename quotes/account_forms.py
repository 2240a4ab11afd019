"""allauth's forms in the house's words: a label on every field, no words inside the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms

from quotes.services.accounts import TAKES_PASSWORD

LABELS = {
    "login": "User name or e-mail",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "Your password now",
    "password1": "New password",
    "password2": "New password again",
    "code": "Code",
}
HELP = {"password1": TAKES_PASSWORD, "code": "Six digits from your app, or one of your recovery codes."}

if TYPE_CHECKING:
    Base = forms.Form
else:
    Base = object


class Plain(Base):
    """Takes the placeholders off, and gives labels and help in plain words."""

    helps: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in LABELS:
                field.label, field.help_text = LABELS[name], self.helps.get(name) or HELP.get(name, "")


class LoginForm(Plain, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs.update({"autocomplete": "username", "autocapitalize": "none"})


class AddEmailForm(Plain, account.AddEmailForm):
    pass


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    pass


class SetPasswordForm(Plain, account.SetPasswordForm):
    pass


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    pass


class CodeForm(Plain, second_factor.AuthenticateForm):
    pass


class CodeAgainForm(Plain, second_factor.ReauthenticateForm):
    pass


class SetUpCodeForm(Plain, totp.ActivateTOTPForm):
    helps = {"code": "The six digits your app shows now."}
