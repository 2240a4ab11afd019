"""A real server (gunicorn, its own database) and the system's Chromium.

Without a Chromium these tests are skipped, and say so; with HEARSAY_REQUIRE_BROWSER=yes, as in CI, that
is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import CHROMIUM, FLAGS, running


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


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Hearsay with the demo articles and the editor Edith."""
    with running(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def new_context(chromium: Browser, server: str) -> Iterator[Any]:
    """Makes browser contexts whose pages collect what the console complains of; none may."""
    made: list[tuple[BrowserContext, list[str]]] = []

    def make(**options: Any) -> BrowserContext:
        complaints: list[str] = []
        context = chromium.new_context(base_url=server, **options)
        context.set_default_timeout(30_000)

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
