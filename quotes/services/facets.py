"""What a search could be narrowed by, with how many quotes each choice would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from quotes.models.quote import QuoteQuerySet
from quotes.models.review import IN_FORCE, KINDS
from quotes.services.search import Search
from quotes.text.query import Term
from quotes.text.verdict import CLASS_NAMES, GRADES

MOST_CHOICES = 8
"""Names offered in one facet, those with most quotes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to narrow by. The count is of the quotes it would leave, other choices in its facet aside."""

    term: Term
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """All facets of a search that have a choice, and how many quotes the search itself finds."""

    total: int
    facets: tuple[Facet, ...]


def facets(search: Search) -> Facets:
    """Five queries, and one for each speaker name in the search."""
    classes = search.quotes(but={"class", "grade"}).order_by().values_list("sourcing", "grade").annotate(n=Count("pk"))
    cells = {(sourcing, grade): n for sourcing, grade, n in classes}
    by_class, by_grade = Counter[str](), Counter[str]()
    total = 0
    for (sourcing, grade), n in cells.items():
        if _fits(search, "grade", grade):
            by_class[sourcing] += n
        if _fits(search, "class", sourcing):
            by_grade[grade] += n
        if _fits(search, "grade", grade) and _fits(search, "class", sourcing):
            total += n
    found = (
        _facet(search, "class", "Class", {value: by_class[value] for value in CLASS_NAMES}, CLASS_NAMES),
        _facet(search, "grade", "Grade", {value: by_grade[value] for value in GRADES}, {"disputed": "Disputed"}),
        _facet(search, "speaker", "Speaker", _counted(search.quotes(but={"speaker"}), "speaker__name")),
        _facet(search, "via", "Through", _counted(search.quotes(but={"via"}), "intermediaries__name")),
        _facet(search, "outlet", "Outlet", _counted(search.quotes(but={"outlet"}), "outlets__name")),
        _facet(search, "flag", "Flag", _flags(search.quotes(but={"flag"})), KINDS),
    )
    return Facets(total, tuple(facet for facet in found if facet.choices))


def _fits(search: Search, name: str, value: str) -> bool:
    """Whether a value passes the search's terms of one operator."""
    terms = search.query.of(name)
    wanted = {term.value for term in terms if not term.is_excluded}
    unwanted = {term.value for term in terms if term.is_excluded}
    return (not wanted or value in wanted) and value not in unwanted


def _facet(
    search: Search, name: str, label: str, counts: Mapping[str, int], labels: Mapping[str, str] | None = None
) -> Facet:
    is_exact = labels is None
    chosen = {term.value.casefold() for term in search.query.of(name) if not term.is_excluded}
    choices = [
        Choice(Term(name, value, is_exact), (labels or {}).get(value, value), count, value.casefold() in chosen)
        for value, count in counts.items()
        if count
    ]
    return Facet(label, tuple(choices))


def _counted(found: QuoteQuerySet, name: str) -> dict[str, int]:
    """The names with most quotes."""
    named = found.order_by().exclude(**{name: None}).values_list(name).annotate(n=Count("pk")).order_by("-n", name)
    return dict(named[:MOST_CHOICES])


def _flags(found: QuoteQuerySet) -> dict[str, int]:
    in_force = found.order_by().filter(flags__state__in=IN_FORCE).values_list("flags__kind")
    return dict(in_force.annotate(n=Count("pk", distinct=True)).order_by("-n"))
