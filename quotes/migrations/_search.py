"""The full-text index, as each database makes it (services.search_sqlite, services.search_postgres)."""

from __future__ import annotations

from typing import Any

from quotes.services.full_text import engine


def install(apps: Any, schema_editor: Any) -> None:
    for statement in engine(schema_editor.connection.vendor).INSTALL:
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: Any) -> None:
    for statement in engine(schema_editor.connection.vendor).REMOVE:
        schema_editor.execute(statement, params=None)
