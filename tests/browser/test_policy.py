"""What a script that slipped into a page could do: nothing. And the admin works under the same policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SLIPPED_IN = """() => {
  const loaded = document.createElement("script");
  loaded.src = "/static/js/desk.js";
  const inline = document.createElement("script");
  inline.textContent = "window.ran = 'inline'";
  document.head.append(loaded, inline);
  document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = 1'><p style='color: red' id=red>Red</p>");
}"""


def test_a_script_that_slipped_into_a_page_does_not_run(chromium: Browser, server: str) -> None:
    context = chromium.new_context(base_url=server)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto("/quotes/")
    page.evaluate(SLIPPED_IN)
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran ?? window.deskKeys ?? null") is None
    assert page.evaluate("getComputedStyle(document.getElementById('red')).color") != "rgb(255, 0, 0)"
    told = " ".join(refused)
    for what in ("Loading the script", "Executing inline script", "inline event handler", "inline style"):
        assert what in told, what
    context.close()


def test_what_htmx_puts_into_a_page_brings_no_script(chromium: Browser, server: str) -> None:
    context = chromium.new_context(base_url=server)
    page = context.new_page()
    page.route(
        "**/quotes/?*",
        lambda route: route.fulfill(content_type="text/html", body="<p id=came>x<script>window.ran = 1</script>"),
    )
    page.goto("/")
    page.evaluate("htmx.ajax('GET', '/quotes/?q=x', {target: 'main'})")
    page.wait_for_selector("#came")
    assert page.evaluate("window.ran ?? null") is None
    assert page.locator("#came script").count() == 0
    context.close()
