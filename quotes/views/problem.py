"""*Report a problem*: a reader's word to the editors. It changes nothing that others see."""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from quotes.forms import ProblemForm
from quotes.http import Request, refuse_taken_down
from quotes.models import Quote
from quotes.services import problem
from quotes.services.record import NotAllowed
from quotes.throttle import in_words


@require_http_methods(["GET", "POST"])
def add(request: Request, pk: int) -> HttpResponse:
    """Takes a report; without an account only when the setting allows. What is open on the quote already is shown first."""
    quote = get_object_or_404(Quote.objects.select_related("speaker"), pk=pk)
    refuse_taken_down(quote.survivor)
    user = request.user if isinstance(request.user, User) else None
    if user is None and not settings.HEARSAY_REPORT_WITHOUT_ACCOUNT:
        return redirect_to_login(request.get_full_path())
    form = ProblemForm(request.POST or None, auto_id="problem_%s")
    if request.method == "POST" and form.is_valid():
        try:
            if not ratelimit.consume(request, action="report_problem"):
                raise NotAllowed(
                    f"No more than {in_words(settings.HEARSAY_REPORT_RATE)} can be sent from one place. Your words are kept below: send them later."
                )
            problem.report(quote=quote, made_by=user, **form.cleaned_data)
            messages.success(request, "Thank you. Editors will look at it; it is not shown to others.")
            return redirect(quote)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    open_flags = quote.flags.active()
    return render(request, "problem/add.html", {"form": form, "quote": quote, "open_flags": open_flags})
