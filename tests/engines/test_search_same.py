"""SQLite's FTS5 and PostgreSQL's tsvector find the same, in the same order; and so do lists, exports and the queue."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.models.review import KINDS
from quotes.text.query import OPERATORS
from quotes.text.verdict import CLASS_NAMES, GRADES
from tests.browser.site import ROOT, environment_of
from tests.engines.library import OUTLETS, PEOPLE, SAID, WORDS
from tests.engines.server import database_on

SEARCHES = 120


def _some(*names: str) -> st.SearchStrategy[str]:
    """A name, a part of it, or the same in another case."""
    chosen = st.sampled_from(names)
    parts = chosen.flatmap(lambda name: st.sampled_from(name.split() or [name]))
    return st.one_of(chosen, parts, chosen.map(str.upper), chosen.map(str.lower), parts.map(str.swapcase))


VALUES = {
    "speaker": _some(*PEOPLE, "Putin", "the president"),
    "via": _some(*PEOPLE, "Yuri Ushakov"),
    "to": _some(*PEOPLE, "Trump"),
    "outlet": _some(*OUTLETS, "Harbour Herald"),
    "class": st.sampled_from(sorted(CLASS_NAMES)),
    "grade": st.sampled_from(sorted(GRADES)),
    "flag": st.sampled_from(["any", *sorted(KINDS)]),
    "before": st.sampled_from(["2025", "2025-03", "2025-05-19", "2024-13-40"]),
    "after": st.sampled_from(["2025", "2025-03", "2025-05-19", "soon"]),
}
TYPED = st.one_of(
    st.sampled_from(WORDS),
    _some(*SAID),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=4).map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from(SAID).map(lambda said: f'"{" ".join(said.split()[1:4])}"'),
    *(st.builds('{}:"{}"'.format, st.just(name), VALUES[name]) for name in OPERATORS),
    *(st.builds("{}:{}".format, st.just(name), VALUES[name]) for name in OPERATORS),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
TERM = st.builds("{}{}".format, st.sampled_from(["", "", "", "-"]), TYPED)


@pytest.fixture
def found(tmp_path: Path, other_server: str) -> dict[str, dict[str, Any]]:
    """Search -> what it finds, for either engine."""
    asked = tmp_path / "asked.json"
    asked.write_text(json.dumps(searches()))
    addresses = {"sqlite": f"sqlite:///{tmp_path / 'library.sqlite3'}", "postgresql": database_on(other_server)}
    environments = {engine: environment_of(tmp_path, address) for engine, address in addresses.items()}
    told = {engine: tmp_path / f"{engine}.json" for engine in addresses}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", f"{FILL}; tell({str(asked)!r}, {str(told[engine])!r})"], cwd=ROOT, env=environment
        )
        for engine, environment in environments.items()
    ]
    assert [process.wait(timeout=900) for process in running] == [0, 0]
    return {engine: json.loads(path.read_text()) for engine, path in told.items()}


FILL = (
    "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0); "
    "from tests.engines.library import fill, tell; fill()"
)


def searches() -> list[str]:
    """What journalists might type, and what nobody should: always the same."""
    typed: dict[str, None] = dict.fromkeys(WORDS)

    @settings(max_examples=SEARCHES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(TERM, min_size=1, max_size=3).map(" ".join))
    def collect(text: str) -> None:
        typed[text] = None

    collect()
    return list(typed)


def test_the_same_is_found_in_the_same_order(found: dict[str, dict[str, Any]]) -> None:
    """One test, for what it compares takes a minute to find, and would be found again wherever a second test ran."""
    sqlite, postgresql = found["sqlite"], found["postgresql"]
    assert list(sqlite) == list(postgresql)
    assert len(sqlite) > SEARCHES
    different = [asked for asked in sqlite if sqlite[asked] != postgresql[asked]]
    assert {asked: (sqlite[asked], postgresql[asked]) for asked in different[:3]} == {}
    assert different == []

    totals = [answer["total"] for answer in sqlite.values() if isinstance(answer, dict)]
    assert sum(total > 0 for total in totals) > len(totals) / 4
    assert len(set(totals)) > 20

    scripts = ["我们将在冬天之前重建这座桥", "5e3", "мост", "strasse", "ışık", "fine"]
    assert [typed for typed in scripts if not postgresql[typed]["total"]] == []
