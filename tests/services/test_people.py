"""Merging and splitting speakers, and back; names; who is who."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import (
    Alias,
    Article,
    Attribution,
    Decision,
    Flag,
    Match,
    Outlet,
    Quote,
    Relay,
    Revision,
    SearchEntry,
    Span,
    Speaker,
    Variant,
)
from quotes.services import extract, people, summary
from quotes.services.record import Conflict, NotAllowed
from quotes.services.undo import undo
from tests.factories import (
    PUBLISHED,
    make_article,
    make_attribution,
    make_flag,
    make_outlet,
    make_speaker,
    read_article,
)
from tests.services.test_match import LONG

pytestmark = pytest.mark.django_db

TABLES = [Alias, Article, Attribution, Flag, Match, Outlet, Quote, Relay, Revision, Span, Speaker, Variant]
LINKS = [Quote.outlets.through, Quote.intermediaries.through, Speaker.apart_from.through, SearchEntry]
COUNTED = {"version"}
"""Counts changes, an undo among them."""


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table; of links between rows, what they link (they are written anew with each count)."""
    rows = {table.__name__: [*table.objects.order_by("pk").values()] for table in TABLES}
    for link in LINKS:
        fields = [field.attname for field in link._meta.concrete_fields if not field.primary_key]
        rows[link.__name__] = [*link._default_manager.order_by(*fields).values(*fields)]
    return {name: [{k: v for k, v in row.items() if k not in COUNTED} for row in found] for name, found in rows.items()}


def merged(speaker: Speaker, into: Speaker, actor: User, reason: str = "One man.") -> Decision:
    speaker.refresh_from_db()
    return people.merge(speaker=speaker, into=into, actor=actor, version=speaker.version, reason=reason)


def undone(decision: Decision, actor: User) -> Decision:
    return undo(decision=Decision.objects.get(pk=decision.pk), actor=actor)


# --- two are one ---


@pytest.fixture
def don(db: None) -> Speaker:
    return make_speaker("Donald Trump")


@pytest.fixture
def donald(db: None) -> Speaker:
    """The same man, read as somebody else."""
    speaker = make_speaker("Donald J Trump", role="US president")
    Alias.objects.create(speaker=speaker, text="US president", kind="title", valid_from=date(2025, 1, 20))
    return speaker


def test_everything_moves_and_the_address_leads_on(don: Speaker, donald: Speaker, editor: User) -> None:
    said = make_attribution("I will be happy to answer the phone.", speaker=donald)
    told = make_attribution("We shall see what happens next.", speaker=make_speaker("Ann Lee"), via=(donald,))
    seen = people.preview(donald, don)
    assert (seen.reports, seen.relayed, seen.quotes, seen.names, seen.alike) == (1, 1, 1, 1, 0)
    decision = merged(donald, don, editor)
    said.refresh_from_db()
    assert said.variant is not None
    assert (said.speaker, said.variant.quote.speaker, told.relays.get().intermediary) == (don, don, don)
    assert set(don.aliases.values_list("text", "kind")) == {("US president", "title"), ("Donald J Trump", "name")}
    assert [*don.relayed_quotes.values_list("words", flat=True)] == ["We shall see what happens next."]
    donald.refresh_from_db()
    assert donald.merged_into == don
    assert (decision.speaker, decision.after["reports"], decision.reason) == (don, 1, "One man.")


def test_quotes_in_equal_words_become_one_and_two_again(don: Speaker, donald: Speaker, editor: User) -> None:
    words = "We will rebuild the old stone bridge before the winter comes to the valley."
    one, two = make_attribution(words, speaker=don), make_attribution(words, speaker=donald)
    before = everything()
    decision = merged(donald, don, editor)
    assert Quote.objects.shown().get().report_count == 2
    undone(decision, editor)
    assert everything() == before
    one.refresh_from_db(), two.refresh_from_db()
    assert one.variant != two.variant


def test_short_equal_words_long_apart_stay_two(don: Speaker, donald: Speaker, editor: User) -> None:
    for year, speaker in ((2024, don), (2025, donald)):
        article = make_article("Asked, he said: No comment.", published=PUBLISHED.replace(year=year))
        make_attribution("No comment.", speaker=speaker, article=article)
    merged(donald, don, editor)
    assert Quote.objects.shown().count() == 2


def test_a_thousand_attributions_come_back_exactly(don: Speaker, donald: Speaker, editor: User) -> None:
    outlet, aide = make_outlet(), make_speaker("Yuri Ushakov")
    body = "\n".join(f"Line {n}: we counted {n} ships in the harbour." for n in range(50))
    for _ in range(20):
        article = make_article(body, outlet=outlet)
        for n in range(50):
            make_bare(article, f"we counted {n} ships in the harbour.", donald, aide if n % 3 == 0 else None)
    make_attribution("we counted 7 ships in the harbour.", speaker=don)
    make_attribution("It rained all day.", speaker=make_speaker("Bob Stone"), via=(donald,))
    summary.refresh(Quote.objects.values_list("pk", flat=True))
    assert donald.attributions.count() == 1000
    make_flag(Quote.objects.filter(speaker=donald)[0], editor)
    before = everything()
    decision = merged(donald, don, editor)
    assert donald.attributions.count() == 0
    assert don.attributions.count() == 1001
    again = undone(decision, editor)
    assert everything() == before
    undone(again, editor)
    assert don.attributions.count() == 1001


def make_bare(article: Article, words: str, speaker: Speaker, aide: Speaker | None) -> None:
    """An attribution in the quote of its words, without counting anything anew."""
    revision = article.revisions.all()[0]
    start = revision.text.index(words)
    quote, _ = Quote.objects.get_or_create(speaker=speaker, words=words)
    variant, _ = Variant.objects.get_or_create(quote=quote, wording=words, fingerprint=words[:32])
    row = Attribution.objects.create(
        revision=revision, speaker=speaker, variant=variant, form="direct", start=start, extractor="test",
        sourcing="secondhand" if aide else "firsthand", span_key=f"{article.pk} {start}",
    )  # fmt: skip
    Span.objects.create(attribution=row, role="content", start=start, end=start + len(words), exact=words)
    if aide:
        Relay.objects.create(attribution=row, position=1, intermediary=aide)


def test_a_merge_needs_a_reason_and_another(don: Speaker, donald: Speaker, editor: User) -> None:
    with pytest.raises(NotAllowed, match="needs a reason"):
        merged(donald, don, editor, " ")
    with pytest.raises(NotAllowed, match="this speaker already"):
        merged(don, don, editor)
    assert not Decision.objects.exists()


def test_the_second_editor_is_told(don: Speaker, donald: Speaker, editor: User) -> None:
    merged(donald, don, editor)
    with pytest.raises(Conflict):
        people.merge(speaker=donald, into=don, actor=editor, version=1, reason="Again.")
    with pytest.raises(Conflict):
        merged(make_speaker("Somebody"), donald, editor)


def test_those_kept_apart_are_not_merged_until_that_is_undone(don: Speaker, donald: Speaker, editor: User) -> None:
    decision = people.keep_apart(one=don, other=donald, actor=editor, reason="Father and son.")
    assert don.apart_from.get() == donald
    with pytest.raises(NotAllowed, match="two people"):
        merged(donald, don, editor)
    with pytest.raises(NotAllowed, match="said already"):
        people.keep_apart(one=donald, other=don, actor=editor, reason="Again.")
    undone(decision, editor)
    merged(donald, don, editor)


def test_what_was_changed_since_is_not_undone(don: Speaker, donald: Speaker, editor: User) -> None:
    said = make_attribution("I will be happy to answer the phone.", speaker=donald)
    decision = merged(donald, don, editor)
    people.split(
        speaker=don, reports=[said.pk], relayed=[], name="Somebody Else", actor=editor, version=2, reason="No."
    )
    with pytest.raises(Conflict, match="moved again"):
        undone(decision, editor)


# --- one is two ---


def test_a_namesake_is_split_off_kept_apart_and_put_back(editor: User) -> None:
    john = make_speaker("John Smith")
    mine = make_attribution("The harvest was good this year.", speaker=john)
    theirs = make_attribution("The match was lost in the first half.", speaker=john)
    told = make_attribution("It will rain.", speaker=make_speaker("Ann Lee"), via=(john,))
    assert theirs.variant is not None
    quote, before = theirs.variant.quote, everything()
    new = people.split(
        speaker=john, reports=[theirs.pk], relayed=[told.relays.get().pk], name="John Smith", actor=editor, version=1,
        reason="A farmer and a coach.",
    )  # fmt: skip
    mine.refresh_from_db(), theirs.refresh_from_db(), quote.refresh_from_db()
    assert (mine.speaker, theirs.speaker, told.relays.get().intermediary) == (john, new, new)
    assert (quote.speaker, theirs.variant.quote) == (new, quote)  # it went whole, with its address
    assert new.apart_from.get() == john
    assert theirs.status == "corrected"
    extract.read_revision(theirs.revision)
    Article.objects.update(stage=Article.Stage.NEW)
    undone(Decision.objects.get(), editor)
    after = everything()
    assert next(row for row in after["Speaker"] if row["id"] == new.pk)["merged_into_id"] == john.pk
    after["Speaker"] = [row for row in after["Speaker"] if row["id"] != new.pk]
    assert after == before


def test_part_of_a_quote_leaves_it(editor: User) -> None:
    john, words = make_speaker("John Smith"), "The harvest was good this year."
    stays = make_attribution(words, speaker=john)
    assert stays.variant is not None
    goes = make_attribution(words, speaker=john, quote=stays.variant.quote)
    new = people.split(
        speaker=john, reports=[goes.pk], relayed=[], name="Jane Smith", actor=editor, version=1, reason="His sister."
    )
    goes.refresh_from_db()
    assert goes.variant is not None
    assert (goes.variant.quote.speaker, goes.variant.quote.report_count) == (new, 1)
    assert Quote.objects.get(pk=stays.variant.quote_id).report_count == 1


@pytest.mark.parametrize(
    ("reports", "name", "message"), [([], "Jane", "Tick"), ([1], " ", "Give the name"), ([10**9], "Jane", "Tick")]
)
def test_a_split_says_what_is_missing(editor: User, reports: list[int], name: str, message: str) -> None:
    john = make_speaker("John Smith")
    said = make_attribution(speaker=john)
    reports = [said.pk if number == 1 else number for number in reports]
    with pytest.raises(NotAllowed, match=message):
        people.split(
            speaker=john, reports=reports, relayed=[], name=name, actor=editor, version=1, reason="Two people."
        )
    assert Speaker.objects.count() == 1


# --- nobody yet ---


def test_mentions_are_resolved_together_and_back(editor: User) -> None:
    rows = [
        make_attribution(f"The report number {n} is ready.", speaker_printed="the envoy", candidates=[["Ann Lee", 0.5]])
        for n in range(3)
    ]
    other = make_attribution("Nothing is ready.", speaker_printed="the clerk")
    before = everything()
    decision = people.resolve(reports=[row.pk for row in rows], name="Ann Lee", actor=editor)
    ann = Speaker.objects.get()
    assert ann.attributions.count() == 3
    assert Quote.objects.shown().said_by(ann).count() == 3
    other.refresh_from_db()
    assert other.speaker is None
    assert decision.before == {"printed": ["the envoy"], "speaker": None}
    extract.read_revision(rows[0].revision)
    Article.objects.update(stage=Article.Stage.NEW)
    assert ann.attributions.count() == 3
    undone(decision, editor)
    after = everything()
    after["Speaker"] = []
    assert after == before


def test_what_somebody_resolved_meanwhile_is_left(editor: User, second_editor: User) -> None:
    row = make_attribution("The report is ready.", speaker_printed="the envoy")
    people.resolve(reports=[row.pk], name="Ann Lee", actor=editor)
    with pytest.raises(Conflict):
        people.resolve(reports=[row.pk], name="Bob Stone", actor=second_editor)
    row.refresh_from_db()
    assert row.speaker == Speaker.objects.get(name="Ann Lee")


def test_a_name_that_several_have_is_told_by_number(editor: User) -> None:
    row = make_attribution("The report is ready.", speaker_printed="the envoy")
    make_speaker("Ann Lee")
    second = make_speaker("Ann Lee")
    with pytest.raises(NotAllowed, match="with its number"):
        people.resolve(reports=[row.pk], name="Ann Lee", actor=editor)
    people.resolve(reports=[row.pk], name=f"Ann Lee #{second.pk}", actor=editor)
    row.refresh_from_db()
    assert row.speaker == second


# --- names ---


def test_who_matched_wikidata_is_kept(don: Speaker, editor: User) -> None:
    facts = {"name": "Donald Trump", "kind": "person", "role": "US president"}
    decision = people.edit(speaker=don, actor=editor, version=1, wikidata_id=" q22686 ", **facts)
    don.refresh_from_db()
    assert (don.wikidata_id, don.wikidata_by, don.version) == ("Q22686", editor, 2)
    assert decision.before["wikidata"] == ""
    with pytest.raises(Conflict):
        people.edit(speaker=don, actor=editor, version=1, wikidata_id="", **facts)
    with pytest.raises(NotAllowed, match="Q7747"):
        people.edit(speaker=don, actor=editor, version=2, wikidata_id="22686", **facts)
    undone(decision, editor)
    don.refresh_from_db()
    assert (don.wikidata_id, don.wikidata_by, don.role) == ("", None, "")


def test_a_dated_title_is_added_taken_away_and_put_back(don: Speaker, editor: User) -> None:
    title = {"text": "US  president", "kind": "title", "valid_from": date(2025, 1, 20)}
    people.add_alias(speaker=don, actor=editor, source="Constitution", **title)
    with pytest.raises(NotAllowed, match="there already"):
        people.add_alias(speaker=don, actor=editor, **title)
    with pytest.raises(NotAllowed, match="begin before"):
        people.add_alias(
            speaker=don, actor=editor, text="x", kind="title", valid_from=date(2025, 1, 2), valid_until=date(2025, 1, 2)
        )
    before = everything()["Alias"]
    decision = people.remove_alias(alias=don.aliases.get(), actor=editor)
    assert decision.verb == "removed title “US president”"
    assert not don.aliases.exists()
    undone(decision, editor)
    assert everything()["Alias"] == before


def test_articles_that_print_a_former_name_still_mean_the_same_speaker(editor: User) -> None:
    article = read_article(f'Ann Lee, a painter, said: "{LONG}"')
    ann = Speaker.objects.get(name="Ann Lee")
    facts = {"kind": "person", "role": "", "wikidata_id": ""}
    before = everything()
    decision = people.edit(speaker=ann, actor=editor, version=ann.version, name="Ann M. Lee", **facts)
    assert set(ann.aliases.values_list("text", "kind")) == {("Ann Lee", "name")}
    undone(decision, editor)
    assert everything() == before
    people.edit(speaker=ann, actor=editor, version=3, name="Ann M. Lee", **facts)
    read_article(f"“{LONG}” said Ann Lee, a painter, on Tuesday.", outlet="Another Paper")
    extract.read_revision(article.revisions.get())
    assert Speaker.objects.get() == ann
    assert ann.attributions.count() == 2


def test_a_role_that_an_editor_took_away_is_not_read_into_a_speaker_again(editor: User) -> None:
    read_article(f'Ann Lee, mayor of Harrow, said: "{LONG}"')
    ann = Speaker.objects.get(name="Ann Lee")
    assert ann.role
    people.edit(speaker=ann, actor=editor, version=1, name="Ann Lee", kind="person", role="", wikidata_id="")
    read_article('Ann Lee, mayor of Harrow, said: "We shall see what the river does next."', outlet="Another Paper")
    ann.refresh_from_db()
    assert (ann.role, Speaker.objects.count()) == ("", 1)
