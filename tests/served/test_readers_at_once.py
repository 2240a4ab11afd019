"""Four processes that read articles about the same people at once end with what one alone would have."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.browser.site import ROOT, environment_of, manage, migrate
from tests.engines.server import postgresql
from tests.served.readers import ARTICLES, PEOPLE

READERS = 4


def told(folder: Path, database: str, readers: int) -> dict[str, Any]:
    """What is there after so many processes have read all articles between them."""
    folder.mkdir()
    environment = environment_of(folder, database)
    migrate(environment)
    running = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-c", f"from tests.served.readers import read; read({n}, {readers})"],
            cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
        )
        for n in range(readers)
    ]  # fmt: skip
    said = [process.communicate(timeout=300)[1] for process in running]
    assert [process.returncode for process in running] == [0] * readers, "\n".join(said)[-4000:]
    path = folder / "told.json"
    manage(environment, "shell", "-c", f"from tests.served.readers import account; account({str(path)!r})")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_readers_side_by_side_double_and_miss_nothing(tmp_path: Path) -> None:
    """On PostgreSQL, where they are side by side, and on SQLite, where one waits for the other; one test, to read alone once."""
    alone = told(tmp_path / "alone", "", 1)
    assert alone["articles"] == ARTICLES
    assert set(PEOPLE) <= set(alone["speakers"])
    assert alone["doubled"] == alone["wrong"] == []
    assert told(tmp_path / "sqlite", "", READERS) == alone
    with postgresql() as database:
        assert told(tmp_path / "postgresql", database, READERS) == alone
