"""Flags on a quote: raising one, and settling it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from quotes.forms import FlagForm, SettleForm
from quotes.http import EditorRequest
from quotes.models import Flag, Quote
from quotes.services.flag import raise_flag, settle_flag
from quotes.services.record import Conflict, NotAllowed


@login_required
@permission_required("quotes.raise_flag", raise_exception=True)
@require_http_methods(["GET", "POST"])
def add(request: EditorRequest, pk: int) -> HttpResponse:
    quote = get_object_or_404(Quote.objects.select_related("speaker"), pk=pk)
    form = FlagForm(request.POST or None, auto_id="flag_%s")
    if request.method == "POST" and form.is_valid():
        try:
            flag = raise_flag(quote=quote, actor=request.user, **form.cleaned_data)
        except (Conflict, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Flag raised: {flag.label}. It shows on the quote now.")
            return redirect(f"{quote.get_absolute_url()}#flags")
    return render(request, "flag/add.html", {"form": form, "quote": quote})


@login_required
@permission_required("quotes.settle_flag", raise_exception=True)
@require_http_methods(["GET", "POST"])
def settle(request: EditorRequest, pk: int) -> HttpResponse:
    flag = get_object_or_404(Flag.objects.select_related("quote__speaker", "raised_by"), pk=pk)
    form = SettleForm(request.POST or None, auto_id="settle_%s")
    if request.method == "POST" and form.is_valid():
        try:
            settle_flag(flag=flag, actor=request.user, **form.cleaned_data)
        except (Conflict, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Flag settled: {flag.get_state_display()}.")
            return redirect(f"{flag.quote.get_absolute_url()}#flags")
    return render(request, "flag/settle.html", {"form": form, "flag": flag})
