"""Forty chains and the sentence each may be printed as: grammatical, and true to its chain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.text.verdict import CLASS_NAMES
from quotes.text.wording import Report, Teller, safe, typeset
from tests.text.awkward import any_text, many

USHAKOV = Teller("Yuri Ushakov", "Russian presidential aide")
AIDE = Teller("Yuri Ushakov", "an aide to the Russian president")
OFFICIALS = Teller("two officials briefed on the call", is_named=False)
OFFICIAL = Teller("a Western official", is_named=False)
WIRE = Teller("Northern Wire")
BRIDGE = "We will rebuild the bridge before the winter."


def told(words: str, form: str = "direct", sourcing: str = "firsthand", **rest: object) -> Report:
    return Report(words, form, sourcing, **{"speaker": "Ann Lee", "outlet": "the Echo", **rest})  # type: ignore[arg-type]


CHAINS = [
    # firsthand
    (told(BRIDGE), "Ann Lee said, the Echo reported: “We will rebuild the bridge before the winter.”"),
    (told(BRIDGE, outlet=""), "Ann Lee said: “We will rebuild the bridge before the winter.”"),
    (
        told('He said "no" and we said "we will see", and that was that.'),
        "Ann Lee said, the Echo reported: “He said ‘no’ and we said ‘we will see’, and that was that.”",
    ),
    (
        told("Will the bridge stand another winter?"),
        "Ann Lee said, the Echo reported: “Will the bridge stand another winter?”",
    ),
    (
        told("the bridge would not stand", "indirect"),
        "Ann Lee said that the bridge would not stand, the Echo reported.",
    ),
    (
        told("The roof had leaked for years", "indirect"),
        "Ann Lee said that the roof had leaked for years, the Echo reported.",
    ),
    (told("that the roof leaked", "indirect"), "Ann Lee said that the roof leaked, the Echo reported."),
    (
        told("she had never seen the letter", "indirect"),
        "Ann Lee said, in the Echo’s words, that she had never seen the letter, the Echo reported.",
    ),
    (told("a ban on heavy lorries", "indirect"), "Ann Lee spoke of a ban on heavy lorries, the Echo reported."),
    (told("how the money was spent", "indirect"), "Ann Lee spoke of how the money was spent, the Echo reported."),
    (told("Closing the pool for good", "indirect"), "Ann Lee spoke of closing the pool for good, the Echo reported."),
    (
        told("to rebuild the bridge", "indirect", cue="has vowed"),
        "Ann Lee vowed to rebuild the bridge, the Echo reported.",
    ),
    (
        told("not to sell the park", "indirect", cue="promised"),
        "Ann Lee promised not to sell the park, the Echo reported.",
    ),
    (
        told("to have rebuilt the bridge", "indirect", cue="claimed"),
        "Ann Lee claimed to have rebuilt the bridge, the Echo reported.",
    ),
    (
        told("to have rebuilt the bridge", "indirect"),
        "Ann Lee is reported to have rebuilt the bridge, the Echo reported.",
    ),
    (
        told("to rebuild the bridge", "indirect", cue="said"),
        "Ann Lee said something that the Echo puts as “to rebuild the bridge”, the Echo reported.",
    ),
    (
        told('the bridge is "beyond repair"', "mixed"),
        "Ann Lee said that the bridge is “beyond repair”, the Echo reported.",
    ),
    (told("a disgrace"), "Ann Lee used the words “a disgrace”, the Echo reported."),
    (told("anytime"), "Ann Lee used the word “anytime”, the Echo reported."),
    (
        told(BRIDGE, speaker="a senior official"),
        "A senior official said, the Echo reported: “We will rebuild the bridge before the winter.”",
    ),
    (told(BRIDGE, speaker=""), "Somebody said, the Echo reported: “We will rebuild the bridge before the winter.”"),
    (
        told(BRIDGE, speaker="The Kremlin"),
        "The Kremlin said, the Echo reported: “We will rebuild the bridge before the winter.”",
    ),
    # record and pickup
    (told(BRIDGE, sourcing="record"), "Ann Lee said: “We will rebuild the bridge before the winter.”"),
    (
        told(BRIDGE, sourcing="pickup", venue="Northern Wire"),
        "According to Northern Wire, Ann Lee said: “We will rebuild the bridge before the winter.”",
    ),
    (
        told("the bridge would not stand", "indirect", "pickup", venue="CNN"),
        "According to CNN, Ann Lee said that the bridge would not stand.",
    ),
    # secondhand, named
    (
        told('to answer Putin\'s calls "anytime"', "mixed", "secondhand", tellers=[USHAKOV], cue="vowed"),
        "According to Russian presidential aide Yuri Ushakov, Ann Lee vowed to answer Putin’s calls “anytime”.",
    ),
    (
        told(BRIDGE, sourcing="secondhand", tellers=[AIDE]),
        "According to Yuri Ushakov, an aide to the Russian president, Ann Lee said: “We will rebuild the bridge before the winter.”",
    ),
    (
        told("anytime", sourcing="secondhand", tellers=[USHAKOV]),
        "According to Russian presidential aide Yuri Ushakov, Ann Lee used the word “anytime”.",
    ),
    (
        told("The talks had failed", "indirect", "secondhand", tellers=[Teller("Interfax")]),
        "According to Interfax, Ann Lee said that the talks had failed.",
    ),
    (
        told(BRIDGE, sourcing="secondhand", tellers=[Teller("Yuri Ushakov", is_inferred=True)]),
        "By what reads as Yuri Ushakov’s account, Ann Lee said: “We will rebuild the bridge before the winter.”",
    ),
    (
        told("The talks had failed", "indirect", "secondhand", tellers=[Teller("Paul Reyes", "the mayor's lawyer")]),
        "According to Paul Reyes, the mayor's lawyer, Ann Lee said that the talks had failed.",
    ),
    # unnamed, third-hand, not stated
    (
        told("talks could not go on forever", "indirect", "secondhand_unnamed", tellers=[OFFICIALS]),
        "According to two officials briefed on the call, whom the Echo does not name, Ann Lee said that talks could not go on forever.",
    ),
    (
        told(
            "talks had failed",
            "indirect",
            "secondhand_unnamed",
            tellers=[OFFICIAL],
            speaker="A European diplomat",
            outlet="",
        ),
        "According to a Western official, who is not named, a European diplomat said that talks had failed.",
    ),
    (
        told("talks had failed", "indirect", "thirdhand", tellers=[USHAKOV, WIRE]),
        "According to Northern Wire, citing Russian presidential aide Yuri Ushakov, Ann Lee said that talks had failed.",
    ),
    (
        told(BRIDGE, sourcing="thirdhand", tellers=[OFFICIAL, USHAKOV, WIRE]),
        "According to Northern Wire, citing Russian presidential aide Yuri Ushakov, who cites a Western official, who is not named, "
        "Ann Lee said: “We will rebuild the bridge before the winter.”",
    ),
    (
        told(BRIDGE, sourcing="not_stated", tellers=[Teller()]),
        "Ann Lee is reported to have said, the Echo writes without saying who told it: “We will rebuild the bridge before the winter.”",
    ),
    (
        told("talks had failed", "indirect", "not_stated", speaker="two officials"),
        "Two officials are reported to have said that talks had failed, the Echo writes without saying who told it.",
    ),
    # hedged, translated, disputed
    (
        told(BRIDGE, sourcing="secondhand", tellers=[USHAKOV], is_hedged=True),
        "According to Russian presidential aide Yuri Ushakov, Ann Lee is reported to have said: “We will rebuild the bridge before the winter.”",
    ),
    (
        told("to rebuild the bridge", "indirect", "secondhand", tellers=[WIRE], cue="vowed", is_hedged=True),
        "According to Northern Wire, Ann Lee is reported to have vowed to rebuild the bridge.",
    ),
    (
        told(BRIDGE, sourcing="secondhand", tellers=[USHAKOV], language="ru"),
        "According to Russian presidential aide Yuri Ushakov, Ann Lee said: “We will rebuild the bridge before the winter.” "
        "The words are a translation from Russian.",
    ),
    (
        told("a disgrace", language="tlh", dispute="Ann Lee denies it"),
        "Ann Lee used the words “a disgrace”, the Echo reported. The words are a translation. This is disputed: Ann Lee denies it.",
    ),
]


def test_there_are_forty() -> None:
    assert len(CHAINS) >= 40
    assert {report.sourcing for report, _ in CHAINS} == set(CLASS_NAMES)


@pytest.mark.parametrize(("report", "sentence"), CHAINS, ids=[sentence[:50] for _, sentence in CHAINS])
def test_safe(report: Report, sentence: str) -> None:
    assert safe(report) == sentence


@many
@given(any_text, st.sampled_from(["direct", "indirect", "mixed"]), st.sampled_from(sorted(CLASS_NAMES)), any_text)
def test_any_text(words: str, form: str, sourcing: str, name: str) -> None:
    """Whatever the words, everyone it came through is in the sentence, and it ends like one."""
    tellers = [USHAKOV, Teller(name)] if sourcing == "thirdhand" else []
    sentence = safe(told(words, form, sourcing, tellers=tellers))
    assert all(teller.name in sentence or not teller.name for teller in tellers)
    assert sentence.rstrip("”’")[-1] in ".!?…"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('He said "no" to it', "He said “no” to it"),
        ("it's the voters' choice", "it’s the voters’ choice"),
        ("“already turned”", "“already turned”"),
        ('("aside")', "(“aside”)"),
    ],
)
def test_typeset(words: str, expected: str) -> None:
    assert typeset(words) == expected
