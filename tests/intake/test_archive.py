from __future__ import annotations

import pytest

from quotes.intake.archive import archived


@pytest.mark.parametrize(
    ("url", "original", "taken"),
    [
        (
            "https://web.archive.org/web/20250521101500/https://e.com/a?b=c",
            "https://e.com/a?b=c",
            "2025-05-21T10:15:00+00:00",
        ),
        ("http://web.archive.org/web/20250521101500id_/http://e.com/a", "http://e.com/a", "2025-05-21T10:15:00+00:00"),
        ("https://web.archive.org/web/20250521101500/http:/e.com/a", "http://e.com/a", "2025-05-21T10:15:00+00:00"),
        ("https://web.archive.org/web/2025/https://e.com/", "https://e.com/", None),
        ("https://web.archive.org/web/20259999999999/https://e.com/", "https://e.com/", None),
        ("https://web.archive.org/web/https://e.com/a", "https://e.com/a", None),
        ("https://web.archive.org/web/2025*/https://e.com/a", "https://e.com/a", None),
        ("https://archive.ph/2025.05.21-101500/https://e.com/a", "https://e.com/a", "2025-05-21T10:15:00+00:00"),
        ("https://archive.today/newest/https://e.com/a", "https://e.com/a", None),
        ("https://archive.is/o/AbC12/https://e.com/a", "https://e.com/a", None),
        ("https://archive.ph/AbC12", "", None),
        ("https://arquivo.pt/wayback/20250521101500/https://e.com/a", "https://e.com/a", "2025-05-21T10:15:00+00:00"),
    ],
)
def test_archived_copies(url: str, original: str, taken: str | None) -> None:
    found = archived(url)
    assert found is not None
    assert (found.original, found.taken.isoformat() if found.taken else None) == (original, taken)


@pytest.mark.parametrize(
    "url",
    [
        *("", "https://e.com/a", "https://web.archive.org/", "https://web.archive.org/about", "https://archive.ph/"),
        *(
            "https://e.com/web/20250521101500/https://a.com/",
            "https://web.archive.org.evil.example/web/2025/https://e.com/",
        ),
        *(
            "https://web.archive.org/web/2025/https://localhost/",
            "https://web.archive.org/save/https://e.com/",
            "http://[::1",
        ),
        "https://web.archive.org/web/2025/javascript:alert(1)",
    ],
)
def test_no_archived_copy(url: str) -> None:
    assert archived(url) is None
