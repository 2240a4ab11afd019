from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

A = {"text": "We will not pay for the bridge", "source": "Ann Lee", "date": "2025-05-21"}
B = {"text": "We will pay for the bridge", "source": "Ms. Lee", "date": "2025-05-22"}


def run(tmp_path: Path, *rows: object) -> list[dict[str, Any]]:
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    out = StringIO()
    call_command("compare", str(file), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_pair_in_a_line_out(tmp_path: Path) -> None:
    lost, same = run(tmp_path, {"n": 1, "a": A, "b": B}, {"n": 2, "a": A, "b": A})
    assert (lost["n"], lost["tier"], lost["alarms"]) == (1, "offer", [{"kind": "negation", "words": ["not"]}])
    assert "Only one of the two says “not”." in lost["because"]
    assert {"kind": "voice", "value": "same"} in lost["reasons"]
    assert {"kind": "days", "value": 1} in lost["reasons"]
    assert (same["n"], same["tier"], same["alarms"]) == (2, "same", [])
    assert same["probability"] > 0.9


def test_source_and_date_may_be_missing(tmp_path: Path) -> None:
    (found,) = run(tmp_path, {"n": "x", "a": {"text": "One."}, "b": {"text": "Two.", "source": None, "date": None}})
    assert (found["n"], found["tier"]) == ("x", "different")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "this is not JSON"),
        ("[]", "not an object"),
        ('{"a": {"text": "x"}}', "“b.text” is missing"),
        (json.dumps({"a": A, "b": {**B, "date": "soon"}}), "“b.date” is no date"),
    ],
)
def test_bad_lines_are_named_and_skipped(tmp_path: Path, row: str, message: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(f"{row}\n{json.dumps({'n': 1, 'a': A, 'b': B})}\n", encoding="utf-8")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 line could not be read"):
        call_command("compare", str(file), stdout=out, stderr=err)
    assert message in err.getvalue()
    assert len(out.getvalue().splitlines()) == 1


def test_no_database_is_touched(tmp_path: Path) -> None:
    run(tmp_path, {"n": 1, "a": A, "b": B})  # without the database mark, a query would fail the test
