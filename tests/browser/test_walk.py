"""From a pasted article to a settled flag, by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.site import PASSWORD

pytestmark = pytest.mark.browser
FOUNDING = Path(__file__).parent.parent.parent / "demo" / "newspoint-kursk.txt"
FOCUSED = """selector => document.activeElement?.matches(selector) ?? false"""


def tab_to(page: Page, selector: str, words: str = "") -> None:
    """Presses Tab until the focus is on what a keyboard user looks for."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED, selector) and words in (page.evaluate("document.activeElement.textContent") or ""):
            return
    raise AssertionError(f"the keyboard does not reach {selector} {words!r}")


def follow(page: Page, selector: str, words: str) -> None:
    tab_to(page, selector, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_paste_read_flag_settle(new_context: Any) -> None:
    page = new_context().new_page()
    page.goto("/")
    follow(page, "a", "Sign in")
    tab_to(page, "#id_login")
    page.keyboard.type("edith")
    tab_to(page, "#id_password")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    tab_to(page, "#look_box")
    page.keyboard.insert_text(FOUNDING.read_text(encoding="utf-8"))
    follow(page, "main button", "Look")
    tab_to(page, "#id_outlet")
    page.keyboard.type("Walk Gazette")
    tab_to(page, "#id_published")
    page.keyboard.type("05212025")
    follow(page, "main button", "Read it")

    assert "Walk Gazette" in page.inner_text("main")
    assert page.locator("article.card").count() >= 8
    follow(page, "article.card blockquote a", "Vladimir, you can pick up the phone")

    assert "Known only through Yuri Ushakov" in page.inner_text(".verdict")
    tab_to(page, "summary", "Flag this quote")
    page.keyboard.press("Enter")
    tab_to(page, "#flag_reason")
    page.keyboard.type("Only the aide has it; no recording of the President.")
    follow(page, "main button", "Raise the flag")

    history = page.inner_text(".history li >> nth=0")
    assert "edith raised flag: Secondhand" in history
    assert "Only the aide has it; no recording of the President." in history
    assert page.get_attribute(".history li >> nth=0 >> time", "datetime")
    assert "Secondhand: open" in page.inner_text(".verdict")

    follow(page, "a", "Work on this flag")
    tab_to(page, "input[name=result]")
    page.keyboard.press("Space")
    tab_to(page, "#settle_reason")
    page.keyboard.type("Checked with the wire.")
    follow(page, "main button", "Record the result")
    assert "edith settled flag" in page.inner_text(".history li >> nth=0")
    follow(page, "figure a", "Vladimir, you can pick up the phone")
    assert "Secondhand: upheld" in page.inner_text(".verdict")


def test_skip_link_comes_first(new_context: Any) -> None:
    page = new_context().new_page()
    page.goto("/quotes/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
