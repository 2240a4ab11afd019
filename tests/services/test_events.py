from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes.models import Article, Attribution, Event, Flag, Match, Quote
from quotes.services import extract, flag, ingest, merge, review, summary
from quotes.text.normalize import fingerprint
from tests.factories import (
    PUBLISHED,
    make_article,
    make_attribution,
    make_flag,
    make_quote,
    make_revision,
    make_speaker,
    read_article,
)

pytestmark = pytest.mark.django_db

WORDS = "We will not sign the treaty on the northern border if Kyiv agrees to the terms"
STORY = 'The minister spoke on Tuesday. "{}," said Ann Lee, the foreign minister. It was late by then.'


def story(words: str = WORDS, outlet: str = "Alpha", **kwargs: Any) -> Article:
    return read_article(STORY.format(words), outlet=outlet, **kwargs)


def told(kind: str) -> list[str]:
    return list(Event.objects.filter(kind=kind).order_by("pk").values_list("detail", flat=True))


# --- new attributions ---


def test_an_article_that_is_read_tells_of_each_of_its_quotes_once(founding_article: Article) -> None:
    quotes = set(Attribution.objects.values_list("variant__quote", flat=True))
    assert sorted(Event.objects.values_list("quote", flat=True)) == sorted(quotes)
    assert set(Event.objects.values_list("kind", "article")) == {("report", founding_article.pk)}
    assert Event.objects.get(quote__words__startswith="Vladimir").detail == "Newspoint reports it: secondhand."


def test_read_twice_noted_once(founding_article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(Event.objects.values())
    revision = founding_article.current_revision
    assert revision is not None
    extract.read_revision(revision)
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")
    assert extract.read_revision(revision)
    assert list(Event.objects.values()) == before


def test_read_again_because_its_outlet_became_known() -> None:
    article = story(outlet="")
    stored = ingest.store(ingest.draft_paste(STORY.format(WORDS), outlet="Alpha", published=PUBLISHED))
    assert stored.article == article
    assert stored.article.stage == "new"
    extract.read_revision(stored.revision)
    assert told("report") == [f"“{article.title}” reports it: firsthand."]


def test_rules_that_find_more_in_an_old_article_are_no_news() -> None:
    article = make_article(STORY.format(WORDS), stage="read")
    assert article.current_revision is not None
    assert extract.read_revision(article.current_revision)
    assert not Event.objects.exists()


def test_the_same_quote_in_another_article_and_twice_in_one() -> None:
    first = story()
    second = read_article(f'{STORY.format(WORDS)} "{WORDS}," said Ann Lee once more, to applause.', outlet="Beta")
    assert Quote.objects.filter(speaker__name="Ann Lee").count() == 1
    assert list(Event.objects.order_by("pk").values_list("kind", "article")) == [
        ("report", first.pk),
        ("report", second.pk),
    ]


def test_a_new_version_tells_only_of_what_it_adds() -> None:
    url = "https://alpha.example/1"
    article = story(url=url)
    added = '"The parliament votes about it on the last day of May," said Bob Stone, the speaker of parliament.'
    again = read_article(f"{STORY.format(WORDS)} {added}", outlet="Alpha", url=url)
    assert again == article
    assert article.revisions.count() == 2
    assert list(Event.objects.values_list("quote__speaker__name", flat=True).order_by("pk")) == ["Ann Lee", "Bob Stone"]


def test_what_an_editor_rejected_is_no_news_in_the_next_version(editor: User) -> None:
    article = story(url="https://alpha.example/1")
    attribution = Attribution.objects.get()
    review.reject(attribution=attribution, actor=editor, version=1, reason="She did not.")
    Event.objects.all().delete()
    revision = make_revision(article, f"{STORY.format(WORDS)} Then it rained.")
    article.stage, article.current_number = "new", 2
    article.save()
    extract.read_revision(revision)
    assert Attribution.objects.filter(revision=revision, status="rejected").exists()
    assert not Event.objects.exists()


def test_nothing_is_noted_when_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(extract.propose, "propose", broken)
    with pytest.raises(RuntimeError):
        story()
    assert not Event.objects.exists()


def queries_of_events(text: str, outlet: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read_article(text, outlet=outlet)
    return sum("quotes_event" in query["sql"] for query in captured)


def test_cost_does_not_grow_with_the_rows() -> None:
    many = " ".join(f'"The bridge number {n} will be rebuilt before winter comes," said Ann Lee.' for n in range(30))
    assert queries_of_events(many, "Alpha") == 1
    assert Event.objects.count() > 20
    assert queries_of_events(f"{many} It was late.", "Beta") <= 2


# --- wordings ---


def test_a_wording_that_drops_words() -> None:
    story()
    article = story(WORDS.replace(" on the northern border", ""), outlet="Beta")
    drifted = Event.objects.get(kind="drifted")
    assert drifted.quote == Quote.objects.get(speaker__name="Ann Lee")
    assert (drifted.article, drifted.detail) == (article, "Beta drops “on the northern border”.")


def test_a_wording_that_was_printed_before_does_not_drift_again() -> None:
    story()
    shorter = WORDS.replace(" on the northern border", "")
    story(shorter, outlet="Beta")
    read_article(f"{STORY.format(shorter)} So it was.", outlet="Gamma")
    assert len(told("drifted")) == 1
    assert len(told("report")) == 3


@pytest.mark.parametrize(
    ("dropped", "alarm"),
    [(" not", "Only one of the two says “not”."), (" if Kyiv agrees to the terms", "has the condition “if”.")],
)
def test_a_wording_that_drops_a_not_or_a_condition(dropped: str, alarm: str) -> None:
    """No machine makes it one quote: an editor is asked, and whoever watches the quote is told so."""
    story()
    quote = Quote.objects.get(speaker__name="Ann Lee")
    article = story(WORDS.replace(dropped, ""), outlet="Beta")
    drifted = Event.objects.get(kind="drifted")
    assert (drifted.quote, drifted.article) == (quote, article)
    assert drifted.detail.startswith("Beta prints what may be the same remark: “We will")
    assert alarm in drifted.detail
    assert Match.objects.get().outcome == "proposed"


def test_an_altered_wording_is_told_once_however_many_print_it() -> None:
    story()
    story(WORDS.replace(" not", ""), outlet="Beta")
    read_article(f"{STORY.format(WORDS.replace(' not', ''))} So it was.", outlet="Gamma")
    assert len(told("drifted")) == 1


def test_another_remark_has_not_drifted() -> None:
    story()
    story("The schools in the south will open again on the first of May", outlet="Beta")
    assert told("drifted") == []


def test_both_wordings_in_one_article_are_no_drift() -> None:
    read_article(f'{STORY.format(WORDS)} "{WORDS.replace(" not", "")}," said Ann Lee.', outlet="Alpha")
    assert Match.objects.exclude(alarms=[]).exists()
    assert told("drifted") == []


# --- firsthand ---


def test_a_firsthand_article_read_later() -> None:
    words = "We will rebuild the old bridge over the river before the winter comes"
    read_article(f'"{words}," Ann Lee said, according to her aide Bob Stone. It was late.', outlet="Alpha")
    quote = Quote.objects.get(speaker__name="Ann Lee")
    assert quote.sourcing == "secondhand"
    assert told("firsthand") == []
    article = story(words, outlet="Beta")
    event = Event.objects.get(kind="firsthand")
    assert (event.quote, event.article, event.detail) == (quote, article, "Beta had it from the speaker.")


def test_born_firsthand_is_no_event_and_staying_so_is_none() -> None:
    story()
    read_article(f"{STORY.format(WORDS)} So it was.", outlet="Beta")
    assert told("firsthand") == []


@pytest.mark.parametrize(
    ("sourcing", "sentence"),
    [
        ("pickup", "{} credits another outlet that had it from the speaker."),
        ("record", "{} links a record of the words."),
    ],
)
def test_what_counts_as_firsthand_is_told_as_what_it_is(sourcing: str, sentence: str) -> None:
    quote = make_quote()
    make_attribution(quote.words, quote=quote, via=(make_speaker(),))
    report = make_attribution(quote.words, quote=quote, sourcing=sourcing)
    assert report.revision.article.outlet is not None
    assert told("firsthand") == [sentence.format(report.revision.article.outlet)]


def test_merging_with_a_firsthand_quote(editor: User) -> None:
    ann = make_speaker()
    one = make_attribution("We will rebuild the bridge.", speaker=ann, via=(make_speaker("Bob Stone"),))
    other = make_attribution("The bridge will be rebuilt by us.", speaker=ann)
    assert one.variant is not None
    assert other.variant is not None
    kept = merge.merge(quote=one.variant.quote, into=other.variant.quote, actor=editor, reason="One remark.")
    assert list(Event.objects.values_list("kind", "quote")) == [("firsthand", kept.pk)]


def test_firsthand_once_for_an_article_though_it_comes_and_goes(editor: User) -> None:
    quote = make_quote()
    make_attribution(quote.words, quote=quote, via=(make_speaker(),))
    report = make_attribution(quote.words, quote=quote)
    for sourcing in ("secondhand", "firsthand"):
        Attribution.objects.filter(pk=report.pk).update(sourcing=sourcing)
        summary.refresh({quote.pk})
    assert len(told("firsthand")) == 1


# --- flags ---


def settle(raised: Flag, editor: User, result: str) -> Flag:
    raised.refresh_from_db()
    return flag.settle_flag(flag=raised, actor=editor, version=raised.version, result=result, reason="Checked twice.")


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_only_a_denial_is_an_event_when_it_is_raised(editor: User) -> None:
    quote = make_quote()
    flag.raise_flag(quote=quote, actor=editor, kind="secondhand", reason="Through an aide.")
    assert kinds() == []
    raised = flag.raise_flag(quote=quote, actor=editor, kind="denied", reason="She says she never said it.")
    event = Event.objects.get()
    assert (event.kind, event.quote, event.flag) == ("denied", quote, raised)
    assert event.detail == "A denial was recorded: She says she never said it."


def test_a_denial_of_a_merged_quote_is_one_of_its_survivor(editor: User) -> None:
    kept = make_quote()
    flag.raise_flag(quote=make_quote("Merged.", merged_into=kept), actor=editor, kind="denied", reason="No.")
    assert Event.objects.get().quote == kept


@pytest.mark.parametrize("result", ["not_upheld", "explained", "superseded"])
def test_other_results_are_no_event(result: str, editor: User) -> None:
    settle(make_flag(make_quote(), editor), editor, result)
    assert kinds() == []


def test_upheld_reversed_by_hand_and_upheld_again(editor: User) -> None:
    raised = make_flag(make_quote(), editor)
    settle(raised, editor, "upheld")
    raised.refresh_from_db()
    flag.reopen(flag=raised, actor=editor, version=raised.version, reason="A recording came up.")
    settle(raised, editor, "upheld")
    assert kinds() == ["upheld", "reversed", "upheld"]
    assert told("upheld")[0] == "The flag “Secondhand” was upheld: Checked twice."
    assert told("reversed") == ["The flag “Secondhand” was upheld and is open again: A recording came up."]


def test_what_was_not_upheld_and_is_reopened_was_never_upheld(editor: User) -> None:
    raised = settle(make_flag(make_quote(), editor), editor, "not_upheld")
    raised.refresh_from_db()
    flag.reopen(flag=raised, actor=editor, version=raised.version, reason="A recording came up.")
    assert kinds() == []


def test_reversed_by_rule_when_a_firsthand_report_is_linked(editor: User) -> None:
    quote = make_quote()
    make_attribution(quote.words, quote=quote, via=(make_speaker(),))
    settle(make_flag(quote, editor), editor, "upheld")
    make_attribution(quote.words, quote=quote)
    assert kinds() == ["upheld", "firsthand", "reversed"]
    assert told("reversed") == ["The flag “Secondhand” was upheld and is open again: A firsthand report was linked."]


def test_reversed_by_rule_when_a_denial_is_recorded_and_when_the_text_changes(editor: User) -> None:
    article = story(url="https://alpha.example/1")
    quote = Quote.objects.get(speaker__name="Ann Lee")
    settle(make_flag(quote, editor), editor, "upheld")
    flag.raise_flag(quote=quote, actor=editor, kind="denied", reason="No.")
    assert kinds() == ["report", "upheld", "denied", "reversed"]
    settle(Flag.objects.get(kind="secondhand"), editor, "upheld")
    read_article(
        "The minister spoke on Tuesday. It was late by then, and she left.",
        outlet="Alpha",
        url="https://alpha.example/1",
    )
    assert article.revisions.count() == 2
    assert kinds()[4:] == ["upheld", "reversed"]


def test_the_first_of_two_editors_upholds_nothing(editor: User, second_editor: User, reporter: User) -> None:
    raised = make_flag(make_quote(), reporter, kind="fabricated")
    for note in ("One.", "Two."):
        flag.add_evidence(flag=raised, actor=editor, kind="transcript", note=note)
    settle(raised, editor, "upheld")
    assert kinds() == []
    settle(raised, second_editor, "upheld")
    assert kinds() == ["upheld"]


def test_a_refused_act_notes_nothing(editor: User) -> None:
    raised = make_flag(make_quote(), editor)
    with pytest.raises(flag.Conflict):
        flag.settle_flag(flag=raised, actor=editor, version=99, result="upheld", reason="Checked.")
    assert kinds() == []


def test_an_altered_wording_known_by_fingerprint_stays_in_its_quote(editor: User) -> None:
    """Joined by an editor once, the altered wording is a report like any other from then on."""
    story()
    story(WORDS.replace(" not", ""), outlet="Beta")
    one, other = Quote.objects.filter(speaker__name="Ann Lee").order_by("pk")
    merge.merge(quote=one, into=other, actor=editor, reason="One remark.")
    Event.objects.all().delete()
    later = PUBLISHED + timedelta(days=1)
    read_article(f"{STORY.format(WORDS.replace(' not', ''))} So.", outlet="Gamma", published=later)
    assert list(Event.objects.values_list("kind", "quote")) == [("report", one.pk)]
    assert one.variants.filter(fingerprint=fingerprint(WORDS.replace(" not", ""))).exists()
