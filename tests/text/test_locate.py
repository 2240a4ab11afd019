"""Words an editor typed or marked are found in the text again: at the right place, however they are printed, and soon."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quotes.text.locate import CUTS, DASHES, INVISIBLE, MARKS, NotFound, locate, pieces
from quotes.text.spans import Span
from tests.text.awkward import LONG_TEXTS, PROSE, any_text, many, seconds

TEXT = "“We will rebuild,” said Ann Lee of the bridge.\nThe bridge – she said – “will stand”. They said so."


def found(text: str, words: str, near: int = 0) -> list[str]:
    return [span.of(text) for span in locate(text, words, near)]


def test_it_works() -> None:
    assert locate(TEXT, "said Ann Lee") == (Span(19, 31),)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('"We will rebuild,"', ["“We will rebuild,”"]),
        ("«we WILL rebuild,»", ["“We will rebuild,”"]),
        ("‘We will rebuild,’", ["“We will rebuild,”"]),
        ("„we will rebuild,‟", ["“We will rebuild,”"]),
        ("The bridge - she said — “will", ["The bridge – she said – “will"]),
        ("The bridge − she said ‒ 'will", ["The bridge – she said – “will"]),
        ("of the   bridge.\r\n\r\nThe\tbridge", ["of the bridge.\nThe bridge"]),
        ("\xa0 Ann\xa0Lee\n", ["Ann Lee"]),
        ("of the bridge. The", ["of the bridge.\nThe"]),
        ("re\u00adbuild", ["rebuild"]),
        ("\u200bAnn\u200b Lee\ufeff", ["Ann Lee"]),
        ("", []),
        (" \n ", []),
        ("\u200b", []),
        ("[…]", []),
        ("[...] […]", []),
    ],
)
def test_print_may_differ(words: str, expected: list[str]) -> None:
    assert found(TEXT, words) == expected


@pytest.mark.parametrize(
    "text", ["will re\u00adbuild it", "will\u200b rebuild it", "will \u200erebuild\u200f it", "Will\n\nreBuild it"]
)
def test_invisible_marks_in_the_article_do_not_count(text: str) -> None:
    (span,) = locate(text, "will rebuild")
    assert text[: span.start] == ""
    assert text[span.end :].strip("\u200f") == " it"


@pytest.mark.parametrize("mark", MARKS)
def test_any_mark_stands_for_any_other(mark: str) -> None:
    for other in MARKS:
        assert found(f"She said {mark}yes{mark}.", f"{other}yes{other}") == [f"{mark}yes{mark}"], other


@pytest.mark.parametrize("dash", DASHES)
def test_any_dash_stands_for_a_hyphen(dash: str) -> None:
    assert found(f"a forty{dash}year{dash}old man", "forty-year-old") == [f"forty{dash}year{dash}old"]
    assert found("a forty-year-old man", f"forty{dash}year{dash}old") == ["forty-year-old"]


@pytest.mark.parametrize(
    "words",
    [
        "ΣΊΣΥΦΟΣ",
        "ΑΣ",
        "straße",
        "İstanbul",
        "ﬁne print",
        "ǅemal",
        "ŉ day",
        "שלום",
        "قال",
        "市长说",
        "🎉 e\u0301t\u00e9",
    ],
)
def test_letters_of_other_kinds_are_found_and_counted_one_by_one(words: str) -> None:
    text = f"😀🎉 {words} 😀"
    assert locate(text, words) == (Span(3, 3 + len(words)),)
    folded = words.swapcase()
    if len(folded) == len(words) and folded.casefold() == words.casefold():
        assert found(text, folded) == [words]


@pytest.mark.parametrize(
    "words", [".*", "a+b", "(?:x)", "\\d", "[a-z]", "^$", "c|d", "{2,3}", "\\", "[", "(", "$5.00?", "[sic]"]
)
def test_signs_that_mean_something_to_a_pattern_mean_themselves(words: str) -> None:
    text = f"nothing 123 abab xx {words} z"
    assert found(text, words) == [words]
    with pytest.raises(NotFound):
        locate("nothing 123 abab xx z", f"{words}!")


# --- the nearest ---


@pytest.mark.parametrize(
    ("near", "start"), [(0, 4), (4, 4), (12, 4), (14, 20), (20, 20), (28, 20), (29, 36), (10**9, 36), (-5, 4)]
)
def test_the_nearest_of_several_counts(near: int, start: int) -> None:
    text = "xxx yes, said he.   yes, he said.   yes."
    assert [at for at in range(len(text)) if text.startswith("yes", at)] == [4, 20, 36]
    assert locate(text, "yes", near) == (Span(start, start + 3),)


def test_of_places_that_overlap_each_counts() -> None:
    assert locate("ha ha ha ha!", "ha ha", 3) == (Span(3, 8),)
    assert locate("aaaa", "aa", 1, is_marked=True) == (Span(1, 3),)


def test_whole_words_come_before_parts_of_words() -> None:
    text = "“The theatre helps,” he said."
    assert locate(text, "he", 0) == (Span(21, 23),)
    assert locate(text, "the", 6) == (Span(1, 4),)
    assert locate(text, "heat", 0) == (Span(6, 10),)  # only within a word


def test_what_was_marked_within_a_word_stays_there() -> None:
    text = "“The theatre helps,” he said."
    assert locate(text, "he", 13, is_marked=True) == (Span(13, 15),)
    assert locate(text, " he", 12, is_marked=True) == (Span(13, 15),)  # marked with the space before it
    assert locate(text, "he said", 13, is_marked=True) == (Span(21, 28),)  # changed after it was marked


# --- several pieces ---


@pytest.mark.parametrize("cut", ["[…]", "[...]", " […] ", "\n[...]\n", "[…][…]", "[…] [...] "])
def test_pieces_stand_one_after_the_other(cut: str) -> None:
    assert found(TEXT, f"We will{cut}will stand") == ["We will", "will stand"]


def test_a_later_piece_is_never_looked_for_before_an_earlier_one() -> None:
    """“the bridge” stands before and after; what follows is meant, however near the other one is."""
    text = "Of the bridge he said: “We mend” – and after a very long pause in which nothing was heard – “the bridge”."
    assert [span.start for span in locate(text, "We mend […] the bridge", 24)] == [24, text.rindex("the bridge")]


def test_the_first_piece_gives_way_so_that_the_others_find_room() -> None:
    text = "We go, he said, and we stay. Later: we go."
    assert found(text, "we go […] we stay", near=36) == ["We go", "we stay"]


def test_the_same_words_twice_are_two_places() -> None:
    assert locate("Never, she said, never.", "never […] never") == (Span(0, 5), Span(17, 22))
    with pytest.raises(NotFound, match=r"^never$"):
        locate("She said never.", "never […] never")


def test_a_cut_that_the_article_prints_itself_is_no_cut() -> None:
    for printed in ("[…]", "[...]"):
        text = f"“We will {printed} rebuild it”, he said, “by May”."
        assert found(text, "We will […] rebuild it […] by May") == [f"We will {printed} rebuild it", "by May"]


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("We will not", "We will not"),
        ("We will […] nobody said this", "nobody said this"),
        ("nobody said this […] We will", "nobody said this"),
        ("will stand […] We will rebuild", "We will rebuild"),
        ("Ann […] bridge […]  Ann  Lee ", "Ann  Lee"),
        ("said Ann Lee […] said Ann Lee", "said Ann Lee"),
        ("<b>x</b>", "<b>x</b>"),
    ],
)
def test_the_piece_that_is_missing_is_named(words: str, missing: str) -> None:
    with pytest.raises(NotFound) as caught:
        locate(TEXT, words)
    assert caught.value.args == (missing,)


def test_nothing_stands_in_an_empty_text() -> None:
    with pytest.raises(NotFound, match=r"^a$"):
        locate("", "a")
    assert locate("", "") == ()


# --- any text ---


@many
@given(any_text, st.integers(0, 300), st.integers(0, 300))
def test_whatever_is_marked_is_found_where_it_was_marked(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    words = text[start:end]
    assume(not CUTS.search(words))
    spans = locate(text, words, start, is_marked=True)
    if not spans:
        assert _is_nothing(words)
        return
    (span,) = spans
    assert span.of(text) == words[span.start - start : span.end - start]
    assert _is_nothing(text[start : span.start])
    assert _is_nothing(text[span.end : end])


def _is_nothing(words: str) -> bool:
    return re.fullmatch(rf"[\s{INVISIBLE}]*", words) is not None


@many
@given(any_text, st.data())
def test_what_a_form_shows_is_found_again(text: str, data: st.DataObject) -> None:
    """Spans of whole words, shown with cuts between them, lead back to the same words in the same order."""
    words = [Span(*m) for m in _words(text)]
    drawn = data.draw(st.lists(st.sampled_from(words), max_size=4, unique=True)) if words else []
    spans = sorted(drawn)
    again = locate(text, pieces(text, spans), spans[0].start if spans else 0, is_marked=True)
    assert _letters(text, again) == _letters(text, spans)
    assert list(again) == sorted(again)
    assert all(one.end <= other.start for one, other in pairwise(again))
    if spans:
        assert again[0].start == spans[0].start


def _words(text: str) -> list[tuple[int, int]]:
    """Runs of letters and digits."""
    found, start = [], None
    for at, letter in enumerate(f"{text} "):
        if letter.isalnum() and start is None:
            start = at
        elif not letter.isalnum() and start is not None:
            found.append((start, at))
            start = None
    return found


def _letters(text: str, spans: tuple[Span, ...] | list[Span]) -> str:
    return "".join(letter for span in spans for letter in span.of(text).casefold() if letter.isalnum())


@many
@given(any_text, any_text, st.integers(-10, 400))
def test_any_words_in_any_text_give_places_or_the_piece_that_is_missing(text: str, words: str, near: int) -> None:
    try:
        spans = locate(text, words, near)
    except NotFound as missing:
        assert str(missing) in words  # noqa: PT017
        return
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@many
@given(st.lists(st.sampled_from(["ab", "b", "a b", "A", "x", "ba"]), max_size=30).map(" ".join), st.integers(0, 80))
def test_no_place_is_nearer(text: str, near: int) -> None:
    """Against a plain search of all places: of whole words the nearest, the earlier of two as near."""
    for words in ("a", "ab", "b a", "a b"):
        padded, wanted = f" {text.lower()} ", f" {words} "
        starts = [at for at in range(len(text)) if padded.startswith(wanted, at)]
        if starts:
            assert locate(text, words, near)[0].start == min(
                starts, key=lambda at: (abs(at - _on_a_word(text, near)), at)
            )


def _on_a_word(text: str, near: int) -> int:
    """A place in a space counts as that of the word after it; one behind the end, as the end."""
    near = min(near, len(text))
    return near + 1 if near < len(text) and text[near] == " " else near


# --- how long it takes ---

HALF_A_MILLION = 500_000
LONG_WORDS = 20_000


@pytest.mark.parametrize(
    "unit", [text[:200] for text in LONG_TEXTS.values()] + ["ab", "[", "[…", '" ', "a\u200b", "[…] "]
)
def test_long_words_in_a_huge_text_take_less_than_a_second(unit: str) -> None:
    text = (unit * (HALF_A_MILLION // len(unit)))[:HALF_A_MILLION]
    words = text[:LONG_WORDS]
    for wanted in (words, f"{words[:-1]}q", f"q{words[1:]}", f"{words[:10_000]}q{words[10_001:]}", "q" * LONG_WORDS):
        assert seconds(lambda given, wanted=wanted: _try(given, wanted), text) < 1, wanted[:20]


@pytest.mark.parametrize(
    "words",
    [
        "a" + " " * (LONG_WORDS - 2) + "b",
        " […] ".join("a" * (LONG_WORDS // 6)),
        "[" * LONG_WORDS,
        "a[…" * (LONG_WORDS // 3),
        "\n" * (LONG_WORDS - 1) + "[",
        " said ".join(["the"] * 2000),
    ],
)
@pytest.mark.parametrize("unit", [PROSE, "a ", "[…] ", "a"])
def test_odd_words_in_a_huge_text_take_less_than_a_second(words: str, unit: str) -> None:
    text = (unit * (HALF_A_MILLION // len(unit)))[:HALF_A_MILLION]
    assert seconds(lambda given: _try(given, words), text) < 1


def _try(text: str, words: str) -> None:
    for near in (0, len(text) // 2):
        try:
            locate(text, words, near)
        except NotFound:
            continue
