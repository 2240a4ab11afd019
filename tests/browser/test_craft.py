"""Keyboard alone, no script, paper, colours by choice: what holds for every page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.site import sign_in
from tests.browser.test_pages import EDITOR_PAGES, PAGES

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
  return {tag: it.tagName, name: (it.innerText || it.value || it.ariaLabel || it.id || "").trim(),
          seen: box.width > 0 && box.height > 0, ring: style.outlineStyle !== "none"};
}"""
TABBABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
  (it) => it.tabIndex >= 0 && !it.disabled && it.type !== "hidden" && it.checkVisibility({visibilityProperty: true})).length"""


def walk(page: Page) -> int:
    """Tabs from the first element to the last; each must be seen and show that it has the focus. Gives their number."""
    expected = page.evaluate(TABBABLE)
    for step in range(expected):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if here["tag"] == "BODY":  # the page began with its first field
            assert step > expected / 3, (page.url, step, expected)
            continue
        assert here["seen"], (page.url, here)
        assert here["ring"], (page.url, here)
    return int(expected)


def test_every_page_by_keyboard_alone(new_context: Any) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    for url in PAGES:
        page.goto(url)
        assert walk(page) > 5, url
    sign_in(page)
    for url in EDITOR_PAGES:
        page.goto(url)
        assert walk(page) > 5, url


def test_the_skip_link_leads_past_the_navigation(new_context: Any) -> None:
    page = new_context().new_page()
    page.goto("/quotes/5/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_every_page_without_javascript_says_the_same(new_context: Any) -> None:
    """The words of a page do not depend on scripts; only what works by script alone is missing."""
    with_script, without = new_context().new_page(), new_context(java_script_enabled=False).new_page()
    for url in PAGES:
        with_script.goto(url)
        without.goto(url)
        assert (
            without.inner_text("main").replace("Copy", "").split()
            == with_script.inner_text("main").replace("Copy", "").replace("Copied.", "").split()
        ), url
        assert not without.is_visible("#themes")


def test_light_and_dark_by_choice_stay_chosen_and_do_not_flash(new_context: Any) -> None:
    page = new_context(color_scheme="light").new_page()
    page.goto("/")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.click("#themes button[value=dark]")
    dark = page.evaluate(paper)
    assert dark != light
    page.goto("/quotes/")
    assert page.evaluate(paper) == dark
    assert page.get_attribute("#themes button[value=dark]", "aria-pressed") == "true"
    page.click("#themes button[value=system]")
    assert page.evaluate(paper) == light


def test_on_paper_evidence_has_its_address_and_controls_are_gone(new_context: Any) -> None:
    page = new_context(color_scheme="dark").new_page()
    page.goto("/quotes/5/")
    page.emulate_media(media="print", color_scheme="dark")
    for gone in ("nav >> nth=0", "footer", "form >> nth=0", "button >> nth=0"):
        assert not page.is_visible(gone), gone
    printed = page.evaluate("getComputedStyle(document.querySelector('.chain a[data-address]'), '::after').content")
    assert "https://" in printed
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 10_000


def test_a_search_says_its_count_to_those_who_listen(new_context: Any) -> None:
    page = new_context().new_page()
    page.goto("/quotes/")
    assert page.inner_text("#found") == ""
    page.fill("#search_q", "class:secondhand phone")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found:has-text('found')", state="attached")
    count = page.locator("table.quotes tbody tr").count()
    assert page.inner_text("#found") == f"{count} quotes found"


def test_nothing_moves_while_a_page_loads(new_context: Any) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    for url in ("/", "/quotes/", "/quotes/5/", "/articles/1/"):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        shift = page.evaluate(
            """() => new Promise((done) => {
              let sum = 0;
              new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
                .observe({type: "layout-shift", buffered: true});
              setTimeout(() => done(sum), 300);
            })"""
        )
        assert shift <= 0.01, (url, shift)


def test_no_motion_for_those_who_ask_for_none(new_context: Any) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    page.goto("/quotes/")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((it) => parseFloat(getComputedStyle(it).transitionDuration) > 0).length"
    )
    assert moving == 0
