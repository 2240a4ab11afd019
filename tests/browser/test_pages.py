"""Every page as it is seen: narrow, wide, dark, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.site import follow, sign_in

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/compare/?wording=5&wording=10&wording=14",
    "/compare/?speaker=5&speaker=6",
    "/compare/",
    "/method/",
    "/api/",
    "/quotes/",
    "/quotes/?q=putin+via:ushakov+class:secondhnd",
    "/quotes/5/",
    "/quotes/7/",
    "/articles/",
    "/articles/1/",
    "/speakers/",
    "/speakers/1/?tab=relayed",
    "/outlets/",
    "/outlets/newspoint/",
    "/seen/?q=anytime",
    "/seen/?q=pick+up+the+phone+anytime+and+never+hang+up",
    "/quotes/?q=nothingatall",
    "/articles/?q=putin",
    "/feeds/",
    "/takedowns/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
]
EDITOR_PAGES = [
    "/",
    "/add/",
    "/add/file/",
    "/add/link/",
    "/add/link/fetched/?key=1&key=a1",
    "/feeds/add/",
    "/feeds/1/",
    "/work/",
    "/work/?view=failed",
    "/work/?view=planned",
    "/work/files/1/",
    "/quotes/7/",
    "/quotes/7/arrange/",
    "/flags/1/",
    "/review/",
    "/review/?view=second",
    "/quotes/7/flag/",
    "/review/?q=via:ushakov",
    "/review/attributions/7/",
    "/review/several/?item=flag-1&item=match-1&item=reading-7",
    "/articles/1/add/",
    "/speakers/1/edit/",
    "/speakers/1/merge/?into=Donald+Trump",
    "/speakers/1/split/",
    "/quotes/7/problem/",
    "/review/matches/",
    "/review/matches/?kind=alarmed",
    "/review/matches/1/",
    "/account/",
    "/account/erase/",
    "/account/email/",
    "/account/password/change/",
    "/account/two-factor/",
    "/account/sessions/",
    "/watches/",
    "/watches/1/",
    "/watches/add/?quote=8",
]


STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = [(1280, "light"), (390, "dark"), (320, "dark")]
"""Width in pixels and colours, as each page is looked at."""


@pytest.mark.parametrize("who", ["reader", "editor"])
def test_nothing_sticks_out_nothing_complains_and_axe_finds_no_violation(new_context: Any, who: str) -> None:
    """WCAG 2.2 A and AA and axe's best practice, on every page."""
    page = new_context(reduced_motion="reduce").new_page()
    if who == "editor":
        sign_in(page)
    found: dict[str, list[str]] = {}
    for url in PAGES if who == "reader" else EDITOR_PAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.goto(url).status == 200, url
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (url, width)
            for name, where in violations(page) if width != 320 else ():
                found.setdefault(name, []).append(f"{url} at {width}: {where}")
    assert found == {}


def violations(page: Any) -> Iterator[tuple[str, list[str]]]:
    """(rule, the first places) of what axe finds."""
    for violation in Axe().run(page, options=STANDARD).response["violations"]:
        yield violation["id"], [node["html"][:150] for node in violation["nodes"][:2]]


def test_pages_work_without_javascript(new_context: Any) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/quotes/")
    page.fill("#search_q", "phone anytime")
    follow(page, "main form button")
    assert "q=phone+anytime" in page.url
    rows = page.locator("table.quotes tbody tr")
    assert rows.count() >= 1
    follow(page, "table.quotes tbody tr >> nth=0 >> td.said a")
    assert page.inner_text("h2 >> nth=0") == "How we know"
    assert not page.is_visible("[data-copy] >> nth=0")  # what would do nothing is not there
    assert page.is_visible("#safe-wording")


def test_a_search_changes_the_list_and_the_address_and_keeps_the_focus(new_context: Any) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/quotes/")
    before = page.locator("table.quotes tbody tr").count()
    page.fill("#search_q", "class:secondhand_unnamed")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=class%3Asecondhand_unnamed**")
    page.wait_for_selector(".chips a")
    assert page.locator("table.quotes tbody tr").count() < before
    assert page.evaluate("document.activeElement.id") == "search_q"
    page.go_back()
    page.wait_for_url(lambda url: "secondhand" not in url)
    page.wait_for_function(f"document.querySelectorAll('table.quotes tbody tr').length === {before}")


def test_facets_and_chips_without_javascript(new_context: Any) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()
    page.goto("/quotes/")
    before = page.locator("table.quotes tbody tr").count()
    page.click(".facets summary")
    follow(page, ".facets a:has-text('Yuri Ushakov') >> nth=1")
    assert "via%3A%22Yuri+Ushakov%22" in page.url
    assert page.locator("table.quotes tbody tr").count() < before
    follow(page, ".chips a")
    assert page.locator("table.quotes tbody tr").count() == before


def test_the_safe_wording_is_copied(new_context: Any) -> None:
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/quotes/5/")
    page.focus("[data-copy]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#safe-wording")


def test_a_card_lights_its_words(new_context: Any) -> None:
    page = new_context().new_page()
    page.goto("/articles/1/")
    page.focus("#c5 a.number")
    assert page.locator(".lit-text").count() >= 1


def test_contrast_of_every_text_colour(new_context: Any) -> None:
    """4.5 for the classes, 7 for text, as WCAG 2.2 measures it."""
    for scheme in ("light", "dark"):
        page = new_context(color_scheme=scheme).new_page()
        page.goto("/")
        ratio = page.evaluate(CONTRAST)
        assert all(ratio[name] >= 7 for name in ("ink", "muted", "accent")), (scheme, ratio)
        assert all(value >= 4.5 for value in ratio.values()), (scheme, ratio)


CONTRAST = """
() => {
  const probe = document.createElement("i"); document.body.append(probe);
  const luminance = (name) => {
    probe.style.color = `var(--${name})`;
    const [r, g, b] = getComputedStyle(probe).color.match(/[\\d.]+/g).map((v) => {
      v = Number(v) / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = luminance("paper");
  const names = ["ink", "muted", "accent", "alarm", "record", "firsthand", "pickup", "secondhand", "unnamed", "thirdhand", "unstated"];
  return Object.fromEntries(names.map((name) => {
    const [light, dark] = [luminance(name), paper].sort((a, b) => b - a);
    return [name, (light + 0.05) / (dark + 0.05)]; }));
}
"""
