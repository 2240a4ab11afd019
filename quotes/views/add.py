"""Adding articles: by link, by pasted text, and by file."""

from __future__ import annotations

from pathlib import PurePath
from typing import cast
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from quotes import http
from quotes.forms import FileForm, LinkForm, PasteForm
from quotes.http import EditorRequest, Request, asked, number_in
from quotes.models import Article, Link, Upload
from quotes.services import bulk, ingest, presence
from quotes.services import link as links
from quotes.services.arrival import take_in
from quotes.throttle import in_words

OUTCOMES = {
    "new": "The article was read.",
    "revision": "Hearsay knew this article with other words; this is its new version.",
    "known": "Hearsay has this article already. Nothing was added.",
}
MANY = ".jsonl"
"""The kind of file that holds many articles."""


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
        if not _may_now(request, form):
            return _too_many(request, "add/paste.html", form)
        try:
            stored = take_in(ingest.draft_paste(**form.cleaned_data), added_by=request.user)
        except ingest.Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, OUTCOMES[stored.outcome])
            return redirect(stored.article)
    return render(request, "add/paste.html", {"form": form})


@login_required
@permission_required("quotes.add_article", raise_exception=True)
@require_http_methods(["GET", "POST"])
def link(request: EditorRequest) -> HttpResponse:
    """Links to be fetched. What is known already is answered at once, one link by its article itself."""
    form = LinkForm(request.POST or None, initial={"urls": asked(request, "url", longest=2000)})
    if request.method == "POST" and form.is_valid():
        if not _may_now(request, form):
            return _too_many(request, "add/link.html", form)
        answers = links.ask(form.cleaned_data["urls"], added_by=request.user)
        if len(answers) == 1 and answers[0].article:
            messages.success(request, OUTCOMES["known"])
            return redirect(answers[0].article)
        kept = [answer for answer in answers if not answer.problem]
        refused = [f"{answer.given[:200]}: {answer.problem}" for answer in answers if answer.problem]
        if kept:
            for problem in refused:
                messages.error(request, problem)
            return redirect(f"{reverse('add_fetched')}?{urlencode({'key': _keys(kept)}, doseq=True)}")
        for problem in refused:
            form.add_error("urls", problem)
    return render(request, "add/link.html", {"form": form, "place": request.build_absolute_uri(request.path)})


def _keys(answers: list[links.Asked]) -> list[str]:
    """Which links, and which articles that were known, the page of answers shows: for its address."""
    keys = [
        f"a{answer.article.pk}" if answer.article else f"{answer.link.pk}" if answer.link else "" for answer in answers
    ]
    return list(dict.fromkeys(keys))


@login_required
@permission_required("quotes.add_article", raise_exception=True)
@require_GET
def fetched(request: EditorRequest) -> HttpResponse:
    """What became of links that were asked for; it looks again by itself until all are done. Five queries."""
    keys = request.GET.getlist("key")[: links.MOST_ASKED]
    found = list(Link.objects.newest_first().select_related("job").filter(pk__in=[number_in(key) for key in keys]))
    known = [number_in(key[1:]) for key in keys if key[:1] == "a"]
    context = {
        "links": found,
        "articles": Article.objects.shown().with_list_details().filter(pk__in=known),
        "open": sum(entry.is_open for entry in found),
        "is_there": presence.is_there(),
    }
    return http.render(request, "add/fetched.html", "add/_fetched.html", context)


@login_required
@permission_required("quotes.add_article", raise_exception=True)
@require_http_methods(["GET", "POST"])
def file(request: EditorRequest) -> HttpResponse:
    """One article is read at once; a file of many is queued, and its page shows how far it is."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded: UploadedFile = form.cleaned_data["file"]
        if not _may_now(request, form):
            return _too_many(request, "add/file.html", form)
        if (uploaded.size or 0) > settings.HEARSAY_LARGEST_UPLOAD:
            form.add_error(
                "file",
                f"The file has {uploaded.size:,} bytes; the most is {settings.HEARSAY_LARGEST_UPLOAD:,}. Use manage.py ingest for more.",
            )
        elif PurePath(uploaded.name or "").suffix.lower() == MANY:
            return redirect(_queue(request, uploaded, form))
        else:
            answer = _read(request, uploaded, form)
            if answer is not None:
                return answer
    return render(request, "add/file.html", {"form": form})


def _queue(request: EditorRequest, uploaded: UploadedFile, form: Form) -> Upload:
    """Keeps a file of many articles for the workers."""
    path = bulk.keep_copy(uploaded.chunks())
    details = {"outlet": form.cleaned_data["outlet"], "published": form.cleaned_data["published"]}
    return bulk.open_file(path, name=uploaded.name or "a file", added_by=request.user, is_ours=True, **details)


def _read(request: EditorRequest, uploaded: UploadedFile, form: Form) -> HttpResponse | None:
    """The article in a file; None, and why in the form, when there is none."""
    details = {"outlet": form.cleaned_data["outlet"], "published": form.cleaned_data["published"]}
    for item in ingest.file_drafts(uploaded.name or "", iter(uploaded), **details):
        if isinstance(item, ingest.Problem):
            form.add_error("file", item.message)
        else:
            stored = take_in(item, added_by=request.user)
            messages.success(request, OUTCOMES[stored.outcome])
            return redirect(stored.article)
    return None


def _may_now(request: EditorRequest, form: Form) -> bool:
    """Counts what one person adds, over all workers; says in the form when that is more than HEARSAY_ADD_RATE. A few queries."""
    if ratelimit.consume(request, action="add_article", user=request.user):
        return True
    rate = in_words(settings.HEARSAY_ADD_RATE)
    form.add_error(
        None, f"Nobody may add more than {rate}. Nothing was added; send it again later, or use manage.py ingest."
    )
    return False


def _too_many(request: EditorRequest, page: str, form: Form) -> HttpResponse:
    response = render(request, page, {"form": form}, status=429)
    response["Retry-After"] = "60"
    return response
