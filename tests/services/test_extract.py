from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import (
    Alias,
    Article,
    Attribution,
    Decision,
    Match,
    Quote,
    Relay,
    Revision,
    SearchEntry,
    Span,
    Speaker,
    Variant,
)
from quotes.services import extract, ingest, review
from quotes.services.extract import read_revision, span_key
from quotes.services.record import Conflict
from quotes.text import attribute
from quotes.text.attribute import AttributionCandidate
from quotes.text.spans import Span as TextSpan
from tests.factories import PUBLISHED, correct_reading, make_article, make_flag, make_outlet, make_speaker, read_article

pytestmark = pytest.mark.django_db

TABLES = [Article, Revision, Attribution, Span, Relay, Quote, Variant, Speaker, Match, Decision]
TEXT = (
    "Reporters waited outside the hall on Tuesday.\n\n"
    '"We will rebuild the bridge before winter," Ann Lee said.\n\n'
    "The pool will stay open, according to Bob Stone."
)


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table, with its key."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}  # type: ignore[attr-defined]


def current(article: Article) -> Revision:
    revision = article.current_revision
    assert revision is not None
    return Revision.objects.get(pk=revision.pk)


def by_words(part: str) -> Attribution:
    return Attribution.objects.with_evidence().get(variant__wording__contains=part)


def new_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "extractor", lambda: "rules-99")


def reading(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """From now on, `change` is done to what the machine reads."""
    read = attribute.read

    def changed(text: str, **kwargs: Any) -> Sequence[AttributionCandidate]:
        return change(read(text, **kwargs))

    monkeypatch.setattr(extract, "read", changed)


def shifted(by: int) -> Any:
    """Contents that begin a few letters later."""

    def shift(found: list[AttributionCandidate]) -> list[AttributionCandidate]:
        return [
            replace(c, content=(TextSpan(c.content[0].start + by, c.content[0].end), *c.content[1:])) for c in found
        ]

    return shift


# --- the founding article ---


def test_the_founding_chain(founding_article: Article) -> None:
    vowed = by_words("Putin's calls")
    assert vowed.speaker is not None
    assert (vowed.speaker.name, vowed.sourcing, vowed.form, vowed.hedged) == (
        "Donald Trump",
        "secondhand",
        "mixed",
        False,
    )
    (relay,) = vowed.relays.all()
    assert (relay.label, relay.position, relay.inferred) == ("Yuri Ushakov", 1, False)
    assert "Ushakov" in " ".join(span.exact for span in relay.spans.all())
    assert (vowed.status, vowed.extractor, vowed.version) == ("proposed", attribute.extractor(), 1)


@pytest.mark.parametrize(
    ("part", "speaker", "via", "sourcing"),
    [
        ("you can pick up the phone anytime", "Donald Trump", ["Yuri Ushakov"], "secondhand"),
        ("most important partners", "Donald Trump", ["Yuri Ushakov"], "secondhand"),
        ("rare to have conversations", "Yuri Ushakov", [], "firsthand"),
        ("neither president", "Yuri Ushakov", [], "firsthand"),
        ("159 drones", "Russia’s defence ministry", [], "firsthand"),
        ("killed six soldiers", "Ukraine’s national guard", [], "firsthand"),
    ],
)
def test_who_said_what_in_the_founding_article(
    founding_article: Article, part: str, speaker: str, via: list[str], sourcing: str
) -> None:
    attribution = by_words(part)
    assert attribution.speaker is not None
    assert attribution.variant is not None
    quote = attribution.variant.quote
    assert attribution.speaker.name == speaker
    assert [relay.label for relay in attribution.relays.all()] == via
    assert attribution.sourcing == sourcing
    assert (quote.speaker, quote.sourcing) == (attribution.speaker, sourcing)
    assert (quote.report_count, quote.article_count, quote.outlet_count) == (1, 1, 1)


def test_reportedly_is_hedged_and_its_narrator_inferred(founding_article: Article) -> None:
    attribution = by_words("you can pick up the phone anytime")
    assert attribution.hedged
    assert [relay.inferred for relay in attribution.relays.all()] == [True]
    assert sum(odds for _, odds in attribution.candidates) == pytest.approx(1, abs=0.05)


def test_a_wrapper_is_no_quote(founding_article: Article) -> None:
    """*(The US president vowed to answer …), according to Ushakov* is one quote: Trump’s."""
    assert not Variant.objects.filter(wording__contains="president vowed").exists()
    assert not Variant.objects.filter(wording__contains="Republican also said").exists()
    assert Variant.objects.filter(wording__contains="anytime").count() == 2


def test_every_span_repeats_the_text(founding_article: Article) -> None:
    text = current(founding_article).text
    spans = list(Span.objects.all())
    assert {span.role for span in spans} >= {"source", "cue", "content", "relay"}
    for span in spans:
        assert text[span.start : span.end] == span.exact
        assert text[: span.start].endswith(span.prefix)
        assert text[span.end :].startswith(span.suffix)
        assert (span.relay is not None) is span.role.startswith("relay")


def test_every_quote_has_its_words_and_its_article(founding_article: Article) -> None:
    assert Quote.objects.count() == Quote.objects.shown().count() == Attribution.objects.count() >= 10
    for attribution in Attribution.objects.with_evidence():
        assert attribution.variant is not None
        assert attribution.variant.wording == attribution.variant.quote.words
        assert attribution.start == min(s.start for s in attribution.spans.all() if s.role == "content")
    assert Article.objects.get().stage == "read"


def test_thoughts_are_no_quotes() -> None:
    read_article(
        'Ann Lee believes that the bridge is safe. Ann Lee hopes it stays. "It is safe," Ann Lee said on Monday.'
    )
    assert [variant.wording for variant in Variant.objects.all()] == ["It is safe"]


@pytest.mark.parametrize(
    "text",
    [
        "The sun rose over the hills, and the river ran on below the old town. Nobody came.",
        "!!! ??? … — “” ‘’",
        "\n\n\n",
        "x",
        "said said said said said said said",
        "“““““““ Ann Lee said ”””””””",
        "\U0001f600" * 50 + ' "\U0001f600," Ann Lee said.',
    ],
)
def test_nothing_found_is_no_error(text: str) -> None:
    article = make_article(text)
    read_revision(current(article))
    assert Article.objects.get().stage == "read"
    assert all(s.exact == text[s.start : s.end] for s in Span.objects.all())


def test_a_quiet_text_has_no_rows() -> None:
    assert read_revision(current(make_article("The sun rose over the hills. Nobody came."))) == []
    assert not Attribution.objects.exists()
    assert not Quote.objects.exists()
    assert not Speaker.objects.exists()


def test_two_cues_for_the_same_words() -> None:
    read_article(
        'Reporters waited. Fiorina, speaking to Iowans, said, "Last time I looked, you hadn\'t started voting yet."'
    )
    assert Attribution.objects.count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_end_of_the_calendar(day: str) -> None:
    read_article(TEXT, published=datetime.fromisoformat(day).replace(tzinfo=UTC))


def test_without_outlet_and_day() -> None:
    stored = ingest.store(ingest.draft_paste(TEXT))
    assert len(read_revision(stored.revision)) == 2
    assert Quote.objects.filter(first_seen=None).count() == 0


# --- reading again ---


def test_reading_twice_changes_nothing(founding_article: Article) -> None:
    before = snapshot()
    assert read_revision(current(founding_article)) == []
    assert snapshot() == before


def test_reading_again_costs_nothing_for_each_attribution(
    founding_article: Article, django_assert_max_num_queries: Any
) -> None:
    revision = current(founding_article)
    with django_assert_max_num_queries(14):
        read_revision(revision)


def test_a_new_extractor_keeps_rows_and_counts(founding_article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot()
    new_extractor(monkeypatch)
    read_revision(current(founding_article))
    after = snapshot()
    assert {row["extractor"] for row in after["Attribution"]} == {"rules-99"}
    for table in ("Attribution", "Quote", "Variant", "Speaker", "Match"):
        assert [row["id"] for row in after[table]] == [row["id"] for row in before[table]]
    assert after["Quote"] == before["Quote"]
    assert after["Variant"] == before["Variant"]
    assert len(after["Span"]) == len(before["Span"])
    assert len(after["Relay"]) == len(before["Relay"])
    assert read_revision(current(founding_article)) == []


def accept(attribution: Attribution, editor: User) -> None:
    review.accept(attribution=attribution, actor=editor, version=attribution.version)


def correct(attribution: Attribution, editor: User) -> None:
    correct_reading(attribution, editor, speaker="Cy Moor", hedged=True)


def reject(attribution: Attribution, editor: User) -> None:
    review.reject(attribution=attribution, actor=editor, version=attribution.version, reason="Nobody said that.")


def add_relay(attribution: Attribution, editor: User) -> None:
    tellers = review.reading_of(attribution).tellers
    correct_reading(attribution, editor, tellers=(*tellers, review.Teller("Dee Fox", role="aide")))


ACTS = [accept, correct, reject, add_relay]


def kept(pk: int) -> list[Any]:
    """All that an editor's decision rests on."""
    row = Attribution.objects.filter(pk=pk)
    return [
        row.values().get(),
        list(Relay.objects.filter(attribution=pk).values()),
        list(Span.objects.filter(attribution=pk).order_by("pk").values()),
        list(Decision.objects.values()),
        list(Quote.objects.filter(variants__attributions=pk).values()),
    ]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("how", ["same", "new extractor", "shifted", "shifted, new extractor", "found no more"])
def test_what_an_editor_decided_stays(
    editor: User, monkeypatch: pytest.MonkeyPatch, founding_article: Article, act: Any, how: str
) -> None:
    attribution = by_words("Putin's calls")
    act(attribution, editor)
    before, total = kept(attribution.pk), Attribution.objects.count()
    if "new extractor" in how:
        new_extractor(monkeypatch)
    if "shifted" in how:
        reading(monkeypatch, shifted(3))
    if how == "found no more":
        reading(monkeypatch, lambda found: [])
    for _ in range(2):
        read_revision(current(founding_article))
        assert kept(attribution.pk) == before
    assert Attribution.objects.count() == (1 if how == "found no more" else total)


def test_a_decision_does_not_hide_other_words(
    editor: User, monkeypatch: pytest.MonkeyPatch, founding_article: Article
) -> None:
    reject(by_words("Putin's calls"), editor)
    before = Attribution.objects.count()
    read_revision(current(founding_article))
    assert Attribution.objects.count() == before
    assert by_words("pick up the phone")


@pytest.mark.parametrize("by", [4, 6, 16, -8])
def test_a_decided_statement_in_other_bounds_is_not_doubled(
    editor: User, monkeypatch: pytest.MonkeyPatch, by: int
) -> None:
    article = read_article("Reporters waited. Ann Lee said that the bridge would be rebuilt soon.")
    accept(Attribution.objects.get(), editor)
    reading(monkeypatch, shifted(by))
    read_revision(current(article))
    assert Attribution.objects.count() == 1


def test_what_somebody_else_says_within_a_decided_statement_is_read(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = read_article("Reporters waited. Ann Lee said that the bridge would be rebuilt soon.")
    accept(Attribution.objects.get(), editor)

    def nested(found: list[AttributionCandidate]) -> list[AttributionCandidate]:
        inner = (replace(c, speaker=replace(c.speaker, description="Bob Stone", name="Bob Stone")) for c in found)
        return [*found, *shifted(16)(list(inner))]

    reading(monkeypatch, nested)
    read_revision(current(article))
    assert Attribution.objects.count() == 2


def test_undecided_ones_that_are_found_no_more_go(monkeypatch: pytest.MonkeyPatch) -> None:
    article = read_article(TEXT)
    assert Attribution.objects.count() == 2
    reading(monkeypatch, lambda found: found[:1])
    assert read_revision(current(article)) == []
    assert [a.variant and a.variant.wording for a in Attribution.objects.all()] == [
        "We will rebuild the bridge before winter"
    ]
    assert Quote.objects.count() == 1
    assert not Span.objects.exclude(attribution=Attribution.objects.get()).exists()


@pytest.mark.parametrize("record", ["flag", "decision"])
def test_a_quote_with_a_record_stays_when_its_last_report_goes(
    editor: User, monkeypatch: pytest.MonkeyPatch, record: str
) -> None:
    article = read_article(TEXT)
    variant = by_words("rebuild").variant
    assert variant is not None
    quote = variant.quote
    if record == "flag":
        make_flag(quote, editor)
    else:
        Decision.objects.create(actor=editor, verb="noted", quote=quote)
    reading(monkeypatch, lambda found: [])
    read_revision(current(article))
    assert not Attribution.objects.exists()
    left = Quote.objects.get()
    assert left == quote
    assert (left.report_count, left.article_count, left.outlet_count) == (0, 0, 0)
    assert left.words == quote.words
    assert not Quote.objects.shown().exists()


def test_a_quote_comes_back_when_its_words_are_found_again(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    article = read_article(TEXT)
    variant = by_words("rebuild").variant
    assert variant is not None
    make_flag(variant.quote, editor)
    with monkeypatch.context() as patch:
        reading(patch, lambda found: [])
        read_revision(current(article))
    read_revision(current(article))
    assert by_words("rebuild").variant == variant
    assert Quote.objects.shown().count() == 2


def test_a_changed_speaker_moves_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    article = read_article(TEXT)
    old = by_words("rebuild")
    new_extractor(monkeypatch)
    reading(monkeypatch, lambda found: [replace(c, speaker=replace(c.speaker, name="Cy Moor")) for c in found])
    read_revision(current(article))
    new = by_words("rebuild")
    assert (new.pk, new.speaker and new.speaker.name) == (old.pk, "Cy Moor")
    assert new.variant is not None
    assert new.variant.quote.speaker == new.speaker
    assert Quote.objects.count() == 2


# --- what is read depends on the day ---


def title(**kwargs: Any) -> Speaker:
    speaker = make_speaker("Zelda Quint")
    Alias.objects.create(speaker=speaker, **{"text": "Peruvian culture minister", "kind": "title", **kwargs})
    return speaker


MINISTER = "The Peruvian culture minister said on Wednesday that the bridge would be rebuilt before winter."


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (date(2025, 1, 1), None, True),
        (date(2025, 1, 1), date(2025, 5, 22), True),
        (date(2025, 1, 1), date(2025, 5, 21), False),
        (date(2025, 5, 22), None, False),
        (None, None, True),
    ],
)
def test_an_editors_title_is_dated(since: date | None, until: date | None, holds: bool) -> None:
    zelda = title(valid_from=since, valid_until=until)
    read_article(MINISTER)
    attribution = Attribution.objects.get()
    assert attribution.speaker == (zelda if holds else None)
    assert "culture minister" in attribution.speaker_printed


@pytest.mark.parametrize("kind", ["name", "epithet"])
def test_only_a_title_is_a_title(kind: str) -> None:
    title(kind=kind)
    read_article(MINISTER)
    assert Attribution.objects.get().speaker is None


def test_two_who_hold_a_title_are_not_guessed_between() -> None:
    title()
    Alias.objects.create(speaker=make_speaker("Yan Sol"), text="Peruvian culture minister", kind="title")
    read_article(MINISTER)
    assert Attribution.objects.get().speaker is None


def test_an_editors_title_overrules_the_shipped_table() -> None:
    zelda = title(text="French foreign minister", valid_from=date(2025, 1, 1))
    read_article("The French foreign minister said on Wednesday that the bridge would be rebuilt before winter.")
    assert Attribution.objects.get().speaker == zelda


def test_a_title_entered_later_is_used_by_reading_again() -> None:
    article = read_article(MINISTER)
    assert Attribution.objects.get().speaker is None
    zelda = title()
    read_revision(current(article))
    assert Attribution.objects.get().speaker == zelda


def test_the_day_is_the_same_in_every_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """20 January 2025, five in the morning in Brisbane: in UTC it is still the 19th, and Biden is president."""
    line = (
        '{"text": "The US president said that the talks had gone very well indeed.", '
        '"published": "2025-01-20T05:00:00+10:00"}'
    )
    stored = ingest.store(ingest.json_draft(line.encode()))
    read_revision(stored.revision)
    first = Attribution.objects.get().speaker
    new_extractor(monkeypatch)
    read_revision(current(stored.article))
    assert Attribution.objects.get().speaker == first


def test_an_editor_does_not_accept_what_was_read_anew_meanwhile(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    article = read_article(TEXT)
    seen = by_words("rebuild")
    new_extractor(monkeypatch)
    reading(monkeypatch, lambda found: [replace(c, speaker=replace(c.speaker, name="Cy Moor")) for c in found])
    read_revision(current(article))
    with pytest.raises(Conflict):
        review.accept(attribution=seen, actor=editor, version=seen.version)


def test_a_new_revision_with_the_same_words_is_no_further_report() -> None:
    outlet = make_outlet()
    url = "https://post.example/bridge"
    for end in ("", " It rained on Wednesday.", " It rained on Thursday."):
        stored = ingest.store(ingest.draft_paste(TEXT + end, title="The bridge", outlet=outlet.name, url=url))
        read_revision(stored.revision)
    quote = Quote.objects.get(words__contains="rebuild")
    assert (quote.article_count, quote.report_count) == (1, 1)


def test_span_key_is_a_digest_of_places() -> None:
    (candidate,) = attribute.read("Reporters waited. Ann Lee said that the bridge was safe.")
    key = span_key(candidate)
    assert key == span_key(replace(candidate, confidence=0.1, form="mixed", relays=()))
    assert key != span_key(shifted(1)([candidate])[0])
    assert len(key) == len(hashlib.sha256().hexdigest())


@pytest.mark.parametrize("act", ["reject", "correct"])
def test_a_decision_holds_in_the_articles_next_version(founding_text: str, editor: User, act: str) -> None:
    """One unrelated word changed, and the machine would say again what an editor has settled."""
    url = "https://news.example/kursk"
    first = ingest.store(ingest.draft_paste(founding_text, outlet="Newspoint", published=PUBLISHED, url=url))
    extract.read_revision(first.revision)
    old = Attribution.objects.get(variant__wording__startswith="Vladimir, you can pick up")
    if act == "reject":
        review.reject(attribution=old, actor=editor, version=1, reason="Nobody heard it.")
    else:
        correct_reading(old, editor, tellers=(*review.reading_of(old).tellers, review.Teller("Interfax")))
    changed = founding_text.replace("six soldiers", "seven soldiers")
    second = ingest.store(ingest.draft_paste(changed, outlet="Newspoint", published=PUBLISHED, url=url))
    assert second.outcome == "revision"
    extract.read_revision(second.revision)
    new = second.revision.attributions.get(start=old.start + 2)
    old.refresh_from_db()
    assert (new.status, new.sourcing, new.speaker) == (old.status, old.sourcing, old.speaker)
    assert [relay.label for relay in new.relays.all()] == [relay.label for relay in old.relays.all()]
    assert Quote.objects.shown().filter(words__startswith="Vladimir, you can").exists() is (act == "correct")


def test_words_that_are_gone_are_said_to_be_gone_and_still_shown(client: Client) -> None:
    url = "https://news.example/fair"
    text = "Ann Lee, the mayor, opened the fair on Monday. “We will rebuild the bridge,” she said. It was late by then."
    extract.read_revision(ingest.store(ingest.draft_paste(text, url=url)).revision)
    quote = Quote.objects.get()
    without = text.replace("“We will rebuild the bridge,” she said. ", "")
    extract.read_revision(ingest.store(ingest.draft_paste(without, url=url)).revision)
    page = client.get(quote.get_absolute_url()).content.decode()
    assert "(no longer in the article)" in page
    report = Attribution.objects.get()
    assert "?version=1#a" in report.get_absolute_url()
    assert "We will rebuild the bridge" in client.get(report.get_absolute_url().split("#")[0]).content.decode()


def test_details_given_later_complete_the_article_and_read_it_again() -> None:
    text = (
        "The US president vowed to veto the bill. Nobody was surprised by that, least of all the senators in the room."
    )
    first = ingest.store(ingest.draft_paste(text))
    extract.read_revision(first.revision)
    again = ingest.store(ingest.draft_paste(text, outlet="Harbour Herald", published=datetime(2010, 6, 1, tzinfo=UTC)))
    assert (again.outcome, again.article.stage) == ("known", "new")
    assert again.article.outlet is not None
    extract.read_revision(again.revision)
    assert [a.speaker.name for a in Attribution.objects.all() if a.speaker] == ["Barack Obama"]


def test_a_decision_is_not_carried_to_another_who_says_the_same(editor: User) -> None:
    url, opening = (
        "https://news.example/talks",
        "The talks in Harwick went on into the night, and the doors stayed shut.",
    )
    ingested = ingest.store(ingest.draft_paste(f"{opening}\n\n“No comment,” Ann Lee said.", url=url))
    extract.read_revision(ingested.revision)
    review.reject(attribution=Attribution.objects.get(), actor=editor, version=1, reason="She was not there.")
    changed = ingest.store(ingest.draft_paste(f"{opening}\n\n“No comment,” Bob Stone said.", url=url))
    extract.read_revision(changed.revision)
    assert changed.revision.attributions.get().status == "proposed"


def test_what_is_rejected_for_good_is_proposed_for_nothing(editor: User) -> None:
    url, opening = "https://news.example/dam", "The dam above Harwick was inspected again on Monday by two engineers."
    first = ingest.store(
        ingest.draft_paste(f"{opening}\n\n“The old dam will hold for another year,” Ann Lee said.", url=url)
    )
    extract.read_revision(first.revision)
    review.reject(attribution=Attribution.objects.get(), actor=editor, version=1, reason="It was her brother.")
    read_article(f"{opening}\n\n“The old dam will surely hold for another year,” Ann Lee said.", outlet="Echo")
    second = ingest.store(
        ingest.draft_paste(f"{opening} Twice.\n\n“The old dam will hold for another year,” Ann Lee said.", url=url)
    )
    extract.read_revision(second.revision)
    assert second.revision.attributions.get().status == "rejected"
    assert not Match.objects.asked().filter(other__attributions__status="rejected").exists()


def test_a_role_learned_later_is_searched_by(db: None) -> None:
    read_article("“We will rebuild the bridge before winter,” Ann Lee said on Tuesday.", outlet="One")
    quote = Quote.objects.get(speaker__name="Ann Lee")
    assert "mayor" not in SearchEntry.objects.get(quote=quote).words
    read_article("“The harbour will stay open for all ships,” said the mayor, Ann Lee, on Friday.", outlet="Two")
    assert Speaker.objects.get(name="Ann Lee").role
    assert "mayor" in SearchEntry.objects.get(quote=quote).words


# --- beside whom it is read ---


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How each text that is read takes its turn."""
    taken: list[str] = []
    for name in ("in_turn", "beside_others"):
        given = getattr(extract, name)
        monkeypatch.setattr(
            extract, name, lambda *things, name=name, given=given: (taken.append(name), given(*things))[1]
        )
    return taken


def test_what_is_read_first_is_read_beside_others_and_what_is_read_anew_in_turn(turns: list[str]) -> None:
    """What is read anew may empty quotes that stand, which must be nobody else's at that moment."""
    first = ingest.store(ingest.draft_paste(TEXT, outlet=""))
    read_revision(first.revision)
    assert turns == ["beside_others"]
    again = ingest.store(ingest.draft_paste(TEXT, outlet="Newspoint", published=PUBLISHED))
    assert (again.article, again.article.stage) == (first.article, Article.Stage.NEW)
    read_revision(again.revision)
    assert turns == ["beside_others", "in_turn"]
    other = ingest.store(ingest.draft_paste("Nobody spoke, and it rained.", outlet="Newspoint"))
    read_revision(other.revision)
    assert turns.pop() == "beside_others"


def test_a_text_of_hundreds_of_names_is_read_in_turn(turns: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name is a lock, and a database has some thousand for everybody."""
    monkeypatch.setattr(extract, "MOST_NAMES", 1)
    read_article(TEXT)
    assert turns == ["in_turn"]
