"""Names looked for in any case, and found alike on every database.

SQLite folds the case of a to z alone, PostgreSQL that of whatever letters its locale knows. So both are asked to fold a to z,
and for every other letter the usual ways to print a name are looked for.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Q
from django.db.models.lookups import BuiltinLookup, IContains, IEndsWith, IExact, Lookup


def in_any_case(name: str) -> set[str]:
    """The usual ways to print a name."""
    return {name, name.lower(), name.upper(), name.title(), name.casefold()}


def called(field: str, name: str) -> Q:
    """Rows whose field is this name."""
    return Q(**{f"{field}__called": name}) | Q(**{f"{field}__in": in_any_case(name)})


def holding(field: str, words: str) -> Q:
    """Rows whose field has these words in it."""
    return reduce(or_, (Q(**{f"{field}__holding": case}) for case in sorted(in_any_case(words))))


class _PlainLetters(BuiltinLookup):  # type: ignore[type-arg]
    """Folds the case of a to z alone on PostgreSQL, as SQLite does by itself."""

    sign = "LIKE"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, given = Lookup.process_lhs(self, compiler, connection)
        asked, asked_for = self.process_rhs(compiler, connection)
        return f'UPPER({column} COLLATE "C") {self.sign} UPPER({asked} COLLATE "C")', [*given, *asked_for]


class Called(_PlainLetters, IExact):  # type: ignore[type-arg]
    sign = "="


class Holding(_PlainLetters, IContains):
    pass


class Ending(_PlainLetters, IEndsWith):
    pass


for lookup in (Called, Holding, Ending):
    CharField.register_lookup(lookup, lookup.__name__.lower())
