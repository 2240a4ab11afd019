from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from quotes.models import Article, Quote, Revision
from quotes.services.flag import raise_flag, settle_flag
from tests.factories import make_attribution, make_speaker

pytestmark = pytest.mark.django_db


def test_lines_of_json(founding_article: Article) -> None:
    out = io.StringIO()
    call_command("export", "quotes", stdout=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(rows) == Quote.objects.count()
    text = Revision.objects.get().text
    for row in rows:
        for attribution in row["attributions"]:
            assert all(text[start:end].strip() for start, end in attribution["content"])
    assert "Russia’s defence ministry" in out.getvalue()


def test_to_a_file_in_utf_8(tmp_path: Path) -> None:
    make_attribution("“Ça va,” she said.\n\nLine\u2028two.")
    path, out = tmp_path / "out.jsonl", io.StringIO()
    call_command("export", "quotes", "--format", "jsonl", "-o", str(path), stdout=out)
    (line,) = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert json.loads(line)["words"] == "“Ça va,” she said.\n\nLine\u2028two."
    assert out.getvalue() == ""


def test_nothing_to_export() -> None:
    out = io.StringIO()
    call_command("export", "quotes", stdout=out)
    assert out.getvalue() == ""


@pytest.mark.parametrize("args", [["speakers"], [], ["quotes", "--format", "csv"]])
def test_what_is_not_offered(args: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("export", *args)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export", "quotes", output=str(tmp_path / "no" / "out.jsonl"))


def test_decisions_tell_who_did_what_when_and_why(editor: User) -> None:
    report = make_attribution(speaker=make_speaker(), via=(make_speaker("Paul Roe"),))
    assert report.variant is not None
    flag = raise_flag(quote=report.variant.quote, actor=editor, kind="secondhand", reason="Only the aide has it.")
    settle_flag(flag=flag, actor=editor, version=1, result="upheld", reason="Checked the wire.")
    make_attribution(quote=report.variant.quote, speaker=report.speaker)  # firsthand: opens it again
    out = io.StringIO()
    call_command("export", "decisions", stdout=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(row["who"], row["verb"], row["reason"]) for row in rows] == [
        ("edith", "raised flag", "Only the aide has it."),
        ("edith", "settled flag", "Checked the wire."),
        (None, "reopened flag", "A firsthand report was linked."),
    ]
    assert rows[1]["before"]["state"] == "open"
    assert rows[1]["after"]["state"] == "upheld"
    assert all(row["flag"] == flag.pk and row["made_at"].endswith("+00:00") for row in rows)
