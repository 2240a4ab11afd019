"""Feeds that are read by themselves: which, how they do, and adding, pausing and removing them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as django_render
from django.views.decorators.http import require_GET, require_http_methods

from quotes.forms import FeedForm
from quotes.http import EditorRequest, Request, asked, paginate, render
from quotes.models import Feed
from quotes.services import ingest, presence, subscription


@require_GET
def browse(request: Request) -> HttpResponse:
    """What Hearsay reads by itself, for everybody: it is part of what it covers."""
    found = Feed.objects.with_counts().select_related("job").in_order()
    context = {"page": paginate(request, found), "is_there": presence.is_there()}
    return django_render(request, "feed/browse.html", context)


@login_required
@permission_required("quotes.manage_feed", raise_exception=True)
@require_http_methods(["GET", "POST"])
def add(request: EditorRequest) -> HttpResponse:
    """The address of a feed, or of a page that names one."""
    form = FeedForm(request.POST or None, initial={"url": asked(request, "url", longest=2000)})
    if request.method == "POST" and form.is_valid():
        try:
            feed = subscription.add(added_by=request.user, **form.cleaned_data)
        except ingest.Refused as refusal:
            form.add_error("url", str(refusal))
        else:
            return redirect(feed)
    return django_render(request, "feed/add.html", {"form": form})


@login_required
@permission_required("quotes.manage_feed", raise_exception=True)
@require_http_methods(["GET", "POST"])
def detail(request: EditorRequest, pk: int) -> HttpResponse:
    """How one feed does; pausing, reading it now, and removing it."""
    feed = get_object_or_404(Feed.objects.with_counts().select_related("job__lane"), pk=pk)
    if request.method == "POST":
        return _act(request, feed)
    context = {"feed": feed, "links": feed.links.newest_first()[:20], "is_there": presence.is_there()}
    return render(request, "feed/detail.html", "feed/_health.html", context)


def _act(request: EditorRequest, feed: Feed) -> HttpResponse:
    if "remove" in request.POST:
        subscription.remove(feed)
        messages.success(request, f"{feed} is not read any more. The articles that came from it stay.")
        return redirect("feed_browse")
    if "pause" in request.POST or "go_on" in request.POST:
        subscription.pause(feed, is_paused="pause" in request.POST)
    elif "choose" in request.POST:
        subscription.choose(feed, url=request.POST["choose"])
    else:
        subscription.read_now(feed)
    return redirect(feed)
