from __future__ import annotations

import time

import pytest

from quotes.text.notices import LONGEST, MOST, corrections


@pytest.mark.parametrize(
    "paragraph",
    [
        "Correction: An earlier version misstated the year.",
        "CORRECTION: The mayor is 61, not 16.",
        "*Correction, June 3, 2024: The year was wrong.",
        "Correction (3 June 2024): The year was wrong.",
        "Corrections and clarifications: The bridge is in Leeds.",
        "Clarification – He spoke on Monday, not on Tuesday.",
        "Clarification, 10:30 a.m. ET: He spoke on Monday.",
        "Editor’s note: This story has been taken down and put back.",
        "Editor's Note — We no longer stand by the second paragraph.",
        "Editors' note: The byline was wrong.",
        "Retraction. The Echo withdraws this report.",
        "Update: Correction: his name is Tom.",
        "This article was amended on 3 June 2024 to remove a name.",
        "• This article was amended on 3 June 2024. It had said Leeds.",
        "This story has been corrected to say that the vote was nine to two.",
        "This story has been updated to correct the spelling of a name.",
        "An earlier version of this article misspelled the mayor’s name.",
        "The headline of this article was changed on Monday.",
        "This post originally said that the mayor had resigned.",
        "We have corrected this article.",
    ],
)
def test_a_notice(paragraph: str) -> None:
    assert corrections(f"The mayor spoke.\n\n{paragraph}\n\nNobody believed her.") == (paragraph,)


@pytest.mark.parametrize(
    "paragraph",
    [
        "",
        "The correction of the market went on on Monday, he said.",
        "Corrections officers said that the inmate had escaped.",
        "Correction officials - mostly men - said no.",
        "“The market correction: who wins?” she asked.",
        "The report was amended by the committee on Monday.",
        "The bill was corrected before the vote.",
        "Retracted papers are many, she said.",
        "The editor’s note was found on her desk.",
        "Update: the police said that nobody was hurt.",
        "This story has been updated.",
        "An earlier version of the bill had no such clause.",
        "This article of faith has been with him for years.",
    ],
)
def test_no_notice(paragraph: str) -> None:
    assert corrections(paragraph) == ()


def test_a_label_alone_brings_its_paragraph_along() -> None:
    assert corrections("He said so.\n\nEditor’s note\n\nHe did not.\n\nMore.") == ("Editor’s note He did not.",)
    assert corrections("He said so.\n\nEditor’s note") == ()


def test_a_notice_printed_twice_is_one() -> None:
    assert corrections("Correction: It was Leeds.\nText.\nCorrection: It was Leeds.") == ("Correction: It was Leeds.",)


@pytest.mark.parametrize(
    "text",
    [
        "this article " * 100_000,
        "correction, june " * 60_000,
        "correction\n" * 100_000,
        "Correction: " + "a" * 500_000,
        "an earlier version of this " * 40_000,
        "\n".join(f"Correction: {number}" for number in range(50_000)),
        "this article was " + "a " * 200_000,
    ],
    ids=lambda text: text[:20],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    found = corrections(text)
    assert time.process_time() - start < 1
    assert len(found) <= MOST
    assert all(len(notice) <= LONGEST for notice in found)
