from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.text.confidence import SHORT, evidence, log_odds, probability, same_cue
from quotes.text.decoding import CONTENT, CUE, SOURCE, Relation, Stretch
from quotes.text.pieces import Pieces
from quotes.text.quotation import quotations
from quotes.text.rules import Triple, triples
from quotes.text.spans import Span
from quotes.text.tagger import SHIPPED
from tests.text.awkward import many

TEXT = "Ann Lee said “the dam would hold” , again"
"""A piece for each word of it: source 0–2, cue 2–3, content 3–7."""

FOUND = Relation(
    Stretch(CUE, 2, 3, 0.9), Stretch(SOURCE, 0, 2, 0.8), (Stretch(CONTENT, 3, 7, 0.7),), linked=0.6, sourced=0.5
)

names = st.sampled_from(["one", "content", "direct", "length", "no such feature"])
numbers = st.floats(-20, 20)


def cut(text: str) -> Pieces:
    """One piece for each word."""
    starts = np.array([at for at in range(len(text)) if text[at] != " " and text[:at][-1:] in ("", " ")])
    ends = np.array([start + len(text[start:].split(" ")[0]) for start in starts])
    features = np.zeros((len(starts), 3), np.int64)
    for quotation in quotations(text):
        features[(starts >= quotation.outer.start) & (ends <= quotation.outer.end), 1] = 1
    return Pieces(np.arange(len(starts)), starts, ends, features, [(0, len(starts))])


def told(relation: Relation = FOUND, text: str = TEXT, ruled: list[Triple] | None = None) -> dict[str, float]:
    return evidence(text, cut(text), relation, triples(text) if ruled is None else ruled)


def ruled(*cues: tuple[int, int]) -> list[Triple]:
    return [Triple((), (Span(*cue),), (Span(90, 99),), None, 0.5) for cue in cues]


# evidence


def test_it_works() -> None:
    assert told(ruled=[]) == {
        "one": 1,
        "content": pytest.approx(math.log(7 / 3)),
        "cue": pytest.approx(math.log(9)),
        "source": pytest.approx(math.log(4)),
        "no source": 0,
        "content linked": pytest.approx(math.log(6 / 4)),
        "source linked": 0,
        "direct": 1,
        "mixed": 0,
        "rules see the cue": 0,
        "rules agree on content": 0,
        "rules agree on source": 0,
        "speech": 1,
        "unknown cue": 0,
        "length": pytest.approx(math.log(len("“the dam would hold”") + 1)),
        "short": 0,
        "pieces": 0,
    }


def test_the_model_weighs_nothing_that_is_not_told() -> None:
    weights = json.loads((SHIPPED / "model.json").read_text(encoding="utf-8"))["confidence"]["weights"]
    assert weights.keys() <= told().keys()


@pytest.mark.parametrize(
    ("first", "last", "direct", "mixed"),
    [(3, 7, 1, 0), (4, 6, 1, 0), (3, 8, 0, 1), (2, 7, 0, 1), (7, 9, 0, 0)],
)
def test_quoted(first: int, last: int, direct: int, mixed: int) -> None:
    found = told(replace(FOUND, contents=(Stretch(CONTENT, first, last, 0.7),)))
    assert (found["direct"], found["mixed"]) == (direct, mixed)


def test_the_least_sure_content_counts() -> None:
    parts = Stretch(CONTENT, 3, 5, 0.9), Stretch(CONTENT, 5, 6, 0.2), Stretch(CONTENT, 6, 7, 0.8)
    found = told(replace(FOUND, contents=parts))
    assert found["content"] == pytest.approx(math.log(1 / 4))
    assert found["pieces"] == 2
    assert found["length"] == pytest.approx(math.log(len("“the dam") + len("would") + len("hold”") + 1))


def test_no_source() -> None:
    found = told(replace(FOUND, source=None))
    assert (found["no source"], found["source"]) == (1, 0)
    assert found["rules agree on source"] == 0


@pytest.mark.parametrize(("content", "short"), [("a" * (SHORT - 1), 1), ("a" * SHORT, 0)])
def test_short(content: str, short: int) -> None:
    one = Relation(Stretch(CUE, 0, 1, 0.9), None, (Stretch(CONTENT, 1, 2, 0.7),), 0.6, 0.5)
    assert told(one, f"said {content}")["short"] == short


@pytest.mark.parametrize(
    ("cue", "speech", "unknown"),
    [("said", 1, 0), ("believes", 0, 0), ("gurgled", 1, 1), ("according to", 1, 0), (":", 1, 0), ("claims", 1, 0)],
)
def test_verb(cue: str, speech: int, unknown: int) -> None:
    n = len(cue.split())
    one = Relation(Stretch(CUE, 0, n, 0.9), None, (Stretch(CONTENT, n, n + 1, 0.7),), 0.6, 0.5)
    found = told(one, f"{cue} no")
    assert (found["speech"], found["unknown cue"]) == (speech, unknown)


@pytest.mark.parametrize(
    ("source", "content", "expected"),
    [
        (Span(0, 7), Span(13, 33), (1, 1, 1)),
        (Span(4, 7), Span(13, 33), (1, 1, 1)),  # the surname alone is the same source
        (Span(34, 35), Span(13, 33), (1, 1, 0)),
        (None, Span(13, 33), (1, 1, 0)),
        (Span(0, 7), Span(13, 23), (1, 0.5, 1)),
        (Span(0, 7), Span(33, 41), (1, 0, 1)),
    ],
)
def test_agreement(source: Span | None, content: Span, expected: tuple[float, float, float]) -> None:
    rule = Triple((source,) if source else (), (Span(8, 12),), (content,), None, 0.9)
    found = told(ruled=[rule])
    named = ("rules see the cue", "rules agree on content", "rules agree on source")
    assert tuple(found[name] for name in named) == expected


def test_two_who_name_nobody_agree() -> None:
    rule = Triple((), (Span(8, 12),), (Span(13, 33),), None, 0.9)
    assert told(replace(FOUND, source=None), ruled=[rule])["rules agree on source"] == 1


@pytest.mark.parametrize(
    ("cue", "at"),
    [
        ((10, 14), 0),
        ((9, 11), 0),
        ((13, 20), 0),
        ((14, 20), None),  # neighbours
        ((8, 10), None),
        ((20, 24), 1),
        ((22, 60), 1),  # the first that it meets
        ((59, 61), 2),
        ((70, 75), None),
        ((0, 5), None),
    ],
)
def test_same_cue(cue: tuple[int, int], at: int | None) -> None:
    rules = ruled((10, 14), (20, 24), (50, 60))
    assert same_cue(rules, Span(*cue)) is (None if at is None else rules[at])
    assert same_cue([], Span(*cue)) is None


def test_cues_that_touch() -> None:
    rules = ruled((0, 4), (4, 8), (8, 12))
    assert [same_cue(rules, rule.cue[0]) for rule in rules] == rules


def test_same_cue_where_a_quotation_goes_on_in_the_next_paragraph() -> None:
    text = "“We lost,” Berg said, and Lee added that it rained.\n\n“Then we won.”\n\n" + "Roe said it snowed. " * 6
    rules = sorted(triples(text), key=lambda triple: triple.cue[0])
    assert [same_cue(rules, rule.cue[0]) is not None for rule in rules] == [True] * len(rules)


# probability


def test_the_logistic_function() -> None:
    assert probability({"a": 2.0, "b": -1.0}, {"a": 1.0, "b": 3.0}) == pytest.approx(1 / (1 + math.e))
    assert probability({}, {}) == 0.5


@many
@given(st.dictionaries(names, numbers), st.dictionaries(names, numbers))
def test_bounded(weights: dict[str, float], found: dict[str, float]) -> None:
    some = dict(list(found.items())[:1])
    assert 0 <= probability(weights, some) <= 1


@many
@given(st.dictionaries(names, st.floats(-5, 5)), st.floats(0, 5), st.floats(-5, 5), st.floats(0, 5))
def test_more_of_what_speaks_for_it_is_never_less_likely(
    weights: dict[str, float], weight: float, value: float, more: float
) -> None:
    weights |= {"direct": weight}
    others = {"one": 1.0, "length": 3.0}
    before = probability(weights, others | {"direct": value})
    after = probability(weights, others | {"direct": value + more})
    assert after >= before
    assert after > before or weight * more < 1e-6


@many
@given(st.dictionaries(names, st.floats(-5, 5)), st.floats(-1e6, 1e6))
def test_what_has_no_weight_does_not_count(weights: dict[str, float], value: float) -> None:
    found = {"one": 1.0, "content": 2.0}
    assert probability(weights, found | {"unheard of": value}) == probability(weights, found)


@pytest.mark.parametrize("weight", [1000.0, -1000.0])
def test_beyond_doubt(weight: float) -> None:
    assert probability({"a": weight}, {"a": 1.0}) == pytest.approx(1.0 if weight > 0 else 0.0)


# log-odds


@pytest.mark.parametrize(("share", "expected"), [(0.5, 0), (0.75, math.log(3)), (0.25, -math.log(3))])
def test_log_odds(share: float, expected: float) -> None:
    assert log_odds(share) == pytest.approx(expected)


@pytest.mark.parametrize("share", [1.0, 1 - 1e-9, 1 + 1e-6, 2.0])
def test_log_odds_are_clipped(share: float) -> None:
    assert log_odds(share) == log_odds(1 - 1e-4) == pytest.approx(math.log(9999))
    assert log_odds(1 - share) == log_odds(1e-4) == pytest.approx(-math.log(9999))


@many
@given(st.floats(0, 1), st.floats(0, 1))
def test_log_odds_keep_the_order(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert log_odds(low) <= log_odds(high)
    assert abs(log_odds(one)) < 9.22
    assert log_odds(one) == pytest.approx(-log_odds(1 - one), abs=1e-6)
