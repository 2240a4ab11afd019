"""The house rule: imports go down a floor, never up, and the two lowest floors know no Django."""

from __future__ import annotations

import ast
import graphlib
import sys
from pathlib import Path

import pytest

PACKAGE = "quotes"
ROOT = Path(__file__).resolve().parent.parent / PACKAGE

MAY_IMPORT = {
    "text": set(),
    "intake": {"text"},
    "models": {"text"},
    "services": {"text", "intake", "models"},
    "interface": {"text", "models", "services"},
}
INTERFACE = {
    "views",
    "forms",
    "urls",
    "admin",
    "templatetags",
    "management",
    "http",
    "charts",
    "tasks",
    "formats",
    "listing",
    "api",
    "reading_form",
    "desk_forms",
    "adapters",
    "account_forms",
    "logs",
    "metrics",
    "headers",
    "throttle",
}
WIRING = {"__init__", "environment", "settings", "log_config", "wsgi", "asgi", "apps", "migrations"}
THIRD_PARTY = {  # the floors without Django
    "text": {"rapidfuzz", "numpy", "onnxruntime", "snowballstemmer", "tokenizers"},
    "intake": {"certifi", "feedparser", "httpcore2", "lxml", "protego", "pypdf", "tld", "trafilatura"},
}
SOCKETS = {
    *("socket", "socketserver", "ssl", "asyncio", "urllib.request", "http.client", "ftplib", "smtplib", "xmlrpc"),
    *("httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3", "aiohttp", "trafilatura.downloads"),
}
FETCHER = "quotes.intake.fetch"


def floor_of(dotted: str) -> str | None:
    package, _, rest = dotted.partition(".")
    head = rest.partition(".")[0]
    if package != PACKAGE or not head or head in WIRING:
        return None
    return "interface" if head in INTERFACE else head


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def imports(path: Path) -> list[tuple[int, str]]:
    package = path.relative_to(ROOT.parent).parent.parts
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            found += [(node.lineno, f"{module}.{alias.name}") for alias in node.names]
    return found


def faults(path: Path) -> list[str]:
    floor = floor_of(module_name(path))
    if floor is None:
        return []
    if floor not in MAY_IMPORT:
        return [f"{floor}: no such floor; give it a place or another name"]
    bad = []
    for line, name in imports(path):
        target, top = floor_of(name), name.partition(".")[0]
        if target not in {None, floor} | MAY_IMPORT[floor]:
            bad.append(f"line {line}: {floor} imports {name}")
        if floor in THIRD_PARTY and top not in ({PACKAGE} | THIRD_PARTY[floor] | sys.stdlib_module_names):
            bad.append(f"line {line}: {floor} must stay free of {top}")
    return bad


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=module_name)
def test_imports_go_down(path: Path) -> None:
    assert faults(path) == []


def test_no_circles() -> None:
    modules = {module_name(path): path for path in ROOT.rglob("*.py")}
    graph = {
        name: {
            target
            for _, imported in imports(path)
            for target in (imported, imported.rpartition(".")[0])
            if target in modules and target != name
        }
        for name, path in modules.items()
    }
    graphlib.TopologicalSorter(graph).prepare()  # CycleError names the circle


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=module_name)
def test_one_module_alone_opens_sockets(path: Path) -> None:
    """The guard against private addresses holds only if nothing goes around it. Django sends its mail itself."""
    opened = {name for _, imported in imports(path) for name in SOCKETS if f"{imported}.".startswith(f"{name}.")}
    assert opened == set() or module_name(path) == FETCHER
