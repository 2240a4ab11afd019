"""A list of quotes as every page shows it: searched, narrowed by facets, ordered, paged, and the same as data.

The address is the state: `?q=` holds the whole search, `sort` the order, `page` the page, `format` asks for data.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from quotes import formats
from quotes.forms import DaysForm, SearchForm
from quotes.http import Request, asked, chosen, paginate
from quotes.models.quote import QuoteQuerySet
from quotes.models.review import KINDS
from quotes.services.facets import NAMES, facets
from quotes.services.search import SORTS, Search, ordered
from quotes.text.query import LONGEST, OPERATORS, Query, Term, parse


class Listing:
    """The list that a request asks for, within some quotes or among all."""

    def __init__(self, request: Request, within: QuoteQuerySet | None = None) -> None:
        self.request = request
        self.query = parse(asked(request, "q", LONGEST), KINDS)
        self.search = Search(self.query, within)
        self.sort = chosen(request, "sort", SORTS)
        self.quotes = ordered(self.search.quotes(), self.sort)

    def elsewhere(self, title: str) -> HttpResponse | None:
        """The answer when it is not a page: a redirect to the list's own address, or the list as data."""
        folded = _folded(self.request.GET)
        if folded is not None:
            return redirect(f"{self.request.path}?{folded}")
        return formats.response(self.request, self.quotes, self.title(title))

    def title(self, title: str) -> str:
        return f"{title}: {self.query}" if self.query.terms else title

    def context(self, names: Collection[str] = NAMES) -> dict[str, Any]:
        """What the templates of a list need. Two queries when the page is shown, and those of the facets `names`."""
        counted = facets(self.search, names)
        quotes = self.quotes if counted.total else self.quotes.none()
        days = {name: "".join(term.value for term in self.query.of(name)[:1]) for name in ("after", "before")}
        return {
            "form": SearchForm({"q": str(self.query), "sort": self.sort}, auto_id="search_%s"),
            "days": DaysForm(days),
            "query": self.query,
            "sort": self.sort,
            "sorts": SORTS,
            "facets": counted.facets,
            "few_facets": counted.are_few,
            "page": paginate(self.request, quotes.with_row_details(), count=counted.total),
        }


def _folded(given: QueryDict) -> str | None:
    """The address in which operators given by themselves (*?speaker=Lee*) are part of the search; None when none is."""
    named = [(name, value.strip()) for name in OPERATORS for value in given.getlist(name)]
    if not named:
        return None
    kept = given.copy()
    terms = [Term(name, value[:200]) for name, value in named if value]
    days = {name for name, _ in named}
    query = parse(given.get("q", ""), KINDS)
    rest = Query(tuple(term for term in query.terms if term.name not in days & {"after", "before"}))
    kept["q"] = " ".join(filter(None, [str(rest), *map(str, terms)]))
    for name in (*OPERATORS, "page"):
        kept.pop(name, None)
    return kept.urlencode()
