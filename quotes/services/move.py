"""Everything moved from one database into an empty one, on the other engine or the same; what came across is compared.

All rows go over in one transaction of the target: broken off at any moment, the target is empty still and the move may be
begun again. Nobody writes the source meanwhile, so it is a copy of one moment; readers go on. Triggers and constraints of
the target hold for every row, and its index of words is made as the rows come in.
"""

from __future__ import annotations

import graphlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from quotes.services import copy_postgres, copy_sqlite

TARGET = "target"
"""The name of the other database, while it is filled."""

LEFT_OUT = frozenset(("sessions.Session", "usersessions.UserSession"))
"""Who is signed in where: everybody signs in again. What is cached is no model, and stays behind too."""

FILLED = ("auth.Group_permissions", "auth.Group", "auth.Permission", "contenttypes.ContentType")
"""What `migrate` fills by itself, in the order in which it can be emptied for the source's own rows."""

RULES = {
    "a revision is never changed": "UPDATE quotes_revision SET digest = digest WHERE id = (SELECT min(id) FROM quotes_revision)",
    "a decision is never changed": "UPDATE quotes_decision SET reason = reason WHERE id = (SELECT min(id) FROM quotes_decision)",
    "a span repeats the words of its text": 'UPDATE quotes_span SET start = start + 100000000, "end" = "end" + 100000000'
    " WHERE id = (SELECT min(id) FROM quotes_span)",
}
"""What the database itself must refuse -> a statement that breaks it, where there is a row at all."""

Tell = Callable[[str, int, int], None]
"""Hears the step, how much of it is done, and of how much, in rows."""


EVERY = 2000
"""Rows between two words on how far it is."""


class NotMoved(Exception):
    """Nothing was moved; the message says why and what to do."""


@dataclass(frozen=True)
class Table:
    model: type[models.Model]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def columns(self) -> dict[str, str]:
        """Its columns, with what kind each is."""
        return {str(field.column): _kind(field) for field in self.model._meta.concrete_fields}

    @cached_property
    def key(self) -> list[str]:
        return [str(field.column) for field in self.model._meta.pk_fields]

    @property
    def is_numbered(self) -> bool:
        """The database itself numbers its rows."""
        return isinstance(self.model._meta.pk, models.AutoField | models.BigAutoField)


@dataclass(frozen=True, slots=True)
class Moved:
    """One table that is the same on both sides."""

    table: str
    rows: int
    digest: str
    """SHA-256 over all rows in order, their values in one form for every engine."""


def _kind(field: models.Field[Any, Any]) -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.get_internal_type()


def tables() -> list[Table]:
    """All that is moved, each after the tables that its rows point to."""
    known = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
    ]
    after = {
        model: [
            field.related_model for field in model._meta.concrete_fields if field.related_model not in (None, model)
        ]
        for model in sorted(known, key=lambda model: model._meta.db_table)
    }
    return [Table(model) for model in graphlib.TopologicalSorter(after).static_order()]  # type: ignore[arg-type]


def move(settings: dict[str, Any], tell: Tell) -> list[Moved]:
    """Moves the database in use into the one that `settings` (as in DATABASES) describe. Raises NotMoved."""
    source = connections[DEFAULT_DB_ALIAS]
    connections.settings[TARGET] = connections.configure_settings({DEFAULT_DB_ALIAS: {}, TARGET: settings})[TARGET]
    try:
        target = connections[TARGET]
        _check(source, target)
        tell("making the tables", 0, 0)
        call_command("migrate", database=TARGET, verbosity=0)
        with _held(source), transaction.atomic(using=TARGET):
            done = _move(source, target, tell)
        engine(target.vendor).settle(target)
        return done
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.settings[TARGET]


def engine(vendor: str) -> ModuleType:
    """The module that knows how a database is copied."""
    return copy_postgres if vendor == "postgresql" else copy_sqlite


def _check(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    """Raises NotMoved unless the source is up to date and the target reachable, another one, and empty."""
    if _place(source) == _place(target):
        raise NotMoved("That is the database in use. Name another one.")
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotMoved("The database in use was made by an earlier version. Run manage.py migrate first.")
    try:
        there = set(target.introspection.table_names())
    except DatabaseError as error:
        raise NotMoved(f"The other database cannot be opened: {str(error).strip()}") from None
    if there and "django_migrations" not in there:
        raise NotMoved(f"The other database has tables of something else, such as {min(there)}. Name an empty one.")
    _check_empty(target, there)


def _place(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    settings = connection.settings_dict
    return tuple(str(settings[name]) for name in ("ENGINE", "HOST", "PORT", "NAME"))


def _check_empty(target: BaseDatabaseWrapper, there: Iterable[str]) -> None:
    """Sessions included: a database that is served is not empty."""
    known = {model._meta.db_table: model._meta.label for model in apps.get_models(include_auto_created=True)}
    with target.cursor() as cursor:
        for table in sorted(there):
            if known.get(table, FILLED[0]) in FILLED:
                continue
            cursor.execute(f"SELECT 1 FROM {target.ops.quote_name(table)} LIMIT 1")  # nosec B608  # names of our own tables
            if cursor.fetchone():
                raise NotMoved(f"The other database is not empty: there are rows in {table}. Name an empty one.")


@contextmanager
def _held(source: BaseDatabaseWrapper) -> Iterator[None]:
    """The source in a transaction in which nobody else writes it. Raises NotMoved when somebody does just now."""
    with ExitStack() as stack:
        try:
            stack.enter_context(transaction.atomic(using=source.alias))
            engine(source.vendor).hold(source, [table.name for table in tables()])
        except DatabaseError as error:
            raise NotMoved(
                f"Somebody is writing the database in use ({str(error).strip()}). Stop the server and try again."
            ) from None
        yield


def _move(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, tell: Tell) -> list[Moved]:
    """In one transaction of each: every row across, then every row of the target read again and compared."""
    _check_empty(target, target.introspection.table_names())
    for label in FILLED:
        apps.get_model(label)._base_manager.using(target.alias).all().delete()
    found = tables()
    way = _Way(tell, 2 * sum(_count(source, table) for table in found))
    sent = [_send(source, target, table, way) for table in found]
    for table, moved in zip(found, sent, strict=True):
        arrived = _Told(target, table, f"comparing {table.name}", way)
        for _ in arrived:
            pass
        if arrived.in_all != moved:
            raise NotMoved(f"What came across is not what was sent: {moved} became {arrived.in_all}.")
    _check_rules(target)
    try:
        target.check_constraints()
    except DatabaseError as error:
        raise NotMoved(f"A row points to one that is not there: {str(error).strip()} Nothing was moved.") from None
    return sent


def _send(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, table: Table, way: _Way) -> Moved:
    told = _Told(source, table, f"moving {table.name}", way)
    try:
        engine(target.vendor).write(target, table.name, table.columns, told)
    except (DatabaseError, UnicodeError) as error:
        raise NotMoved(_refused(table, told.last, error)) from None
    if table.is_numbered:
        engine(target.vendor).count_on(target, table.name, engine(source.vendor).last_number(source, table.name))
    return told.in_all


def _count(connection: BaseDatabaseWrapper, table: Table) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table.name)}")  # nosec B608  # names of our own tables
        return int(cursor.fetchone()[0])


@dataclass
class _Way:
    """How far it all is."""

    tell: Tell
    total: int
    done: int = 0

    def go(self, step: str, rows: int) -> None:
        self.done += rows
        self.tell(step, self.done, self.total)


class _Told:
    """The rows of a table on their way, streamed, with how many there were and a digest of them."""

    def __init__(self, connection: BaseDatabaseWrapper, table: Table, step: str, way: _Way) -> None:
        self._rows = engine(connection.vendor).rows(connection, table.name, table.columns, table.key)
        self._table, self._step, self._way = table, step, way
        self._digest = hashlib.sha256()
        self._count = 0
        self.last: tuple[Any, ...] = ()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        documents = [place for place, kind in enumerate(self._table.columns.values()) if kind == "JSONField"]
        for row in self._rows:
            self.last = _with_documents(row, documents) if documents else row
            self._digest.update(repr(self.last).encode("utf-8", "surrogatepass"))
            self._count += 1
            if self._count % EVERY == 0:
                self._way.go(self._step, EVERY)
            yield self.last
        self._way.go(self._step, self._count % EVERY)

    @property
    def in_all(self) -> Moved:
        return Moved(self._table.name, self._count, self._digest.hexdigest())


def _with_documents(row: tuple[Any, ...], places: Iterable[int]) -> tuple[Any, ...]:
    """The row with its JSON in one form: the engines keep its names in orders of their own."""
    values = list(row)
    for place in places:
        if values[place] is not None:
            values[place] = json.dumps(json.loads(values[place]), sort_keys=True, ensure_ascii=False)
    return tuple(values)


def _refused(table: Table, row: tuple[Any, ...], error: Exception) -> str:
    """Which row the target does not take, as far as it says so: PostgreSQL checks what SQLite lets pass."""
    said = getattr(getattr(error.__cause__, "diag", None), "context", None) or ""
    key = dict(zip(table.columns, row, strict=False))
    near = ", ".join(f"{name} {key[name]}" for name in table.key if name in key)
    where = f"{said.splitlines()[0]}; " if said else ""
    return (
        f"The other database does not take a row of {table.name}: {str(error).strip().splitlines()[0]} "
        f"({where}last sent: {near}). Nothing was moved. Mend that row and begin again."
    )


def _check_rules(target: BaseDatabaseWrapper) -> None:
    """Raises NotMoved unless the target refuses what nobody may do."""
    for rule, statement in RULES.items():
        try:
            with transaction.atomic(using=target.alias), target.cursor() as cursor:
                cursor.execute(statement)
                broken = cursor.rowcount
        except DatabaseError:
            continue
        if broken:
            raise NotMoved(f"The other database does not keep a rule: {rule}. Nothing was moved.")
