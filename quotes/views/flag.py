"""Flags on a quote: raising one, and the page on which editors work one through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from quotes.desk_forms import EvidenceForm, NoteForm, SettleForm, VersionedForm, WaitForm
from quotes.forms import FlagForm
from quotes.http import EditorRequest, refuse_taken_down
from quotes.models import Decision, Flag, Quote
from quotes.services import flag as flags
from quotes.services.record import Conflict, NotAllowed


@login_required
@require_http_methods(["GET", "POST"])
def add(request: EditorRequest, pk: int) -> HttpResponse:
    """Raises a flag, by anybody signed in; those that are open already stand beside the form, so that nobody raises one twice."""
    quote = get_object_or_404(Quote.objects.select_related("speaker"), pk=pk)
    refuse_taken_down(quote.survivor)
    form = FlagForm(request.POST or None, auto_id="flag_%s")
    if request.method == "POST" and form.is_valid():
        try:
            flag = flags.raise_flag(quote=quote, actor=request.user, **form.cleaned_data)
        except (Conflict, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Flag raised: {flag.label}. It shows on the quote now.")
            return redirect(f"{quote.get_absolute_url()}#flags")
    open_flags = quote.flags.active().with_people()
    return render(request, "flag/add.html", {"form": form, "quote": quote, "open_flags": open_flags})


@login_required
@permission_required("quotes.settle_flag", raise_exception=True)
@require_http_methods(["GET", "POST"])
def detail(request: EditorRequest, pk: int) -> HttpResponse:
    """One flag: what it says, who is on it, its evidence, and every act that may be done to it."""
    flag = get_object_or_404(Flag.objects.with_people().select_related("quote__speaker"), pk=pk)
    refuse_taken_down(flag.quote)
    act = next((name for name in ACTS if name in request.POST), "")
    if act == "renew":
        flags.renew(flag=flag, actor=request.user)
        return render(request, "flag/_holder.html", {"flag": _again(flag)})
    refused: dict[str, forms.Form] = {}
    if act:
        form_class, verb, done = ACTS[act]
        form = form_class(request.POST, auto_id=f"{act}_%s")
        _choices(form, flag)
        if form.is_valid():
            try:
                verb(flag=flag, actor=request.user, **form.cleaned_data)
                messages.success(request, done)
                return redirect(flag)
            except (Conflict, NotAllowed) as refusal:
                flag = _again(flag)
                form = _to_send_again(form_class, request, flag, act)
                form.add_error(None, str(refusal))
        refused[act] = form
    return render(request, "flag/detail.html", _context(flag, refused))


def _to_send_again(form_class: type[forms.Form], request: EditorRequest, flag: Flag, act: str) -> forms.Form:
    """What was typed, with the version that is true now."""
    data = request.POST.copy()
    data["version"] = str(flag.version)
    form = form_class(data, auto_id=f"{act}_%s")
    _choices(form, flag)
    form.is_valid()
    return form


def _again(flag: Flag) -> Flag:
    return Flag.objects.with_people().select_related("quote__speaker").get(pk=flag.pk)


def _context(flag: Flag, refused: dict[str, forms.Form]) -> dict[str, Any]:
    version = {"version": flag.version}
    made = {
        name: refused.get(name) or form_class(initial=version, auto_id=f"{name}_%s")
        for name, (form_class, _, _) in ACTS.items()
    }
    _choices(made["settle"], flag)
    return {
        "flag": flag,
        "acts": made,
        "evidence": flag.evidence.strongest_first(),
        "decisions": Decision.objects.filter(flag=flag).select_related("actor", "undone_by"),
    }


def _choices(form: forms.Form, flag: Flag) -> None:
    """The flags that this one may repeat: the others on its quote."""
    if isinstance(form, SettleForm):
        form.fields["duplicate_of"].queryset = flag.quote.flags.exclude(pk=flag.pk)  # type: ignore[attr-defined]


Act = tuple[type[forms.Form], Callable[..., Any], str]
ACTS: dict[str, Act] = {
    "claim": (VersionedForm, flags.claim, "You are on it for 15 minutes; it is renewed while this page is open."),
    "release": (VersionedForm, flags.release, "Released: others may take it up."),
    "take_over": (NoteForm, flags.take_over, "You are on it now. Your note is in the history."),
    "evidence": (EvidenceForm, flags.add_evidence, "Evidence added."),
    "wait": (WaitForm, flags.wait, "Waiting for a reply."),
    "settle": (SettleForm, flags.settle_flag, "Recorded. The history below says what it is now."),
    "reopen": (NoteForm, flags.reopen, "Reopened."),
    "renew": (VersionedForm, flags.renew, ""),
}
"""The buttons of the page, told apart by name: the form each sends, what it does, and what is said then."""
