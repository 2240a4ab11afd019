"""The reading of an article, as editors mend it: one attribution's page, and adding what was missed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from quotes.desk_forms import DecideForm
from quotes.http import EditorRequest, refuse_article_taken_down, refuse_report_taken_down
from quotes.models import Article, Attribution, Decision, Revision
from quotes.reading_form import ReadingForm
from quotes.services import review
from quotes.services.record import Conflict, NotAllowed
from quotes.services.review import reading_of
from quotes.text.segments import Mark, Segment, segments
from quotes.text.spans import Span, hull

AROUND = 600
"""Characters of the article shown on each side of an attribution, where its words are marked anew."""

ACTS = ("accept", "reject", "correct")


@login_required
@permission_required("quotes.review_attribution", raise_exception=True)
@require_http_methods(["GET", "POST"])
def correct(request: EditorRequest, pk: int) -> HttpResponse:
    """Accepts, rejects or corrects one attribution. What a second editor typed is kept, beside what is true now."""
    row = get_object_or_404(Attribution.objects.with_evidence(), pk=pk)
    refuse_report_taken_down(pk)
    act = next((name for name in ACTS if name in request.POST), "")
    decide = DecideForm(
        request.POST if act in ("accept", "reject") else None, **_first({"version": row.version}, "decide")
    )
    reading = _reading_form(row, request.POST if act == "correct" else None)
    form = reading if act == "correct" else decide
    if act and form.is_valid():
        try:
            _carry_out(request, row, act, form)
            messages.success(request, "Saved. The history says what changed, and can undo it.")
            return redirect("reading_correct", pk=pk)
        except (Conflict, NotAllowed) as refusal:
            row = Attribution.objects.with_evidence().get(pk=pk)
            form.data = request.POST.copy()  # what was typed can be looked at and sent again
            form.data["version"] = str(row.version)
            form.add_error(None, str(refusal))
    return render(request, "reading/correct.html", _context(row, decide, reading))


def _first(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {"initial": values, "auto_id": f"{prefix}_%s"}


def _reading_form(row: Attribution, data: Any) -> ReadingForm:
    text, known = row.revision.text, reading_of(row)
    values = ReadingForm.of(known, text) | {"version": row.version}
    return ReadingForm(data, text=text, near=row.start, known=known, **_first(values, "correct"))


def _carry_out(request: EditorRequest, row: Attribution, act: str, form: forms.Form) -> None:
    data = form.cleaned_data
    told: dict[str, Any] = {"attribution": row, "actor": request.user, "version": data["version"]}
    if isinstance(form, ReadingForm):
        review.correct(**told, reading=form.reading(), reason=data["reason"])
    else:
        {"accept": review.accept, "reject": review.reject}[act](**told, reason=data["reason"])


def _context(row: Attribution, decide: DecideForm, reading: ReadingForm) -> dict[str, Any]:
    text = row.revision.text
    marks = [Mark(Span(s.start, s.end), f"m-{s.role} s-{row.sourcing}", 0) for s in row.spans.all() if s.role != "cue"]
    around = hull([mark.span for mark in marks]) if marks else Span(row.start, row.start)
    return {
        "attribution": row,
        "decide_form": decide,
        "reading_form": reading,
        "text": passage(text, marks, Span(max(0, around.start - AROUND), min(len(text), around.end + AROUND))),
        "decisions": Decision.objects.filter(attribution=row).select_related("actor", "undone_by"),
    }


def passage(text: str, marks: list[Mark], part: Span) -> list[tuple[int, list[Segment]]]:
    """The paragraphs of a part of a text, each with where it begins, so that what is marked in the page can be counted."""
    found, at = [], part.start
    for paragraph in part.of(text).split("\n"):
        inside = Span(at, at + len(paragraph))
        moved = [Mark(_within(m.span, inside), m.role, m.owner) for m in marks if m.span.overlaps(inside)]
        if paragraph.strip():
            found.append((at, segments(paragraph, moved)))
        at = inside.end + 1
    return found


def _within(span: Span, part: Span) -> Span:
    """A span as counted from the beginning of a part, and cut to it."""
    return Span(max(span.start, part.start) - part.start, min(span.end, part.end) - part.start)


@login_required
@permission_required("quotes.review_attribution", raise_exception=True)
@require_http_methods(["GET", "POST"])
def add(request: EditorRequest, pk: int) -> HttpResponse:
    """Adds an attribution that the machine missed, by marking its words in the newest text."""
    article = get_object_or_404(
        Article.objects.select_related("outlet", "takedown").prefetch_related("revisions"), pk=pk
    )
    refuse_article_taken_down(article)
    revision = article.current_revision
    if revision is None:
        messages.error(request, "This article has no text yet, so there is nothing to add to.")
        return redirect(article)
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["version"] = "1"
    form = ReadingForm(data, text=revision.text, **_first({"form": "direct"}, "add"))
    if form.is_valid():
        try:
            added = review.add(
                revision=revision, actor=request.user, reading=form.reading(), reason=form.cleaned_data["reason"]
            )
            messages.success(request, "Added. The history says so, and can undo it.")
            return redirect("reading_correct", pk=added.pk)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    return render(request, "reading/add.html", {"article": article, "reading_form": form, "text": _whole(revision)})


def _whole(revision: Revision) -> list[tuple[int, list[Segment]]]:
    """The text, with what is read already marked. Two queries."""
    shown = Attribution.objects.shown().filter(revision=revision).prefetch_related("spans")
    spans = [(span, report.sourcing) for report in shown for span in report.spans.all() if span.role == "content"]
    marks = [Mark(Span(span.start, span.end), f"m-content s-{sourcing}", 0) for span, sourcing in spans]
    return passage(revision.text, marks, Span(0, len(revision.text)))
