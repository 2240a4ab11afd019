from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from quotes.text.pieces import BREAKS, CASES, FEATURES, PLACES, WINDOW, Pieces, pieces, plain, tokenizer_from
from quotes.text.quotation import quotations
from quotes.text.tagger import SHIPPED
from tests.text.awkward import PROSE, STEEP, any_text, growth, many

HANGUL = "한국어 ½ ﬁ ẞ ΐ \U0001f468\u200d\U0001f469\u200d\U0001f467 \u0344"

any_unicode = (
    st.text(st.characters(), max_size=120)  # unlike st.text(), with lone surrogates
    | any_text
    | st.lists(st.sampled_from(["\ud800", "\udfff", "“", "”", "'", "\n", "word", *HANGUL]), max_size=60).map("".join)
)


@cache
def tokenizer() -> Tokenizer:
    return tokenizer_from(SHIPPED / "tokenizer.json")


def cut(text: str) -> Pieces:
    return pieces(text, tokenizer())


def words(text: str) -> list[str]:
    found = cut(text)
    return [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)]


def vocabulary(text: str) -> list[str]:
    """The pieces as the network reads them."""
    return [tokenizer().id_to_token(number) for number in cut(text).ids]


def column(text: str, name: str, values: tuple[str, ...]) -> list[str]:
    number = list(FEATURES).index(name)
    return [values[value] for value in cut(text).features[:, number]]


def fails(reason: str, *values: object) -> object:
    """A fault still there."""
    return pytest.param(*values, id=reason, marks=pytest.mark.xfail(strict=True, reason=reason))


def test_it_works() -> None:
    found = cut("Ann said: “No.”")
    assert vocabulary("Ann said: “No.”") == ["ann", "said", ":", "“", "no", ".", "”"]
    assert found.starts.tolist() == [0, 4, 8, 10, 11, 13, 14]
    assert found.ends.tolist() == [3, 8, 9, 11, 13, 14, 15]
    assert found.features.tolist() == [[2, 0, 1], [1, 0, 0], [0, 0, 0], [0, 1, 0], [2, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert found.units == [(0, 7)]
    assert found.windows() == [(0, 7)]


@pytest.mark.parametrize("text", ["", " ", "\n", "\r\n \n\t", "\ud800", "\x00\u200b"])
def test_nothing_to_read(text: str) -> None:
    found = cut(text)
    assert (found.ids.shape, found.starts.shape, found.ends.shape) == ((0,), (0,), (0,))
    assert found.features.shape == (0, len(FEATURES))
    assert (found.units, found.windows()) == ([], [])


# where pieces lie


@many
@given(any_unicode)
def test_any_text(text: str) -> None:
    found = cut(text)
    n = len(found.ids)
    assert len(found.starts) == len(found.ends) == len(found.features) == n
    spans = list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    # one character may be several pieces (Hangul), but pieces never overlap in part
    assert all(one == other or one[1] <= other[0] for one, other in itertools.pairwise(spans))
    assert not any("\n" in text[start:end] for start, end in spans)
    assert (found.features >= 0).all()
    assert (found.features < list(FEATURES.values())).all()
    for ranges in (found.units, found.windows()):
        assert [at for start, end in ranges for at in range(start, end)] == list(range(n))
        assert all(start < end <= start + WINDOW for start, end in ranges)


@many
@given(any_unicode)
def test_every_character_keeps_its_place(text: str) -> None:
    marked = quotations(text)
    read = plain(text, marked)
    assert len(read) == len(text)
    read.encode()  # no surrogate is left
    touched = {at for q in marked for at in (*range(*q.outer),) if not q.inner.start <= at < q.inner.end}
    assert all(
        one == other or at in touched or other in "'\ufffd"
        for at, (one, other) in enumerate(zip(text, read, strict=True))
    )


def test_a_lone_surrogate_is_passed_over() -> None:
    assert words("He \ud83d said \udc4d.") == ["He", "said", "."]


def test_a_long_word_is_one_piece() -> None:
    assert words("a" * 5000 + " b") == ["a" * 5000, "b"]


def test_known_quotations_are_not_looked_for_again() -> None:
    text = "He said “go”."
    known = pieces(text, tokenizer(), [])
    assert known.features[:, 1].tolist() == [0] * 6
    assert pieces(text, tokenizer(), quotations(text)).features.tolist() == cut(text).features.tolist()


# marks of every kind


@pytest.mark.parametrize("frame", ["Ann Lee said, {}", "{} Ann Lee said.", "He said {} and {} to me.", "{}"])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ('"', '"'),
        ("“", '"'),
        ("”", "”"),
        ("„", "“"),
        ("„", "”"),
        ("‟", "”"),
        ("«", "»"),
        ("« ", " »"),
        ("«\xa0", "\xa0»"),
        ("»", "«"),
        ("»", "»"),
        ("‘", "’"),
        ("'", "'"),
        ("‚", "‘"),
        ("‹", "›"),
        ("''", "''"),
        ("``", "''"),
        ("＂", "＂"),
        ("「", "」"),
        ("『", "』"),
    ],
)
def test_marks_of_every_kind(frame: str, opening: str, closing: str) -> None:
    said, american = (frame.replace("{}", f"{a}We won’t lose.{b}") for a, b in ((opening, closing), ("“", "”")))
    assert vocabulary(said) == vocabulary(american)
    assert cut(said).features.tolist() == cut(american).features.tolist()


def test_dialogue_behind_a_dash_opens_like_a_quotation() -> None:
    american = vocabulary("“We won,” said Ann Lee.")
    american.remove("”")  # a dash is not closed
    assert vocabulary("— We won, said Ann Lee.") == american
    assert column("— We won, said Ann.", "place", PLACES) == ["inside"] * 3 + ["outside"] * 4
    assert set(column("— We won.", "place", PLACES)) == {"inside, left open"}


@pytest.mark.parametrize(
    "text",
    [
        "\"He said 'go' to me,\" she said.",
        "“He said 'go' to me,” she said.",
        "«He said ‘go’ to me,» she said.",
        fails("British: double marks inside single ones", "‘He said “go” to me,’ she said."),
        fails("low marks inside low marks", "„He said ‚go‘ to me,“ she said."),
        fails("low marks inside angle ones", "«He said „go“ to me,» she said."),
        fails("one kind of mark twice", "“He said “go” to me,” she said."),
    ],
)
def test_marks_within_marks(text: str) -> None:
    assert vocabulary(text) == vocabulary("“He said ‘go’ to me,” she said.")
    assert column(text, "place", PLACES)[3:6] == ["inside, deeper"] * 3


@pytest.mark.parametrize("mark", "'’‘‛`´")
def test_apostrophes_of_every_kind(mark: str) -> None:
    assert vocabulary(f"It{mark}s Ann Lee{mark}s dam") == ["it", "'", "s", "ann", "lee", "'", "s", "dam"]


def test_inches_are_no_quotation_mark() -> None:
    assert "“" not in vocabulary('A 27" screen and 6\'2" men')


# features


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lee", ["lower"]),
        ("Lee", ["title"]),
        ("McGregor", ["title"]),
        ("NATO", ["upper"]),
        ("LEE: I said", ["upper", "none", "title", "lower"]),
        ("USHAKOV", ["upper"] * 3),  # every piece of a word
        ("iPhone", ["lower"]),
        ("U.S.", ["title", "none", "title", "none"]),
        ("3.5 %", ["none"] * 4),
        ("$5", ["none"] * 2),
        ("2nd", ["lower"]),
        ("G7", ["upper"] * 2),
        ("It’s", ["title", "none", "lower"]),
        ("Émile", ["title"]),
        ("ÖVP", ["upper"] * 3),
        ("市长", ["lower"] * 2),  # letters without case
        ("— …", ["none"] * 2),
    ],
)
def test_case(text: str, expected: list[str]) -> None:
    assert column(text, "case", CASES) == expected


OUTSIDE, INSIDE, OPEN, DEEPER = PLACES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left.", [OUTSIDE] * 3),
        ("“Go,” Lee said.", [INSIDE] * 4 + [OUTSIDE] * 3),
        ("He said “go.", [OUTSIDE] * 2 + [OPEN] * 3),
        ("“Lee said ‘go’,” he", [INSIDE] * 3 + [DEEPER] * 3 + [INSIDE] * 2 + [OUTSIDE]),
        ("“Lee said ‘go’", [OPEN] * 3 + [DEEPER] * 3),
        ("“Go” and “stop”", [INSIDE] * 3 + [OUTSIDE] + [INSIDE] * 3),
        ("“Go.\n“Now.”", [OPEN] * 3 + [INSIDE] * 4),
        ('a 5" nail and b', [OUTSIDE] * 6),
    ],
)
def test_place(text: str, expected: list[str]) -> None:
    assert column(text, "place", PLACES) == expected


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("One two.", ["One"]),
        ("One.\nTwo.", ["One", "Two"]),
        ("One.\n\n \n\n  Two.\r\nThree", ["One", "Two", "Three"]),
        ("\n\n“One two", ["“"]),
        ("One\n \ud800\x00\nTwo", ["One", "Two"]),  # a paragraph without a piece
        ("One two\n", ["One"]),
        ("한 said", ["한"]),  # one character, several pieces
    ],
)
def test_break(text: str, opening: list[str]) -> None:
    breaks = column(text, "break", BREAKS)
    assert [word for word, found in zip(words(text), breaks, strict=True) if found == "paragraph"] == opening


# windows

SENTENCE = "The mayor said that the road would close on Monday."  # eleven pieces
PARAGRAPH = " ".join([SENTENCE] * 17)  # 187


def assert_cover(found: Pieces) -> None:
    windows = found.windows()
    assert windows[0][0] == 0
    assert windows[-1][1] == len(found.ids)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(windows))
    assert all(0 < end - start <= WINDOW for start, end in windows)
    assert {start for start, _ in windows} <= {start for start, _ in found.units}


def test_a_sentence_without_an_end_is_cut_all_the_same() -> None:
    found = cut("word " * 5000)
    assert_cover(found)
    assert {end - start for start, end in found.windows()[:-1]} == {WINDOW}


@pytest.mark.parametrize("text", ["“" + "word " * 5000 + "”", "word, " * 5000, "“a” " * 5000, "." * 5000, "한" * 5000])
def test_endless_texts(text: str) -> None:
    assert_cover(cut(text))


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = " ".join([SENTENCE] * 100)
    found = cut(text)
    assert_cover(found)
    assert {end - start for start, end in found.windows()[:-1]} == {17 * 11}  # as many as fit
    assert all(text[found.starts[start] :].startswith("The mayor") for start, _ in found.windows())


def test_a_long_sentence_among_short_ones() -> None:
    text = f"{SENTENCE} Word {'word ' * 300}end. {SENTENCE} {SENTENCE}"
    found = cut(text)
    assert_cover(found)
    assert found.units == [(0, 11), (11, 201), (201, 336)]


def test_a_quotation_of_many_sentences_is_cut_before_or_behind() -> None:
    text = f"{SENTENCE} “{'We won. ' * 60}”, she said. {SENTENCE}"
    found = cut(text)
    assert_cover(found)
    assert found.units[0] == (0, 11)


def test_a_paragraph_that_fits_is_never_cut() -> None:
    found = cut("\n\n".join([SENTENCE, PARAGRAPH, SENTENCE, SENTENCE]))
    assert [end - start for start, end in found.units] == [11, 187, 11, 11]
    assert [end - start for start, end in found.windows()] == [11, 187, 22]


@pytest.mark.parametrize("length", [WINDOW - 1, WINDOW, WINDOW + 1])
def test_at_the_edge_of_a_window(length: int) -> None:
    found = cut("word " * length)
    assert_cover(found)
    assert len(found.windows()) == (1 if length <= WINDOW else 2)


@many
@given(st.lists(st.integers(1, WINDOW), max_size=40), st.integers(WINDOW, 3 * WINDOW))
def test_windows_are_as_many_whole_units_as_fit(lengths: list[int], longest: int) -> None:
    stops = [0, *itertools.accumulate(lengths)]
    none = np.zeros(0, np.int64)
    windows = Pieces(none, none, none, none, list(itertools.pairwise(stops))).windows(longest)
    assert [at for start, end in windows for at in range(start, end)] == list(range(stops[-1]))
    assert all(start in stops and end - start <= longest for start, end in windows)
    for start, end in windows:
        following = next((stop for stop in stops if stop > end), None)
        assert following is None or following - start > longest


def test_time_is_linear() -> None:
    assert growth(cut, PROSE, 4000) < STEEP


def test_the_tokenizer_neither_cuts_nor_pads() -> None:
    assert len(cut("word " * 1000).ids) == 1000
    assert vocabulary("word") == ["word"]
