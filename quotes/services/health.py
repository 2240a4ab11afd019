"""Whether this site could answer a reader now: a word for each thing it needs, never a path, an address or an error's text."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from quotes.models import KeyIndex
from quotes.text import tagger

OK = "ok"
LEAST_FREE = 200_000_000
"""Bytes free below which a disk counts as full: room for SQLite's log and an uploaded file."""

LONGEST = 2000
"""Milliseconds PostgreSQL may take for one answer; connecting is bounded by the settings."""

log = logging.getLogger(__name__)


def report() -> dict[str, str]:
    """Each check's word, `ok` or what is wrong. About four queries; none waits for a writer."""
    words = {}
    for name, check in CHECKS.items():
        try:
            words[name] = check()
        except Exception as error:
            log.warning("The check of %s failed: %s.", name, type(error).__name__)
            words[name] = "no answer"
    return words


def is_ready(words: dict[str, str]) -> bool:
    """Whether readers can be served: reading articles by rules alone is a loss, and no reason to serve nobody."""
    return all(word == OK for name, word in words.items() if name != "model")


@contextmanager
def _soon() -> Any:
    """A transaction in which PostgreSQL gives up rather than keep a probe waiting. SQLite's readers never wait in WAL mode."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {LONGEST:d}")
        yield


def _database() -> str:
    with _soon():
        KeyIndex.objects.exists()
    return OK


_migrated = False


def _migrations() -> str:
    """Asked until it was right once: what has been migrated stays so for the life of this process."""
    global _migrated
    if not _migrated:
        with _soon():
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return OK if _migrated else "run manage.py migrate"


def _cache() -> str:
    with _soon():
        caches["default"].get("readyz")
    return OK


def _disk() -> str:
    """Room where the state, and on SQLite the database, are kept."""
    for folder in {_existing(folder) for folder in _folders()}:
        if not os.access(folder, os.W_OK):
            return "cannot be written to"
        if shutil.disk_usage(folder).free < LEAST_FREE:
            return "nearly full"
    return OK


def _folders() -> list[Path]:
    folders = [settings.HEARSAY_STATE_DIR]
    name = settings.DATABASES["default"]["NAME"]
    return [*folders, name.parent] if isinstance(name, Path) else folders


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((each for each in (folder, *folder.parents) if each.exists()), folder)


def _model() -> str:
    """The model is loaded when the first article comes; until then it is only looked for."""
    return "by rules alone" if tagger.state().problem else OK


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "disk": _disk,
    "model": _model,
}
