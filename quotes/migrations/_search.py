"""The full-text index, as each database makes it (services.search_sqlite, services.search_postgres)."""

from __future__ import annotations

from typing import Any

from quotes.services import search_postgres, search_sqlite


def install(apps: Any, schema_editor: Any) -> None:
    engine = search_postgres if schema_editor.connection.vendor == "postgresql" else search_sqlite
    for statement in engine.INSTALL:
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: Any) -> None:
    engine = search_postgres if schema_editor.connection.vendor == "postgresql" else search_sqlite
    for statement in engine.REMOVE:
        schema_editor.execute(statement, params=None)
