"""Accounts as they are used: the second factor set up, somebody invited and retired."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.site import PASSWORD, follow, sign_in
from tests.browser.test_pages import STANDARD

pytestmark = pytest.mark.browser


def is_well_made(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    found = Axe().run(page, options=STANDARD).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"][:200]) for violation in found] == []


def code_of(secret: str, step: int) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def test_the_second_factor_in_the_dark_on_a_phone(new_context: Any) -> None:
    page = new_context(viewport={"width": 320, "height": 800}, color_scheme="dark", reduced_motion="reduce").new_page()
    sign_in(page, "tessa")
    follow(page, ".masthead >> text=tessa")
    follow(page, "text=Set it up")
    follow(page, "main >> text=Set it up")
    is_well_made(page)
    page.fill("#id_password", PASSWORD)
    follow(page, "text=Go on")
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
    is_well_made(page)
    secret = page.inner_text("main code")
    page.fill("#id_code", code_of(secret, 0))
    follow(page, "text=Switch it on")
    assert page.locator("main li code").count() == 10
    is_well_made(page)
    follow(page, "text=Sign out")
    page.goto("/account/login/")
    page.fill("#id_login", "tessa")
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.press("#id_password", "Enter")
    is_well_made(page)
    page.fill("#id_code", code_of(secret, 1))
    with page.expect_navigation():
        page.press("#id_code", "Enter")
    assert page.is_visible(".masthead >> text=tessa")


def test_a_desk_head_invites_and_retires(new_context: Any) -> None:
    page = new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce").new_page()
    sign_in(page, "dora")
    follow(page, ".masthead >> text=People")
    is_well_made(page)
    page.fill("#invite_email", "ann@paper.example")
    follow(page, "button:text-is('Invite')")
    link = page.inner_text(".notice code")
    is_well_made(page)
    guest = new_context().new_page()
    guest.goto(link)
    guest.fill("#id_password1", PASSWORD)
    guest.fill("#id_password2", PASSWORD)
    follow(guest, "text=Save it and sign in")
    assert guest.is_visible(".masthead >> text=ann")
    page.goto("/desk/")
    follow(page, "tr:has-text('ann') button")
    assert page.is_visible("text=ann is retired")
    guest.goto("/account/")
    assert "/account/login/" in guest.url
