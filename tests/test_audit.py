"""The look-up of known vulnerabilities says what it found, and what it could not look up; never one for the other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WELL = {"name": "well", "version": "1.0", "vulns": []}
ILL = {"name": "ill", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "odd", "skip_reason": "Dependency not found on PyPI and could not be audited: odd (1.0)"}
NO_NAME = "raise SystemExit('Failed to resolve the host of the advisories')"


def answer(*rows: object) -> str:
    return f"print('''{json.dumps({'dependencies': rows, 'fixes': []})}''')"


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        (answer(WELL), 0, "r.txt: 1 packages checked"),
        (answer(WELL, ILL), 1, "ill 1.0: PYSEC-2026-1 (mended in 1.1)"),
        (answer(ILL, UNKNOWN), 1, "NOT CHECKED: odd"),
        (answer(WELL, UNKNOWN), 0, "1 packages checked, NOT CHECKED: odd"),
        (
            answer(UNKNOWN, UNKNOWN),
            0,
            "NOT CHECKED: the advisories that can be reached from here know none of 2 packages",
        ),
        (answer(), 0, "NOT CHECKED"),
        (NO_NAME, 0, "NOT CHECKED: Failed to resolve the host"),
        ("print('nonsense')", 0, "NOT CHECKED: pip-audit gave no answer"),
        ("print('{}')", 0, "NOT CHECKED"),
    ],
)
def test_what_is_said(program: str, code: int, said: str, tmp_path: Path) -> None:
    stand_in = tmp_path / "pip-audit"
    stand_in.write_text(f"#!{sys.executable}\n{program}\n", encoding="utf-8")
    stand_in.chmod(0o755)
    python = tmp_path / "python"
    python.symlink_to(sys.executable)
    script = f"import sys, runpy; sys.executable = {str(python)!r}; sys.argv = ['audit', 'r.txt']; runpy.run_path('.ci/audit', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ
    )
    assert said in done.stdout, done.stderr
    assert done.returncode == code
    assert ("NOT CHECKED" in said) or "NOT CHECKED" not in done.stdout


def test_every_exception_for_bandit_has_its_reason() -> None:
    for path in (ROOT / "quotes").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "nosec" in line:
                assert re.search(r"# nosec B\d+(?: B\d+)*  # \w+", line), (path.name, line.strip())
