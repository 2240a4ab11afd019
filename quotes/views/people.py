"""Who is who, as editors settle it: names and titles, two speakers who are one, one who is two, and names nobody could place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from quotes.desk_forms import (
    AliasForm,
    ApartForm,
    FactsForm,
    IntoForm,
    ReasonForm,
    ResolveForm,
    SpeakerMergeForm,
    SplitForm,
)
from quotes.http import EditorRequest, TakenDown, number_in, refuse_report_taken_down
from quotes.models import Alias, Attribution, Decision, Relay, Speaker
from quotes.services import people
from quotes.services.queue import alike
from quotes.services.record import Conflict, NotAllowed
from quotes.services.resolve import candidates, meant, root

MOST_LISTED = 100
"""Reports of one speaker that are listed for a split, the newest."""


@login_required
@permission_required("quotes.mend_speaker", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: EditorRequest, pk: int) -> HttpResponse:
    """Name, kind, role and Wikidata id; aliases and dated titles; who is somebody else. With the history of it all."""
    given = get_object_or_404(Speaker.objects.select_related("merged_into"), pk=pk)
    speaker = root(given)
    if speaker != given and request.method == "GET":
        return redirect("people_edit", pk=speaker.pk)
    _refuse_gone(speaker)
    act = next((name for name in ACTS if name in request.POST), "")
    shown = {name: make(None, speaker) for name, (make, _) in ACTS.items()}
    if act:
        make, carry_out = ACTS[act]
        form = shown[act] = make(request.POST, speaker)
        if form.is_valid():
            try:
                _refuse_merged(given)
                carry_out(request, speaker, form)
                messages.success(request, "Saved. The history says what changed, and can undo it.")
                return redirect("people_edit", pk=speaker.pk)
            except (Conflict, NotAllowed) as refusal:
                speaker = Speaker.objects.get(pk=speaker.pk)
                _send_again(form, request, speaker)
                form.add_error(None, str(refusal))
    return render(request, "people/edit.html", _about(speaker) | {"shown": shown})


def _speaker(pk: int) -> Speaker:
    """Raises Http404 for nobody, TakenDown for somebody known from what was taken down alone. Two queries."""
    speaker = get_object_or_404(Speaker, pk=pk)
    _refuse_gone(speaker)
    return speaker


def _refuse_gone(speaker: Speaker) -> None:
    if Speaker.objects.gone().filter(pk=speaker.pk).exists():
        raise TakenDown([])


def _refuse_merged(speaker: Speaker) -> None:
    """Raises Conflict for a speaker who is no longer there: what was typed is shown with whoever they have become."""
    if speaker.merged_into_id:
        raise Conflict(
            f"{speaker} has been merged into {root(speaker)} in the meantime. Nothing was saved; below is {root(speaker)}."
        )


def _send_again(form: forms.Form, request: EditorRequest, speaker: Speaker) -> None:
    """What was typed, with the version that is true now."""
    data = request.POST.copy()
    data["version"] = str(speaker.version)
    form.data = data


def _about(speaker: Speaker) -> dict[str, Any]:
    """Four queries."""
    return {
        "speaker": speaker,
        "aliases": list(speaker.aliases.all()),
        "namesakes": list(Speaker.objects.listed().filter(name=speaker.name).exclude(pk=speaker.pk)),
        "apart": list(speaker.apart_from.all()),
        "decisions": Decision.objects.shown().filter(speaker=speaker).select_related("actor", "undone_by"),
    }


def _facts(data: Any, speaker: Speaker) -> forms.Form:
    values = {name: getattr(speaker, name) for name in ("name", "kind", "role", "wikidata_id", "version")}
    return FactsForm(data, initial=values, auto_id="facts_%s")


def _save_facts(request: EditorRequest, speaker: Speaker, form: forms.Form) -> None:
    people.edit(speaker=speaker, actor=request.user, **form.cleaned_data)


def _add_alias(request: EditorRequest, speaker: Speaker, form: forms.Form) -> None:
    people.add_alias(speaker=speaker, actor=request.user, **form.cleaned_data)


def _remove_alias(request: EditorRequest, speaker: Speaker, form: forms.Form) -> None:
    alias = Alias.objects.filter(pk=number_in(request.POST["remove"]), speaker=speaker).first()
    if alias is None:
        raise Conflict("Somebody else took it away already.")
    people.remove_alias(alias=alias, actor=request.user, reason=form.cleaned_data["reason"])


def _keep_apart(request: EditorRequest, speaker: Speaker, form: forms.Form) -> None:
    other = _meant(form.cleaned_data["other"])
    people.keep_apart(one=speaker, other=other, actor=request.user, reason=form.cleaned_data["reason"])


def _meant(name: str) -> Speaker:
    """The known speaker a form names. Raises NotAllowed for nobody, and for one of several."""
    found = meant(name)
    if not found:
        raise NotAllowed(f"Nobody goes by “{name}”. Choose one from the list.")
    if len(found) > 1:
        raise NotAllowed(f"Several speakers go by “{name}”. Choose one of them from the list, with its number.")
    return found[0]


ACTS: dict[str, tuple[Callable[[Any, Speaker], forms.Form], Callable[[EditorRequest, Speaker, forms.Form], None]]] = {
    "facts": (_facts, _save_facts),
    "add": (lambda data, speaker: AliasForm(data, auto_id="alias_%s"), _add_alias),
    "remove": (lambda data, speaker: ReasonForm(data, auto_id="remove_%s"), _remove_alias),
    "apart": (lambda data, speaker: ApartForm(data, auto_id="apart_%s"), _keep_apart),
}
"""The buttons of the page, told apart by name: the form each sends, and what it does."""


@login_required
@permission_required("quotes.mend_speaker", raise_exception=True)
@require_http_methods(["GET", "POST"])
def merge(request: EditorRequest, pk: int) -> HttpResponse:
    """Merges a speaker into another, after showing what would move. `?into=` names the other."""
    speaker = _speaker(pk)
    if speaker.merged_into_id and request.method == "GET":
        return redirect("people_edit", pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    into = IntoForm(given if "into" in given else None, auto_id="into_%s")
    other: Speaker | None = None
    form = SpeakerMergeForm(request.POST or None, initial={"version": speaker.version}, auto_id="merge_%s")
    try:
        other = _meant(into.cleaned_data["into"]) if into.is_valid() else None
        if other and request.method == "POST" and form.is_valid():
            _refuse_merged(speaker)
            _refuse_unseen(into.cleaned_data["into"], other)
            people.merge(speaker=speaker, into=other, actor=request.user, **form.cleaned_data)
            messages.success(request, f"{speaker} is {other} now. The history can undo it exactly.")
            return redirect("people_edit", pk=other.pk)
    except (Conflict, NotAllowed) as refusal:
        if other:
            _send_again(form, request, Speaker.objects.get(pk=pk))
        (form if other else into).add_error(None, str(refusal))
    context = {"speaker": speaker, "into_form": into, "other": other, "form": form}
    return render(request, "people/merge.html", context | _preview(speaker, other))


def _refuse_unseen(name: str, other: Speaker) -> None:
    """Raises Conflict when a form names somebody who has become somebody else since it was shown."""
    if not name.endswith(f" #{other.pk}"):
        raise Conflict(
            f"“{name}” means {other} (number {other.pk}) by now. Look at what would move, and send it again."
        )


def _preview(speaker: Speaker, other: Speaker | None) -> dict[str, Any]:
    """What would move, with the newest of the quotes. Seven queries."""
    if other is None or other == speaker:
        return {}
    quotes = speaker.quotes.filter(report_count__gt=0).order_by("-last_seen")
    return {"moves": people.preview(speaker, other), "quotes": quotes[:5]}


@login_required
@permission_required("quotes.mend_speaker", raise_exception=True)
@require_http_methods(["GET", "POST"])
def split(request: EditorRequest, pk: int) -> HttpResponse:
    """Ticks what belongs to somebody else, and says who that is."""
    speaker = _speaker(pk)
    if speaker.merged_into_id and request.method == "GET":
        return redirect("people_edit", pk=pk)
    form = SplitForm(request.POST or None, initial={"version": speaker.version}, auto_id="split_%s")
    ticked = {name: [number_in(value) for value in request.POST.getlist(name)] for name in ("reports", "relayed")}
    if form.is_valid():
        try:
            _refuse_merged(speaker)
            told, said = ticked["relayed"], ticked["reports"]
            new = people.split(speaker=speaker, actor=request.user, reports=said, relayed=told, **form.cleaned_data)
            messages.success(request, f"Given to {new}. The history can undo it exactly.")
            return redirect("people_edit", pk=new.pk)
        except (Conflict, NotAllowed) as refusal:
            _send_again(form, request, Speaker.objects.get(pk=pk))
            form.add_error(None, str(refusal))
    reports = Attribution.objects.shown().filter(speaker=speaker).with_evidence().order_by("-pk")
    relays = Relay.objects.filter(intermediary=speaker).exclude(attribution__status=Attribution.Status.REJECTED)
    relays = relays.exclude(attribution__in=Attribution.objects.taken_down().values("pk"))
    relays = relays.select_related("attribution__variant__quote__speaker", "attribution__revision__article__outlet")
    context = {"speaker": speaker, "form": form, "ticked": ticked}
    context |= {"said": reports[:MOST_LISTED], "told": relays.order_by("-pk")[:MOST_LISTED]}
    return render(request, "people/split.html", context)


@login_required
@permission_required("quotes.mend_speaker", raise_exception=True)
@require_http_methods(["GET", "POST"])
def resolve(request: EditorRequest, pk: int) -> HttpResponse:
    """Every report that prints a name nobody could place, with the words around it: who is it, in which of them?"""
    report = get_object_or_404(Attribution, pk=pk)
    refuse_report_taken_down(pk)
    form = ResolveForm(request.POST or None, auto_id="resolve_%s")
    ticked = [number_in(value) for value in request.POST.getlist("reports")]
    if form.is_valid():
        data = form.cleaned_data
        name = data["candidate"] or data["name"]
        try:
            decision = people.resolve(reports=ticked, name=name, actor=request.user, reason=data["reason"])
            messages.success(request, f"Resolved in {decision.after['reports']}: {decision.speaker}.")
            return redirect("people_edit", pk=decision.speaker_id)
        except (Conflict, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
    same = alike(report).with_evidence().order_by("-pk")
    context = {"report": report, "form": form, "reports": same[:MOST_LISTED], "total": same.count(), "ticked": ticked}
    return render(request, "people/resolve.html", context | {"candidates": candidates(report)})
