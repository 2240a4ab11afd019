from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Alias, Quote
from quotes.services.search import filtered, seen, speakers_named
from tests.factories import make_article, make_attribution, make_flag, make_outlet, make_quote, make_speaker

pytestmark = pytest.mark.django_db

BRIDGE = "We will rebuild the old stone bridge before the winter comes."
POOL = "The pool will stay open for one more summer."


@pytest.fixture
def bridge(editor: User) -> Quote:
    """Two quotes that every single criterion tells apart: this one and the pool."""
    ann, bob = make_speaker("Ann Lee"), make_speaker("Bob Stone")
    Alias.objects.create(speaker=ann, text="Annie Lee")
    quotes = []
    for words, speaker, via, outlet, day in (
        (BRIDGE, ann, (bob,), "City Brief", 10),
        (POOL, bob, (), "Daily Ledger", 20),
    ):
        article = make_article(
            f"She said: {words}", outlet=make_outlet(name=outlet), published=datetime(2025, 5, day, 12, tzinfo=UTC)
        )
        variant = make_attribution(words, speaker=speaker, via=via, article=article).variant
        assert variant is not None
        quotes.append(variant.quote)
    make_flag(quotes[0], editor, kind="denied")
    return quotes[0]


CRITERIA: list[dict[str, Any]] = [
    {"q": "bridge"},
    {"q": "winter STONE"},
    {"q": "ann bridge"},
    {"speaker": "ann"},
    {"speaker": "Annie Lee"},
    {"via": "stone"},
    {"outlet": "brief"},
    {"sourcing": "secondhand"},
    {"flag": "any"},
    {"flag": "denied"},
    {"before": date(2025, 5, 10)},
    {"before": date(2025, 5, 15), "after": date(2025, 5, 5)},
]


@pytest.mark.parametrize("criteria", CRITERIA)
def test_one_filter(bridge: Quote, criteria: dict[str, Any]) -> None:
    assert list(filtered(Quote.objects.shown(), criteria)) == [bridge]


def test_all_filters_together(bridge: Quote) -> None:
    together = {key: value for criteria in CRITERIA for key, value in criteria.items()}
    assert set(together) == {"q", "speaker", "via", "outlet", "sourcing", "flag", "before", "after"}
    assert list(filtered(Quote.objects.shown(), together)) == [bridge]


@pytest.mark.parametrize(
    "other",
    [
        {"q": "pool"},
        {"speaker": "bob"},
        {"via": "ann"},
        {"outlet": "ledger"},
        {"sourcing": "firsthand"},
        {"flag": "secondhand"},
        {"after": date(2025, 5, 11)},
        {"before": date(2025, 5, 9)},
        {"speaker": "nobody of this name"},
        {"outlet": "%"},
        {"outlet": "_"},
        {"speaker": "A__ Lee"},
    ],
)
@pytest.mark.parametrize("criteria", [{}, {"q": "bridge"}, {"speaker": "ann", "outlet": "brief"}])
def test_each_filter_narrows_the_others(bridge: Quote, criteria: dict[str, Any], other: dict[str, Any]) -> None:
    assert bridge not in filtered(Quote.objects.shown(), {**criteria, **other})


@pytest.mark.parametrize("criteria", [{}, {"q": "", "speaker": "", "flag": "", "after": None, "sort": ""}])
def test_no_filter_gives_all_newest_first(bridge: Quote, criteria: dict[str, Any]) -> None:
    assert [quote.words for quote in filtered(Quote.objects.shown(), criteria)] == [POOL, BRIDGE]


@pytest.mark.parametrize(("sort", "first"), [("new", POOL), ("old", BRIDGE), ("most", BRIDGE), ("odd", POOL)])
def test_orders(bridge: Quote, sort: str, first: str) -> None:
    make_attribution(
        BRIDGE, speaker=bridge.speaker, quote=bridge, article=bridge.variants.get().attributions.get().revision.article
    )
    found = filtered(Quote.objects.shown(), {"sort": sort})
    assert [quote.words for quote in found][:1] == [first]


ODD = [
    "%",
    "_",
    "100%",
    "'; DROP TABLE quotes_quote; --",
    '" OR ""="',
    "\\",
    "\\'",
    "%' ESCAPE '",
    "?",
    "%s",
    "{0}",
    "words" * 400,
    "bridge tunnel " * 140,
    "“”‘’",
    "日本語",
    "🔥",
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_finds_nothing_and_harms_nothing(bridge: Quote, odd: str) -> None:
    for field in ("q", "speaker", "via", "outlet", "sourcing", "flag"):
        assert not filtered(Quote.objects.shown(), {field: odd}).exists(), field
    assert speakers_named(odd) == []
    assert all(entry.how == "reworded" for entry in seen(odd))
    assert Quote.objects.count() == 2


# --- have we seen this? ---


@pytest.mark.parametrize(
    "words", [BRIDGE, BRIDGE.upper(), f"“{BRIDGE}”", "We will — rebuild the old\nstone bridge before the winter comes"]
)
def test_seen_exactly(bridge: Quote, words: str) -> None:
    (entry,) = seen(words)
    assert (entry.quote, entry.how) == (bridge, "exact")


def test_seen_reworded_with_its_alarm(bridge: Quote) -> None:
    (entry,) = seen("We will not rebuild the old stone bridge before the winter comes.")
    assert (entry.quote, entry.how, entry.wording) == (bridge, "reworded", BRIDGE)
    assert entry.alarms == ["Only one of the two says “not”."]


@pytest.mark.parametrize("words", ["Taxes must fall.", "", " ", "the of and", "!!!", "%", "bridge_"])
def test_not_seen(bridge: Quote, words: str) -> None:
    assert seen(words) == []


def test_what_nobody_reports_any_more_is_not_seen() -> None:
    make_quote(BRIDGE)
    make_attribution(POOL, status="rejected")
    assert seen(BRIDGE) == seen(POOL) == []


def test_the_most_alike_first(bridge: Quote) -> None:
    make_attribution("We will rebuild the old stone bridge some day, whatever the council says of it.")
    exact, other = seen(BRIDGE)
    assert (exact.quote, exact.how, other.how) == (bridge, "exact", "reworded")
    near, far = seen("We will rebuild the old stone bridge before the winter.")
    assert near.quote == bridge
    assert far.quote != bridge


@pytest.mark.parametrize("words", ["🔥", "…", ""])
def test_signs_are_not_seen_in_other_signs(words: str) -> None:
    make_attribution("👍")
    assert seen(words) == []


def test_letter_case_of_any_alphabet() -> None:
    make_attribution("МЫ ВОССТАНОВИМ СТАРЫЙ КАМЕННЫЙ МОСТ")
    assert seen("Мы восстановим старый каменный мост скоро")


def test_typographic_apostrophes_are_found() -> None:
    make_attribution("The farmers won’t plant the barley.")
    assert seen("The farmers won't plant the barley again, ever.")


def test_cost(bridge: Quote, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        seen(BRIDGE)


# --- names ---


@pytest.mark.parametrize(
    ("words", "found"), [("ann", True), ("Annie", True), ("LEE", True), ("a b c d e f", False), ("Lee Ann", False)]
)
def test_speakers_named(bridge: Quote, words: str, found: bool) -> None:
    assert ("Ann Lee" in [speaker.name for speaker in speakers_named(words)]) is found
