from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from quotes.text.frequencies import background
from quotes.text.keys import key_of
from quotes.text.match import SAME_AT, Wording, compare, evidence
from quotes.text.reasons import sentences
from tests.text.awkward import any_text, many

DAY = date(2025, 5, 21)
LONG = "Vladimir, you can pick up the phone anytime, and I'll be happy to answer and happy to talk to you."
BRIDGE = "We will rebuild the stone bridge over the Harrow before the winter floods"


def said(text: str, speaker: str = "Ann Lee", day: date | None = DAY) -> Wording:
    return Wording(text, speaker, day)


def test_the_same_words_of_one_speaker_on_one_day_are_one_quote() -> None:
    found = compare(said(LONG), said(f"“{LONG}”"))
    assert found.tier == "same"
    assert found.probability > SAME_AT
    assert sentences(found.evidence) == [
        "The words are the same.",
        "Both are put down to the same speaker.",
        "Reported on the same day.",
    ]


@pytest.mark.parametrize(
    "other",
    [
        "Vladimir, you can pick up your phone any time, and I will be happy to answer and happy to talk to you.",
        "You can pick up the phone anytime, and I'll be happy to answer",
        "I'll be happy to answer and happy to talk to you. Vladimir, you can pick up the phone anytime",
        "he could pick up the phone anytime and he would be happy to answer",
        f"He told him: {LONG} And that was the end of the call between the two of them.",
    ],
)
def test_rewordings_are_linked(other: str) -> None:
    assert compare(said(LONG), said(other)).tier == "same"


@pytest.mark.parametrize(
    ("one", "other", "tier"),
    [
        (said(BRIDGE), said(BRIDGE.replace("will", "will not")), "offer"),  # the dangerous one
        (said(BRIDGE), said(BRIDGE.replace("stone bridge", "two stone bridges")), "offer"),
        (said(BRIDGE), said(BRIDGE, "Paul Roe"), "offer"),  # never across speakers
        (said(BRIDGE), said("The dam above the town is old and nobody has looked at it for years"), "different"),
        (said("no comment"), said("No comment.", "Paul Roe"), "different"),
        (said("no comment"), said("No comment."), "same"),  # the same days, exactly
        (said("no comment"), said("No comment.", day=date(2025, 6, 21)), "different"),
        (said("anytime"), said(LONG), "same"),  # a fragment, on the same days
        (said("anytime"), said(LONG, day=date(2025, 5, 28)), "different"),
        (said("happy"), said(LONG, "Paul Roe"), "different"),
        (said("anytime", "Trump"), said(LONG, "the Republican"), "same"),  # as he is described
        (said(""), said(LONG), "different"),
        (said("👍"), said("🔥"), "different"),
    ],
)
def test_tier(one: Wording, other: Wording, tier: str) -> None:
    assert compare(one, other).tier == tier
    assert compare(other, one).tier == tier


def test_an_alarm_names_the_words() -> None:
    found = compare(said("We will not send any troops to the border"), said("We will send any troops to the border"))
    assert [str(alarm) for alarm in found.alarms] == ["Only one of the two says “not”."]


def test_what_tells_more_weighs_more() -> None:
    slogan = compare(said("make America great again"), said("to make America great again, as my father did"))
    remark = compare(said("waterboard the marmalade harpsichord"), said("to waterboard the marmalade harpsichord, yes"))
    assert remark.evidence.mass > 1.5 * slogan.evidence.mass
    assert remark.probability > slogan.probability


def test_names_count_a_quarter() -> None:
    named = evidence(said("Yolanda Grimsby met Ignatius Quell"), said("Ignatius Quell met Yolanda Grimsby again"))
    plain = evidence(said("yellow grapes met ignoble quilts"), said("ignoble quilts met yellow grapes again"))
    assert named.mass < 0.5 * plain.mass


def test_nothing_but_a_title_is_no_quote() -> None:
    found = compare(said("The Rachel Winslow Hour"), said("The Rachel Winslow Hour", day=date(2025, 5, 25)))
    assert found.evidence.is_title
    assert "Nothing but names is shared." in sentences(
        evidence(said("The Rachel Winslow Hour"), said("on the Rachel Winslow Hour"))
    )


def test_the_background_knows_common_words() -> None:
    known = background()
    assert known.weight(key_of("peopl")) < known.weight(key_of("bridg")) < known.weight(key_of("marmalad"))


@many
@given(any_text, any_text)
def test_any_text(one: str, other: str) -> None:
    found = compare(Wording(one), Wording(other))
    assert 0 <= found.probability <= 1
    assert found.probability == pytest.approx(compare(Wording(other), Wording(one)).probability)
    assert sentences(found.evidence)
    assert found.evidence.reasons()
