from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes.models import Key, KeyFrequency, KeyIndex, Speaker, Variant
from quotes.services import index, summary
from quotes.text.keys import keys, version
from tests.factories import make_attribution, make_quote, make_speaker, read_article

pytestmark = pytest.mark.django_db

WORDS = [
    "We will rebuild the stone bridge over the Harrow before the winter floods arrive.",
    "The pool will stay open for one more summer, whatever the council decides.",
    "Every ferry captain on this coast knows the reef at Sandwick Point.",
    "The council will decide on the budget for schools next Tuesday evening.",
]


def found(wording: str) -> list[str]:
    near = index.near(wording).candidates
    known = Variant.objects.in_bulk([candidate.variant for candidate in near])
    return [known[candidate.variant].wording for candidate in near]


@pytest.fixture
def stored() -> list[Variant]:
    return [make_quote(words).variants.get() for words in WORDS]


@pytest.mark.parametrize(
    "wording",
    [
        "rebuild the stone bridge",
        "before the winter floods arrive we'll rebuild the Harrow's stone bridge",
        "He said they would rebuild the stone bridge over the Harrow, and that was that.",
        "we are rebuilding bridges of stone over the harrow",
    ],
)
def test_a_rewording_is_found_first(stored: list[Variant], wording: str) -> None:
    assert found(wording)[0] == WORDS[0]


@pytest.mark.parametrize("wording", ["", "of the and", "Completely unrelated marmalade.", "👍"])
def test_what_shares_nothing_is_not_found(stored: list[Variant], wording: str) -> None:
    assert found(wording) == []


def test_a_query_reads_no_more_than_its_budget(stored: list[Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BUDGET", 2)
    asked = index._rarest({1: 1, 2: 1, 3: 1, 4: 90})
    assert asked == [1, 2]
    assert index._rarest({4: 90, 5: 95}) == [4]  # always one


def test_cost(stored: list[Variant], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        index.near(WORDS[0])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL rightly reads small tables whole")
def test_reading_looks_through_no_table(stored: list[Variant]) -> None:
    """A text of somebody known, with words that are known in part, by a paper that is known: whatever is asked has an index,
    names in any case and surnames alone included."""
    read_article(f"Ann Lee said: “{WORDS[0]}” She left.", outlet="Harbour Herald")
    with CaptureQueriesContext(connection) as asked:
        text = (
            f"Ann Lee told reporters: “{WORDS[0]} {WORDS[3]}” Bob Stone, her aide, said she had left. Moor said: “Yes.”"
        )
        read_article(text, outlet="HARBOUR herald")
    assert {"Ann Lee", "Bob Stone", "Moor"} == set(Speaker.objects.values_list("name", flat=True))
    scanned = []
    for query in asked.captured_queries:
        if query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                scanned += [(row[3], query["sql"]) for row in cursor.fetchall() if row[3].startswith("SCAN quotes_")]
    assert len(asked) > 30
    assert [each for each in scanned if not each[0].startswith("SCAN quotes_keyindex")] == []  # it has one row


def test_counts_follow_what_comes_and_goes(stored: list[Variant]) -> None:
    def count(stem: str) -> int:
        (key,) = keys(stem)
        return KeyFrequency.objects.filter(key=key).values_list("count", flat=True).first() or 0

    assert (count("council"), count("bridge")) == (2, 1)
    index.add(stored[0])  # is in already
    index.remove(stored[1])
    index.remove(stored[1])
    assert (count("council"), count("bridge")) == (1, 1)
    assert KeyIndex.objects.get().wordings == 3
    assert WORDS[1] not in found("The pool will stay open")


def test_a_quote_that_goes_takes_its_keys_along() -> None:
    ann = make_speaker()
    attribution = make_attribution(WORDS[0], speaker=ann)
    assert attribution.variant is not None
    pk = attribution.variant.pk
    quote = attribution.variant.quote_id
    attribution.delete()
    summary.refresh({quote})
    assert not Variant.objects.filter(pk=pk).exists()
    assert not Key.objects.filter(variant_id=pk).exists()


def test_rebuilding_gives_the_same_index(stored: list[Variant], capsys: pytest.CaptureFixture[str]) -> None:
    before = set(Key.objects.values_list("key", "variant_id")), set(KeyFrequency.objects.values_list("key", "count"))
    Key.objects.all().delete()
    KeyFrequency.objects.all().delete()
    call_command("reindex", anew=True)
    after = set(Key.objects.values_list("key", "variant_id")), set(KeyFrequency.objects.values_list("key", "count"))
    assert after == before
    assert "4 wordings" in capsys.readouterr().out


def test_another_version_is_noticed_and_rebuilt(stored: list[Variant]) -> None:
    assert index.is_current()
    KeyIndex.objects.update(version="0-older")
    assert not index.is_current()
    with pytest.raises(SystemExit):
        call_command("reindex", check=True)
    call_command("reindex")
    assert index.is_current()
    assert KeyIndex.objects.get().version == version()


def test_wordings_without_an_index_are_noticed(stored: list[Variant]) -> None:
    KeyIndex.objects.all().delete()
    assert not index.is_current()
    Variant.objects.all().delete()
    assert index.is_current()


def test_what_is_current_is_left_alone(stored: list[Variant], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reindex")
    assert capsys.readouterr().out == "The index is current.\n"


def test_a_broken_off_rebuilding_goes_on(stored: list[Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 1)
    KeyIndex.objects.update(version="0-older")
    rebuilding = index.rebuild()
    assert [next(rebuilding) for _ in range(3)] == [0, 1, 2]
    rebuilding.close()  # killed here
    assert not index.is_current()
    done = list(index.rebuild())
    assert (done[0], done[-1]) == (2, 4)
    assert index.is_current()
    assert found("rebuild the stone bridge")[0] == WORDS[0]


def test_wordings_alike_in_a_usual_phrase_are_told_apart_by_further_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BUDGET", 1)  # the rarest key fills it
    ann = make_speaker()
    for number in range(12):
        make_attribution(f"He walked the harbour wall on day {number} of the strike", speaker=ann)
    make_attribution("She painted the harbour wall green", speaker=ann)
    for number in range(20):
        make_attribution(f"They painted house {number} with green paint", speaker=ann)
    near = index.near("harbour wall painted", most=3)
    assert Variant.objects.get(pk=near.candidates[0].variant).wording == "She painted the harbour wall green"
    assert near.candidates[0].weight > near.candidates[1].weight
