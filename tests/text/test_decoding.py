from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from quotes.text.decoding import (
    CONTENT,
    CUE,
    LONGEST_TAIL,
    SOURCE,
    Relation,
    Settings,
    Stretch,
    best_labels,
    log_probabilities,
    relations,
    stretches,
    walls,
    with_tail_as_source,
)
from quotes.text.pieces import LABELS, Pieces
from quotes.text.spans import Span
from tests.text.awkward import many

SIGNS = ".SsQqCc"
"""One letter for each label: nothing, source, cue (of a quotation), content; the first piece in upper case."""

EVEN = Settings(outside=0, paragraph=0, passed=0, no_cue=0, no_source=0)
"""Nothing but the network's own scores."""

scores_of = st.integers(1, 40).flatmap(
    lambda n: st.integers(0, 2**32 - 1).map(
        lambda seed: np.random.default_rng(seed).normal(0, 5, (n, len(LABELS))).astype(np.float32)
    )
)


def labels_of(signs: str) -> list[int]:
    return [SIGNS.index(sign) for sign in signs]


def signs_of(labels: list[int]) -> str:
    return "".join(SIGNS[label] for label in labels)


def is_allowed(signs: str) -> bool:
    return all(sign in ".SQC" or before.lower() == sign for before, sign in itertools.pairwise("." + signs))


@cache
def allowed(n: int) -> NDArray[np.int64]:
    every = map("".join, itertools.product(SIGNS, repeat=n))
    return np.array([labels_of(signs) for signs in every if is_allowed(signs)])


def scored(signs: str) -> NDArray[np.float32]:
    """Scores that leave no doubt."""
    scores = np.full((len(signs), len(LABELS)), -30, np.float32)
    scores[range(len(signs)), labels_of(signs)] = 30
    return scores


def linked(n: int, *links: tuple[str, int, int, float]) -> NDArray[np.float32]:
    """Vectors of n pieces: ("content", 3, 0, 2.0) makes 2 the score of the link from the content at 3 to the cue at 0.

    A cue's link goes to a source; -1 is "none"; all that are not named score 0.
    """
    vectors = np.zeros((n + 1, 4, n + 1), np.float32)
    for row in range(n + 1):
        vectors[row, (1, 3), row] = 1
    for head, start, target, score in links:
        kind = {"content": 0, "cue": 2}[head]
        vectors[start + 1, kind, target + 1] = score * np.sqrt(n + 1)
    return vectors


def features_of(n: int, breaks: str = "", places: str = "") -> NDArray[np.int64]:
    """Features of n pieces, with a paragraph beginning at every 1 and their places in quotation marks as digits."""
    features = np.zeros((n, 3), np.int64)
    features[:, 1] = [int(place) for place in places.ljust(n, "0")]
    features[:, 2] = [int(opens) for opens in breaks.ljust(n, "0")]
    return features


def read(signs: str, *links: tuple[str, int, int, float], settings: Settings = EVEN, breaks: str = "") -> list[Any]:
    """(cue, source, contents) of each relation, by where they begin."""
    n = len(signs)
    found = relations(scored(signs), linked(n, *links), features_of(n, breaks), settings)
    return [
        (one.cue and one.cue.first, one.source and one.source.first, [content.first for content in one.contents])
        for one in found
    ]


# the best labels


@many
@given(scores_of)
def test_log_probabilities_sum_to_one(scores: NDArray[np.float32]) -> None:
    logs = log_probabilities(scores)
    assert logs.shape == scores.shape
    assert (logs <= 0).all()
    assert np.allclose(np.exp(logs).sum(axis=-1), 1, atol=1e-5)
    assert np.allclose(log_probabilities(scores + 100), logs, atol=1e-3)


@pytest.mark.parametrize("huge", [88.0, 1e4, 1e30, -1e30, 1e38])
def test_log_probabilities_survive_huge_scores(huge: float) -> None:
    scores = np.zeros((2, 7), np.float32)
    scores[0, 3] = huge
    shares = np.exp(log_probabilities(scores))
    assert np.isfinite(shares).all()
    assert np.allclose(shares.sum(axis=-1), 1)
    assert shares[0, 3] == pytest.approx(1 if huge > 0 else 0)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("SsQCcc.", "SsQCcc."),
        ("SSQQCC", "SSQQCC"),  # neighbours of one role
        (".", "."),
    ],
)
def test_labels_without_doubt(wanted: str, found: str) -> None:
    assert signs_of(best_labels(log_probabilities(scored(wanted)))) == found


@pytest.mark.parametrize("impossible", ["s", ".c", "Sc", "Qs.", "c" * 50, "S.s", "CcqQ"])
def test_an_inside_label_never_stands_alone(impossible: str) -> None:
    found = signs_of(best_labels(log_probabilities(scored(impossible)).astype(np.float64)))
    assert len(found) == len(impossible)
    assert is_allowed(found)


@many
@given(scores_of)
def test_any_scores(scores: NDArray[np.float32]) -> None:
    logs = log_probabilities(scores).astype(np.float64)
    labels = best_labels(logs)
    assert len(labels) == len(logs)
    assert is_allowed(signs_of(labels))
    found = stretches(labels, logs)
    assert [stretch.role for stretch in found] == [label for label in labels if label in (SOURCE, CUE, CONTENT)]
    assert all(0 < stretch.sure <= 1 for stretch in found)
    assert all(before.last <= after.first for before, after in itertools.pairwise(found))
    marked = [at for stretch in found for at in range(stretch.first, stretch.last)]
    assert marked == [at for at, label in enumerate(labels) if label]


@many
@given(st.lists(st.lists(st.floats(-40, 40, width=32), min_size=7, max_size=7), min_size=1, max_size=4))
def test_no_allowed_labels_are_better(scores: list[list[float]]) -> None:
    logs = log_probabilities(np.array(scores, np.float32)).astype(np.float64)
    n = len(logs)
    best = logs[np.arange(n), allowed(n)].sum(axis=1).max()
    assert logs[np.arange(n), best_labels(logs)].sum() == pytest.approx(best, abs=1e-5)


def test_stretches() -> None:
    logs = np.log(np.full((6, 7), 0.5))
    logs[1] = np.log(0.25)
    assert stretches(labels_of("SsSQ.C"), logs) == [
        Stretch(SOURCE, 0, 2, 0.375),
        Stretch(SOURCE, 2, 3, 0.5),
        Stretch(CUE, 3, 4, 0.5),
        Stretch(CONTENT, 5, 6, 0.5),
    ]


def test_a_stretch_in_the_text() -> None:
    none = np.zeros((4, 3), np.int64)
    cut = Pieces(none[:, 0], np.array([0, 4, 8, 12]), np.array([3, 7, 11, 15]), none, [(0, 4)])
    assert Stretch(CUE, 1, 3, 1.0).span(cut) == Span(4, 11)
    assert Stretch(CUE, 1, 3, 0.5).shifted(7) == Stretch(CUE, 8, 10, 0.5)


def test_a_relation_is_shifted_whole() -> None:
    cue, source, content = Stretch(CUE, 1, 2, 1.0), Stretch(SOURCE, 0, 1, 1.0), Stretch(CONTENT, 2, 5, 1.0)
    whole = Relation(cue, source, (content, content), 0.9, 0.8).shifted(10)
    assert whole == Relation(cue.shifted(10), source.shifted(10), (content.shifted(10),) * 2, 0.9, 0.8)
    alone = Relation(None, None, (content,), 0.9, 0.0)
    assert alone.shifted(0) == alone
    assert alone.shifted(3).cue is None


# the ends of paragraphs


@pytest.mark.parametrize(
    ("breaks", "places", "expected"),
    [
        ("100100", "000000", [0, 3]),
        ("000000", "000000", []),
        ("100100", "222000", [0]),  # a quotation goes on in the next paragraph
        ("100100", "111111", [0, 3]),  # one that was closed does not
        ("100100", "000222", [0, 3]),  # one that only opens there neither
        ("111111", "020202", [0, 1, 3, 5]),
        ("", "", []),
    ],
)
def test_walls(breaks: str, places: str, expected: list[int]) -> None:
    assert walls(features_of(len(breaks), breaks, places)).tolist() == expected


@pytest.mark.parametrize(
    ("breaks", "places", "contents"),
    [
        ("1000000", "0000000", [(1, 7)]),
        ("1000100", "0000000", [(1, 4), (4, 7)]),  # what goes on is another
        ("1000100", "0222222", [(1, 7)]),
    ],
)
def test_a_stretch_ends_with_its_paragraph(breaks: str, places: str, contents: list[tuple[int, int]]) -> None:
    (found, *more) = relations(scored("QCccccc"), linked(7), features_of(7, breaks, places), replace(EVEN, no_cue=-9))
    assert [content[1:3] for content in found.contents] == contents
    assert not more


# links


def test_it_works() -> None:
    (found,) = relations(scored("SQCc"), linked(4, ("content", 2, 1, 9), ("cue", 1, 0, 9)), features_of(4), EVEN)
    assert found.cue is not None
    assert found.source is not None
    assert (found.cue[:3], found.source[:3]) == ((CUE, 1, 2), (SOURCE, 0, 1))
    assert [content[:3] for content in found.contents] == [(CONTENT, 2, 4)]
    assert found.linked == found.sourced == pytest.approx(1 / (1 + np.exp(-9)))
    assert found.cue.sure == pytest.approx(1)


def test_no_pieces() -> None:
    assert relations(np.zeros((0, 7), np.float32), linked(0), features_of(0), EVEN) == []


@pytest.mark.parametrize(
    ("signs", "links", "expected"),
    [
        ("....", [], []),
        ("SsQq", [("cue", 2, 0, 9)], []),  # no content, no relation
        # which cue
        ("C.Q.Q", [("content", 0, 2, 2), ("content", 0, 4, 1)], [(2, None, [0])]),
        ("C.Q.Q", [("content", 0, 2, 1), ("content", 0, 4, 2)], [(4, None, [0])]),
        ("Q.QC", [("content", 3, 0, 2), ("content", 3, 2, 1)], [(0, None, [3])]),
        ("CQ", [("content", 0, -1, 1)], [(None, None, [0])]),
        ("C", [], [(None, None, [0])]),
        ("CSC", [], [(None, None, [0]), (None, None, [2])]),
        # which source
        ("SQCS", [("content", 2, 1, 9), ("cue", 1, 0, 1), ("cue", 1, 3, 2)], [(1, 3, [2])]),
        ("SQCS", [("content", 2, 1, 9), ("cue", 1, 0, 2), ("cue", 1, 3, 1)], [(1, 0, [2])]),
        ("SQC", [("content", 2, 1, 9), ("cue", 1, -1, 1)], [(1, None, [2])]),
        # one cue with several contents, one source with several cues
        ("CSQC", [("content", 0, 2, 9), ("content", 3, 2, 9), ("cue", 2, 1, 9)], [(2, 1, [0, 3])]),
        (
            "SQCQC",
            [("content", 2, 1, 9), ("content", 4, 3, 9), ("cue", 1, 0, 9), ("cue", 3, 0, 9)],
            [(1, 0, [2]), (3, 0, [4])],
        ),
        # in the order of the first contents
        ("CCQQ", [("content", 0, 3, 9), ("content", 1, 2, 9)], [(3, None, [0]), (2, None, [1])]),
        (
            "CQCC",
            [("content", 0, 1, 9), ("content", 3, 1, 9), ("content", 2, -1, 9)],
            [(1, None, [0, 3]), (None, None, [2])],
        ),
    ],
)
def test_links(signs: str, links: list[tuple[str, int, int, float]], expected: list[Any]) -> None:
    assert read(signs, *links) == expected


def test_a_link_leads_to_the_first_piece_of_a_stretch() -> None:
    assert read("QqqCcc", ("content", 3, 0, 1)) == [(0, None, [3])]
    misled = ("content", 3, 1, 9), ("content", 4, 0, 9)  # pieces that begin nothing
    assert read("QqqCcc", *misled, settings=replace(EVEN, no_cue=0.1)) == [(None, None, [3])]


def test_a_link_for_one_kind_is_none_for_the_other() -> None:
    """A source is no cue, whatever its vector."""
    assert read("SCQ", ("content", 1, 0, 9), ("content", 1, 2, 1)) == [(2, None, [1])]


def test_how_sure() -> None:
    links = ("content", 0, 2, 2), ("content", 0, 3, 1), ("content", 4, 2, 9), ("cue", 2, 1, 1)
    (found,) = relations(scored("CSQQC"), linked(5, *links), features_of(5), EVEN)
    e = np.e
    assert found.linked == pytest.approx(e**2 / (e**2 + e + 1))  # of the less sure content
    assert found.sourced == pytest.approx(e / (e + 1))


def test_no_cue_and_no_source() -> None:
    links = ("content", 2, 1, 1), ("cue", 1, 0, 1)
    assert read("SQC", *links, settings=EVEN) == [(1, 0, [2])]
    assert read("SQC", *links, settings=replace(EVEN, no_cue=1.5)) == [(None, None, [2])]
    assert read("SQC", *links, settings=replace(EVEN, no_source=1.5)) == [(1, None, [2])]
    assert read("SQC", settings=replace(EVEN, no_cue=-1, no_source=-1)) == [(1, 0, [2])]


def test_outside() -> None:
    scores = scored("..")
    scores[0] = [1, 0, 0, 0, 0, 0.9, 0]
    bare = linked(2), features_of(2)
    assert relations(scores, *bare, EVEN) == []
    (found,) = relations(scores, *bare, replace(EVEN, outside=0.3))
    assert found.contents[0].sure == pytest.approx(np.exp(0.9) / (np.e + 5 + np.exp(0.9)))  # not made surer by it


@pytest.mark.parametrize(
    ("breaks", "cue"),
    [
        ("1000", 0),
        ("1001", 0),  # between the content and both cues
        ("1010", 2),
        ("1100", 2),
        ("1111", 2),
    ],
)
def test_a_paragraph_between_costs(breaks: str, cue: int) -> None:
    links = ("content", 3, 0, 1), ("content", 3, 2, 0.5)
    settings = replace(EVEN, paragraph=1, no_cue=-9)
    assert read("Q.QC", *links, settings=settings, breaks=breaks) == [(cue, None, [3])]


@pytest.mark.parametrize(("crossed", "expected"), [(0, 1), (1, 1), (2, None), (3, None)])
def test_every_paragraph_between_costs(crossed: int, expected: int | None) -> None:
    signs = "CQ" + "." * 3 + "S"
    links = ("content", 0, 1, 9), ("cue", 1, 5, 2.5)
    breaks = "100" + "1" * crossed
    found = read(signs, *links, settings=replace(EVEN, paragraph=1.5), breaks=breaks)
    assert found == [(1, 5 if expected else None, [0])]


def test_a_cue_passed_over_costs() -> None:
    links = ("content", 0, 1, 0.5), ("content", 0, 3, 1)
    assert read("CQ.Q", *links) == [(3, None, [0])]
    assert read("CQ.Q", *links, settings=replace(EVEN, passed=0.7)) == [(1, None, [0])]
    assert read("Q.QC", ("content", 3, 0, 1), ("content", 3, 2, 0.5), settings=replace(EVEN, passed=0.7)) == [
        (2, None, [3])
    ]


def test_a_cue_passed_over_on_the_way_to_a_source_costs_nothing() -> None:
    links = ("content", 3, 2, 9), ("cue", 2, 0, 1)
    assert read("SQQC", *links, settings=replace(EVEN, passed=5)) == [(2, 0, [3])]


def test_another_content_passed_over_costs_nothing() -> None:
    links = ("content", 0, 3, 1), ("content", 1, 3, 9), ("content", 2, 3, 9)
    assert read("CCCQ", *links, settings=replace(EVEN, passed=5)) == [(3, None, [0, 1, 2])]


@many
@given(scores_of, st.integers(0, 2**32 - 1))
def test_any_network(scores: NDArray[np.float32], seed: int) -> None:
    n = len(scores)
    chance = np.random.default_rng(seed)
    vectors = chance.normal(0, 3, (n + 1, 4, 8)).astype(np.float32)
    features = np.stack([chance.integers(0, 4, n), chance.integers(0, 4, n), chance.integers(0, 2, n)], axis=1)
    before = features.copy()
    found = relations(scores, vectors, features, Settings())
    assert (features == before).all()
    barred = set(walls(features).tolist())
    contents = [content for relation in found for content in relation.contents]
    assert len(set(contents)) == len(contents)
    firsts = [relation.contents[0].first for relation in found]
    assert firsts == sorted(firsts)
    cues = [relation.cue for relation in found if relation.cue]
    assert len(set(cues)) == len(cues)
    for relation in found:
        parts = list(relation.contents)
        assert parts == sorted(parts, key=lambda part: part.first)
        assert {part.role for part in parts} == {CONTENT}
        assert relation.cue is None or relation.cue.role == CUE
        assert relation.source is None or (relation.source.role == SOURCE and relation.cue is not None)
        assert 0 < relation.linked <= 1
        assert 0 <= relation.sourced <= 1
        for part in filter(None, (relation.cue, relation.source, *parts)):
            assert 0 <= part.first < part.last <= n
            assert barred.isdisjoint(range(part.first + 1, part.last))


def test_huge_scores_of_an_inside_label() -> None:
    scores = np.zeros((1, 7), np.float32)
    scores[0, SOURCE + 1] = 1e10
    relations(scores, linked(1), features_of(1), EVEN)


# the tail of a quotation

DIRECT = Relation(Stretch(CUE, 7, 8, 0.9), None, (Stretch(CONTENT, 0, 7, 0.8),), 0.7, 0.6)


def marked(places: str) -> Pieces:
    """Pieces of which those with a digit other than 0 stand in quotation marks."""
    numbers = np.arange(len(places))
    return Pieces(numbers, numbers, numbers + 1, features_of(len(places), places=places), [(0, len(places))])


@pytest.mark.parametrize(
    ("places", "middle"),
    [
        ("11111100", 6),
        ("11110000", 4),
        ("13311000", 5),  # marks within marks
        ("22222200", 6),  # left open
        ("11" + "0" * LONGEST_TAIL + "0", 2),
    ],
)
def test_a_tail_is_the_source(places: str, middle: int) -> None:
    found = with_tail_as_source(DIRECT, marked(places))
    assert found.contents == (Stretch(CONTENT, 0, middle, 0.8),)
    assert found.source == Stretch(SOURCE, middle, 7, 0.8)
    assert (found.cue, found.linked, found.sourced) == (DIRECT.cue, 0.7, 0.7)


@pytest.mark.parametrize("places", ["11111110", "00000000", "01111000", "11001000", "11001100", "10000000"])
def test_no_tail(places: str) -> None:
    """All quoted, or none, or not from the first piece, or again behind the gap, or too long."""
    assert with_tail_as_source(DIRECT, marked(places)) == DIRECT


@pytest.mark.parametrize(
    "relation",
    [
        replace(DIRECT, source=Stretch(SOURCE, 7, 8, 1.0)),
        replace(DIRECT, cue=None),
        replace(DIRECT, cue=Stretch(CUE, 8, 9, 1.0)),  # something stands between
        replace(DIRECT, cue=Stretch(CUE, 0, 1, 1.0), contents=(Stretch(CONTENT, 1, 7, 1.0),)),
        replace(DIRECT, contents=(*DIRECT.contents, Stretch(CONTENT, 8, 9, 1.0))),
    ],
)
def test_nothing_is_taken_for_a_tail(relation: Relation) -> None:
    assert with_tail_as_source(relation, marked("1111110000")) == relation
