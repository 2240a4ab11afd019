"""What an act changed, row by row, so that it can be put back exactly.

A change is [table, id, field, before, after] with values as JSON has them; a change without a field is the row itself: made
(nothing before) or removed (nothing after), with all its columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, QuerySet

from quotes.models import Alias, Attribution, Flag, Match, Problem, Quote, Relay, Span, Speaker, Takedown, Variant
from quotes.services.record import Conflict

CHANGED = (
    "Somebody else changed the same thing in this moment. Nothing was saved; look again and repeat what still holds."
)
MOVED = "Something this decision moved has been moved again since, so it cannot be undone by itself."

GONE = "Something this decision led away from no longer exists, so it cannot be undone by itself."

TABLES: dict[str, type[models.Model]] = {
    table.__name__.lower(): table
    for table in (
        *(Alias, Attribution, Flag, Match, Problem, Quote, Relay, Span, Speaker, Takedown, Variant),
        Speaker.apart_from.through,
    )
}
VERSIONED = ("attribution", "flag", "speaker")
"""Tables whose rows count their changes; the count itself is never put back."""

Change = list[Any]


class Journal:
    """Changes rows, and keeps what they were."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def set(self, rows: QuerySet[Any], **fields: Any) -> None:
        """Gives all rows these values (by column: `quote_id`, not `quote`). One query, and one for each value they had.

        Raises Conflict when somebody changes one of them in the same moment.
        """
        alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for values in rows.order_by("pk").values("pk", *fields):
            alike[tuple(values[name] for name in fields)].append(values["pk"])
            self._note(rows.model, values["pk"], values, fields)
        for before, ids in alike.items():
            unchanged = rows.model._default_manager.filter(pk__in=ids, **dict(zip(fields, before, strict=True)))
            if unchanged.update(**fields) != len(ids):
                raise Conflict(CHANGED)

    def differences(self, row: models.Model, before: dict[str, Any]) -> None:
        """Notes what became of a row since `columns` gave `before`. No query."""
        self._note(type(row), row.pk, before, columns(row))

    def _note(self, table: type[models.Model], pk: int, before: dict[str, Any], after: dict[str, Any]) -> None:
        for name, new in after.items():
            old, new = plain(before[name]), plain(new)
            if old != new:
                self.changes.append([table.__name__.lower(), pk, name, old, new])

    def made(self, *rows: models.Model) -> None:
        """Notes rows that were just made. No query."""
        self.changes += [[type(row).__name__.lower(), row.pk, "", None, columns(row)] for row in rows]

    def remove(self, rows: QuerySet[Any]) -> None:
        """Deletes rows and keeps all their columns. Two queries."""
        self.changes += [[rows.model.__name__.lower(), row.pk, "", columns(row), None] for row in rows.order_by("pk")]
        rows.delete()


def plain(value: Any) -> Any:
    """A value as JSON has it; days and moments as ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value


def columns(row: models.Model) -> dict[str, Any]:
    """All columns of a row but its number, and but the count of its changes."""
    fields = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return {name: plain(getattr(row, name)) for name in fields if name != "version"}


def fault(changes: Any) -> str:
    """Why these changes could not be put back whatever the rows are now, in words; empty when they are well formed. No query."""
    if not isinstance(changes, list):
        return "its changes are not a list"
    for number, change in enumerate(changes, start=1):
        if not isinstance(change, list) or len(change) != 5:
            return f"its change {number} is not [table, id, field, before, after]"
        table, pk, field, before, after = change
        if not isinstance(table, str) or table not in TABLES:
            return f"its change {number} names no table that acts change"
        if not isinstance(pk, int) or isinstance(pk, bool) or pk < 1:
            return f"its change {number} names no row"
        known = {column.attname for column in TABLES[table]._meta.concrete_fields if not column.primary_key}
        whole = [value for value in (before, after) if value is not None]
        if field and field not in known:
            return f"its change {number} names no column of {table}"
        if not field and not (len(whole) == 1 and isinstance(whole[0], dict) and whole[0].keys() <= known):
            return f"its change {number} is to make or remove a row of {table}, and does not say which columns it has"
    return ""


def put_back(changes: Iterable[Change]) -> list[Change]:
    """Undoes changes, the last first; gives what undoes the undoing. A few queries each, in the caller's transaction.

    Raises Conflict when something has been changed again since. A row that a machine has deleted since is passed over.
    """
    done: list[Change] = []
    for (table, pk, is_set), group in groupby(reversed(list(changes)), key=lambda c: (c[0], c[1], bool(c[2]))):
        some = list(group)
        if is_set and not _set_back(TABLES[table], pk, some):
            continue
        if not is_set:
            for _, _, _, before, after in some:
                _remake(TABLES[table], pk, before, after)
        done += [[table, pk, field, after, before] for _, _, field, before, after in some]
    for table in VERSIONED:
        touched = {pk for name, pk, *_ in done if name == table}
        TABLES[table]._default_manager.filter(pk__in=touched).update(version=F("version") + 1)
    return done


def _set_back(table: type[models.Model], pk: int, changes: Iterable[Change]) -> bool:
    """Puts columns of one row back, all in one query: some may only change together. False when the row is gone."""
    now: dict[str, Any] = {}
    then: dict[str, Any] = {}
    for _, _, field, before, after in changes:
        now.setdefault(field, after)
        then[field] = before
    if not all(_is_there(table, field, value) for field, value in then.items()):
        raise Conflict(GONE)
    rows = table._default_manager.filter(pk=pk)
    if rows.filter(**now).update(**then):
        return True
    if rows.exists():
        raise Conflict(MOVED)
    return False


def _remake(table: type[models.Model], pk: int, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    """Takes away a row that was made, or makes one again that was removed."""
    if before is not None:
        _make_again(table, pk, before)
    elif after is not None:
        _unmake(table._default_manager.filter(pk=pk), after)


def _is_there(table: type[models.Model], field: str, value: Any) -> bool:
    """Whether what a column pointed to still exists; true for a column that points to nothing."""
    column = next(known for known in table._meta.concrete_fields if known.attname == field)
    if not isinstance(column, models.ForeignKey) or value is None:
        return True
    return column.remote_field.model._default_manager.filter(pk=value).exists()


def _unmake(rows: QuerySet[Any], made: dict[str, Any]) -> None:
    row = rows.first()
    if row is None or columns(row) != made:
        raise Conflict(MOVED)
    row.delete()


def _make_again(table: type[models.Model], pk: int, values: dict[str, Any]) -> None:
    row = table(pk=pk, **values)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            if columns(row) != values:  # a moment that is set by itself when a row is made
                table._default_manager.filter(pk=pk).update(**values)
    except IntegrityError:
        raise Conflict(MOVED) from None


def ids_in(changes: Sequence[Change], table: str) -> set[int]:
    """The rows of a table that changes name."""
    return {pk for name, pk, *_ in changes if name == table}
