"""Schemathesis asks the running API everything its OpenAPI description allows, and much that it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = 30


def test_the_api_does_what_its_description_says(server: str, tmp_path: Path) -> None:
    """Every check of schemathesis: no server error, answers as described, bad data refused, good data taken."""
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"]
    command += [f"{server}/api/v1/openapi.json", "--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "1"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "Tested: 9" in ran.stdout, ran.stdout[-3000:]
