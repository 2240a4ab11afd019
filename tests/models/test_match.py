from __future__ import annotations

import pytest

from quotes.models import Attribution, Match, Quote
from tests.factories import make_attribution, make_quote

pytestmark = pytest.mark.django_db

OUTCOMES = ["linked", "proposed", "same", "different", "unsure"]


def match_with(other: Quote, attribution: Attribution | None = None, **kwargs: object) -> Match:
    values = {"attribution": attribution or make_attribution(), "variant": other.variants.get(), "score": 0.7}
    return Match.objects.create(**{**values, **kwargs})


def test_undecided() -> None:
    for outcome in OUTCOMES:
        match_with(make_quote(), outcome=outcome)
    assert sorted(match.outcome for match in Match.objects.undecided()) == ["linked", "proposed"]


def reported(words: str) -> Quote:
    attribution = make_attribution(words)
    assert attribution.variant is not None
    return attribution.variant.quote


def test_between_finds_both_sides_best_first() -> None:
    quote = reported("The dam will hold for another year.")
    mine = make_attribution()
    assert mine.variant is not None
    weak = match_with(quote, mine, score=0.61)
    strong = match_with(quote, score=0.9)
    match_with(make_quote())
    assert list(Match.objects.between(quote)) == [strong, weak]
    assert list(Match.objects.between(mine.variant.quote)) == [weak]


def test_between_leaves_out_what_nobody_reports_any_more() -> None:
    quote, rejected = reported("The dam will hold for another year."), make_attribution(status="rejected")
    match_with(quote, rejected)
    match_with(make_quote("Nobody reports this one."), quote.variants.get().attributions.get())
    assert list(Match.objects.between(quote)) == []


def test_between_leaves_out_a_quote_and_itself() -> None:
    attribution = make_attribution()
    assert attribution.variant is not None
    quote = attribution.variant.quote
    match_with(quote, attribution)
    assert not Match.objects.between(quote).exists()
