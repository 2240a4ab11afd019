"""Adding articles: by pasted text, and by file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quotes.forms import FileForm, PasteForm
from quotes.http import EditorRequest, Request, asked
from quotes.services import extract, ingest

OUTCOMES = {
    "new": "The article was read.",
    "revision": "Hearsay knew this article with other words; this is its new version.",
    "known": "Hearsay has this article already. Nothing was added.",
}
MOST_PROBLEMS = 100
"""Refusals after which a file is given up."""

MOST_UPLOADED = 200
"""Articles one upload may hold; larger files go through manage.py ingest."""


@require_http_methods(["GET", "POST"])
def paste(request: Request) -> HttpResponse:
    """Anybody may see what adding asks for; adding takes the right to."""
    if request.method == "POST":
        return _add_pasted(cast(EditorRequest, request))
    form = PasteForm(initial={"url": asked(request, "url", longest=2000)})
    return render(request, "add/paste.html", {"form": form})


@login_required
@permission_required("quotes.add_article", raise_exception=True)
def _add_pasted(request: EditorRequest) -> HttpResponse:
    form = PasteForm(request.POST)
    if form.is_valid():
        try:
            stored = ingest.store(ingest.draft_paste(**form.cleaned_data), added_by=request.user)
        except ingest.Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            _read(stored)
            messages.success(request, OUTCOMES[stored.outcome])
            return redirect(stored.article)
    return render(request, "add/paste.html", {"form": form})


@login_required
@permission_required("quotes.add_article", raise_exception=True)
@require_http_methods(["GET", "POST"])
def file(request: EditorRequest) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded: UploadedFile = form.cleaned_data["file"]
        if (uploaded.size or 0) > settings.HEARSAY_LARGEST_UPLOAD:
            form.add_error(
                "file",
                f"The file has {uploaded.size:,} bytes; the most is {settings.HEARSAY_LARGEST_UPLOAD:,}. Use manage.py ingest for more.",
            )
        else:
            report = _read_file(request, uploaded, form.cleaned_data)
            if len(report["stored"]) == 1 and not report["problems"]:
                messages.success(request, OUTCOMES[report["stored"][0].outcome])
                return redirect(report["stored"][0].article)
            return render(request, "add/report.html", report)
    return render(request, "add/file.html", {"form": form})


def _read_file(request: EditorRequest, uploaded: UploadedFile, details: dict[str, Any]) -> dict[str, Any]:
    """Stores and reads what can be; reports the rest."""
    stored: list[ingest.Stored] = []
    problems: list[ingest.Problem] = []
    lines: Iterator[bytes] = iter(uploaded)
    for item in ingest.file_drafts(
        uploaded.name or "", lines, outlet=details["outlet"], published=details["published"]
    ):
        if isinstance(item, ingest.Problem):
            problems.append(item)
            if len(problems) >= MOST_PROBLEMS:
                problems.append(ingest.Problem("the rest", "Too much was refused; the rest was not read."))
                break
        elif len(stored) >= MOST_UPLOADED:
            problems.append(
                ingest.Problem(
                    "the rest", f"An upload may hold {MOST_UPLOADED} articles. Use manage.py ingest for more."
                )
            )
            break
        else:
            stored.append(ingest.store(item, added_by=request.user))
            _read(stored[-1])
    return {"stored": stored, "problems": problems}


def _read(stored: ingest.Stored) -> None:
    if stored.outcome != "known" or stored.article.stage != "read":
        extract.read_revision(stored.revision)
