from __future__ import annotations

from datetime import timedelta

import pytest

from quotes.models import Article, Attribution, PassageKey, Quote
from quotes.services import extract, ingest
from quotes.services.extract import read_revision
from tests.factories import PUBLISHED, read_article
from tests.text.test_copies import OTHER, STORY

pytestmark = pytest.mark.django_db


def again(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def story(text: str = STORY, outlet: str = "Harbour Herald", hours: int = 0) -> Article:
    return read_article(text, outlet=outlet, published=PUBLISHED + timedelta(hours=hours))


def wall() -> Quote:
    return Quote.objects.get(words__startswith="We will build it higher")


def test_the_later_article_is_the_copy() -> None:
    first, second = story(), story(outlet="Evening Courier", hours=9)
    assert again(second).copied_from == first
    assert again(second).copied_share == 1.0
    assert again(second).copied_because == "The other one came out first."
    assert again(first).copied_from is None


def test_the_original_may_come_in_last() -> None:
    second = story(outlet="Evening Courier", hours=9)
    assert wall().origin_count == 1
    first = story()
    assert again(second).copied_from == first
    assert (wall().article_count, wall().origin_count) == (2, 1)


def test_a_credit_outweighs_the_clock() -> None:
    early = story(f"{STORY}\n\nSource: Northern Wire", "Evening Courier")
    wire = story(outlet="Northern Wire", hours=2)
    assert again(early).copied_from == wire
    assert again(early).copied_because == "It credits Northern Wire."
    assert again(wire).copied_from is None


def test_two_copies_of_an_agency_nobody_has_are_one_origin() -> None:
    story(f"{STORY}\n\nSource: Northern Wire", "Harbour Herald")
    second = story(f"{STORY}\n\n© 2025 Northern Wire", "Evening Courier", hours=1)
    assert again(second).copied_because == "Both credit “Northern Wire”; the other one came out first."
    assert (wall().article_count, wall().origin_count) == (2, 1)


def test_two_reporters_who_heard_the_same_words_are_two_origins() -> None:
    story(), story(OTHER, "Evening Courier", hours=3)
    assert not Article.objects.exclude(copied_from=None).exists()
    assert (wall().article_count, wall().origin_count) == (2, 2)


def test_a_new_text_is_no_copy_any_more() -> None:
    url = "https://evening-courier.example/wall"
    story()
    first = ingest.store(
        ingest.draft_paste(STORY, outlet="Evening Courier", published=PUBLISHED + timedelta(hours=1), url=url)
    )
    read_revision(first.revision)
    assert wall().origin_count == 1
    second = ingest.store(ingest.draft_paste(OTHER, url=url))
    read_revision(second.revision)
    article = again(second.article)
    assert (article.copied_from, article.copied_share, article.copied_because) == (None, 0.0, "")
    assert wall().origin_count == 2


def test_reading_again_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [story(), story(outlet="Evening Courier", hours=9), story(OTHER, "Lantern", hours=1)]
    before = list(Article.objects.order_by("pk").values()), list(Quote.objects.order_by("pk").values())
    keys = PassageKey.objects.count()
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    for article in [*articles, *articles]:
        revision = article.current_revision
        assert revision is not None
        read_revision(revision)
    assert (list(Article.objects.order_by("pk").values()), list(Quote.objects.order_by("pk").values())) == before
    assert PassageKey.objects.count() == keys


def test_standing_phrases_make_nobody_a_copy() -> None:
    notice = "Readers are invited to write to the editor about anything that concerns the town and its harbour."
    for number in range(60):
        read_article(f"Item {number} of {number * 7} was decided in room {number}.\n\n{notice}", outlet=f"O{number}")
    assert not Article.objects.exclude(copied_from=None).exists()


def test_a_copy_is_measured_by_what_it_takes_not_by_what_it_leaves() -> None:
    first = story(f"{STORY}\n\n{OTHER}")
    short = story(STORY, "Evening Courier", hours=2)
    assert again(short).copied_from == first
    assert again(short).copied_share > 0.9


def test_where_a_rejected_report_goes_its_origin_goes() -> None:
    story(), story(OTHER, "Evening Courier", hours=3)
    from quotes.services import summary

    last = Attribution.objects.filter(variant__quote=wall()).latest("pk")
    Attribution.objects.filter(pk=last.pk).update(status="rejected")
    summary.refresh({wall().pk})
    assert wall().origin_count == 1


URL = "https://evening-courier.example/wall"


def paste(text: str, url: str = URL, **kwargs: object) -> Article:
    stored = ingest.store(ingest.draft_paste(text, url=url, **kwargs))  # type: ignore[arg-type]
    read_revision(stored.article.revisions.get(number=stored.article.current_number))
    return again(stored.article)


def test_a_date_filled_in_later_turns_the_copy_round() -> None:
    paste(STORY, outlet="Evening Courier")
    herald = story()
    assert again(herald).copied_from is None
    courier = paste(STORY, outlet="Evening Courier", published=PUBLISHED - timedelta(days=2))
    assert again(herald).copied_from == courier
    assert courier.copied_from is None


def test_a_credit_added_later_turns_the_copy_round() -> None:
    courier = paste(STORY, outlet="Evening Courier", published=PUBLISHED)
    wire = story(outlet="Northern Wire", hours=2)
    assert again(wire).copied_from == courier
    courier = paste(f"{STORY}\n\nSource: Northern Wire")
    assert courier.copied_from == wire
    assert again(wire).copied_from is None


def test_a_copy_whose_source_went_finds_another() -> None:
    first, second = story(), story(outlet="Evening Courier", hours=3)
    Article.objects.get(pk=first.pk).delete()
    third = story(outlet="Lantern", hours=1)
    assert again(second).copied_from == third


def test_an_outlet_filled_in_later_counts() -> None:
    first = paste(STORY, published=PUBLISHED)
    story(OTHER, "Evening Courier", hours=3)
    assert wall().origin_count == 2
    paste(STORY, outlet="Evening Courier")
    assert again(first).outlet is not None
    assert (wall().outlet_count, wall().origin_count) == (1, 1)
