from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from quotes.intake.draft import Refused
from quotes.intake.paste import draft

TEXT = "The mayor said on Monday that the city would pay for the road. Nobody believed her when she said it."


def test_it_works() -> None:
    found = draft(
        TEXT,
        title=" A  title ",
        outlet=" The\nEcho ",
        byline=" Ann Lee ",
        published=datetime(2025, 5, 21, tzinfo=UTC),
        url="HTTPS://Echo.example/a?utm_source=x#top",
        language="",
    )
    assert (found.text, found.title, found.outlet, found.byline) == (TEXT, "A title", "The Echo", "Ann Lee")
    assert (found.canonical_url, found.language, found.removed) == ("https://echo.example/a", "en", ())


def test_founding_article(founding_text: str) -> None:
    found = draft(founding_text)
    assert found.title.startswith("Vladimir Putin visits war-torn city")
    assert found.text.startswith("visited the Russian city")
    assert found.text.endswith('hang up."')


def test_byline_is_read_off_unless_given() -> None:
    page = f"A headline of some words\nBy Ann Lee\n\n{TEXT}"
    assert draft(page).byline == "Ann Lee"
    assert draft(page, byline="Tom Briggs").byline == "Tom Briggs"


def test_without_a_title_the_first_words_serve() -> None:
    assert draft(TEXT).title == "The mayor said on Monday that the city would pay for the road. Nobody …"
    assert draft(TEXT).text == TEXT


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "There is no text"),
        (" \n\t", "There is no text"),
        ("Share this on Facebook\nFollow us\nDownload our app\nSign up now\n", "There is no text"),
        ("a" * 5_000_000, "5,000,000 characters"),
        ("a" * 400_000, "no sentences"),
        ("one two", "no sentences"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        draft(text)


def test_a_bad_address_is_refused() -> None:
    with pytest.raises(Refused, match="not a web address"):
        draft(TEXT, url="javascript:alert(1)")


def test_what_cannot_be_stored_goes() -> None:
    assert draft(f"{TEXT}\x00\ud800\r\n").text == f"{TEXT}\n"


@pytest.mark.parametrize("name", ["title", "outlet", "byline"])
def test_details_that_cannot_be_stored_go(name: str) -> None:
    found = draft(TEXT, **{name: "Ann\x00 \ud800Lee"})
    assert getattr(found, name) == "Ann Lee"


def test_the_longest_text_is_quick() -> None:
    start = time.process_time()
    assert len(draft((TEXT + "\n") * 4_900).text) > 490_000
    assert time.process_time() - start < 5


def test_an_opening_quotation_stays_in_the_text() -> None:
    assert "“We will pay,” she said." in draft(f"“We will pay,” she said.\n\n{TEXT}").text
