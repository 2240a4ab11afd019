from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parent.parent.parent
TEXT = 'Reporters waited.\r\n\r\nAnn Lee said: "We will rebuild the bridge."\n\nThe pool stays open, according to Bob Stone.'
GOOD = {"id": "a", "text": TEXT, "published": "2025-05-21", "outlet": "Newspoint"}

BAD = {
    "not JSON": b"He said so.",
    "half a line": b'{"id": "b", "text": "He sai',
    "no text": b'{"id": "b"}',
    "text that is none": b'{"id": "b", "text": 7}',
    "a list": b'["text"]',
    "null": b"null",
    "another encoding": '{"id": "b", "text": "Café"}'.encode("latin-1"),
    "a strange date": b'{"id": "b", "text": "Ann Lee said no.", "published": "yesterday"}',
    "too deep": b"[" * 100_000,
    "a number too long": b'{"text": ' + b"1" * 5000 + b"}",
}


def line(row: object) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode()


def attribute(tmp_path: Path, *lines: bytes) -> tuple[list[dict[str, Any]], str, bool]:
    """What came out, what was said on standard error, and whether the command failed."""
    path, out, err = tmp_path / "in.jsonl", io.StringIO(), io.StringIO()
    path.write_bytes(b"\n".join(lines))
    failed = False
    try:
        call_command("attribute", str(path), stdout=out, stderr=err)
    except CommandError as error:
        failed = True
        err.write(str(error))
    return [json.loads(row) for row in out.getvalue().splitlines()], err.getvalue(), failed


def run(*args: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "attribute", *args],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **env},
        timeout=60,
        check=False,
    )


def test_offsets_refer_to_the_given_text(tmp_path: Path) -> None:
    (row,), _, failed = attribute(tmp_path, line(GOOD))
    assert not failed
    assert row["id"] == "a"
    first = row["attributions"][0]
    assert [TEXT[start:end] for start, end in first["source"]] == ["Ann Lee"]
    assert [TEXT[start:end] for start, end in first["cue"]] == ["said"]
    assert [TEXT[start:end] for start, end in first["content"]] == ['"We will rebuild the bridge."']
    assert (first["speaker"], first["kind"], first["sourcing"], first["wraps"]) == (
        "Ann Lee",
        "direct",
        "firsthand",
        None,
    )


def test_what_wraps_points_at_the_wrapped(tmp_path: Path, founding_text: str) -> None:
    (row,), _, _ = attribute(tmp_path, line({"id": 1, "text": founding_text, "published": "2025-05-21"}))
    found = row["attributions"]
    wrappers = [entry for entry in found if entry["wraps"] is not None]
    assert len(wrappers) >= 2
    for wrapper in wrappers:
        inner = found[wrapper["wraps"]]
        assert inner["wraps"] is None
        assert inner["speaker"] == "Donald Trump"
        assert wrapper["speaker"] == "Yuri Ushakov"
        assert [relay["name"] for relay in inner["relays"]] == ["Yuri Ushakov"]
        assert wrapper["content"][0][0] <= inner["content"][0][0]
        assert inner["content"][0][1] <= wrapper["content"][0][1]


def test_what_is_thought_is_marked_as_no_speech(tmp_path: Path) -> None:
    (row,), _, _ = attribute(tmp_path, line({"text": "Ann Lee believes that the bridge is safe."}))
    assert [entry["speech"] for entry in row["attributions"]] == [False]


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_a_bad_line_among_good_ones(tmp_path: Path, bad: bytes) -> None:
    rows, said, failed = attribute(tmp_path, line(GOOD), bad, line({**GOOD, "id": "c"}))
    assert [row["id"] for row in rows] == ["a", "c"]
    assert all(row["attributions"] for row in rows)
    assert "line 2:" in said
    assert "Traceback" not in said
    assert failed


def test_half_a_character_is_no_end_of_the_run(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(b'{"id": "\\ud83d", "text": "Ann Lee said no."}\n' + line(GOOD))
    try:
        call_command("attribute", str(path), output=str(out), stderr=io.StringIO())
    except CommandError:
        pass  # to report the line as bad is as good as to write it
    assert "a" in [json.loads(row)["id"] for row in out.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("content", [b"", b"\n", b"\n \n\t\n"])
def test_nothing_in_nothing_out(tmp_path: Path, content: bytes) -> None:
    assert attribute(tmp_path, content) == ([], "", False)


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    rows, _, failed = attribute(tmp_path, b"\xef\xbb\xbf" + line(GOOD))
    assert ([row["id"] for row in rows], failed) == (["a"], False)


@pytest.mark.parametrize("path", ["no-such-file.jsonl", "."])
def test_a_file_that_cannot_be_read(tmp_path: Path, path: str) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("attribute", str(tmp_path / path))


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(line(GOOD))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("attribute", str(tmp_path / "in.jsonl"), output=str(tmp_path / "no" / "out.jsonl"))


def test_an_output_file(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(line({**GOOD, "id": "é"}))
    out = io.StringIO()
    call_command("attribute", str(source), "-o", str(target), stdout=out)
    assert out.getvalue() == ""
    assert json.loads(target.read_text(encoding="utf-8"))["id"] == "é"


def test_no_database_is_touched(tmp_path: Path) -> None:
    """In a process of its own, with a database that is not there."""
    result = run("-", stdin=line(GOOD), DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["id"] == "a"


def test_exit_status_and_streams() -> None:
    result = run("-", stdin=line(GOOD) + b"\nnonsense\n")
    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 1
    assert b"line 2:" in result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("last", [b"", b"nonsense\n"])
def test_a_reader_that_stops_early_is_no_error(tmp_path: Path, last: bytes) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes((line({**GOOD, "note": "x" * 50}) + b"\n") * 3000 + last)
    command = f'"{sys.executable}" manage.py attribute "{path}" | head -n 1'
    result = subprocess.run(["bash", "-c", command], capture_output=True, cwd=ROOT, timeout=60, check=False)
    assert len(result.stdout.splitlines()) == 1
    assert b"Traceback" not in result.stderr
    assert b"BrokenPipe" not in result.stderr
