from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.text.attribute import AttributionCandidate, read
from quotes.text.clean import clean
from tests.text.more_rewrites import MORE_REWRITES
from tests.text.rewrites import REWRITES, Expected, Rewrite

PUBLISHED = date(2025, 5, 21)
CASES = [(rewrite, expected) for rewrite in (*REWRITES, *MORE_REWRITES) for expected in rewrite.expected]
FOUNDING = (
    Expected('calls "anytime"', "Donald Trump", ("Yuri Ushakov",), "mixed"),
    Expected('"resolved to some degree"', "Donald Trump", ("Yuri Ushakov",), "mixed"),
    Expected("Vladimir, you can pick up", "Donald Trump", ("Yuri Ushakov",), inferred=True, hedged=True),
    Expected('neither president "wanted to end" the "rare" phone call', "Yuri Ushakov", form="mixed"),
    Expected("I'll tell you, it's rare", "Yuri Ushakov"),
    Expected("the Russian president met with volunteer", "Kremlin", form="indirect"),
    Expected("Russia shot down 159 drones", "Russia’s defence ministry", form="indirect"),
    Expected("killed six soldiers", "Ukraine’s national guard", form="indirect"),
)


def that_says(found: list[AttributionCandidate], text: str, words: str) -> AttributionCandidate:
    """The one statement, wrappers aside, whose content holds the words."""
    (hit,) = [a for a in found if a.wraps is None and any(words in span.of(text) for span in a.content)]
    return hit


def check(hit: AttributionCandidate, expected: Expected) -> None:
    assert hit.speaker.label == expected.speaker
    assert tuple(step.party.label for step in hit.relays) == expected.via
    assert hit.form == expected.form
    assert any(step.inferred for step in hit.relays) is expected.inferred
    assert hit.hedged is expected.hedged
    assert hit.sourcing == expected.sourcing
    assert hit.is_quotable


@pytest.mark.parametrize("expected", FOUNDING, ids=lambda expected: expected.words[:24])
@pytest.mark.parametrize("as_scraped", [True, False], ids=["scraped", "cleaned"])
def test_founding_article(founding_text: str, expected: Expected, as_scraped: bool) -> None:
    text = founding_text if as_scraped else clean(founding_text, headline=True).text
    check(that_says(read(text, published=PUBLISHED), text, expected.words), expected)


def test_founding_article_has_both_layers(founding_text: str) -> None:
    found = read(founding_text, published=PUBLISHED)
    wrappers = [a for a in found if a.wraps is not None]
    assert [(a.speaker.name, found[a.wraps or 0].speaker.name) for a in wrappers] == [
        ("Yuri Ushakov", "Donald Trump")
    ] * 2
    assert all(a.cue[0].of(founding_text) == "according to" for a in wrappers)


def test_a_relay_keeps_its_role_and_the_words_that_say_so(founding_text: str) -> None:
    (step,) = that_says(read(founding_text, published=PUBLISHED), founding_text, 'calls "anytime"').relays
    assert step.party.role == "Russian presidential aide"
    assert [span.of(founding_text) for span in step.cue] == ["according to"]
    assert [span.of(founding_text) for span in step.mention] == ["Russian presidential aide Yuri Ushakov"]


@pytest.mark.parametrize(("rewrite", "expected"), CASES, ids=[f"{r.name}: {e.words[:20]}" for r, e in CASES])
def test_rewrites(rewrite: Rewrite, expected: Expected) -> None:
    check(that_says(read(rewrite.text, published=rewrite.published), rewrite.text, expected.words), expected)


def test_the_day_decides_who_the_president_is() -> None:
    text = "The US president vowed to veto the bill."
    named = {day: read(text, published=date(day, 6, 1))[0].speaker.name for day in (2010, 2018, 2022)}
    assert named == {2010: "Barack Obama", 2018: "Donald Trump", 2022: "Joe Biden"}


def test_inferred_relays_are_less_sure_than_stated_ones(founding_text: str) -> None:
    found = read(founding_text, published=PUBLISHED)
    stated = that_says(found, founding_text, 'calls "anytime"')
    inferred = that_says(found, founding_text, "Vladimir, you can pick up")
    assert inferred.confidence < stated.confidence


ACCOUNT = """\
Donald Trump spoke to Vladimir Putin by telephone on Monday.

Russian presidential aide Yuri Ushakov described the conversation between the two presidents to reporters in Moscow.

"We should meet soon," Trump said.

{end}

"We should meet soon indeed," Trump said.
"""


def test_an_account_ends_with_another_partys_statement() -> None:
    text = ACCOUNT.format(end="The White House said a statement would follow.")
    assert [s.inferred for s in that_says(read(text, published=PUBLISHED), text, "meet soon,").relays] == [True]
    assert that_says(read(text, published=PUBLISHED), text, "soon indeed").relays == ()


def test_a_statement_with_its_own_channel_needs_no_narrator() -> None:
    text = ACCOUNT.format(end='"It went well," Trump told reporters in Washington.')
    assert that_says(read(text, published=PUBLISHED), text, "It went well").relays == ()


def test_two_who_fit_about_as_well_leave_it_open() -> None:
    text = "Adam Roe met Paul Stone at noon. Adam Roe and Paul Stone talked for an hour. He said the deal was done."
    hit = that_says(read(text), text, "the deal was done")
    assert hit.speaker.name is None
    assert {name for name, _ in hit.speaker.candidates} == {"Adam Roe", "Paul Stone"}


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("On Tuesday three men died, the police said.", "On Tuesday three men died"),
        ("At least six people died in the fire, officials said.", "At least six people died in the fire"),
        (
            "The mayor promised to look into the spying reports 'personally'.",
            "to look into the spying reports 'personally'",
        ),
        ("The chancellor told her colleague: “Come and see.”", "“Come and see.”"),
    ],
)
def test_contents_once_misread(text: str, content: str) -> None:
    assert [span.of(text) for found in read(text) for span in found.content] == [content]


def test_no_text_no_attributions() -> None:
    assert read("") == read("\n\n") == read("Nothing is said here by anybody.") == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_spans_inside_it(text: str) -> None:
    for found in read(text):
        for span in (*found.source, *found.cue, *found.content):
            assert 0 <= span.start < span.end <= len(text)


WORDS = st.sampled_from(
    [
        '"',
        "“",
        "”",
        "'",
        "said",
        "according to",
        "He",
        "Lee",
        "the president",
        ",",
        ".",
        "\n\n",
        "quoted",
        "as saying",
        "told",
        "that",
        "(",
        ")",
        "—",
        ":",
        "Mr.",
        "US",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_any_jumble_of_reporting_gives_spans_inside_it(text: str) -> None:
    found = read(text, published=PUBLISHED)
    for index, candidate in enumerate(found):
        assert candidate.content
        assert all(0 <= s.start < s.end <= len(text) for s in (*candidate.source, *candidate.cue, *candidate.content))
        assert candidate.wraps is None or (candidate.wraps != index and candidate.wraps < len(found))


def test_time_grows_in_step_with_length(founding_text: str) -> None:
    """Ten times the text in at most twenty times the time (quadratic growth would take a hundred)."""

    def seconds(copies: int) -> float:
        text = "\n\n".join([founding_text] * copies)
        began = time.perf_counter()
        read(text, published=PUBLISHED)
        return time.perf_counter() - began

    seconds(1)
    assert seconds(30) < 20 * max(seconds(3), 0.05)


def read_of(text: str, words: str) -> tuple[str | None, tuple[str | None, ...], str]:
    hit = that_says(read(text, published=PUBLISHED), text, words)
    return hit.speaker.label, tuple(step.party.label for step in hit.relays), hit.form


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (
            "According to three neighbours who heard the row, Ann Lee told the council that she would “never sign”.",
            "never sign",
            ("Ann Lee", ("three neighbours who heard the row",), "mixed"),
        ),
        (
            "Ann Lee told the court that the pilot, Mark Stone, had cabled: “All is well.”",
            "All is well",
            ("Mark Stone", ("Ann Lee",), "direct"),
        ),
        ("Ann Lee announced a grant, saying that “nobody will go hungry”.", "hungry", ("Ann Lee", (), "direct")),
        (
            "LUCKNOW: The minister Ann Lee on Monday announced a grant, saying that “nobody will go hungry”.\n\n"
            "“The roads come next,” Lee said at a rally.",
            "hungry",
            ("Ann Lee", (), "direct"),
        ),
        (
            "Mark Stone sat down. “We lost,” Mr. Stone said. The three-time champion said he would play on.",
            "he would play on",
            ("Mark Stone", (), "indirect"),
        ),
        (
            "Nobody was hurt, the head of the region, Ivan Orlov, said. “It is over,” the governor wrote.",
            "It is over",
            ("Ivan Orlov", (), "direct"),
        ),
        (
            "Mayor Ann Lee met Senator Mark Stone. “It is over,” the mayor said. The politician added that she would rest.",
            "she would rest",
            ("Ann Lee", (), "indirect"),
        ),
    ],
)
def test_ways_of_the_worlds_papers(
    text: str, words: str, expected: tuple[str | None, tuple[str | None, ...], str]
) -> None:
    assert read_of(text, words) == expected


def test_quotations_of_two_paragraphs_stay_two() -> None:
    text = (
        "LUCKNOW: The minister Ann Lee on Monday announced a grant, saying that “nobody will go hungry”.\n\n"
        "“The roads come next,” Lee said at a rally."
    )
    found = [[span.of(text) for span in a.content] for a in read(text) if a.form == "direct"]
    assert found == [["that “nobody will go hungry”"], ["“The roads come next,”"]]
