from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Alias, Quote
from quotes.models.review import KINDS
from quotes.services import summary
from quotes.services.facets import facets
from quotes.services.search import Search, ordered, seen, speakers_named
from quotes.text.query import Query, Term, parse
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


def searched(typed: str) -> list[Quote]:
    return list(ordered(Search(parse(typed, KINDS)).quotes(), "new"))


TYPED = [
    "bridge",
    "bridges winters STONE",  # every form of a word
    "ann bridge",  # the speaker’s name
    "brief rebuild",  # the outlet’s
    '"old stone bridge"',
    "bridge -pool",
    '-"stay open"',
    "-pool",
    "speaker:ann",
    'speaker:"ann lee"',
    "by:Annie",
    "via:stone",
    'via:"Bob Stone"',
    "outlet:brief",
    'outlet:"City Brief"',
    "-outlet:ledger",
    "class:secondhand",
    "-class:firsthand",
    "grade:D",
    "grade:d grade:e",
    "flag:any",
    "flag:denied",
    "before:2025-05-10",
    "after:2025-05-05 before:2025-05-15",
    "-after:2025-05-11",
]


@pytest.mark.parametrize("typed", TYPED)
def test_one_search(bridge: Quote, typed: str) -> None:
    assert searched(typed) == [bridge]


def test_all_together(bridge: Quote) -> None:
    assert searched(" ".join(TYPED[:2] + TYPED[6:24])) == [bridge]


@pytest.mark.parametrize(
    "other",
    [
        "pool",
        "-bridge",
        '"stone old bridge"',
        '"winter comes Ann Lee"',  # no phrase runs from the words into the name
        "speaker:bob",
        'speaker:"ann"',
        "via:ann",
        "outlet:ledger",
        'outlet:"City"',
        "class:firsthand",
        "grade:A",
        "flag:secondhand",
        "after:2025-05-11",
        "before:2025-05-09",
        "speaker:nobody",
        "outlet:%",
        "outlet:_",
        'speaker:"A__ Lee"',
        "to:Putin",
    ],
)
@pytest.mark.parametrize("typed", ["", "bridge", "winter before:2025-06"])
def test_each_part_narrows_the_others(bridge: Quote, typed: str, other: str) -> None:
    assert bridge not in searched(f"{typed} {other}")


def test_nothing_typed_gives_all_newest_first(bridge: Quote) -> None:
    assert [quote.words for quote in searched("")] == [POOL, BRIDGE]


def test_alternatives_of_one_operator(bridge: Quote) -> None:
    assert len(searched("class:secondhand class:firsthand")) == 2
    assert len(searched("speaker:ann speaker:bob")) == 2


@pytest.mark.parametrize(("sort", "first"), [("new", POOL), ("old", BRIDGE), ("most", BRIDGE), ("odd", POOL)])
def test_orders(bridge: Quote, sort: str, first: str) -> None:
    make_attribution(
        BRIDGE, speaker=bridge.speaker, quote=bridge, article=bridge.variants.get().attributions.get().revision.article
    )
    assert [quote.words for quote in ordered(Quote.objects.shown(), sort)][:1] == [first]


def test_who_a_quote_is_said_to(bridge: Quote) -> None:
    Quote.objects.filter(pk=bridge.pk).update(addressee="Vladimir Putin")
    assert searched("to:putin") == searched('to:"Vladimir Putin"') == [bridge]


def test_what_no_article_reports_any_more_is_not_found(bridge: Quote) -> None:
    bridge.variants.get().attributions.update(status="rejected")
    summary.refresh({bridge.pk})
    assert searched("bridge") == []


def test_facets_count_what_each_choice_would_leave(bridge: Quote) -> None:
    def counts(typed: str) -> dict[str, dict[str, int]]:
        found = facets(Search(parse(typed, KINDS)))
        return {facet.label: {choice.label: choice.count for choice in facet.choices} for facet in found.facets}

    assert counts("") == {
        "Class": {"Firsthand": 1, "Secondhand": 1},
        "Grade": {"C": 1, "D": 1},
        "Speaker": {"Ann Lee": 1, "Bob Stone": 1},
        "Through": {"Bob Stone": 1},
        "Outlet": {"City Brief": 1, "Daily Ledger": 1},
        "Flag": {"Denied": 1},
    }
    narrowed = counts("class:secondhand")
    assert narrowed["Class"] == {"Firsthand": 1, "Secondhand": 1}  # its own choices stay to choose from
    assert narrowed["Speaker"] == {"Ann Lee": 1}
    assert narrowed["Grade"] == {"D": 1}
    assert counts("speaker:ann")["Speaker"] == {"Ann Lee": 1, "Bob Stone": 1}
    for typed in ("", "bridge", "class:secondhand", "-class:secondhand grade:c", "speaker:ann", "flag:any", "pool ann"):
        search = Search(parse(typed, KINDS))
        assert facets(search).total == search.quotes().count(), typed


def test_facets_of_nothing_are_those_that_may_be_why(bridge: Quote, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        found = facets(Search(parse("outlet:nope bridge", KINDS)))
    assert found.total == 0
    assert [facet.label for facet in found.facets] == ["Outlet"]


def test_facets_of_names_are_left_out_of_very_long_lists(bridge: Quote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.services.facets.MOST_COUNTED", 1)
    narrowed = facets(Search(parse("after:2025-01-01", KINDS)))
    assert narrowed.are_few
    assert [facet.label for facet in narrowed.facets] == ["Class", "Grade"]
    everything = facets(Search(parse("", KINDS)))
    assert not everything.are_few
    assert len(everything.facets) == 6


def test_names_in_the_whole_list_are_counted_anew_once_a_minute_when_it_is_very_long(
    bridge: Quote, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    everything = Search(parse("", KINDS))
    before = facets(everything)
    with django_assert_num_queries(5):  # a short list is counted every time
        assert facets(everything) == before
    monkeypatch.setattr("quotes.services.facets.MOST_COUNTED", 1)
    assert facets(everything) == before
    with django_assert_num_queries(2):  # classes and flags
        assert facets(everything) == before
    make_attribution("We will build a tunnel.", speaker=make_speaker("Zoe New"))
    assert facets(everything).total == before.total + 1
    with django_assert_num_queries(6):  # what is narrowed is counted on its own
        assert facets(Search(parse("speaker:zoe", KINDS))).total == 1


def test_cost_of_facets(bridge: Quote, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(7):
        facets(Search(parse("speaker:ann via:stone outlet:brief flag:any bridge")))


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
    for name in ("speaker", "via", "to", "outlet"):
        assert Search(Query((Term(name, odd[:200]),))).quotes().count() == 0, name
    for typed in (odd, f'"{odd}"', f"-{odd}", f"class:{odd}", f"flag:{odd} before:{odd}"):
        facets(Search(parse(typed, KINDS)))
    assert speakers_named(odd) == []
    assert all(entry.how != "exact" for entry in seen(odd))
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


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("rebuild the old stone bridge", "shortened"),
        ("We shall rebuild this old bridge of stone before winter comes.", "reworded"),
        (f"{BRIDGE} Then farmers, teachers, nurses and firefighters can finally cross Harwick river safely.", "partly"),
    ],
)
def test_seen_whole_or_in_part(bridge: Quote, words: str, how: str) -> None:
    (entry,) = seen(words)
    assert (entry.quote, entry.how) == (bridge, how)
    assert (entry.share > 0.5) == (how != "partly")


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
