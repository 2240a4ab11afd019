"""Background work as it is seen: what waits, what is done now, what failed and why."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from quotes import formats
from quotes.http import EditorRequest, chosen, number_in, paginate, render
from quotes.models import Job, Upload
from quotes.services import bulk, jobs, presence

VIEWS = {"failed": "Failed", "running": "Being done", "waiting": "Waiting", "planned": "Planned", "done": "Done"}


@login_required
@permission_required("quotes.add_article", raise_exception=True)
@require_GET
def index(request: EditorRequest) -> HttpResponse:
    """The jobs of one state. Nine queries."""
    now = timezone.now()
    found = Job.objects.with_subjects()
    in_view = {
        "failed": found.failed().order_by("-finished_at", "-pk"),
        "running": found.running().order_by("started_at", "pk"),
        "waiting": found.waiting(now).order_by("due_at", "pk"),
        "planned": found.planned(now).order_by("due_at", "pk"),
        "done": found.done().order_by("-finished_at", "-pk"),
    }
    counts = {name: rows.count() for name, rows in in_view.items()}
    default = next((name for name in ("failed", "running", "waiting") if counts[name]), "planned")
    view = chosen(request, "view", VIEWS) if "view" in request.GET else default
    context = {
        "view": view,
        "views": [(name, label, counts[name]) for name, label in VIEWS.items()],
        "page": paginate(request, in_view[view], count=counts[view]),
        "is_there": presence.is_there(),
        "uploads": Upload.objects.newest_first()[:5],
    }
    return render(request, "work/index.html", "work/_jobs.html", context)


@login_required
@permission_required("quotes.add_article", raise_exception=True)
@require_POST
def retry(request: EditorRequest) -> HttpResponse:
    """Queues a failed job once more, or all of them."""
    failed = Job.objects.failed()
    if "all" not in request.POST:
        failed = failed.filter(pk=number_in(request.POST.get("job", "")))
    count = jobs.queue_again(failed)
    messages.success(request, f"{count:,} queued once more." if count != 1 else "Queued once more.")
    return redirect("work_index")


@login_required
@permission_required("quotes.add_article", raise_exception=True)
@require_GET
def upload(request: EditorRequest, pk: int) -> HttpResponse:
    """How far a file is, and what was refused in it. Seven queries."""
    found = get_object_or_404(Upload, pk=pk)
    as_data = formats.response(request, found.refusals.all(), f"refused {found.pk}", "refusals")
    if as_data is not None:
        return as_data
    context = {
        "upload": found,
        "progress": bulk.progress(found),
        "page": paginate(request, found.refusals.all()),
        "failed": found.jobs.failed().order_by("number")[:10],
        "is_there": presence.is_there(),
    }
    return render(request, "work/upload.html", "work/_upload.html", context)
