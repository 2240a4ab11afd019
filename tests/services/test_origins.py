from __future__ import annotations

from datetime import timedelta

import pytest

from quotes.models import Attribution, Outlet, Quote, Relay, Speaker
from quotes.services.origins import count, origins
from tests.factories import PUBLISHED, make_article, make_attribution, make_outlet, make_quote, make_speaker

pytestmark = pytest.mark.django_db
WORDS = "We will rebuild the bridge before winter."


@pytest.fixture
def quote() -> Quote:
    return make_quote(WORDS)


def report(quote: Quote, *via: Speaker, outlet: Outlet | None = None, hours: int = 0, **kwargs: object) -> Attribution:
    outlet = outlet or make_outlet()
    article = make_article(f"He spoke. {WORDS}", outlet=outlet, published=PUBLISHED + timedelta(hours=hours))
    return make_attribution(WORDS, quote=quote, via=via, article=article, **kwargs)


def found(quote: Quote) -> list[tuple[str, int]]:
    reports = Attribution.objects.shown().filter(variant__quote=quote)
    reports = reports.select_related("variant", "revision__article__outlet").prefetch_related("relays__intermediary")
    groups = origins(list(reports))
    quote.refresh_from_db()
    assert quote.origin_count == count(groups)
    return [(origin.label, origin.articles) for origin in groups]


def test_each_newsroom_that_heard_it_is_an_origin(quote: Quote) -> None:
    herald, ledger = make_outlet(name="Herald"), make_outlet(name="Ledger")
    report(quote, outlet=herald), report(quote, outlet=ledger, hours=1), report(quote, outlet=herald, hours=2)
    assert found(quote) == [("Herald", 2), ("Ledger", 1)]


def test_one_relay_is_one_origin_however_many_print_it(quote: Quote) -> None:
    aide = make_speaker("Yuri Ushakov")
    for hours in range(4):
        report(quote, aide, hours=hours)
    assert found(quote) == [("Yuri Ushakov", 4)]


def test_who_cites_the_agency_rests_on_what_the_agency_rests_on(quote: Quote) -> None:
    aide, wire = make_speaker("Yuri Ushakov"), make_speaker("Northern Wire", kind="organisation")
    report(quote, aide, outlet=make_outlet(name="Northern Wire"))
    report(quote, aide, wire, hours=1)
    report(quote, wire, hours=2)
    assert found(quote) == [("Northern Wire", 3)] or found(quote) == [("Yuri Ushakov", 3)]


def test_a_pickup_rests_on_the_newsroom_it_names(quote: Quote) -> None:
    report(quote, outlet=make_outlet(name="Northern Wire"))
    report(quote, venue="Northern Wire", sourcing="pickup", hours=1)
    assert found(quote) == [("Northern Wire", 2)]


def test_a_relay_and_a_reporter_are_two(quote: Quote) -> None:
    report(quote, make_speaker("Yuri Ushakov"))
    report(quote, outlet=make_outlet(name="Herald"), hours=1)
    assert len(found(quote)) == 2


def test_unnamed_relays_described_alike_are_not_known_to_be_two(quote: Quote) -> None:
    for hours in range(2):
        attribution = report(quote, hours=hours, sourcing="secondhand_unnamed")
        Relay.objects.create(attribution=attribution, position=1, description="Two officials briefed on the call")
    from quotes.services import summary

    summary.refresh({quote.pk})
    assert found(quote) == [("Two officials briefed on the call", 2)]


def test_what_nobody_says_where_from_adds_no_origin(quote: Quote) -> None:
    from quotes.services import summary

    unsaid = [report(quote, hours=hours, sourcing="not_stated") for hours in range(2)]
    for attribution in unsaid:
        Relay.objects.create(attribution=attribution, position=1)
    summary.refresh({quote.pk})
    assert found(quote) == [("", 2)]
    assert quote.origin_count == 1
    report(quote, outlet=make_outlet(name="Herald"))
    assert found(quote) == [("Herald", 1), ("", 2)]
    assert quote.origin_count == 1


@pytest.mark.parametrize(("share", "expected"), [(0.95, 1), (0.8, 1), (0.5, 1), (0.0, 2)])
def test_a_copy_rests_on_what_it_copies(quote: Quote, share: float, expected: int) -> None:
    """In part copied, the same words are taken to be copied with it."""
    from quotes.services import summary

    first, second = report(quote), report(quote, hours=1)
    article = second.revision.article
    article.copied_from, article.copied_share = (first.revision.article if share else None), share
    article.save()
    summary.refresh({quote.pk})
    assert len(found(quote)) == expected


def test_no_report_no_origin() -> None:
    assert count(origins([])) == 0


def test_articles_of_no_known_outlet_stand_for_themselves(quote: Quote) -> None:
    for hours in range(2):
        article = make_article(f"He spoke. {WORDS}", outlet=None, published=PUBLISHED + timedelta(hours=hours))
        make_attribution(WORDS, quote=quote, article=article)
    assert [number for _, number in found(quote)] == [1, 1]
