"""The cast: an editor, a second editor, a reporter, and somebody with no rights at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Article
from tests.factories import make_user, read_article

DEMO = Path(__file__).parent.parent / "demo"


@pytest.fixture
def founding_text() -> str:
    """The founding article as it was scraped, furniture and all."""
    return (DEMO / "newspoint-kursk.txt").read_text(encoding="utf-8")


@pytest.fixture
def founding_article(db: None, founding_text: str) -> Article:
    return read_article(founding_text)


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
def second_editor_client(second_editor: User) -> Client:
    client = Client()
    client.force_login(second_editor)
    return client
