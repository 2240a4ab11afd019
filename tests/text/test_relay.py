"""What counts as a relay: the cases of docs/glossary.md, one by one."""

from __future__ import annotations

from datetime import date

import pytest

from quotes.text.attribute import read

DAY = date(2025, 5, 21)


def reading(text: str, words: str, outlet: str = "") -> tuple[str | None, list[str | None], str, bool]:
    """(speaker, chain, class, hedged) of the statement that holds the words."""
    found = read(text, published=DAY, outlet=outlet)
    (hit,) = [a for a in found if a.wraps is None and any(words in span.of(text) for span in a.content)]
    return hit.speaker.label, [step.party.label for step in hit.relays], hit.sourcing, hit.hedged


@pytest.mark.parametrize(
    ("text", "words", "speaker", "chain", "sourcing"),
    [
        # nobody in between
        ("“We won,” Ann Lee said.", "We won", "Ann Lee", [], "firsthand"),
        # one hand
        ("Ann Lee said they had won, according to Paul Roe.", "they had won", "Ann Lee", ["Paul Roe"], "secondhand"),
        ("According to Paul Roe, Ann Lee said they had won.", "they had won", "Ann Lee", ["Paul Roe"], "secondhand"),
        ("Ann Lee said they had won, Reuters reported.", "they had won", "Ann Lee", ["Reuters"], "secondhand"),
        ("Interfax quoted Ann Lee as saying that they had won.", "they had won", "Ann Lee", ["Interfax"], "secondhand"),
        (
            "Ann Lee was quoted by Interfax as saying that they had won.",
            "they had won",
            "Ann Lee",
            ["Interfax"],
            "secondhand",
        ),
        # two hands, the one nearest the speaker first
        (
            "Ann Lee said they had won, according to Paul Roe, Reuters reported.",
            "they had won",
            "Ann Lee",
            ["Paul Roe", "Reuters"],
            "thirdhand",
        ),
        # a channel is no relay; a summary is
        ("“We won,” Ann Lee said, according to a transcript of the call.", "We won", "Ann Lee", [], "firsthand"),
        ("“We won,” Ann Lee said, according to audio obtained by Reuters.", "We won", "Ann Lee", [], "firsthand"),
        (
            "Ann Lee said they had won, according to minutes of the meeting.",
            "they had won",
            "Ann Lee",
            ["minutes of the meeting"],
            "secondhand",
        ),
        # an outlet as a venue, and as a relay
        ("“We won,” Ann Lee told CNN.", "We won", "Ann Lee", [], "firsthand"),
        ("Ann Lee said they had won, according to CNN.", "they had won", "Ann Lee", ["CNN"], "secondhand"),
        # people without a name
        (
            "Ann Lee said they had won, according to two officials briefed on the call.",
            "they had won",
            "Ann Lee",
            ["two officials briefed on the call"],
            "secondhand_unnamed",
        ),
        ("“We won,” a senior official said.", "We won", "a senior official", [], "firsthand"),
        # speaking for a principal; believing is not saying
        ("Paul Roe, her spokesman, said Ann Lee believes they won.", "Ann Lee believes", "Paul Roe", [], "firsthand"),
        # one's own earlier words
        ("Ann Lee said she had told the mayor that they won.", "she had told", "Ann Lee", [], "firsthand"),
    ],
)
def test_definition(text: str, words: str, speaker: str, chain: list[str], sourcing: str) -> None:
    assert reading(text, words)[:3] == (speaker, chain, sourcing)


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee reportedly said: “We won.”",
        "Ann Lee is quoted as saying “We won.”",
        "Ann Lee allegedly told friends: “We won.”",
    ],
)
def test_a_relay_the_article_leaves_unsaid(text: str) -> None:
    speaker, chain, sourcing, hedged = reading(text, "We won")
    assert (speaker, chain, sourcing, hedged) == ("Ann Lee", [None], "not_stated", True)


def test_another_outlets_interview_is_a_pickup() -> None:
    text = "“We won,” Ann Lee told CNN."
    assert reading(text, "We won", outlet="Newspoint")[2] == "pickup"
    assert reading(text, "We won", outlet="CNN")[2] == "firsthand"


def test_an_outlet_is_no_relay_in_its_own_article() -> None:
    text = "Ann Lee said they had won, according to Reuters."
    assert reading(text, "they had won", outlet="Reuters")[1:3] == ([], "firsthand")
    assert reading(text, "they had won", outlet="CNN")[1:3] == (["Reuters"], "secondhand")


def test_according_to_alone_is_no_hedge() -> None:
    assert reading("Ann Lee said they had won, according to Paul Roe.", "they had won")[3] is False


@pytest.mark.parametrize(
    ("text", "words", "interest"),
    [
        (
            "Ann Lee vowed to resign, according to Paul Roe, an aide to Mayor Ann Lee.",
            "to resign",
            "aide to Mayor Ann Lee",
        ),
        ("Ann Lee vowed to resign, according to Lee’s lawyer Paul Roe.", "to resign", "Lee’s lawyer"),
        ("Ann Lee vowed to resign, according to Paul Roe.", "to resign", ""),
    ],
)
def test_whose_side_an_intermediary_is_on(text: str, words: str, interest: str) -> None:
    (hit,) = [a for a in read(text, published=DAY) if a.wraps is None and words in a.content[0].of(text)]
    assert [step.interest for step in hit.relays] == [interest]
