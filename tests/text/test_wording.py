from __future__ import annotations

import pytest

from quotes.text.wording import BEST_FIRST, CLASS_MEANINGS, best_class, listed, verdict


def test_every_class_has_a_meaning() -> None:
    assert tuple(CLASS_MEANINGS) == BEST_FIRST


@pytest.mark.parametrize(
    ("classes", "best"),
    [
        (["not_stated", "secondhand", "firsthand"], "firsthand"),
        (["thirdhand", "record"], "record"),
        (["pickup"], "pickup"),
    ],
)
def test_best_class(classes: list[str], best: str) -> None:
    assert best_class(classes) == best


def test_no_class_is_best_of_none() -> None:
    with pytest.raises(ValueError, match="empty"):
        best_class([])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "", "A"], "A"),  # each once
    ],
)
def test_listed(names: list[str], expected: str) -> None:
    assert listed(names) == expected


@pytest.mark.parametrize(
    ("sourcing", "via", "opening"),
    [
        ("record", [], "The words can be heard or read in full."),
        ("firsthand", [], "Reported firsthand."),
        ("pickup", [], "Another outlet had it firsthand and is credited."),
        ("secondhand", ["Yuri Ushakov"], "Known only through Yuri Ushakov."),
        ("secondhand", [], "Known only at second hand."),
        ("secondhand_unnamed", ["two officials"], "Known only through two officials."),
        ("secondhand_unnamed", [], "Known only through people the articles do not name."),
        ("thirdhand", ["A", "B"], "Third-hand: A told B."),
        ("thirdhand", ["A"], "Known only at third hand."),
        ("not_stated", [], "Reported at second hand; the articles do not say through whom."),
    ],
)
def test_verdict(sourcing: str, via: list[str], opening: str) -> None:
    sentence = verdict(sourcing, via, articles=9, outlets=1, origins=2, hedged=False)
    assert sentence.startswith(f"{opening} 9 articles in 1 outlet, from 2 independent origins.")
    assert ("No firsthand source found" in sentence) == (sourcing not in {"record", "firsthand", "pickup"})
    assert "false" not in sentence.lower()


def test_doubt_is_told() -> None:
    assert "leaves open" in verdict("firsthand", [], articles=1, outlets=1, origins=1, hedged=True)
    assert "1 article in 1 outlet." in verdict("firsthand", [], articles=1, outlets=1, origins=1, hedged=True)


def test_origins_are_told_when_there_is_more_than_one_article() -> None:
    assert "9 articles in 7 outlets, which rest on one origin." in verdict(
        "secondhand", ["Yuri Ushakov"], articles=9, outlets=7, origins=1, hedged=False
    )
