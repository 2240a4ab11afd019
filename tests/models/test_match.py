from __future__ import annotations

import pytest

from quotes.models import Attribution, Match, Quote
from tests.factories import make_attribution, make_quote

pytestmark = pytest.mark.django_db

OUTCOMES = ["linked", "proposed", "same", "different", "unsure"]


def match_with(other: Quote, attribution: Attribution | None = None, **kwargs: object) -> Match:
    values = {"attribution": attribution or make_attribution(), "variant": other.variants.get(), "score": 0.7}
    return Match.objects.create(**{**values, **kwargs})


@pytest.mark.parametrize(("method", "expected"), [("proposed", ["proposed"]), ("undecided", ["linked", "proposed"])])
def test_by_outcome(method: str, expected: list[str]) -> None:
    for outcome in OUTCOMES:
        match_with(make_quote(), outcome=outcome)
    assert sorted(match.outcome for match in getattr(Match.objects, method)()) == expected


def test_between_finds_both_sides_best_first() -> None:
    quote = make_quote()
    mine = make_attribution()
    assert mine.variant is not None
    weak = match_with(quote, mine, score=0.61)
    strong = match_with(quote, score=0.9)
    match_with(make_quote())
    assert list(Match.objects.between(quote)) == [strong, weak]
    assert list(Match.objects.between(mine.variant.quote)) == [weak]


def test_between_leaves_out_a_quote_and_itself() -> None:
    attribution = make_attribution()
    assert attribution.variant is not None
    quote = attribution.variant.quote
    match_with(quote, attribution)
    assert not Match.objects.between(quote).exists()
