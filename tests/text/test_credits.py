from __future__ import annotations

import pytest

from quotes.text.credits import credited

BODY = "The council met until midnight.\n\n" * 60


@pytest.mark.parametrize(
    ("text", "byline", "names"),
    [
        ("MOSCOW (Northern Wire) - The call lasted two hours.", "", ["Northern Wire"]),
        ("WASHINGTON, March 3 (AP) — The Senate voted.", "", ["AP"]),
        (f"{BODY}This story was first published by The Harbour Herald.", "", ["Harbour Herald"]),
        (f"{BODY}This article originally appeared in Evening Courier.", "", ["Evening Courier"]),
        (f"{BODY}Republished with permission from Northern Wire.", "", ["Northern Wire"]),
        (f"{BODY}Source: Northern Wire", "", ["Northern Wire"]),
        (f"{BODY}— Northern Wire", "", ["Northern Wire"]),
        (f"{BODY}© 2025 Northern Wire", "", ["Northern Wire"]),
        (f"{BODY}(Northern Wire)", "", ["Northern Wire"]),
        (BODY, "By Northern Wire staff", ["Northern Wire"]),
        (BODY, "Jo Penhale, Northern Wire", ["Northern Wire"]),
        (BODY, "Jo Penhale and Northern Wire", ["Jo Penhale", "Northern Wire"]),
    ],
)
def test_credit(text: str, byline: str, names: list[str]) -> None:
    assert [name for name in names if name in credited(text, byline)] == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY,
        "The mayor (Labour) said the wall would be built.",
        f"{BODY}The mayor told Northern Wire that the wall would be built.",
        f"{BODY}The wall was built by Harwick Stone in 1911.",
        f"The Northern Wire office is in Harwick. {BODY}",
    ],
)
def test_no_credit(text: str) -> None:
    assert credited(text) == ()
