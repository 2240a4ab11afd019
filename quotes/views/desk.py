"""The page for desk heads: who has an account; inviting, retiring and bringing back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quotes.apps import GROUPS
from quotes.forms import InviteForm
from quotes.http import EditorRequest, number_in, paginate
from quotes.services import accounts
from quotes.services.record import NotAllowed


@login_required
@permission_required("quotes.manage_desk", raise_exception=True)
@never_cache
@require_http_methods(["GET", "POST"])
def people(request: EditorRequest) -> HttpResponse:
    """Everybody with an account. The link of an invitation is on the page that answers it, and nowhere else."""
    act = next((name for name in ACTS if name in request.POST), "")
    if act:
        return _on_one(request, act)
    form = InviteForm(request.POST or None, groups=GROUPS, auto_id="invite_%s")
    invited: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        try:
            invited = _invite(request, form)
            form = InviteForm(groups=GROUPS, auto_id="invite_%s")
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    rights = [(name, accounts.in_words(codenames)) for name, codenames in GROUPS.items()]
    page = paginate(request, accounts.people())
    return render(request, "desk/people.html", {"page": page, "form": form, "rights": rights, **invited})


def _invite(request: EditorRequest, form: InviteForm) -> dict[str, object]:
    invitation = accounts.invite(actor=request.user, **form.cleaned_data)
    link = invitation.link(f"{request.scheme}://{request.get_host()}")
    return {"invitation": invitation, "link": link, "is_mailed": accounts.mail_invitation(invitation, link=link)}


def _on_one(request: EditorRequest, act: str) -> HttpResponse:
    user = get_object_or_404(User, pk=number_in(request.POST[act]))
    verb, done = ACTS[act]
    try:
        verb(user=user, actor=request.user)
        messages.success(request, done.format(user.username))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("desk_people")


ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "retire": (accounts.retire, "{} is retired and signed out everywhere. What they decided stays."),
    "bring_back": (accounts.bring_back, "{} may sign in again."),
}
"""The buttons of a row, told apart by name: what each does, and what is said then."""
