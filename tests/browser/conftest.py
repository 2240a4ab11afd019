"""A real server (gunicorn, its own database) and the system's Chromium.

Without a Chromium these tests are skipped, and say so; with HEARSAY_REQUIRE_BROWSER=yes, as in CI, that
is a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "correct horse battery"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MAKE_EDITOR = (
    "from django.contrib.auth.models import Group, User;"
    f"User.objects.create_user('edith', password={PASSWORD!r}).groups.add(Group.objects.get(name='editors'))"
)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        message = (
            "There is no Chromium on this machine, so the browser tests are skipped. Install the package chromium."
        )
        if os.environ.get("HEARSAY_REQUIRE_BROWSER") == "yes":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Hearsay with the demo articles and the editor Edith."""
    folder = tmp_path_factory.mktemp("server")
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'hearsay.sqlite3'}",
        "HEARSAY_STATE_DIR": str(folder),
        "HEARSAY_STATIC_ROOT": str(folder / "static"),
        "DJANGO_SETTINGS_MODULE": "quotes.settings",
        "HEARSAY_API_RATE": "1000000/min",
    }

    def manage(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, capture_output=True
        )

    manage("migrate")
    manage("collectstatic", "--noinput")
    manage("demo")
    manage("shell", "-c", MAKE_EDITOR)
    address = f"127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "quotes.wsgi",
        "--bind",
        address,
        "--threads",
        "4",
        "--limit-request-line",  # the API's own limits are tested, not gunicorn's
        "0",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://{address}/healthz")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url: str) -> None:
    for _ in range(100):
        try:
            with urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


@pytest.fixture
def new_context(chromium: Browser, server: str) -> Iterator[Any]:
    """Makes browser contexts whose pages collect what the console complains of; none may."""
    made: list[tuple[BrowserContext, list[str]]] = []

    def make(**options: Any) -> BrowserContext:
        complaints: list[str] = []
        context = chromium.new_context(base_url=server, **options)
        context.set_default_timeout(10_000)

        def listen(page: Page) -> None:
            page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))

        context.on("page", listen)
        made.append((context, complaints))
        return context

    yield make
    for context, complaints in made:
        context.close()
        assert complaints == []


def sign_in(page: Page) -> None:
    page.goto("/account/login/")
    page.fill("#id_username", "edith")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/")
