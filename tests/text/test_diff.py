from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.text.diff import Change, changes, drift
from tests.text.awkward import any_text, many, seconds

wordings = st.lists(st.sampled_from("a b c not No, “no” — 5 5. don’t don't".split()), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("best", "variant", "expected"),
    [
        ("I will not go", "I will go", [("same", "I will"), ("deleted", "not"), ("same", "go")]),
        ("I go", "I go now", [("same", "I go"), ("inserted", "now")]),
        ("three men", "four men", [("deleted", "three"), ("inserted", "four"), ("same", "men")]),
        ("“I don't,” he", "I DON’T he", [("same", "I DON’T he")]),  # case and marks are no change
        ("a — b", "a b", [("same", "a"), ("deleted", "—"), ("same", "b")]),
        ("", "a", [("inserted", "a")]),
        ("a", "", [("deleted", "a")]),
        ("", " \n", []),
    ],
)
def test_changes(best: str, variant: str, expected: list[tuple[str, str]]) -> None:
    assert changes(best, variant) == [Change(*change) for change in expected]  # type: ignore[arg-type]


@many
@given(st.tuples(wordings, wordings) | st.tuples(any_text, any_text))
def test_both_sides_can_be_rebuilt(pair: tuple[str, str]) -> None:
    best, variant = pair
    found = changes(best, variant)
    assert " ".join(c.words for c in found if c.kind != "deleted").split() == variant.split()
    old = " ".join(c.words for c in found if c.kind != "inserted").split()
    assert len(old) == len(best.split())  # where the two agree, the variant's spelling is shown
    assert all(c.words for c in found)


@many
@given(wordings)
def test_no_change(wording: str) -> None:
    assert all(change.kind == "same" for change in changes(wording, wording))


@many
@given(wordings, wordings)
def test_what_went_stands_before_what_came(best: str, variant: str) -> None:
    kinds = [change.kind for change in changes(best, variant)]
    assert ("inserted", "deleted") not in set(itertools.pairwise(kinds))


def test_long_wordings() -> None:
    assert seconds(lambda text: changes(text, text[::-1]), "a b c d " * 5000) < 5


@pytest.mark.parametrize(
    ("best", "variant", "outlets", "expected"),
    [
        ("We will sign if Kyiv agrees.", "We will sign.", 3, "3 outlets drop “if Kyiv agrees”."),
        ("We will sign.", "We will sign the treaty.", 1, "1 outlet adds “the treaty”."),
        ("to answer Vladimir Putin's calls", "to take Putin's calls", 1, "1 outlet has “take” for “answer Vladimir”."),
        ("We will sign the treaty", "we will sign a treaty", 2, ""),  # grammar alone
        ("one two three", "one two three", 2, ""),
        (
            "a1 b1 a2 b2 a3 b3 a4 b4 a5",
            "b1 b2 b3 b4",
            2,
            "2 outlets drop “a1”, drop “a2”, drop “a3” and make 2 more changes.",
        ),
    ],
)
def test_drift_in_words(best: str, variant: str, outlets: int, expected: str) -> None:
    assert drift(best, variant, outlets) == expected


def test_a_long_drop_is_shortened() -> None:
    told = drift(" ".join(f"word{n}" for n in range(30)) + " end", "end", 2)
    assert told.endswith("word11 …”.")
