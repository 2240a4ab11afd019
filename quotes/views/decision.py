"""Undoing decisions, from whatever page shows them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from quotes.desk_forms import ReasonForm
from quotes.http import EditorRequest, may, number_in
from quotes.models import Decision
from quotes.models.decision import TOOK_DOWN
from quotes.services.record import Conflict, NotAllowed
from quotes.services.undo import undo as undo_decision

MOST = 50


def right_to_undo(decision: Decision) -> str:
    """The right that the act itself took."""
    if decision.verb.removeprefix("undid: ") == TOOK_DOWN:
        return "take_down"
    if decision.flag_id:
        return "settle_flag"
    if decision.match_id:
        return "judge_match"
    if decision.attribution_id:
        return "review_attribution"
    return "mend_speaker" if decision.speaker_id else "settle_flag"


@login_required
@permission_required("quotes.settle_flag", raise_exception=True)
@require_POST
def undo(request: EditorRequest) -> HttpResponse:
    """Undoes every `decision` sent, the newest first, each by itself; then back to `next`."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    numbers = [number_in(value) for value in request.POST.getlist("decision")[:MOST]]
    undone = 0
    for decision in Decision.objects.filter(pk__in=numbers).order_by("-pk"):
        if not may(request.user, right_to_undo(decision)):
            raise PermissionDenied
        try:
            undo_decision(decision=decision, actor=request.user, reason=reason)
            undone += 1
        except (Conflict, NotAllowed) as refusal:
            messages.error(request, str(refusal))
    if undone:
        what = "Undone." if undone == 1 else f"{undone} decisions undone."
        messages.success(request, f"{what} The history keeps both the decision and its undoing.")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe and back.startswith("/") else reverse("review_queue"))
