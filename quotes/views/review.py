"""What waits for editors, and the page of one attribution: accept, correct or reject it; mend its chain."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from quotes.forms import CorrectForm, DecideForm, RelayForm
from quotes.http import EditorRequest, chosen, number_in, paginate
from quotes.models import Attribution, Decision, Relay, Speaker
from quotes.services import review
from quotes.services.queue import KINDS, VIEWS, Queue
from quotes.services.record import Conflict, NotAllowed

MOST_SUGGESTED = 300
"""Names offered in the speaker fields."""


@login_required
@permission_required("quotes.settle_flag", raise_exception=True)
@require_GET
def queue(request: EditorRequest) -> HttpResponse:
    """Flags, unsure readings and doubtful pairs in one table, the most pressing first."""
    view, kind = chosen(request, "view", VIEWS), chosen(request, "kind", {"": "Everything", **KINDS})
    waiting = Queue(request.user, view, kind)
    counts = waiting.counts()
    page = paginate(request, waiting.rows())
    context = {
        "page": page,
        "items": waiting.items(list(page.object_list)),
        "view": view,
        "views": [(name, label, counts[name]) for name, label in VIEWS.items()],
        "kind": kind,
        "kinds": {"": "Everything", **KINDS},
    }
    return render(request, "review/queue.html", context)


@login_required
@permission_required("quotes.review_attribution", raise_exception=True)
@require_http_methods(["GET", "POST"])
def attribution(request: EditorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Attribution.objects.with_evidence(), pk=pk)
    forms_by_act = _forms(row)
    if request.method == "POST":
        act = next((name for name in ACTS if name in request.POST), "")
        form_class, verb = ACTS.get(act, (DecideForm, None))
        form = form_class(request.POST, auto_id=f"{act}_%s")
        if verb is not None and form.is_valid():
            try:
                verb(request, row, form, request.POST[act])
                messages.success(request, "Saved. The history below says what changed.")
                return redirect("review_attribution", pk=pk)
            except (Conflict, NotAllowed) as refusal:
                form = _again(form_class, request, row, act)
                form.add_error(None, str(refusal))
        forms_by_act[act or "accept"] = form
    return render(request, "review/attribution.html", _context(row, forms_by_act))


def _again(form_class: type[forms.Form], request: EditorRequest, row: Attribution, act: str) -> forms.Form:
    """What was typed, with the version that is true now: it can be looked at and sent again."""
    data = request.POST.copy()
    data["version"] = str(Attribution.objects.values_list("version", flat=True).get(pk=row.pk))
    form = form_class(data, auto_id=f"{act}_%s")
    form.is_valid()
    return form


def _forms(row: Attribution) -> dict[str, forms.Form]:
    version = {"version": row.version}
    speaker = row.speaker.name if row.speaker else ""
    return {
        "accept": DecideForm(initial=version, auto_id="accept_%s"),
        "correct": CorrectForm(initial={**version, "speaker": speaker, "hedged": row.hedged}, auto_id="correct_%s"),
        "add_relay": RelayForm(initial=version, auto_id="add_relay_%s"),
    }


def _context(row: Attribution, forms_by_act: dict[str, forms.Form]) -> dict[str, object]:
    decide = next(forms_by_act[act] for act in ("reject", "accept") if act in forms_by_act)
    chain = next((forms_by_act[act] for act in ("remove", "up", "down") if act in forms_by_act), None)
    return {
        "attribution": row,
        "decide_form": decide,
        "correct_form": forms_by_act["correct"],
        "relay_form": forms_by_act["add_relay"],
        "chain_form": chain,
        "decisions": Decision.objects.filter(attribution=row).select_related("actor"),
        "speakers": Speaker.objects.current().values_list("name", flat=True)[:MOST_SUGGESTED],
    }


def _accept(request: EditorRequest, row: Attribution, form: forms.Form, value: str) -> None:
    review.accept(attribution=row, actor=request.user, **form.cleaned_data)


def _reject(request: EditorRequest, row: Attribution, form: forms.Form, value: str) -> None:
    review.reject(attribution=row, actor=request.user, **form.cleaned_data)


def _correct(request: EditorRequest, row: Attribution, form: forms.Form, value: str) -> None:
    data = form.cleaned_data
    review.correct(
        attribution=row,
        actor=request.user,
        version=data["version"],
        speaker_name=data["speaker"],
        hedged=data["hedged"],
        reason=data["reason"],
    )


def _add_relay(request: EditorRequest, row: Attribution, form: forms.Form, value: str) -> None:
    review.add_relay(attribution=row, actor=request.user, **form.cleaned_data)


def _relay(row: Attribution, value: str) -> Relay:
    return get_object_or_404(Relay, pk=number_in(value), attribution=row)


def _remove(request: EditorRequest, row: Attribution, form: forms.Form, value: str) -> None:
    version, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
    review.remove_relay(relay=_relay(row, value), actor=request.user, version=version, reason=reason)


def _up(request: EditorRequest, row: Attribution, form: forms.Form, value: str) -> None:
    review.move_relay(
        relay=_relay(row, value), actor=request.user, version=form.cleaned_data["version"], towards_speaker=True
    )


def _down(request: EditorRequest, row: Attribution, form: forms.Form, value: str) -> None:
    review.move_relay(
        relay=_relay(row, value), actor=request.user, version=form.cleaned_data["version"], towards_speaker=False
    )


Verb = Callable[[EditorRequest, Attribution, forms.Form, str], None]
ACTS: dict[str, tuple[type[forms.Form], Verb]] = {
    "accept": (DecideForm, _accept),
    "reject": (DecideForm, _reject),
    "correct": (CorrectForm, _correct),
    "add_relay": (RelayForm, _add_relay),
    "remove": (DecideForm, _remove),
    "up": (DecideForm, _up),
    "down": (DecideForm, _down),
}
"""The buttons of the page, told apart by name: which form each sends, and what it does."""
