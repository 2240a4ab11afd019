"""What editors decided on a report holds in every version of its article."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from quotes.models import Article, Attribution, Decision, Quote, Revision
from quotes.services import extract, ingest, review
from quotes.services.review import Reading, Teller
from quotes.services.undo import undo
from quotes.text.spans import Span as TextSpan
from tests.factories import PUBLISHED, correct_reading

pytestmark = pytest.mark.django_db
URL = "https://news.example/kursk"


def version(text: str) -> Revision:
    """The article's next version, read."""
    stored = ingest.store(ingest.draft_paste(text, outlet="Newspoint", published=PUBLISHED, url=URL))
    extract.read_revision(stored.revision)
    return stored.revision


def anytime(revision: Revision) -> Attribution:
    return revision.attributions.get(variant__wording__startswith="Vladimir, you can pick up")


@pytest.fixture
def two(founding_text: str) -> tuple[Revision, Revision]:
    return version(founding_text), version(founding_text.replace("six soldiers", "seven soldiers"))


def test_rejecting_in_the_newest_version_takes_the_quote_off_the_site(
    two: tuple[Revision, Revision], editor: User
) -> None:
    first, second = map(anytime, two)
    review.reject(attribution=second, actor=editor, version=second.version, reason="Nobody said so.")
    first.refresh_from_db()
    assert first.status == "rejected"
    assert not Quote.objects.shown().filter(words__startswith="Vladimir, you can").exists()
    undo(decision=Decision.objects.get(), actor=editor)
    first.refresh_from_db()
    assert first.status == "proposed"
    assert Quote.objects.shown().filter(words__startswith="Vladimir, you can").exists()


def test_another_speaker_is_another_speaker_in_all_versions_and_back(
    two: tuple[Revision, Revision], editor: User
) -> None:
    first, second = map(anytime, two)
    before = [list(r.relays.values("position", "intermediary", "description")) for r in (first, second)]
    correct_reading(second, editor, speaker="Ann Lee", tellers=(Teller("Bob Stone"),), form="mixed")
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.speaker, first.form, first.sourcing) == (second.speaker, "mixed", "secondhand")
    assert [relay.label for relay in first.relays.all()] == ["Bob Stone"]
    assert Quote.objects.shown().filter(words__startswith="Vladimir, you can").count() == 1
    undo(decision=Decision.objects.get(), actor=editor)
    first.refresh_from_db()
    assert (first.status, first.form) == ("proposed", "direct")
    assert [list(r.relays.values("position", "intermediary", "description")) for r in (first, second)] == before


def test_a_version_decided_by_itself_is_left_alone(two: tuple[Revision, Revision], editor: User) -> None:
    first, second = map(anytime, two)
    review.accept(attribution=first, actor=editor, version=first.version)
    second.refresh_from_db()
    assert second.status == "accepted"
    review.reject(attribution=second, actor=editor, version=second.version, reason="Not in this one.")
    first.refresh_from_db()
    assert first.status == "accepted"


def test_other_bounds_hold_in_the_next_version(founding_text: str, editor: User) -> None:
    row = anytime(version(founding_text))
    text = row.revision.text
    start = text.index("you can pick up the phone")
    bounds = (TextSpan(start, start + len("you can pick up the phone")),)
    correct_reading(row, editor, content=bounds, speaker="Ann Lee")
    revision = version(founding_text.replace("six soldiers", "seven soldiers"))
    held = revision.attributions.get(status="corrected")
    assert [span.exact for span in held.spans.filter(role="content")] == ["you can pick up the phone"]
    assert held.speaker is not None
    assert (held.speaker.name, held.variant_id) == ("Ann Lee", Attribution.objects.get(pk=row.pk).variant_id)
    quote = held.variant and held.variant.quote
    assert quote is not None
    assert quote.article_count == 1
    extract.read_revision(revision)
    assert revision.attributions.filter(status="corrected").get() == held


def test_what_was_added_by_hand_holds_in_the_next_version(founding_text: str, editor: User) -> None:
    first = version(founding_text)
    start = first.text.index("volunteer organisations")
    span = TextSpan(start, start + len("volunteer organisations"))
    review.add(revision=first, actor=editor, reading=Reading((span,), "Ann Lee", tellers=(Teller("Bob Stone"),)))
    second = version(founding_text.replace("six soldiers", "seven soldiers"))
    held = second.attributions.get(extractor="hand")
    assert (held.status, held.sourcing, held.variant_words) == ("corrected", "secondhand", "volunteer organisations")
    third = version(founding_text.replace("volunteer organisations", "people"))
    assert not third.attributions.filter(extractor="hand").exists()
    assert Article.objects.count() == 1
