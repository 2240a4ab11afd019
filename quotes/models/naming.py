"""Names looked for in any case, and found alike, by an index, on every database.

SQLite folds the case of a to z alone, PostgreSQL that of whatever letters its locale knows. So both are asked to fold a to z,
and for every other letter the usual ways to print a name are looked for.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Q, Transform, Value
from django.db.models.functions import Upper
from django.db.models.lookups import IContains, Lookup


def in_any_case(name: str) -> set[str]:
    """The usual ways to print a name."""
    return {name, name.lower(), name.upper(), name.title(), name.casefold()}


def called(field: str, name: str) -> Q:
    """Rows whose field is this name. Wants an index on Folded of the field, and one on the field."""
    return Q(**{f"{field}__folded": Folded(Value(name))}) | Q(**{f"{field}__in": in_any_case(name)})


def holding(field: str, words: str) -> Q:
    """Rows whose field has these words in it."""
    return reduce(or_, (Q(**{f"{field}__holding": case}) for case in sorted(in_any_case(words))))


class Folded(Upper):
    """A text with a to z as capitals, on every database."""

    lookup_name = "folded"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template='UPPER(%(expressions)s COLLATE "C")', **extra)


class LastWord(Transform):
    """What stands after the last space of a column; all of it when there is none."""

    lookup_name = "last_word"
    template = "SUBSTR(%(expressions)s, LENGTH(RTRIM(%(expressions)s, REPLACE(%(expressions)s, ' ', ''))) + 1)"


class Holding(IContains):
    """Folds the case of a to z alone on PostgreSQL, as SQLite does by itself."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, given = Lookup.process_lhs(self, compiler, connection)
        asked, asked_for = self.process_rhs(compiler, connection)
        return f'UPPER({column} COLLATE "C") LIKE UPPER({asked} COLLATE "C")', [*given, *asked_for]


CharField.register_lookup(Folded)
CharField.register_lookup(LastWord)
CharField.register_lookup(Holding, "holding")
