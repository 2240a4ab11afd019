"""What a search could be narrowed by, with how many quotes each choice would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quotes.models import Outlet, Quote, Speaker
from quotes.models.quote import QuoteQuerySet
from quotes.models.review import IN_FORCE, KINDS
from quotes.services.search import Search
from quotes.text.query import Term
from quotes.text.verdict import CLASS_NAMES, GRADES

MOST_CHOICES = 8
"""Names offered in one facet, those with most quotes."""

MOST_COUNTED = 20_000
"""Quotes up to which a search's speakers, intermediaries, outlets and flags are counted; for more it would take too long.
Those of the whole list are counted on indexes of their own, however many, and in so long a list not for every page anew."""

KEPT = 60
"""Seconds for which the names with most quotes in a very long list are taken to be the same."""


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
    """The facets of a search that have a choice, and how many quotes it finds."""

    total: int
    are_few: bool
    """The list is too long for the facets of names and flags."""

    facets: tuple[Facet, ...]


NAMES = ("class", "grade", "speaker", "via", "outlet", "flag")
"""All facets, in the order shown."""


def facets(search: Search, names: Collection[str] = NAMES) -> Facets:
    """One query for class and grade together and one for each other facet, and one for each speaker name in the search.

    When the search finds nothing, only the facets of its own operators are counted, which may be what it fails on. The names
    in the whole list, when it is very long, are those of up to a minute ago.
    """
    total, choices = _classes(search)
    is_long = total > MOST_COUNTED
    too_many = is_long and search.is_narrowed

    def named(name: str, label: str, count: Callable[[], dict[str, int]]) -> Facet:
        counts = caches["local"].get_or_set(f"facet-{name}", count, KEPT) if is_long else count()
        return _facet(search, name, label, counts or {})

    made: dict[str, Callable[[], Facet]] = {
        "class": lambda: _facet(search, "class", "Class", choices["class"], CLASS_NAMES),
        "grade": lambda: _facet(search, "grade", "Grade", choices["grade"], {"disputed": "Disputed"}),
        "speaker": lambda: named("speaker", "Speaker", lambda: _speakers(search)),
        "via": lambda: named(
            "via", "Through", lambda: _named(search, "via", Speaker, Quote.intermediaries.through, "speaker")
        ),
        "outlet": lambda: named(
            "outlet", "Outlet", lambda: _named(search, "outlet", Outlet, Quote.outlets.through, "outlet")
        ),
        "flag": lambda: _facet(search, "flag", "Flag", _flags(search.quotes(but={"flag"})), KINDS),
    }
    wanted = [name for name in NAMES if name in names and (total or name in CLASSES or search.query.of(name))]
    found = [made[name]() for name in wanted if not (too_many and name in LONG)]
    return Facets(total, too_many, tuple(facet for facet in found if facet.choices))


CLASSES = ("class", "grade")
LONG = ("speaker", "via", "outlet", "flag")
"""Those that are not counted for very long lists."""


def _classes(search: Search) -> tuple[int, dict[str, dict[str, int]]]:
    """How many quotes the search finds, and the choices of class and grade."""
    classes = search.quotes(but={"class", "grade"}).order_by().values_list("sourcing", "grade").annotate(n=Count("*"))
    by_class, by_grade = Counter[str](), Counter[str]()
    total = 0
    for sourcing, grade, n in classes:
        if _fits(search, "grade", grade):
            by_class[sourcing] += n
        if _fits(search, "class", sourcing):
            by_grade[grade] += n
        if _fits(search, "grade", grade) and _fits(search, "class", sourcing):
            total += n
    return total, {
        "class": {value: by_class[value] for value in CLASS_NAMES},
        "grade": {value: by_grade[value] for value in GRADES},
    }


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


def _is_open(search: Search, name: str) -> bool:
    """Nothing narrows the list but the facet's own operator: whole indexes can be counted."""
    return search.within is None and all(term.name == name for term in search.query.terms)


def _speakers(search: Search) -> dict[str, int]:
    """The speakers with most quotes."""
    if _is_open(search, "speaker"):
        own = Quote.objects.shown().filter(speaker=OuterRef("pk"))
        return _most(Speaker.objects.all(), own, "speaker")
    said = search.quotes(but={"speaker"}).order_by().exclude(speaker=None)
    return dict(said.values_list("speaker__name").annotate(n=Count("*")).order_by("-n", "speaker__name")[:MOST_CHOICES])


def _named(search: Search, name: str, model: type[Model], linked: type[Model], field: str) -> dict[str, int]:
    """The outlets or intermediaries with most quotes."""
    rows = linked._default_manager.all()
    if _is_open(search, name):
        return _most(model._default_manager.all(), rows.filter(**{field: OuterRef("pk")}), field)
    found = rows.filter(quote__in=search.quotes(but={name}).order_by().values("pk"))
    label = f"{field}__name"
    return dict(found.values_list(label).annotate(n=Count("*")).order_by("-n", label)[:MOST_CHOICES])


def _most(everyone: QuerySet[Any], own: QuerySet[Any], field: str) -> dict[str, int]:
    """The names with most rows of their own, each counted on its index; people of one name count together."""
    count = own.order_by().values(field).annotate(n=Count("*")).values("n")
    counted = everyone.annotate(n=Coalesce(Subquery(count), 0)).order_by("-n", "name", "pk")
    found = Counter[str]()
    for name, n in counted.values_list("name", "n")[:MOST_CHOICES]:
        found[name] += n
    return +found


def _flags(found: QuoteQuerySet) -> dict[str, int]:
    """Kinds of flag in force; from the flags to the quotes, since few quotes have one."""
    flagged = found.order_by().filter(flags__state__in=IN_FORCE)
    return dict(flagged.values_list("flags__kind").annotate(n=Count("pk", distinct=True)).order_by("-n", "flags__kind"))
