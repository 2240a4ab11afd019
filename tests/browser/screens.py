"""Takes the reference screenshots in docs/screens: ten pages, light, dark, and on a phone. Run by `make screens`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.site import CHROMIUM, FLAGS, ROOT, running, sign_in

SCREENS = ROOT / "docs" / "screens"
PAGES = {
    "home": "/",
    "quotes": "/quotes/?q=putin",
    "quote": "/quotes/5/",
    "seen": "/seen/?q=you+can+pick+up+the+phone+anytime+and+I+will+answer",
    "article": "/articles/1/",
    "speaker": "/speakers/6/?tab=relayed",
    "compare": "/compare/?wording=24&wording=12&wording=23",
    "method": "/method/",
    "match-review": "/review/matches/1/",
    "api": "/api/",
}
VIEWS = {
    "light": {"viewport": {"width": 1280, "height": 1000}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 1000}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


def main() -> int:
    if CHROMIUM is None:
        print("There is no Chromium on this machine. Install the package chromium.")
        return 1
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for view, options in VIEWS.items():
            page = browser.new_context(base_url=address, **options).new_page()  # type: ignore[arg-type]
            for name, path in PAGES.items():
                if path.startswith("/review/"):
                    sign_in(page)
                page.goto(path)
                page.screenshot(path=SCREENS / f"{name}-{view}.png")
            print(f"{len(PAGES)} pages, {view}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
