from __future__ import annotations

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from quotes.models import Article, Attribution, Match, Outlet, Quote, Revision, Span, Speaker

pytestmark = pytest.mark.django_db

TABLES = [Article, Revision, Outlet, Attribution, Span, Quote, Speaker, Match, User]


def demo() -> str:
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_twice_is_once() -> None:
    said = demo()
    password = re.search(r"password (\S+)", said)
    assert password is not None
    editor = User.objects.get()
    assert editor.check_password(password[1])
    assert editor.has_perms(["quotes.review_attribution", "quotes.settle_flag"])
    assert not editor.is_superuser
    assert not editor.is_staff
    before = [list(model.objects.order_by("pk").values()) for model in TABLES]
    assert all(before)
    assert "password" not in demo()
    assert [list(model.objects.order_by("pk").values()) for model in TABLES] == before


def test_every_article_is_read_and_every_invented_outlet_marked() -> None:
    demo()
    assert {article.stage for article in Article.objects.all()} == {"read"}
    assert [outlet.name for outlet in Outlet.objects.filter(is_demo=False)] == ["Newspoint"]
    assert Quote.objects.filter(article_count__gt=1).exists()
    assert Match.objects.exclude(alarms=[]).exists()


def test_two_installations_have_two_passwords() -> None:
    first = demo()
    User.objects.all().delete()
    assert first != demo()
