from __future__ import annotations

import pytest

from quotes.models import Match, Quote, Variant
from tests.factories import make_attribution, make_quote

pytestmark = pytest.mark.django_db

OUTCOMES = ["linked", "proposed", "same", "different", "unsure"]


def reported(words: str = "The dam will hold for another year.") -> Variant:
    """A wording of a quote of its own, which one article reports."""
    variant = make_attribution(words).variant
    assert variant is not None
    return variant


def pair(one: Variant | None = None, other: Variant | None = None, **kwargs: object) -> Match:
    first, second = sorted((one or reported(), other or reported()), key=lambda variant: variant.pk)
    return Match.objects.create(**{"one": first, "other": second, "score": 0.7, **kwargs})


def test_decided_and_undecided() -> None:
    for outcome in OUTCOMES:
        pair(outcome=outcome)
    assert sorted(match.outcome for match in Match.objects.undecided()) == ["linked", "proposed"]
    assert sorted(match.outcome for match in Match.objects.decided()) == ["different", "same", "unsure"]
    assert sorted(match.outcome for match in Match.objects.keeping_apart()) == ["different", "unsure"]


def test_touching_finds_both_sides() -> None:
    mine = reported()
    as_one, as_other = pair(mine, reported()), pair(reported(), mine)
    pair()
    assert set(Match.objects.touching(mine.quote)) == {as_one, as_other}


def test_across_is_the_same_from_either_side() -> None:
    match = pair()
    pair(match.one)
    one, other = match.one.quote, match.other.quote
    assert list(Match.objects.across(one, other)) == list(Match.objects.across(other, one)) == [match]


def test_what_is_asked_stands_between_two_reported_quotes() -> None:
    asked = pair()
    pair(other=make_quote("Nobody reports this one.").variants.get())
    pair(outcome="different")
    within = pair()
    Variant.objects.filter(pk=within.other_id).update(quote=within.one.quote, fingerprint="0" * 32)
    assert list(Match.objects.asked()) == [asked]


def test_the_likeliest_first_and_suggestions_last() -> None:
    guess, weak, strong = pair(score=0.99, is_suggestion=True), pair(score=0.6), pair(score=0.9)
    second = pair(score=0.6)
    order = [strong, weak, second, guess]
    assert list(Match.objects.likeliest_first()) == order
    for place, match in enumerate(order):
        assert list(Match.objects.after(match).likeliest_first()) == order[place + 1 :]


def test_kinds() -> None:
    alarmed, plain = pair(alarms=["Only one of the two says “not”."]), pair()
    guess = pair(is_suggestion=True, alarms=["The names differ."])
    kinds = {kind: list(Match.objects.of_kind(kind)) for kind in ("alarmed", "reworded", "suggested")}
    assert kinds == {"alarmed": [alarmed], "reworded": [plain], "suggested": [guess]}
    assert Match.objects.of_kind("").count() == 3


def test_wordings_come_with_their_quotes(django_assert_num_queries: object) -> None:
    pair()
    with django_assert_num_queries(1):  # type: ignore[operator]
        (match,) = Match.objects.with_wordings()
        assert isinstance(match.one.quote, Quote)
        assert match.other.quote.speaker is None
