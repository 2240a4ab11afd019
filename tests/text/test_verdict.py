from __future__ import annotations

import pytest

from quotes.text.verdict import (
    BEST_FIRST,
    CLASS_MEANINGS,
    best_class,
    grade,
    grade_reason,
    listed,
    verdict,
)


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


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (["record", "secondhand"], "A"),
        (["firsthand", "secondhand", "firsthand"], "B"),
        (["firsthand", "pickup"], "C"),
        (["pickup"], "C"),
        (["secondhand", "secondhand"], "D"),
        (["secondhand_unnamed"], "E"),
        (["thirdhand"], "E"),
        (["not_stated"], "E"),
    ],
)
def test_grade(origins: list[str], expected: str) -> None:
    assert grade(origins) == expected
    assert grade(origins, is_disputed=True) == "disputed"


def test_no_grade_of_no_origin() -> None:
    with pytest.raises(ValueError, match="empty"):
        grade([])


@pytest.mark.parametrize(
    ("given", "sourcing", "via", "firsthand", "reason"),
    [
        ("A", "record", [], 0, "the record is linked"),
        ("B", "firsthand", [], 2, "firsthand in 2 newsrooms"),
        ("C", "firsthand", [], 1, "firsthand in one newsroom"),
        ("C", "pickup", [], 0, "another newsroom had it firsthand and is credited"),
        ("D", "secondhand", ["Yuri Ushakov"], 0, "known only through one named relay, Yuri Ushakov"),
        ("D", "secondhand", ["A", "B", "A"], 0, "known only through 2 named relays, A and B"),
        ("D", "secondhand", [], 0, "known only at second hand"),
        ("E", "secondhand_unnamed", ["an aide"], 0, "known only through people the articles do not name"),
        ("E", "thirdhand", ["A", "B"], 0, "it passed through two people or more"),
        ("E", "not_stated", [], 0, "the articles do not say through whom it came"),
    ],
)
def test_grade_reason(given: str, sourcing: str, via: list[str], firsthand: int, reason: str) -> None:
    assert grade_reason(given, sourcing, via, firsthand=firsthand) == reason


def test_a_dispute_is_named() -> None:
    assert (
        grade_reason("disputed", "firsthand", [], dispute="“Wrong speaker”") == "“Wrong speaker” was upheld by editors"
    )
