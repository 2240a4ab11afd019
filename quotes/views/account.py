"""The page of one's own account, and its end. What else there is to an account is allauth's, under the same address."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quotes.forms import EraseForm
from quotes.http import EditorRequest
from quotes.services import accounts
from quotes.services.record import Conflict, NotAllowed


@login_required
@require_GET
def detail(request: EditorRequest) -> HttpResponse:
    """Who one is here, what one may do, and where to change what can be changed."""
    context = {
        "groups": accounts.groups_with_rights(request.user),
        "has_two_factor": accounts.has_two_factor(request.user),
        "has_single_sign_on": bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
    }
    return render(request, "account/detail.html", context)


@login_required
@require_POST
def end_session(request: EditorRequest, pk: int) -> HttpResponse:
    """Signs one out in one other place."""
    if not accounts.end_session(user=request.user, number=pk):
        raise Http404
    messages.success(request, "Signed out there.")
    return redirect("usersessions_list")


@login_required
@require_http_methods(["GET", "POST"])
def erase(request: EditorRequest) -> HttpResponse:
    """What erasing the account does, and the form that does it: it asks for the password once more."""
    user = request.user
    form = EraseForm(request.POST or None, by_password=user.has_usable_password())
    if request.method == "POST" and form.is_valid():
        try:
            _prove(request, form.cleaned_data["proof"])
            name = accounts.erase(user=user)
        except (ValidationError, Conflict, NotAllowed) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
        else:
            logout(request)
            messages.success(request, f"Your account is erased. What you decided now stands under “{name}”.")
            return redirect("home_index")
    return render(request, "account/erase.html", {"form": form, "pseudonym": accounts.pseudonym(user)})


def _prove(request: EditorRequest, proof: str) -> None:
    """Raises ValidationError for a wrong password or, where the account has none, a wrong user name. Throttled."""
    user = request.user
    if not user.has_usable_password():
        if proof.strip() != user.username:
            raise ValidationError("This is not your user name.")
    elif not get_adapter().reauthenticate(user, proof):
        raise ValidationError("This is not your password.")
