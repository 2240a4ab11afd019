from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from quotes.models import Article, Outlet, Revision
from tests.factories import TEXT, make_article, make_outlet, make_revision

pytestmark = pytest.mark.django_db


# --- a revision's text never changes ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE quotes_revision SET text = 'He said nothing of the kind.'",
        "UPDATE quotes_revision SET text = text",
        "UPDATE quotes_revision SET digest = '', number = 7",
        "INSERT INTO quotes_revision (id, article_id, number, text, digest, seen_at) "
        "SELECT id, article_id, number, 'Other words.', digest, seen_at FROM quotes_revision WHERE true "
        "ON CONFLICT (id) DO UPDATE SET text = excluded.text",
    ],
)
def test_raw_sql_cannot_change_a_text(statement: str) -> None:
    make_article()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Revision.objects.get().text == TEXT


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite’s")
def test_replace_cannot_change_a_text() -> None:
    make_article()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "REPLACE INTO quotes_revision (id, article_id, number, text, digest, seen_at) "
            "SELECT id, article_id, number, 'Other words.', digest, seen_at FROM quotes_revision"
        )


def test_queryset_cannot_change_a_text() -> None:
    make_article()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Revision.objects.update(text="Other words.")
    assert Revision.objects.get().text == TEXT


def test_bulk_update_cannot_change_a_text() -> None:
    revision = make_article().current_revision
    assert revision is not None
    revision.text = "Other words."
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Revision.objects.bulk_update([revision], ["text"])
    assert Revision.objects.get().text == TEXT


def test_instance_cannot_change_a_text() -> None:
    revision = make_article().current_revision
    assert revision is not None
    revision.text = "Other words."
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        revision.save()
    assert Revision.objects.get().text == TEXT


# --- revisions in order ---


def test_current_revision_is_the_newest() -> None:
    article = make_article("The first text of the article.")
    newer = make_revision(article, "The second text of the article.")
    assert article.current_revision == newer
    assert Article.objects.prefetch_related("revisions").get().current_revision == newer


def test_article_without_revision_has_no_current_one() -> None:
    assert Article.objects.create(title="Empty").current_revision is None


# --- the QuerySet ---


def test_newest_first_puts_undated_last() -> None:
    old = make_article(published=datetime(2020, 1, 1, tzinfo=UTC))
    undated = make_article(published=None)
    new = make_article(published=datetime(2025, 1, 1, tzinfo=UTC))
    twin = make_article(published=datetime(2025, 1, 1, tzinfo=UTC))
    assert list(Article.objects.newest_first()) == [twin, new, old, undated]


def test_with_list_details_takes_one_query(django_assert_num_queries: object) -> None:
    make_article()
    make_article(outlet=None)
    with django_assert_num_queries(1):  # type: ignore[operator]
        names = [article.outlet.name if article.outlet else "" for article in Article.objects.with_list_details()]
    assert len(names) == 2


def test_in_outlet() -> None:
    outlet = make_outlet()
    inside = make_article(outlet=outlet)
    make_article()
    make_article(outlet=None)
    assert list(Article.objects.in_outlet(outlet)) == [inside]


def test_at_url() -> None:
    there = make_article(canonical_url="https://a.example/1")
    make_article(canonical_url="https://a.example/2")
    make_article(canonical_url=None)
    assert list(Article.objects.at_url("https://a.example/1")) == [there]
    assert not Article.objects.at_url("https://a.example/3").exists()
    assert not Article.objects.at_url("").exists()


def test_with_same_text_looks_at_every_revision_and_names_each_once() -> None:
    article = make_article("The first text of the article.")
    first = article.current_revision
    assert first is not None
    make_revision(article, "The second text of the article.")
    copied = make_article("The first text of the article.")
    make_article("Another text of another article.")
    assert set(Article.objects.with_same_text(first.digest)) == {article, copied}
    assert Article.objects.with_same_text(first.digest).count() == 2


def test_outlet_with_counts() -> None:
    full, empty = make_outlet(), make_outlet()
    make_article(outlet=full)
    make_article(outlet=full)
    counts = {outlet.pk: outlet.article_count for outlet in Outlet.objects.with_counts()}  # type: ignore[attr-defined]
    assert counts == {full.pk: 2, empty.pk: 0}
