from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.text import extraction, rules, tagger
from quotes.text.decoding import CONTENT, CUE, SOURCE, Relation, Stretch
from quotes.text.extraction import tagged, triples
from quotes.text.pieces import Pieces, pieces, tokenizer_from
from quotes.text.quotation import quotations
from quotes.text.rules import Triple
from tests.text.awkward import LONG_TEXTS, PROSE, any_text, many, seconds

Row = tuple[str, str, str]

with_surrogates = st.text(st.characters(), max_size=100)


@pytest.fixture(scope="module", autouse=True)
def _shipped() -> Iterator[None]:
    tagger.use(tagger.SHIPPED)
    yield
    tagger.use(tagger.SHIPPED)


@pytest.fixture
def _rules_alone() -> Iterator[None]:
    tagger.use(None)
    yield
    tagger.use(tagger.SHIPPED)


def row(text: str, triple: Triple) -> Row:
    """Source, cue and content as printed, parts joined by a bar."""
    source, cue, content = (
        " | ".join(span.of(text) for span in spans) for spans in (triple.source, triple.cue, triple.content)
    )
    return source, cue, content


def rows(text: str) -> list[Row]:
    return [row(text, triple) for triple in triples(text)]


def layers(text: str) -> list[tuple[str, str, bool]]:
    """Source and cue of each relation, and whether it stands inside another."""
    return [(*row(text, triple)[:2], triple.inner) for triple in triples(text)]


def fails(reason: str, *values: object) -> object:
    """A fault still there."""
    return pytest.param(*values, id=reason, marks=pytest.mark.xfail(strict=True, reason=reason))


def assert_sound(text: str, found: Sequence[Triple]) -> None:
    for triple in found:
        assert len(triple.cue) == 1
        assert len(triple.source) <= 1
        assert triple.content
        spans = triple.source + triple.cue + triple.content
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(span.of(text).strip() for span in spans)
        assert 0 <= triple.confidence <= 1
    cues = [triple.cue[0] for triple in found]
    assert cues == sorted(cues)


# with the shipped model


def test_it_works() -> None:
    text = "Ann Lee said no dam was safe."
    (found,) = triples(text)
    assert row(text, found) == ("Ann Lee", "said", "no dam was safe")
    assert found.verb is not None
    assert found.verb.lemma == "say"
    assert found.confidence > 0.5
    assert not found.inner
    assert found.is_statement


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The road will close,” the mayor said.", [("the mayor", "said", "“The road will close,”")]),
        ('"The road will close," said the mayor.', [("the mayor", "said", '"The road will close,"')]),
        ("Berg said: “It was late.”", [("Berg", "said", "“It was late.”")]),
        ("“The road,” the mayor said, “will close.”", [("the mayor", "said", "“The road,” | “will close.”")]),
        ("The road will close, according to Anna Berg.", [("Anna Berg", "according to", "The road will close")]),
        ("LEE: I never said that about the wall.", [("LEE", ":", "I never said that about the wall.")]),
        ("“Never again.” — Ann Lee", [("Ann Lee", "—", "“Never again.”")]),
        (
            "Ann Lee said the dam was old. The mayor said it would hold.",
            [("Ann Lee", "said", "the dam was old"), ("The mayor", "said", "it would hold")],
        ),
    ],
)
def test_relations(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize("marks", ["“”", '""', "‘’", "''", "«»", "„“", "»«"])
def test_marks_of_every_kind(marks: str) -> None:
    quotation = f"{marks[0]}The dam will hold,{marks[1]}"
    assert rows(f"{quotation} Ann Lee said on Monday.") == [("Ann Lee", "said", quotation)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n",
        "There is nothing here to be read as speech.",
        "“Nobody knows.”",
        "said said said",
        "Nobody said that.",
        "Nobody said the dam was old.",
        "“The dam is old,” nobody said.",
        "No one said that the dam was old.",
        "No-one said the dam was old.",
        "No official said the dam was old.",
        "None of the officials said the dam was old.",
        "Not a single official said the dam was old.",
        "Neither Berg nor Lee said the dam was old.",
        fails("a question is read as an answer", "Did Berg say the dam was old?"),
    ],
)
def test_no_relation(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ann Lee said they had won, according to Paul Roe.",
            [("Ann Lee", "said", True), ("Paul Roe", "according to", False)],
        ),
        (
            "According to Paul Roe, Ann Lee said they had won.",
            [("Paul Roe", "According to", False), ("Ann Lee", "said", True)],
        ),
        (
            "“We won the vote,” Ann Lee said, according to Paul Roe.",
            [("Ann Lee", "said", True), ("Paul Roe", "according to", False)],
        ),
        (
            "Ann Lee said they had won, Reuters reported.",
            [("Ann Lee", "said", True), ("Reuters", "reported", False)],
        ),
        (
            "Interfax quoted Ann Lee as saying that they had won.",
            [("Interfax", "quoted", False), ("Ann Lee", "as saying", True)],
        ),
        (
            "Berg said that Lee had told her the dam would hold.",
            [("Berg", "said", False), ("Lee", "had told", True)],
        ),
        # side by side is no layer
        (
            "Ann Lee said they had won. They had lost, according to Paul Roe.",
            [("Ann Lee", "said", False), ("Paul Roe", "according to", False)],
        ),
    ],
)
def test_layers(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert layers(text) == expected


def test_the_outer_layer_holds_the_inner_one() -> None:
    text = "Ann Lee said they had won, according to Paul Roe."
    inner, outer = triples(text)
    assert row(text, inner) == ("Ann Lee", "said", "they had won")
    assert row(text, outer) == ("Paul Roe", "according to", "Ann Lee said they had won")
    assert outer.hands_on
    assert all(outer.content[0].covers(span) for span in inner.source + inner.cue + inner.content)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("“He told me ‘no, the dam will never hold,’” Ann Lee said.", ("He", "told", "‘no, the dam will never hold,’")),
        (
            "\"He told me 'no, the dam will never hold,'\" Ann Lee said.",
            ("He", "told", "'no, the dam will never hold,'"),
        ),
        ("“The mayor told me the dam would hold,” Ann Lee said.", ("The mayor", "told", "the dam would hold")),
        (
            "Ann Lee said: “The mayor said, ‘The dam will hold.’ I did not believe her.”",
            ("The mayor", "said", "‘The dam will hold.’"),
        ),
        ("‘The mayor said “it will hold” to me,’ Ann Lee said.", ("The mayor", "said", "“it will hold” to me")),
    ],
)
def test_quotations_within_quotations(text: str, within: Row) -> None:
    found = triples(text)
    assert sorted(triple.inner for triple in found) == [False, True]
    (inner,) = (triple for triple in found if triple.inner)
    (outer,) = (triple for triple in found if not triple.inner)
    assert row(text, inner) == within
    assert row(text, outer)[:2] == ("Ann Lee", "said")


@pytest.mark.usefixtures("_rules_alone")
def test_a_quotation_that_is_nobodys_is_not_read() -> None:
    """Only what stands inside a content is read for more."""
    quotation = "“Ann Lee says the dam will hold for ever.”"
    assert rows(quotation) == []
    assert len(rows(f"Roe said: {quotation}")) == 2


def test_contents_with_only_space_between_are_one() -> None:
    assert rows("Berg said: “We lost.” “We won.”") == [("Berg", "said", "“We lost.” “We won.”")]


@pytest.mark.parametrize("tag", [", Ann Lee said.", ", said Ann Lee."])
def test_a_forgotten_closing_mark(tag: str) -> None:
    words = "“The dam will hold, and the town need fear nothing at all from it this winter, because we have looked at "
    words += "every stone of it twice and found no crack that would let the water through"
    text = words + tag
    (found,) = triples(text)
    assert row(text, found)[:2] == ("Ann Lee", "said")
    assert not any(span.overlaps(other) for span in found.content for other in found.source + found.cue)


# any text


@many
@given(any_text | with_surrogates)
def test_any_text(text: str) -> None:
    assert_sound(text, triples(text))


@many
@given(st.lists(st.sampled_from([*"“”‘’,.:\n—", "Ann Lee said", "said Roe", "it will hold", "according to", "that"])))
def test_any_reporting(words: list[str]) -> None:
    text = " ".join(words)
    found = triples(text)
    assert_sound(text, found)
    for triple in found:
        if triple.inner:
            assert any(span.covers(triple.cue[0]) for other in found if other is not triple for span in other.content)


@many
@given(any_text)
@pytest.mark.usefixtures("_rules_alone")
def test_any_text_by_the_rules_alone(text: str) -> None:
    assert_sound(text, triples(text))


@pytest.mark.parametrize(
    "name", ["one word", "straight double marks", "full stops", "opening marks with spaces", "spaces"]
)
def test_long_text(name: str) -> None:
    assert_sound(LONG_TEXTS[name][:10_000], triples(LONG_TEXTS[name][:10_000]))


def test_time_is_linear() -> None:
    """Four times the text takes four times as long."""
    triples(PROSE)
    short, long = (PROSE * (length // len(PROSE)) for length in (20_000, 80_000))
    assert seconds(triples, long) < 8 * min(seconds(triples, short) for _ in range(2))


@pytest.mark.parametrize("unit", ["He said, ", "according to ", "Berg said that Lee said that "])
def test_no_word_is_read_many_times(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = unit * (500 // len(unit))
    read = []
    cut = extraction.pieces

    def counted(text: str, *others: Any) -> Pieces:
        read.append(len(text))
        return cut(text, *others)

    monkeypatch.setattr(extraction, "pieces", counted)
    triples(text)
    assert sum(read) <= 10 * len(text)


# without a model


TEXTS = [
    "Ann Lee said no dam was safe.",
    "Ann Lee said they had won, according to Paul Roe.",
    "Interfax quoted Ann Lee as saying that they had won.",
    "“The road,” the mayor said, “will close.”",
    "“The dam is old,” nobody said.",
    PROSE * 3,
    "",
]


@pytest.mark.usefixtures("_rules_alone")
@pytest.mark.parametrize("text", TEXTS)
def test_the_rules_alone(text: str) -> None:
    assert triples(text) == rules.triples(text)


@pytest.mark.usefixtures("_rules_alone")
def test_the_rules_alone_read_within_quotation_marks() -> None:
    text = "“He told me ‘no, the dam will never hold,’” Ann Lee said."
    assert layers(text) == [("He", "told", True), ("Ann Lee", "said", False)]


@pytest.mark.usefixtures("_rules_alone")
def test_the_rules_alone_need_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger, "Tagger", None)
    monkeypatch.setattr(extraction, "pieces", None)
    assert len(triples(PROSE)) == 1


@pytest.mark.usefixtures("_rules_alone")
def test_a_model_that_cannot_be_used_leaves_it_to_the_rules(tmp_path: Path) -> None:
    tagger.use(tmp_path)
    assert [triples(text) for text in TEXTS] == [rules.triples(text) for text in TEXTS]
    assert str(tmp_path) in tagger.state().problem


# what is made of the tagger's answer, with answers made by hand


@cache
def tokenizer() -> Any:
    return tokenizer_from(tagger.SHIPPED / "tokenizer.json")


def part(text: str, cut: Pieces, role: int, words: str) -> Stretch:
    start = text.index(words)
    first, last = np.searchsorted(cut.starts, (start, start + len(words)))
    return Stretch(role, int(first), int(last), 0.9)


def read(
    text: str,
    cue: str,
    source: str,
    *contents: str,
    ruled: Sequence[Triple] = (),
    odds: float = 9.0,
    least: float = 0.5,
) -> list[Row]:
    """What becomes of one relation; `odds` are the log-odds that it is right."""
    cut = pieces(text, tokenizer())
    relation = Relation(
        part(text, cut, CUE, cue) if cue else None,
        part(text, cut, SOURCE, source) if source else None,
        tuple(part(text, cut, CONTENT, words) for words in contents),
        0.9,
        0.9,
    )
    model = SimpleNamespace(
        tokenizer=tokenizer(), relations=lambda _: [relation], weights={"one": odds}, least=least, name="by hand"
    )
    found = tagged(text, quotations(text), ruled, model)
    assert_sound(text, found)
    return [row(text, triple) for triple in found]


LEE = "“The dam will hold for ever,” Ann Lee said."


@pytest.mark.parametrize(
    ("text", "cue", "source", "contents", "expected"),
    [
        (
            LEE,
            "said",
            "Ann Lee",
            ["“The dam will hold for ever,”"],
            ("Ann Lee", "said", "“The dam will hold for ever,”"),
        ),
        # what belongs to none of them is trimmed
        ("Lee said: it holds, she thinks", "said:", "Lee", ["it holds,"], ("Lee", "said", "it holds")),
        ("Lee said, it holds", "said,", "Lee", ["it holds"], ("Lee", "said", "it holds")),
        ("Lee: it holds", ":", "Lee", ["it holds"], ("Lee", ":", "it holds")),
        ("He knew that she said it holds", "said", "that she", ["it holds"], ("she", "said", "it holds")),
        ("That man said it holds", "said", "That man", ["it holds"], ("That man", "said", "it holds")),
        ("Is said that it holds", "said", "", ["that it holds"], ("", "said", "that it holds")),
        # contents with only space between are one
        (
            "Lee said it holds for ever",
            "said",
            "Lee",
            ["it holds", "for", "ever"],
            ("Lee", "said", "it holds for ever"),
        ),
        (
            "It holds, Lee said, for ever",
            "said",
            "Lee",
            ["It holds", "for ever"],
            ("Lee", "said", "It holds | for ever"),
        ),
        ("It holds and lasts, Lee said", "said", "Lee", ["It holds", "lasts"], ("Lee", "said", "It holds | lasts")),
        ("Lee said “a b.” “c d.”", "said", "Lee", ["“a b.”", "“c d.”"], ("Lee", "said", "“a b.” “c d.”")),
        ("Lee said “a b.”\n“c d.”", "said", "Lee", ["“a b.”", "“c d.”"], ("Lee", "said", "“a b.” | “c d.”")),
        # a content that misses the end of a quotation by little means all of it
        (
            LEE,
            "said",
            "Ann Lee",
            ["“The dam will hold for ever,"],
            ("Ann Lee", "said", "“The dam will hold for ever,”"),
        ),
        (
            LEE,
            "said",
            "Ann Lee",
            ["The dam will hold for ever,”"],
            ("Ann Lee", "said", "“The dam will hold for ever,”"),
        ),
        (LEE, "said", "Ann Lee", ["The dam will hold for ever"], ("Ann Lee", "said", "“The dam will hold for ever,”")),
        (LEE, "said", "Ann Lee", ["will hold"], ("Ann Lee", "said", "will hold")),
        (LEE, "said", "Ann Lee", ["“The dam"], ("Ann Lee", "said", "“The dam")),
        # how it was said is no content
        ("Lee said “it holds” repeatedly", "said", "Lee", ["“it holds” repeatedly"], ("Lee", "said", "“it holds”")),
        ("Lee warned her: “It holds.”", "warned", "Lee", ["her: “It holds.”"], ("Lee", "warned", "“It holds.”")),
    ],
)
def test_by_hand(text: str, cue: str, source: str, contents: list[str], expected: Row) -> None:
    assert read(text, cue, source, *contents) == [expected]


def test_a_content_is_not_drawn_over_its_cue() -> None:
    words = (
        "“The dam will hold, and the town need fear nothing at all from it in the winter, or in spring, or ever after"
    )
    assert read(f"{words}, Lee said.", "said", "Lee", words) == [("Lee", "said", words)]


def test_a_content_without_a_cue_is_nobodys() -> None:
    assert read(LEE, "", "", "“The dam will hold for ever,”") == []


@pytest.mark.parametrize(
    ("text", "content"), [("Lee said , it holds", ","), ("This comes as Lee said no", "This comes as")]
)
def test_a_content_of_no_words_is_none(text: str, content: str) -> None:
    assert read(text, "said", "Lee", content) == []


@pytest.mark.parametrize(("odds", "least", "kept"), [(0.0, 0.49, 1), (0.0, 0.51, 0), (-3.0, 0.0, 1), (3.0, 0.99, 0)])
def test_what_is_more_likely_wrong_than_useful(odds: float, least: float, kept: int) -> None:
    assert len(read("Lee said it holds", "said", "Lee", "it holds", odds=odds, least=least)) == kept


def test_a_quotation_on_which_the_rules_agree_is_kept() -> None:
    ruled = rules.triples(LEE)
    words = "“The dam will hold for ever,”"
    assert read(LEE, "said", "Ann Lee", words, odds=-9) == []
    assert read(LEE, "said", "Ann Lee", words, odds=-9, ruled=ruled) == [("Ann Lee", "said", words)]
    assert read(LEE, "said", "", words, odds=-9, ruled=ruled) == [("Ann Lee", "said", words)]  # and so is their source
    assert read(LEE, "said", "", "“The dam", odds=-9, ruled=ruled) == []  # not agreed


def test_a_source_read_as_a_piece_of_the_content() -> None:
    words = "“The dam will hold for ever,”"
    assert read(LEE, "said", "", words, "Ann Lee", ruled=rules.triples(LEE)) == [("Ann Lee", "said", words)]


@pytest.mark.parametrize(
    "who",
    ["Nobody", "No one", "No-one", "None", "No official", "Neither Roe nor Lee", "Not one of them", "nobody in Ohio"],
)
def test_nobody_says_nothing(who: str) -> None:
    assert read(f"{who} said it holds", "said", who, "it holds") == []


@pytest.mark.parametrize(
    "who",
    [
        "Noah Roe",
        "Norman Lee",
        "Nonesuch",
        "Lee and Roe",
        "Eleanor Roe",
        "No 10",
        "No. 10",
        "None other than Ann Lee",
    ],
)
def test_somebody_is_not_taken_for_nobody(who: str) -> None:
    assert read(f"{who} said it holds", "said", who, "it holds") == [(who, "said", "it holds")]
