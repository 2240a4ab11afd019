from __future__ import annotations

import pytest

from quotes.intake.own_address import is_same_site, out_of_cache, own_address, without_amp

FETCHED = "https://www.echo.co.uk/news/story"


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        ("", FETCHED),
        (FETCHED, FETCHED),
        ("/news/story-1", "https://www.echo.co.uk/news/story-1"),
        ("//echo.co.uk/news/1", "https://echo.co.uk/news/1"),
        ("https://echo.co.uk/news/1?utm_source=x", "https://echo.co.uk/news/1"),
        ("http://www.echo.co.uk/news/story", "http://www.echo.co.uk/news/story"),
        ("https://sport.echo.co.uk/1", "https://sport.echo.co.uk/1"),
        # what is not believed
        ("https://evil.example/news/story", FETCHED),
        ("https://other.co.uk/news/story", FETCHED),
        ("https://echo.co.uk.evil.example/news", FETCHED),
        ("https://echo.co.uk@evil.example/news", FETCHED),
        ("https://www.echo.co.uk/", FETCHED),  # the front page
        ("/", FETCHED),
        ("javascript:alert(1)", FETCHED),
        ("https://localhost/a", FETCHED),
        ("http://[::1", FETCHED),
        ("https://127.0.0.1/a", FETCHED),
        ("  ", FETCHED),
        ("https://www.echo.co.uk/" + "a" * 3000, FETCHED),
        ("\x00", FETCHED),
    ],
)
def test_what_a_page_calls_itself(claimed: str, expected: str) -> None:
    assert own_address(claimed, FETCHED) == expected


@pytest.mark.parametrize(
    ("fetched", "claimed", "expected"),
    [
        ("https://www.echo.com/story/amp", "https://www.echo.com/story", "https://www.echo.com/story"),
        ("https://www.echo.com/story/amp", "", "https://www.echo.com/story"),
        ("https://www.echo.com/story/amp/", "", "https://www.echo.com/story/"),
        ("https://www.echo.com/story.amp.html", "", "https://www.echo.com/story.html"),
        ("https://www.echo.com/story?amp=1", "", "https://www.echo.com/story"),
        ("https://www.echo.com/story?outputType=amp", "", "https://www.echo.com/story"),
        ("https://amp.echo.com/story", "https://www.echo.com/story", "https://www.echo.com/story"),
        ("https://amp.echo.com/story", "", "https://echo.com/story"),
        ("https://www.echo.com/story/amp", "https://evil.example/story", "https://www.echo.com/story"),
        (
            "https://www-echo-com.cdn.ampproject.org/c/s/www.echo.com/story/amp",
            "https://www.echo.com/story",
            "https://www.echo.com/story",
        ),
        ("https://www-echo-com.cdn.ampproject.org/c/s/www.echo.com/story/amp", "", "https://www.echo.com/story"),
        (
            "https://www.google.com/amp/s/www.echo.com/story/amp/",
            "https://evil.example/",
            "https://www.echo.com/story/",
        ),
        (
            "https://www.google.co.uk/amp/s/amp.echo.com/story",
            "https://www.echo.com/story",
            "https://www.echo.com/story",
        ),
    ],
)
def test_amp_pages(fetched: str, claimed: str, expected: str) -> None:
    assert own_address(claimed, fetched, is_amp=True) == expected


@pytest.mark.parametrize("fetched", ["https://shop.example.com/guitar/amp", "https://amp.example.com/a"])
def test_a_page_that_is_not_amp_keeps_its_address(fetched: str) -> None:
    assert own_address("", fetched) == fetched


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [("https://www.echo.com/1", "https://www.echo.com/1"), ("", "https://m.echo.com/1")],
)
def test_pages_for_phones_fold_only_by_their_own_word(claimed: str, expected: str) -> None:
    assert own_address(claimed, "https://m.echo.com/1") == expected


def test_sites() -> None:
    assert is_same_site("https://m.echo.co.uk/a", "http://www.echo.co.uk:8080/b")
    assert not is_same_site("https://echo.co.uk/", "https://other.co.uk/")
    assert not is_same_site("https://one.blogspot.com/", "https://two.blogspot.com/")
    assert not is_same_site("https://one.github.io/", "https://two.github.io/")
    assert not is_same_site("https://1.2.3.4/", "https://1.2.3.5/")


@pytest.mark.parametrize(
    "url", ["https://e.com/amphitheatre", "https://e.com/amp/story", "https://ample.com/a", "https://amp.dev/a"]
)
def test_what_only_looks_like_amp(url: str) -> None:
    assert without_amp(url) == url
    assert out_of_cache(url) == url
