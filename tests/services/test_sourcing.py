from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Article, Attribution, Quote
from quotes.services import sourcing, summary
from quotes.services.flag import settle_flag
from quotes.services.origins import origins
from tests.factories import make_article, make_attribution, make_flag, make_outlet, make_quote, make_speaker

pytestmark = pytest.mark.django_db

BRIDGE = "We will rebuild the bridge before winter."


def reports_of(quote: Quote) -> list[Attribution]:
    return list(Attribution.objects.filter(variant__quote=quote).with_evidence().order_by("pk"))


def told(words: str = BRIDGE, *, times: int = 1, **kwargs: Any) -> Quote:
    """One quote, reported `times` times in outlets of their own."""
    speaker = make_speaker("Ann Lee")
    quote = make_quote(words, speaker)
    for _ in range(times):
        article = make_article(f"Somebody said: {words}", outlet=make_outlet())
        make_attribution(words, speaker=speaker, quote=quote, article=article, **kwargs)
    quote.refresh_from_db()
    return quote


@pytest.mark.parametrize(
    ("times", "grade", "reason"), [(1, "C", "firsthand in one newsroom"), (2, "B", "firsthand in 2 newsrooms")]
)
def test_firsthand_grades(times: int, grade: str, reason: str) -> None:
    quote = told(times=times)
    reports = reports_of(quote)
    assert quote.grade == grade
    assert sourcing.grade_reason_of(quote, reports, origins(reports), []) == reason


def test_one_relay_is_named_in_verdict_grade_and_safe_wording(founding_article: Article) -> None:
    quote = Quote.objects.get(words__contains="Putin's calls")
    reports = reports_of(quote)
    assert quote.grade == "D"
    assert (
        sourcing.grade_reason_of(quote, reports, origins(reports), [])
        == "known only through one named relay, Yuri Ushakov"
    )
    assert sourcing.verdict_of(quote, reports).startswith("Known only through Yuri Ushakov.")
    assert sourcing.safe_wording_of(quote, reports, []) == (
        "According to Russian presidential aide Yuri Ushakov, Donald Trump vowed to answer Putin’s calls “anytime”."
    )


def test_an_inferred_relay_and_a_hedge_stay_in_the_safe_wording(founding_article: Article) -> None:
    quote = Quote.objects.get(words__startswith="Vladimir, you can")
    sentence = sourcing.safe_wording_of(quote, reports_of(quote), [])
    assert sentence.startswith(
        "By what reads as Yuri Ushakov’s account, Donald Trump is reported to have said: “Vladimir,"
    )


def test_an_upheld_denial_disputes_the_quote_at_once(editor: User) -> None:
    quote = told(times=2)
    flag = make_flag(quote, editor, kind="denied")
    settle_flag(version=1, flag=flag, actor=editor, result="upheld", reason="She says so herself.")
    quote.refresh_from_db()
    reports, flags = reports_of(quote), list(quote.flags.all())
    assert quote.grade == "disputed"
    assert (
        sourcing.grade_reason_of(quote, reports, origins(reports), flags) == "the flag “Denied” was upheld by editors"
    )
    assert sourcing.safe_wording_of(quote, reports, flags).endswith("This is disputed: editors upheld “Denied”.")


def test_signals() -> None:
    quote = told("a disgrace", times=2, via=(make_speaker("Paul Roe"), make_speaker("Wire")), hedged=True)
    labels = [signal.label for signal in sourcing.signals_of(quote, reports_of(quote))]
    assert labels == ["Secondhand", "Third-hand", "Single origin", "Hedged", "Fragment"]
    assert sourcing.signals_of(told(), reports_of(told())) == []


def test_nothing_is_said_of_what_nobody_reports() -> None:
    quote = told()
    quote.variants.get().attributions.update(status="rejected")
    summary.refresh({quote.pk})
    assert sourcing.safe_wording_of(quote, [], []) == ""
    assert sourcing.grade_reason_of(quote, [], [], []) == ""
    assert sourcing.signals_of(quote, []) == []


def test_coverage_says_where_we_looked(django_assert_num_queries: Any) -> None:
    quote = told(times=3)
    make_article("Another day.", published=datetime(2024, 1, 2, tzinfo=UTC), outlet=make_outlet())
    with django_assert_num_queries(2):
        found = sourcing.coverage_of(quote)
    assert (found.articles, found.outlets, found.articles_then, found.outlets_then) == (4, 4, 3, 3)
    assert str(found.since) == "2024-01-02"


def test_what_was_read_in_all_is_counted_once_a_minute_when_it_is_much(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = told(times=3)
    monkeypatch.setattr(sourcing, "MANY", 2)
    assert sourcing.coverage_of(quote).articles == 3
    make_article("Another text.", published=quote.first_seen)
    with django_assert_num_queries(1):
        found = sourcing.coverage_of(quote)
    assert (found.articles, found.articles_then) == (3, 4)  # the days around it are counted for every page


def test_coverage_of_what_has_no_date() -> None:
    quote = told()
    quote.first_seen = None
    found = sourcing.coverage_of(quote)
    assert (found.articles, found.articles_then, found.outlets_then) == (1, 0, 0)
