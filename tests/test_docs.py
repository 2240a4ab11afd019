"""The documents say what is true: settings, links, words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quotes.text.verdict import CLASS_NAMES

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_documented() -> None:
    modules = ("settings.py", "environment.py")
    code = "".join((ROOT / "quotes" / name).read_text(encoding="utf-8") for name in modules)
    named = {f"HEARSAY_{name}" for name in re.findall(r'\benv(?:_\w+)?\(\s*"([A-Z_]+)"', code)} | {"DATABASE_URL"}
    table = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8"), re.M))
    assert table == named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert target.startswith("http") or (document.parent / target).exists(), target


def test_every_class_is_explained() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert all(f"**{name}**" in glossary for name in CLASS_NAMES.values())


def test_every_file_named_in_the_method_exists() -> None:
    method = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    for name in re.findall(r"`(?:quotes/text/)?([\w/]+\.(?:py|csv|txt))`", method):
        assert (ROOT / "quotes" / "text" / name).exists(), name


def test_every_promise_of_the_threat_model_has_its_place_and_its_test() -> None:
    model = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = [line for line in model.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    for row in rows:
        _, _, where, tests = (part.strip() for part in row.strip("|").split("|"))
        for path in re.findall(r"`([^`]+)`", f"{where} {tests}"):
            assert (ROOT / path).exists(), path
        assert "tests/" in tests, row


def test_the_architecture_lists_every_floor() -> None:
    words = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    floors = [path.name for path in (ROOT / "quotes").iterdir() if path.is_dir() and (path / "__init__.py").exists()]
    assert all(f"`{floor}`" in words or f"quotes/{floor}`" in words for floor in floors if floor != "migrations")
