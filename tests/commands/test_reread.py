from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from quotes.models import Article, Attribution, Decision, Quote, Relay, Span
from quotes.services import extract
from tests.factories import TEXT, correct_reading, make_article, make_revision

pytestmark = pytest.mark.django_db


def reread() -> str:
    err = io.StringIO()
    call_command("reread", stderr=err)
    return err.getvalue().strip()


def rows() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Attribution, Quote, Relay, Span, Decision)]


def test_nothing_changes_when_nothing_has_changed(founding_article: Article) -> None:
    before = rows()
    assert reread() == "0 attributions are new or changed."
    assert rows() == before


def test_new_rules_read_anew(founding_article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    total = Attribution.objects.count()
    assert reread() == f"{total} attributions are new or changed."
    assert Attribution.objects.count() == total


def test_what_editors_decided_stays(founding_article: Article, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for attribution in Attribution.objects.all():
        correct_reading(attribution, editor, speaker="Cy Moor", hedged=True)
    before = rows()
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    assert reread() == "0 attributions are new or changed."
    assert rows() == before


def test_the_newest_version_of_every_article_is_read() -> None:
    article = make_article("Nobody said anything at all.")
    make_revision(article, TEXT)
    make_article(f"{TEXT} Again.")
    Article.objects.create(title="Without a text")
    assert reread() == "2 attributions are new or changed."
    assert {attribution.revision.number for attribution in Attribution.objects.all()} == {1, 2}


def test_without_articles() -> None:
    assert reread() == "0 attributions are new or changed."
