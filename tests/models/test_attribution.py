from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from quotes.models import Attribution, Relay, Span
from tests.factories import make_article, make_attribution, make_revision, make_speaker

pytestmark = pytest.mark.django_db

STATUSES = ["proposed", "accepted", "corrected", "rejected"]


# --- a span repeats the words of its text ---


@pytest.mark.parametrize(
    ("start", "exact"),
    [
        (0, "We will rebuild the bridge before winter."),  # stands elsewhere
        (31, "we will rebuild the bridge before winter."),  # other letter case
        (31, "We will rebuild the bridge before summer."),
        (9_000, "We will rebuild the bridge before winter."),  # past the end
    ],
)
def test_a_span_with_other_words_is_refused(start: int, exact: str) -> None:
    attribution = make_attribution()
    assert attribution.start == 31
    with pytest.raises(DatabaseError, match="repeat the words"), transaction.atomic():
        Span.objects.create(attribution=attribution, role="cue", start=start, end=start + len(exact), exact=exact)
    with pytest.raises(DatabaseError, match="repeat the words"), transaction.atomic():
        Span.objects.bulk_create(
            [Span(attribution=attribution, role="cue", start=start, end=start + len(exact), exact=exact)]
        )


@pytest.mark.parametrize("text", ["“Ça va,” 说 Ann 👍🏽. Cafe\u0301 \U0001d518.", "Two\n\nlines\tand a tab."])
def test_spans_count_code_points(text: str) -> None:
    """SQLite, PostgreSQL and Python agree on what the n-th letter is."""
    attribution = make_attribution("Ann", article=make_article(f"Ann. {text}"))
    for start in range(5, 5 + len(text)):
        exact = f"Ann. {text}"[start:]
        Span.objects.create(attribution=attribution, role="cue", start=start, end=start + len(exact), exact=exact)


def test_a_span_belongs_to_the_revision_of_its_attribution() -> None:
    article = make_article("Yesterday they said: We will rebuild the bridge before winter.")
    attribution = make_attribution(article=article)
    make_revision(article, "Nothing of the sort stands in the second text of it.")
    with pytest.raises(DatabaseError, match="repeat the words"), transaction.atomic():
        Span.objects.create(attribution=attribution, role="cue", start=0, end=7, exact="Nothing")
    Span.objects.create(attribution=attribution, role="cue", start=0, end=9, exact="Yesterday")


@pytest.mark.parametrize("change", [{"exact": "We will rebuild the bridge before summer."}, {"start": 0, "end": 41}])
def test_a_span_is_not_changed_to_other_words(change: dict[str, Any]) -> None:
    make_attribution()
    with pytest.raises(DatabaseError), transaction.atomic():
        Span.objects.update(**change)


def test_an_attribution_does_not_move_away_from_the_words_of_its_spans() -> None:
    attribution = make_attribution()
    other = make_article("Nothing of the sort stands in this text, which is another.").current_revision
    with pytest.raises(DatabaseError), transaction.atomic():
        Attribution.objects.filter(pk=attribution.pk).update(revision=other)


# --- the QuerySet ---


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("shown", ["proposed", "accepted", "corrected"]),
        ("undecided", ["proposed"]),
        ("decided", ["accepted", "corrected", "rejected"]),
    ],
)
def test_by_status(method: str, expected: list[str]) -> None:
    for status in STATUSES:
        make_attribution(status=status)
    found = getattr(Attribution.objects.order_by("pk"), method)()
    assert [attribution.status for attribution in found] == expected
    assert [attribution.is_decided for attribution in found] == [status != "proposed" for status in expected]


def test_in_text_order() -> None:
    article = make_article("The first words stand here. The second words stand there.")
    second = make_attribution("The second words", article=article)
    first = make_attribution("The first words", article=article)
    assert list(Attribution.objects.in_text_order()) == [first, second]


def test_with_evidence_takes_three_queries(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_attribution(speaker=make_speaker(), via=(make_speaker("Bob Stone"), make_speaker("Cy Moor")))
    with django_assert_num_queries(3):
        for attribution in Attribution.objects.with_evidence():
            assert [span.exact for span in attribution.spans.all()]
            assert [relay.label for relay in attribution.relays.all()] == ["Bob Stone", "Cy Moor"]
            assert attribution.revision.article.outlet is not None
            assert str(attribution)


@pytest.mark.parametrize(
    ("named", "description", "label"),
    [
        (True, "", "Bob Stone"),
        (False, "two officials briefed on the call", "two officials briefed on the call"),
        (False, "", "somebody the article does not name"),
    ],
)
def test_label_of_a_relay(named: bool, description: str, label: str) -> None:
    intermediary = make_speaker("Bob Stone") if named else None
    relay = Relay(attribution=make_attribution(), position=1, intermediary=intermediary, description=description)
    assert relay.label == str(relay) == label
