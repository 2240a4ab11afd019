"""Speakers: the list, and the page of one with its four tabs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from quotes.http import Request, asked, chosen, paginate
from quotes.models import Quote, Speaker
from quotes.models.quote import QuoteQuerySet
from quotes.services.search import SORTS, ordered

ORDERS = {"said": "Most quoted", "relayed": "Relays most", "name": "By name"}
TABS = {
    "said": "Said",
    "firsthand": "Said firsthand",
    "others": "Said through others",
    "relayed": "Relayed by them",
}


@require_GET
def browse(request: Request) -> HttpResponse:
    words = asked(request, "q")
    found = Speaker.objects.matching(words) if words else Speaker.objects.current()
    sort = chosen(request, "sort", ORDERS)
    found = found.with_counts().order_by("name" if sort == "name" else f"-{sort}_count", "name")
    context = {"page": paginate(request, found), "words": words, "sort": sort, "sorts": ORDERS}
    return render(request, "speaker/browse.html", context)


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    speaker = get_object_or_404(Speaker.objects.select_related("merged_into"), pk=pk)
    if speaker.merged_into is not None:
        return redirect(speaker.merged_into)
    lists = quotes_by_tab(speaker)
    counts = lists["said"].counts_by_sourcing() | {"relayed": lists["relayed"].count()}
    tab, sort = chosen(request, "tab", TABS), chosen(request, "sort", SORTS)
    context = {
        "speaker": speaker,
        "aliases": speaker.aliases.all(),
        "tab": tab,
        "sort": sort,
        "sorts": SORTS,
        "tabs": [(name, label, counts[name]) for name, label in TABS.items()],
        "page": paginate(request, ordered(lists[tab], sort).with_row_details(), count=counts[tab]),
        "namesakes": Speaker.objects.current().going_by(speaker.name).exclude(pk=speaker.pk),
    }
    return render(request, "speaker/detail.html", context)


def quotes_by_tab(speaker: Speaker) -> dict[str, QuoteQuerySet]:
    said = Quote.objects.shown().said_by(speaker)
    return {
        "said": said,
        "firsthand": said.firsthand(),
        "others": said.through_others(),
        "relayed": Quote.objects.shown().relayed_by(speaker),
    }
