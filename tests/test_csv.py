"""No cell of any CSV is a formula in a spreadsheet, and every cell can be read back as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from quotes.models import Article, Outlet, Quote, Speaker
from quotes.services.export import FORMULA, LISTS, cell
from quotes.services.summary import refresh
from tests.factories import make_article, make_attribution, make_outlet, make_speaker

ROOT = Path(__file__).parent.parent
STARTS = ["=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "'=", "'"]
CALL = 'HYPERLINK("http://evil.example","x");=1+1'


@pytest.fixture
def hostile(db: None) -> None:
    """Every field that people or articles fill begins like a formula."""
    for start in STARTS:
        bad = f"{start}{CALL}"
        article = make_article(f"She said: {bad} It was late.", title=bad, byline=bad, outlet=make_outlet(name=bad))
        make_attribution(
            bad, speaker=make_speaker(bad, role=bad), via=(make_speaker(f"{bad} relays"),), article=article
        )
    refresh(Quote.objects.values_list("pk", flat=True))


def rows(client: Client, url: str) -> list[list[str]]:
    response: Any = client.get(url)
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert all(
        line.startswith('"') for line in text.removeprefix("\ufeff").split("\r\n") if line and line[0] not in "=\n"
    )
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


LISTED = {"quotes": "/quotes/", "articles": "/articles/", "speakers": "/speakers/", "outlets": "/outlets/"}


@pytest.mark.parametrize("kind", LISTED)
def test_no_cell_of_a_list_is_a_formula(kind: str, hostile: None, client: Client) -> None:
    head, *found = rows(client, f"{LISTED[kind]}?format=csv")
    assert len(found) >= len(STARTS)
    for row in found:
        assert len(row) == len(head)
        for value in row:
            assert not value.startswith(FORMULA), value


@pytest.mark.parametrize("page", ["speaker", "outlet"])
def test_neither_is_one_of_the_lists_on_other_pages(page: str, hostile: None, client: Client) -> None:
    subject: Any = Speaker.objects.filter(quotes__isnull=False)[0] if page == "speaker" else Outlet.objects.all()[0]
    _, *found = rows(client, f"{subject.get_absolute_url()}?format=csv")
    assert found
    assert not any(value.startswith(FORMULA) for row in found for value in row)


def test_it_is_read_back_as_it_was(hostile: None, client: Client) -> None:
    head, *found = rows(client, "/articles/?format=csv")
    titles = [row[head.index("title")] for row in found]
    assert {title.removeprefix("'") for title in titles} == set(Article.objects.values_list("title", flat=True))


@given(st.text())
def test_every_text_is_read_back_and_none_is_a_formula(text: str) -> None:
    written = cell(text)
    assert written.removeprefix("'") == text
    assert not written.startswith(FORMULA)


def test_every_list_is_tried() -> None:
    assert set(LISTS) - {"refusals"} == set(LISTED)  # what is refused in a file: tests/views/test_work.py


def test_csv_is_written_in_one_place() -> None:
    """Whatever else writes CSV one day must defuse it too: then this test says so."""
    writing = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "quotes").rglob("*.py")
        if "csv.writer" in path.read_text(encoding="utf-8") or "DictWriter" in path.read_text(encoding="utf-8")
    }
    assert writing == {"quotes/services/export.py"}
