"""Is it the same quote? By keys, by click, and without JavaScript; each test answers pairs of its own kind."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import follow, sign_in

pytestmark = pytest.mark.browser


def waiting(page: Page) -> int:
    """How many pairs the line above the pair counts."""
    return int(page.inner_text("#pair > p >> nth=0").split(": ")[1].split()[0])


def first_pair(page: Page, kind: str) -> None:
    page.goto(f"/review/matches/?kind={kind}")
    follow(page, "tbody tr >> nth=0 >> a:has-text('Answer')")


def test_keys_answer_and_the_next_pair_comes_at_once(new_context: Any) -> None:
    page = new_context().new_page()
    sign_in(page)
    first_pair(page, "suggested")
    address, before = page.url, waiting(page)
    page.keyboard.press("n")
    expect(page.locator("form.done")).to_contain_text("you said they are different quotes")
    assert page.url.split("?")[0] != address.split("?")[0]
    assert waiting(page) < before
    with page.expect_navigation():
        page.keyboard.press("z")
    assert page.url.split("?")[0] == address.split("?")[0]
    expect(page.locator(".messages")).to_contain_text("Undone")
    assert waiting(page) == before


def test_next_without_an_answer_decides_nothing(new_context: Any) -> None:
    page = new_context().new_page()
    sign_in(page)
    first_pair(page, "suggested")
    address, before = page.url, waiting(page)
    with page.expect_navigation():
        page.keyboard.press("j")
    assert page.url != address
    assert waiting(page) == before


def test_keys_rest_while_somebody_types_and_when_they_are_off(new_context: Any) -> None:
    page = new_context().new_page()
    sign_in(page)
    first_pair(page, "suggested")
    address = page.url
    page.focus("#reason")
    page.keyboard.type("unsure jns")
    assert page.input_value("#reason") == "unsure jns"
    page.click("#keys-switch")
    page.keyboard.press("u")
    page.wait_for_timeout(300)
    assert page.url == address
    expect(page.locator("#answer-same kbd")).to_be_hidden()
    page.reload()
    assert page.inner_text("#keys-switch") == "Switch keys on"
    page.click("#keys-switch")
    expect(page.locator("#answer-same kbd")).to_be_visible()


def test_without_javascript_three_buttons_answer(new_context: Any) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page)
    first_pair(page, "alarmed")
    address = page.url
    assert page.locator("#keys").is_hidden()
    follow(page, "#answer-unsure")
    assert "you could not tell whether it is the same quote" in page.inner_text("form.done")
    follow(page, "form.done button")
    assert page.url.split("?")[0] == address.split("?")[0]


def test_a_press_of_a_button_keeps_the_focus_on_it(new_context: Any) -> None:
    page = new_context().new_page()
    sign_in(page)
    first_pair(page, "suggested")
    page.focus("#answer-unsure")
    page.keyboard.press("Enter")
    expect(page.locator("form.done")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "answer-unsure"
    follow(page, "form.done button")
