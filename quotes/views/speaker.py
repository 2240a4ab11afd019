"""Speakers: the list, and the page of one with its four tabs."""

from __future__ import annotations

from django.db.models import Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.views.decorators.http import require_GET

from quotes import formats
from quotes.http import Request, TakenDown, asked, chosen, paginate, render
from quotes.listing import Listing
from quotes.models import Quote, Speaker
from quotes.models.quote import QuoteQuerySet
from quotes.services import watch
from quotes.services.intermediary import RESULTS, relayed, with_results
from quotes.throttle import throttled

ORDERS = {"said": "Most quoted", "relayed": "Relays most", "name": "By name"}
TABS = {
    "said": "Said",
    "firsthand": "Said firsthand",
    "others": "Said through others",
    "relayed": "Relayed by them",
}


@require_GET
@throttled("search")
def browse(request: Request) -> HttpResponse:
    words = asked(request, "q")
    found = (Speaker.objects.matching(words) if words else Speaker.objects.all()).listed()
    sort = chosen(request, "sort", ORDERS)
    found = found.with_counts().order_by("name" if sort == "name" else f"-{sort}_count", "name", "pk")
    title = f"Speakers called {words}" if words else "Speakers"
    data = formats.response(request, found, title, "speakers")
    if data is not None:
        return data
    context = {"page": paginate(request, found), "words": words, "sort": sort, "sorts": ORDERS}
    return render_page(request, "speaker/browse.html", context)


@require_GET
@throttled("search")
def suggest(request: Request) -> HttpResponse:
    """Options for a field in which a name is being typed, whatever the field is called."""
    words = next((asked(request, name) for name in request.GET), "")
    speakers = Speaker.objects.all().suggested(words) if words else []
    return render_page(request, "speaker/suggest.html", {"speakers": speakers})


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """What somebody said and what they relayed; `?result=` narrows the latter by what became of it."""
    speaker, namesakes = _with_namesakes(pk, watch.number(request.user, watch.AT_SPEAKER))
    if speaker.merged_into is not None:
        return redirect(speaker.merged_into)
    if Speaker.objects.gone().filter(pk=pk).exists():
        raise TakenDown([])
    tab = chosen(request, "tab", TABS)
    lists = quotes_by_tab(speaker)
    result = request.GET.get("result", "") if tab == "relayed" else ""
    if result in RESULTS:
        lists["relayed"] = with_results(lists["relayed"]).filter(RESULTS[result][1])
    listing = Listing(request, lists[tab])
    title = f"{speaker}: {TABS[tab].lower()}"
    elsewhere = listing.elsewhere(title)
    if elsewhere is not None:
        return elsewhere
    told = relayed(speaker, request.user)
    counts = lists["said"].counts_by_sourcing() | {"relayed": told.total}
    context = listing.context(("class", "outlet") if tab == "relayed" else ("class", "via")) | {
        "speaker": speaker,
        "aliases": speaker.aliases.all(),
        "tab": tab,
        "result": result if result in RESULTS else "",
        "result_name": RESULTS[result][0] if result in RESULTS else "",
        "tabs": [(name, label, counts[name]) for name, label in TABS.items()],
        "relayed": told,
        "namesakes": [other for other in namesakes if other.name == speaker.name],
        "apart": [other for other in namesakes if other.name != speaker.name],
        "title": listing.title(title),
    }
    return render(request, "speaker/detail.html", "quote/_results.html", context)


def _with_namesakes(pk: int, watched: Subquery) -> tuple[Speaker, list[Speaker]]:
    """The speaker, with the number of the reader's watch, and the others of the same name. One query. Raises Http404."""
    found: list[Speaker] = [*Speaker.objects.confusable_with(pk).annotate(watch_number=watched)]
    if not found:
        raise Http404
    return found[0], found[1:]


def quotes_by_tab(speaker: Speaker) -> dict[str, QuoteQuerySet]:
    said = Quote.objects.shown().said_by(speaker)
    return {
        "said": said,
        "firsthand": said.firsthand(),
        "others": said.through_others(),
        "relayed": Quote.objects.shown().relayed_by(speaker),
    }
