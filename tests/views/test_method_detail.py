"""Method and coverage: the reader, its figures, and what is said when there is no model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from quotes.models import Article, Quote
from quotes.models.review import KINDS
from quotes.services import accuracy
from quotes.services.sourcing import SIGNALS
from quotes.text import tagger
from quotes.text.verdict import CLASS_NAMES
from tests.html import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_model(tmp_path: Path) -> Iterator[None]:
    tagger.use(tmp_path)
    yield
    tagger.use(tagger.SHIPPED)


def test_the_page_names_the_reader_and_its_figures(client: Client) -> None:
    words = text_of(page(client, "/method/"))
    assert tagger.state().model in words
    assert all(figure.label in words for figure in accuracy.measured())
    assert all(figure.label in words for figure in accuracy.measured_matching())
    assert len(accuracy.measured_matching()) == 3


def test_every_label_is_defined_where_it_links_to(founding_article: Article, client: Client) -> None:
    method = page(client, "/method/")
    for url in ("/quotes/", Quote.objects.all()[0].get_absolute_url(), founding_article.get_absolute_url()):
        links = {link.get("href") for link in page(client, url).cssselect('a[href^="/method/#"]')}
        assert links
        for link in links:
            assert method.cssselect(f"[id='{link.partition('#')[2]}']"), link
    words = text_of(method)
    assert "published from 21 May 2025 to 21 May 2025" in words
    for label in (*CLASS_NAMES.values(), *SIGNALS, *KINDS.values()):
        assert label in words


def test_the_figures_are_of_the_shipped_reader() -> None:
    figures = {figure.label: figure for figure in accuracy.measured()}
    assert len(figures) == sum(map(len, accuracy.SHOWN.values()))
    assert all(0 <= figure.low <= figure.value <= figure.high <= 1 for figure in figures.values())


@pytest.mark.usefixtures("no_model")
def test_a_missing_model_is_said_on_every_page(client: Client) -> None:
    assert "the rules read alone" in text_of(page(client, "/quotes/"))
    words = text_of(page(client, "/method/"))
    assert "There is no whole model" in words
    assert "No figures were measured for this reader." in words
