from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Attribution, Decision, Quote, Variant
from quotes.services.summary import refresh
from quotes.text.normalize import fingerprint
from tests.factories import PUBLISHED, make_article, make_attribution, make_flag, make_outlet, make_quote, make_speaker

pytestmark = pytest.mark.django_db

WORDS = "We will rebuild the bridge."


def report(quote: Quote, words: str = WORDS, **kwargs: Any) -> Attribution:
    """One more report of the quote, worded as given."""
    quote.variants.get_or_create(fingerprint=fingerprint(words), defaults={"wording": words})
    return make_attribution(words, quote=quote, **kwargs)


def test_counts_and_days() -> None:
    quote, outlet = make_quote(WORDS), make_outlet()
    for days in (0, 3, -2):
        article = make_article(
            f"She said: {WORDS} Day {days}.", outlet=outlet, published=PUBLISHED + timedelta(days=days)
        )
        report(quote, article=article)
    report(quote, article=make_article(f"She said: {WORDS} Elsewhere."), status="rejected")
    quote.refresh_from_db()
    assert (quote.report_count, quote.article_count, quote.outlet_count) == (3, 3, 1)
    assert (quote.first_seen, quote.last_seen) == (PUBLISHED - timedelta(days=2), PUBLISHED + timedelta(days=3))


def test_two_reports_in_one_article() -> None:
    quote = make_quote(WORDS)
    article = make_article(f"She said: {WORDS} Again: {WORDS}")
    for _ in range(2):
        report(quote, article=article)
    quote.refresh_from_db()
    assert (quote.report_count, quote.article_count) == (2, 1)


def test_without_a_day_the_day_it_was_added_counts() -> None:
    article = make_article(f"She said: {WORDS}", published=None)
    attribution = report(make_quote(WORDS), article=article)
    assert attribution.variant is not None
    assert Quote.objects.get().first_seen == article.added_at


@pytest.mark.parametrize(
    ("classes", "best"),
    [
        (["secondhand"], "secondhand"),
        (["secondhand", "firsthand", "thirdhand"], "firsthand"),
        (["not_stated", "thirdhand"], "thirdhand"),
        (["pickup", "firsthand"], "firsthand"),
        (["firsthand", "record"], "record"),
        (["secondhand_unnamed", "secondhand"], "secondhand"),
    ],
)
def test_a_quote_is_as_good_as_its_best_report(classes: list[str], best: str) -> None:
    quote = make_quote(WORDS)
    for sourcing in classes:
        report(quote, sourcing=sourcing)
    quote.refresh_from_db()
    assert quote.sourcing == best


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        ([("A long wording of it all.", "secondhand", "direct"), ("Short.", "firsthand", "indirect")], "Short."),
        ([("A long wording of it all.", "firsthand", "indirect"), ("Short.", "firsthand", "direct")], "Short."),
        ([("A long one.", "firsthand", "direct"), ("A longer one.", "firsthand", "direct")], "A longer one."),
    ],
)
def test_the_best_wording(reports: list[tuple[str, str, str]], words: str) -> None:
    quote = make_quote("Nobody says this.")
    for wording, sourcing, form in reports:
        report(quote, wording, sourcing=sourcing, form=form)
    quote.refresh_from_db()
    assert quote.words == words


def test_intermediaries_once_each() -> None:
    quote, bob = make_quote(WORDS), make_speaker("Bob Stone")
    report(quote, via=(bob,))
    report(quote, via=(bob, make_speaker("Eve Hart")))
    quote.refresh_from_db()
    assert [step["label"] for step in quote.via] == ["Bob Stone", "Eve Hart"]


def test_a_quote_nobody_reports_goes() -> None:
    quote = make_quote(WORDS)
    refresh({quote.pk})
    assert not Quote.objects.exists()
    assert not Variant.objects.exists()


@pytest.mark.parametrize("record", ["flag", "decision", "merged"])
def test_a_quote_with_a_record_stays(record: str, editor: User) -> None:
    quote = make_quote(WORDS, report_count=3, article_count=3, outlet_count=2)
    if record == "flag":
        make_flag(quote, editor, state="not_upheld", settled_by=editor, settled_reason="No.")
    elif record == "decision":
        Decision.objects.create(actor=editor, verb="noted", quote=quote)
    else:
        make_quote("Merged.", merged_into=quote)
    refresh({quote.pk})
    quote.refresh_from_db()
    assert (quote.report_count, quote.article_count, quote.outlet_count, quote.words) == (0, 0, 0, WORDS)


@pytest.mark.parametrize("ids", [set(), {None}, {999_999}, [None, None, 999_999]])
def test_nothing_to_refresh(ids: Any) -> None:
    other = make_quote(WORDS)
    refresh(ids)
    assert Quote.objects.get() == other


@pytest.mark.parametrize("number", [1, 5])
def test_cost(number: int, django_assert_max_num_queries: Any) -> None:
    quotes = [make_quote(f"Words {n}.") for n in range(number)]
    for quote in quotes:
        make_attribution(quote.words, quote=quote, via=(make_speaker("Bob Stone"),))
    with django_assert_max_num_queries(15 + number):
        refresh({quote.pk for quote in quotes})
