from __future__ import annotations

import pytest
from hypothesis import given

from quotes.text.clean import Cleaned, clean, is_evidence, printable
from tests.text.awkward import LONG_TEXTS, any_text, many, seconds

PARAGRAPH = "The mayor said on Monday that the city would pay for the road that runs past the old mill."

NEWSPAPER = """\
Skip to main content
The Harwick Echo
Sign in
Subscribe
Home
Council agrees to mend the old bridge after a week of talks
By Ann Lee
Published 21 May 2025, 10:14
Share
Advertisement

The council in Harwick agreed late on Tuesday to mend the old bridge over the river before winter comes.

Photo: Tom Briggs / Echo

“It should have been done years ago,” said the mayor, Margaret Dunne.

Advertisement

Work will begin in June and last until the end of October, the council said in a short statement.

Read more: Bus strike enters third week

The bridge was built in 1931.

Sign up for our newsletter
12 comments
Most read
Privacy policy
© Harwick Echo 2025
"""

BROADCASTER = """\
Toggle navigation
Breaking news
War of words over river dam grows as ministers trade blame
Listen
4 min read
Last updated on 3 March 2024
Getty Images

Two ministers blamed each other on Sunday for the failure of the dam above the town of Odden.

VIDEO

Anna Berg told reporters that the gates "were never tested", and that she had warned of it in writing.

Follow us on WhatsApp

Her colleague Per Holm denied it. He has not resigned, and nobody has asked him to do so yet.

Related
Tags
Download our app on Google Play
"""

COAST = """\
Menu
Search
Log in
image
Fishermen welcome new quota but say that it comes too late
image
Written by Marta Ruiz

Fishermen along the northern coast have welcomed the new quota, but most say it comes a year too late.

‘We sold the boat in March,’ one of them said.

image

The ministry will review the figures in the autumn, according to a spokeswoman for the fisheries department.

Join the conversation
View comments
All rights reserved
"""


def paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def test_founding_article(founding_text: str) -> None:
    cleaned = clean(founding_text, headline=True)
    assert cleaned.title == "Vladimir Putin visits war-torn city as Russia launches new deadly assault on Ukraine"
    assert set(cleaned.removed) == {
        *("Next Story", "Newszop", "Send Push", "image", "Loving Newspoint? Download the app now"),
        cleaned.title,
    }
    assert [line for line in paragraphs(founding_text) if line.strip() not in cleaned.removed] == paragraphs(
        cleaned.text
    )


@pytest.mark.parametrize(
    ("page", "title", "byline", "kept"),
    [
        (
            NEWSPAPER,
            "Council agrees to mend the old bridge after a week of talks",
            "Ann Lee",
            ["The council in", "“It should", "Work will", "The bridge was"],
        ),
        (
            BROADCASTER,
            "War of words over river dam grows as ministers trade blame",
            "",
            ["Two ministers", "Anna Berg", "Her colleague"],
        ),
        (
            COAST,
            "Fishermen welcome new quota but say that it comes too late",
            "Marta Ruiz",
            ["Fishermen along", "‘We sold", "The ministry"],
        ),
    ],
    ids=["newspaper", "broadcaster", "coast"],
)
def test_furniture_of_other_sites(page: str, title: str, byline: str, kept: list[str]) -> None:
    cleaned = clean(page, headline=True)
    assert (cleaned.title, cleaned.byline) == (title, byline)
    left = paragraphs(cleaned.text)
    assert len(left) == len(kept)
    assert all(line.startswith(opening) for line, opening in zip(left, kept, strict=True))


@pytest.mark.parametrize("page", [NEWSPAPER, BROADCASTER, COAST])
def test_cleaning_twice_changes_nothing(page: str) -> None:
    once = clean(page, headline=True)
    assert clean(once.text) == Cleaned(once.text)


@pytest.mark.parametrize(
    "text",
    [
        PARAGRAPH,
        PARAGRAPH + "\n",
        f"\n\n{PARAGRAPH}  \n\n\n\n\t{PARAGRAPH}\n ",  # white space is not ours to tidy
        f"{PARAGRAPH}\n\n“No.”\n\nHe left.\n\n{PARAGRAPH}",
        f"{PARAGRAPH} 😀 שלום e\u0301 ﬁ ½",
        f"{PARAGRAPH}\n\nA short line\n\n{PARAGRAPH}",
        "One line without a stop",
        "",
    ],
)
def test_text_without_furniture_stays_as_it_is(text: str) -> None:
    assert clean(text) == Cleaned(text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2028b\u2029c\x85d", "a\nb\nc\nd"),
        ("a\x00b\x07c\u200bd\ufeffe", "abcde"),
        ("a\ud800b", "ab"),  # half of a pair cannot be stored
        ("a\tb\xa0c", "a\tb\xa0c"),
    ],
)
def test_printable(raw: str, expected: str) -> None:
    assert printable(raw) == expected


EVIDENCE = [
    "“We will pay,” she said.",
    '"Help us"',
    "« Aidez-nous »",
    "Lee said no",
    "Watch the road, he warned",
    "Help!",
    *(
        line
        for line, reason in [
            ("‘Share the road’", "single marks do not count as quotation marks"),
            ("'Help us,' mayor says", "neither single marks nor the present tense count"),
            ("‹Help›", "single angle marks do not count as quotation marks"),
            ("— Help me!", "dialogue opened by a dash does not count as a quotation"),
            ("“…………”", "a line without a word goes before its marks are looked at"),
            ("Watch: Putin says no", "a reporting verb in the present tense does not count"),
            ("Read more books, says minister", "a reporting verb in the present tense does not count"),
            ("Search goes on, according to police", "“according to” does not count as reporting"),
        ]
    ),
]


@pytest.mark.parametrize("line", EVIDENCE)
def test_what_somebody_said_is_never_dropped(line: str) -> None:
    for text in (f"{line}\n\n{PARAGRAPH}", f"{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH}", f"{PARAGRAPH}\n\n{line}"):
        assert line in clean(text).text
        assert line in clean(f"image\nMenu\n{text}\nMenu\nimage").text or line == clean(f"image\n{text}").title


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        pytest.param("“We will pay,” she said.", True),
        pytest.param("By Tuesday, Lee had said no.", False),
        ("She said she had nothing left to give to the town, and that she would go.", True),
    ],
)
def test_an_opening_sentence_is_no_head(line: str, headline: bool) -> None:
    assert line in clean(f"{line}\n\n{PARAGRAPH}", headline=headline).text


@pytest.mark.parametrize(
    "line",
    [
        "The bridge was built in 1931.",
        "Share prices fell.",
        "Home is where the heart is.",
        *(
            line
            for line in [
                "May 21, 2025 was a cold day.",
                "12.50 euros is the new price.",
                "Updated rules take effect on Monday.",
                "Posted abroad, she missed home.",
            ]
        ),
        *(line for line in ["Will they join us?", "Live music is back!"]),
    ],
)
def test_sentences_are_no_furniture(line: str) -> None:
    assert line in clean(f"{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH}").text


@pytest.mark.parametrize(
    ("line", "expected"),
    [("Lee said so", True), ("He WARNED us", True), ("“a”", True), ("``a''", True), ("Menu", False), ("", False)],
)
def test_is_evidence(line: str, expected: bool) -> None:
    assert is_evidence(line) is expected


def test_furniture_alone_leaves_nothing() -> None:
    assert clean("Share this on Facebook\nFollow us\nDownload our app\n").text == ""


@many
@given(any_text)
def test_any_text(text: str) -> None:
    for headline in (False, True):
        cleaned = clean(text, headline=headline)
        lines = printable(text).split("\n")
        assert not cleaned.removed or set(cleaned.text.split("\n")) <= {*lines, ""}
        assert cleaned.removed or cleaned.text == printable(text)
        assert all(line in {known.strip() for known in lines} for line in cleaned.removed)


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_long_text(name: str) -> None:
    assert seconds(clean, LONG_TEXTS[name]) < 5
