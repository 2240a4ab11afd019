from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from quotes.models import Attribution, Quote
from quotes.models.attribution import SOURCINGS
from quotes.models.review import IN_FORCE, Flag
from tests.factories import make_article, make_attribution, make_flag, make_outlet, make_quote, make_speaker

pytestmark = pytest.mark.django_db

FIRSTHAND = ["record", "firsthand", "pickup"]


def quote_of(attribution: Attribution) -> Quote:
    assert attribution.variant is not None
    return attribution.variant.quote


def seen(first: int, last: int, **kwargs: Any) -> Quote:
    """A quote seen from one day of May to another."""
    days = {
        "first_seen": datetime(2025, 5, first, 12, tzinfo=UTC),
        "last_seen": datetime(2025, 5, last, 12, tzinfo=UTC),
    }
    return make_quote(**{**days, **kwargs})


def test_shown() -> None:
    reported = quote_of(make_attribution())
    make_quote("Nobody reports this.")
    make_attribution("Rejected words.", status="rejected")
    assert list(Quote.objects.shown()) == [reported]


def test_orders() -> None:
    old = seen(1, 2, report_count=1)
    busy = seen(2, 20, report_count=5)
    new = seen(3, 21, report_count=1)
    unseen = make_quote()
    assert list(Quote.objects.newest_first()) == [new, busy, old, unseen]
    assert list(Quote.objects.oldest_first()) == [old, busy, new, unseen]
    assert list(Quote.objects.most_reported_first()) == [busy, new, old, unseen]


def test_said_by() -> None:
    ann, bob = make_speaker("Ann Lee"), make_speaker("Bob Stone")
    quote = make_quote(speaker=ann)
    make_quote(speaker=bob)
    make_quote()
    assert list(Quote.objects.said_by(ann)) == [quote]


@pytest.mark.parametrize("sourcing", SOURCINGS)
def test_firsthand_or_through_others(sourcing: str) -> None:
    make_quote(sourcing=sourcing)
    assert Quote.objects.firsthand().exists() is (sourcing in FIRSTHAND)
    assert Quote.objects.through_others().exists() is (sourcing not in FIRSTHAND)


def test_relayed_by() -> None:
    ann, bob, cy = make_speaker("Ann Lee"), make_speaker("Bob Stone"), make_speaker("Cy Moor")
    through_bob = quote_of(make_attribution("One.", speaker=ann, via=(bob, cy)))
    make_attribution("Two.", speaker=bob, via=(cy,))
    make_attribution("Three.", speaker=ann, via=(bob,), status="rejected")
    assert list(Quote.objects.relayed_by(bob)) == [through_bob]
    assert Quote.objects.relayed_by_any([bob, cy]).count() == 2
    assert not Quote.objects.relayed_by_any([ann]).exists()
    assert not Quote.objects.relayed_by_any([]).exists()


def test_in_outlet() -> None:
    post, echo = make_outlet(), make_outlet()
    text = "This was said: {} And that was all of it."
    in_post = quote_of(make_attribution("One.", article=make_article(text.format("One."), outlet=post)))
    make_attribution("Two.", article=make_article(text.format("Two."), outlet=echo))
    make_attribution("Three.", article=make_article(text.format("Three."), outlet=post), status="rejected")
    assert list(Quote.objects.in_outlet(post)) == [in_post]
    assert Quote.objects.in_outlets([post, echo]).count() == 2
    assert not Quote.objects.in_outlets([]).exists()


@pytest.mark.parametrize("state", Flag.State.values)
def test_flagged(state: str, editor: User) -> None:
    quote = make_quote()
    make_flag(
        quote,
        editor,
        kind="denied",
        state=state,
        settled_by=editor,
        settled_reason="Because.",
        claimed_at=timezone.now(),
    )
    make_quote("Not flagged.")
    assert list(Quote.objects.flagged()) == ([quote] if state in IN_FORCE else [])
    assert list(Quote.objects.flagged(["denied"])) == ([quote] if state in IN_FORCE else [])
    assert not Quote.objects.flagged(["secondhand"]).exists()


def test_flagged_twice_is_listed_once(editor: User) -> None:
    quote = make_quote()
    make_flag(quote, editor)
    make_flag(quote, editor, kind="denied")
    assert Quote.objects.flagged().count() == 1


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [
        (None, None, True),
        (date(2025, 5, 10), None, True),
        (date(2025, 5, 11), None, False),
        (None, date(2025, 5, 10), True),
        (None, date(2025, 5, 9), False),
        (date(2025, 5, 10), date(2025, 5, 10), True),
        (date(2025, 5, 11), date(2025, 5, 9), False),
    ],
)
def test_seen_between(after: date | None, before: date | None, found: bool) -> None:
    seen(10, 20)
    assert Quote.objects.seen_between(after, before).exists() is found


def test_row_details_take_two_queries(django_assert_num_queries: Any, editor: User) -> None:
    for number in range(3):
        make_flag(quote_of(make_attribution(f"Words {number}.", speaker=make_speaker())), editor)
    with django_assert_num_queries(2):
        for quote in Quote.objects.with_row_details():
            assert quote.speaker is not None
            assert [flag.label for flag in quote.flags_in_force] == ["Secondhand"]  # type: ignore[attr-defined]


def test_row_details_leave_out_settled_flags(editor: User) -> None:
    make_flag(make_quote(), editor, state="not_upheld", settled_by=editor, settled_reason="No.")
    assert [row.flags_in_force for row in Quote.objects.with_row_details()] == [[]]  # type: ignore[attr-defined]
