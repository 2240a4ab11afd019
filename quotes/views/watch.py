"""Watches: what happened on them, setting and changing one, the private feed, and stopping the e-mails."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from quotes.forms import WatchForm
from quotes.http import EditorRequest, Request, asked, number_in, paginate, refuse_taken_down
from quotes.models import Inbox, Outlet, Quote, Speaker, Watch
from quotes.models.watch import PERIODS
from quotes.services import feed as feeds
from quotes.services import watch as watches
from quotes.services.record import NotAllowed
from quotes.text.query import LONGEST
from quotes.throttle import throttled


@login_required
@require_http_methods(["GET", "POST"])
def browse(request: EditorRequest) -> HttpResponse:
    """What happened, what is watched, and the feed of it. A first look at an event is the last at which it is new."""
    inbox = watches.inbox_of(request.user)
    if request.method == "POST":
        if "renew" in request.POST:
            watches.renew_feed(inbox=inbox)
            messages.success(request, "Your feed has another address now. The old one works no more.")
        return redirect("watch_browse")
    mine = list(Watch.objects.of(request.user))
    found = watches.events_for(mine)[: watches.MOST_LISTED]
    page = paginate(request, found, count=found.count())
    rows = [(event, watches.told_by(event, mine)) for event in page]
    watches.look(inbox=inbox, shown=page)
    context = {
        "page": page,
        "is_cut": page.paginator.count == watches.MOST_LISTED,
        "rows": rows,
        "seen": inbox.seen_event,
        "new": sum(event.pk > inbox.seen_event for event, _ in rows),
        "watches": mine,
        "periods": PERIODS,
        "feed": request.build_absolute_uri(reverse("watch_feed", args=[inbox.feed_key])),
    }
    return render(request, "watch/browse.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: EditorRequest) -> HttpResponse:
    """Sets a watch of what the address names: `?quote=`, `?speaker=` (perhaps with `&via=`), `?outlet=` or `?search=`."""
    try:
        watch = _aim(request)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("watch_browse")
    known = Watch.objects.of(request.user).filter(target=watch.target).first()
    return redirect(known) if known else _set(request, watch, "watch/add.html")


def _aim(request: Request) -> Watch:
    """What the address names. Raises Http404 for what is not there, NotAllowed for a search that cannot be watched."""
    if "quote" in request.GET:
        quote = get_object_or_404(Quote.objects.select_related("speaker"), pk=_number(request, "quote"))
        refuse_taken_down(quote.survivor)
        return watches.aim(quote=quote)
    if "speaker" in request.GET:
        people = Speaker.objects.exclude(pk__in=Speaker.objects.gone().values("pk"))
        speaker = get_object_or_404(people, pk=_number(request, "speaker"))
        via = get_object_or_404(people, pk=_number(request, "via")) if "via" in request.GET else None
        return watches.aim(speaker=speaker, intermediary=via)
    if "outlet" in request.GET:
        return watches.aim(outlet=get_object_or_404(Outlet, pk=_number(request, "outlet")))
    return watches.aim(search=asked(request, "search", LONGEST))


def _number(request: Request, name: str) -> int:
    return number_in(request.GET[name])


@login_required
@require_http_methods(["GET", "POST"])
def detail(request: EditorRequest, pk: int) -> HttpResponse:
    """One's own watch, to change or remove. Somebody else's is not found."""
    watch = get_object_or_404(Watch.objects.of(request.user), pk=pk)
    if "remove" in request.POST:
        watches.remove(watch=watch)
        messages.success(request, f"You do not watch this any more: {watch.label}.")
        return redirect("watch_browse")
    return _set(request, watch, "watch/detail.html")


def _set(request: EditorRequest, watch: Watch, page: str) -> HttpResponse:
    """The form of a watch with what it would tell; counted again when boxes change; saved when it is sent."""
    initial = {"events": watch.events, "period": watch.period}
    form = WatchForm(request.POST or None, initial=initial, auto_id="watch_%s")
    if request.method == "POST":
        watch.events = form.cleaned_data["events"] if form.is_valid() else []
        if form.is_valid() and "count" not in request.POST:
            try:
                if watch.pk:
                    watches.change(watch=watch, **form.cleaned_data)
                else:
                    watches.set_watch(watch=watch, person=request.user, **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"You watch this now: {watch.label}.")
                return redirect(watch.subject_url)
    context = {"watch": watch, "form": form, "expected": watches.expected(watch)}
    return render(request, "watch/_expected.html" if request.htmx else page, context)


@require_GET
@throttled("feed")
def feed(request: Request, key: str) -> HttpResponse:
    """Somebody's events for their feed reader, which does not sign in: the secret in the address is what lets it in."""
    inbox = get_object_or_404(Inbox.objects.select_related("person"), feed_key=key, person__is_active=True)
    events = watches.events_for(list(Watch.objects.of(inbox.person)))
    home, address = (request.build_absolute_uri(path) for path in (reverse("watch_browse"), request.path))
    base = request.build_absolute_uri("/")
    written = feeds.atom(events, "events", title="What you watch", home=home, address=address, base=base)
    response = HttpResponse(written, content_type="application/atom+xml; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True)
    return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Stops somebody's e-mails of one period: a program posts here at one click (RFC 8058), a person presses the button.

    Opening the address changes nothing, since mail scanners open every link.
    """
    found = watches.bearer(token)
    if found is None:
        return render(request, "watch/unsubscribe.html", {"broken": True}, status=404)
    person, period = found
    stopped = watches.unsubscribe(person=person, period=period) if request.method == "POST" else None
    context = {"period": PERIODS[period].lower(), "is_done": request.method == "POST", "stopped": stopped}
    return render(request, "watch/unsubscribe.html", context)
