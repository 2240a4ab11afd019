"""The cast: an editor, a second editor, a reporter, a desk head, and somebody with no rights at all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache, caches
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from quotes.models import Article
from tests.factories import make_user, read_article
from tests.newspaper import Newspaper, printed

DEMO = Path(__file__).parent.parent / "demo"


def pytest_configure() -> None:
    """Passwords of tests are hashed fast: a good hash takes a third of a second, for each person of each test. And static
    files are looked for when they are asked for, not all of them for each client of each test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


TOGETHER = ("tests/browser/test_desk.py", "tests/browser", "tests/engines")
"""Tests that share a costly set-up, a served site or a PostgreSQL: one process of several runs them all, and makes it once."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        group = next((shared for shared in TOGETHER if item.nodeid.startswith(shared)), None)
        if group:
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_finish() -> None:
    """What is imported stays: looking through it for garbage again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_unconfigure() -> None:
    gc.unfreeze()  # what is left is looked through at the end, as always


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Makes the test database in any case.

    pytest-django makes it only when a marked test runs; tests with a copy of their own are not marked, and alone they
    would copy the database that is served.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    """Tests ask faster than people do."""
    settings.HEARSAY_SEARCH_RATE = settings.HEARSAY_FEED_RATE = "1000000/min"


@pytest.fixture(autouse=True)
def _nobody_has_asked_before() -> None:
    """What readers asked for is counted in each process: a test begins without what others asked."""
    caches["local"].clear()


@pytest.fixture
def founding_text() -> str:
    """The founding article as it was scraped, furniture and all."""
    return (DEMO / "newspoint-kursk.txt").read_text(encoding="utf-8")


Rows = list[list[Any]]
"""What was written, table by table."""


@contextmanager
def _written(blocker: Any) -> Iterator[Rows]:
    """Everything the block writes, which is not kept: many tests need it, and put it there again."""
    rows: Rows = []
    with blocker.unblock(), transaction.atomic():
        yield rows
        for model in (User, *apps.get_app_config("quotes").get_models(True)):
            rows += [found] if (found := list(model._base_manager.all())) else []
        transaction.set_rollback(True)


def _write(rows: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in rows:
            type(table[0])._base_manager.bulk_create(table)
        for statement in connection.ops.sequence_reset_sql(no_style(), [type(table[0]) for table in rows]):
            cursor.execute(statement)


@pytest.fixture(scope="session")
def founding_rows(django_db_setup: None, django_db_blocker: Any) -> Rows:
    """What reading the founding article writes."""
    with _written(django_db_blocker) as rows:
        read_article((DEMO / "newspoint-kursk.txt").read_text(encoding="utf-8"))
    return rows


@pytest.fixture(scope="session")
def demo_rows(django_db_setup: None, django_db_blocker: Any) -> Rows:
    """What `manage.py demo` writes."""
    with _written(django_db_blocker) as rows:
        call_command("demo", verbosity=0, stdout=StringIO())
    return rows


@pytest.fixture
def founding_article(db: None, founding_text: str, founding_rows: Rows) -> Article:
    """The founding article, read; the first of its database in most tests, and put there as it was read before."""
    if any(type(table[0])._base_manager.exists() for table in founding_rows):
        return read_article(founding_text)
    _write(founding_rows)
    return Article.objects.get()


@pytest.fixture
def demo(db: None, demo_rows: Rows) -> None:
    """The demo articles, read, in a database that holds nothing else."""
    _write(demo_rows)


@pytest.fixture
def editor(db: None) -> User:
    return make_user("edith", "editors")


@pytest.fixture
def second_editor(db: None) -> User:
    return make_user("edgar", "editors")


@pytest.fixture
def reporter(db: None) -> User:
    return make_user("rita", "reporters")


@pytest.fixture
def desk_head(db: None) -> User:
    return make_user("dora", "desk heads")


@pytest.fixture
def outsider(db: None) -> User:
    return make_user("oscar")


@pytest.fixture
def editor_client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def reporter_client(reporter: User) -> Client:
    client = Client()
    client.force_login(reporter)
    return client


@pytest.fixture
def desk_head_client(desk_head: User) -> Client:
    client = Client()
    client.force_login(desk_head)
    return client


@pytest.fixture
def second_editor_client(second_editor: User) -> Client:
    client = Client()
    client.force_login(second_editor)
    return client


@pytest.fixture
def newspaper(db: None, settings: Any) -> Iterator[Newspaper]:
    """A site on loopback that may be fetched, as often as one likes."""
    cache.clear()
    with printed() as paper:
        settings.HEARSAY_LOOPBACK_PORTS = [paper.port]
        settings.HEARSAY_PACE = 0
        yield paper
    cache.clear()
