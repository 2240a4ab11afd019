from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from quotes.models import Article, Attribution, Quote, Revision
from tests.factories import TEXT, make_article

pytestmark = pytest.mark.django_db

TWO_CUES = 'Reporters waited. Fiorina, speaking to Iowans, said, "Last time I looked, you hadn\'t started voting yet."'


def line(text: str = TEXT, **kwargs: object) -> bytes:
    return json.dumps({"text": text, "outlet": "Newspoint", "published": "2025-05-21", **kwargs}).encode()


def ingest(*paths: object, **options: str) -> tuple[str, bool]:
    """What was said on standard error, and whether the command failed."""
    err = io.StringIO()
    try:
        call_command("ingest", *[str(path) for path in paths], stderr=err, **options)
    except CommandError as error:
        return f"{err.getvalue()}{error}", True
    return err.getvalue(), False


def write(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"\n".join(lines))
    return path


def test_good_lines_are_stored_and_read(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", line(), b"", line(f"{TEXT} Again.", outlet="City Brief"))
    said, failed = ingest(path)
    assert (Article.objects.count(), Attribution.objects.count(), failed) == (2, 2, False)
    assert "2 new, 0 new versions, 0 known already, 0 refused." in said
    assert {article.stage for article in Article.objects.all()} == {"read"}


@pytest.mark.parametrize(
    "bad",
    [
        b"nonsense",
        b"{}",
        b'{"text": ""}',
        b'{"text": "x"}',
        b'["text"]',
        line(url="not an address"),
        line(published="soon"),
        line(title=7),
        '{"text": "Café, she said, is where we met the others."}'.encode("latin-1"),
        line("word " * 200_000),
    ],
)
def test_a_bad_line_among_good_ones(tmp_path: Path, bad: bytes) -> None:
    said, failed = ingest(write(tmp_path / "in.jsonl", line(), bad, line(f"{TEXT} Again.")))
    assert failed
    assert Article.objects.count() == Attribution.objects.count() == 2
    assert "line 2:" in said
    assert "2 new, 0 new versions, 0 known already, 1 refused." in said


def test_repeating_is_harmless(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", line(), line(f"{TEXT} Again."))
    ingest(path)
    before = [list(model.objects.order_by("pk").values()) for model in (Article, Revision, Attribution, Quote)]
    said, failed = ingest(path)
    assert before == [list(model.objects.order_by("pk").values()) for model in (Article, Revision, Attribution, Quote)]
    assert "0 new, 0 new versions, 2 known already, 0 refused." in said
    assert not failed


def test_a_new_version(tmp_path: Path) -> None:
    url = "https://post.example/1"
    said, _ = ingest(write(tmp_path / "in.jsonl", line(url=url), line(f"{TEXT} Again.", url=url)))
    assert "1 new, 1 new versions" in said
    assert Article.objects.get().stage == "read"


def test_an_article_that_was_stored_but_not_read_is_read(tmp_path: Path) -> None:
    make_article(TEXT, outlet=None)
    said, _ = ingest(write(tmp_path / "in.jsonl", line()))
    assert "1 known already" in said
    assert Attribution.objects.count() == 1


def test_several_files_of_each_kind(tmp_path: Path) -> None:
    text = write(tmp_path / "a.txt", TEXT.encode())
    lines = write(tmp_path / "b.jsonl", line(f"{TEXT} Again.", outlet=""))
    page = write(
        tmp_path / "c.html",
        f"<html><head><title>Bridge</title></head><body><article><p>{TEXT}</p><p>{'More of it follows here. ' * 12}</p>"
        "</article></body></html>".encode(),
    )
    said, failed = ingest(text, lines, page, outlet="City Brief")
    assert "3 new" in said, said
    assert not failed
    assert {article.outlet and article.outlet.name for article in Article.objects.all()} == {"City Brief"}


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF-1.7"), ("a.txt", b""), ("a.jsonl", b""), ("a.html", b""), ("a.txt", b"\x00\x01")],
)
def test_a_file_that_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    said, failed = ingest(write(tmp_path / name, content), write(tmp_path / "good.jsonl", line()))
    assert failed
    assert "1 new, 0 new versions, 0 known already, 1 refused." in said


def test_a_missing_file(tmp_path: Path) -> None:
    said, failed = ingest(tmp_path / "none.jsonl")
    assert failed
    assert "cannot be read" in said


def test_a_missing_file_among_good_ones(tmp_path: Path) -> None:
    one, two = write(tmp_path / "1.jsonl", line()), write(tmp_path / "2.jsonl", line(f"{TEXT} Again."))
    said, failed = ingest(one, tmp_path / "none.jsonl", two)
    assert failed
    assert Article.objects.count() == 2
    assert "2 new" in said


@pytest.mark.parametrize(
    "odd",
    [
        b'{"text": "Ann Lee said: We will rebuild it.", "title": "\\ud83d"}',
        line("Ann Lee said: We will rebuild it.", published="9999-12-31T23:59:59-05:00"),
        line("Ann Lee said: We will rebuild it.", published="0001-01-01T00:00:00+05:00"),
        line(TWO_CUES),
        line("Ann Lee said: We will rebuild it.", published="9999-12-31"),
        line("Ann Lee said: We will rebuild it.", published="0001-01-01"),
    ],
)
def test_an_odd_line_does_not_stop_the_others(tmp_path: Path, odd: bytes) -> None:
    ingest(write(tmp_path / "in.jsonl", odd, line()))
    assert Article.objects.filter(revisions__text=TEXT).exists()


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(line() + b"\n" + b"nonsense")))
    said, failed = ingest("-")
    assert failed
    assert "1 new" in said
    assert "line 2:" in said
