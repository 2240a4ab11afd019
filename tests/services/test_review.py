from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Alias, Article, Attribution, Decision, Match, Quote, Relay, Span, Speaker
from quotes.services import extract, review
from quotes.services.record import Conflict, NotAllowed
from quotes.services.review import Reading, Teller, reading_of
from quotes.services.undo import undo
from quotes.text.spans import Span as TextSpan
from tests.factories import correct_reading, make_article, make_attribution, make_flag, make_speaker, read_article

pytestmark = pytest.mark.django_db

WORDS = "We will rebuild the bridge before winter."
Act = Callable[[Attribution, User, int], Any]


@pytest.fixture
def ann(db: None) -> Speaker:
    return make_speaker("Ann Lee")


@pytest.fixture
def attribution(ann: Speaker) -> Attribution:
    return make_attribution(WORDS, speaker=ann)


def again(attribution: Attribution) -> Attribution:
    return Attribution.objects.select_related("variant__quote", "speaker").get(pk=attribution.pk)


def quote(attribution: Attribution) -> Quote:
    variant = again(attribution).variant
    assert variant is not None
    return variant.quote


def chain(attribution: Attribution) -> list[tuple[int, str]]:
    return [(relay.position, relay.label) for relay in Relay.objects.filter(attribution=attribution)]


def relay(attribution: Attribution, position: int = 1) -> Relay:
    return Relay.objects.get(attribution=attribution, position=position)


def accept(attribution: Attribution, actor: User, version: int) -> Decision:
    return review.accept(attribution=attribution, actor=actor, version=version)


def reject(attribution: Attribution, actor: User, version: int) -> Decision:
    return review.reject(attribution=attribution, actor=actor, version=version, reason="Nobody said so.")


def reading(attribution: Attribution) -> Reading:
    """The attribution as it reads now."""
    return reading_of(Attribution.objects.get(pk=attribution.pk))


corrected = correct_reading


def correct(attribution: Attribution, actor: User, version: int) -> Decision:
    return corrected(attribution, actor, version, speaker="Cy Moor", hedged=True)


def add_relay(attribution: Attribution, actor: User, version: int) -> Decision:
    tellers = reading(attribution).tellers
    return corrected(attribution, actor, version, tellers=(*tellers, Teller("Dee Fox")))


def turn_chain(attribution: Attribution, actor: User, version: int) -> Decision:
    return corrected(attribution, actor, version, tellers=reading(attribution).tellers[::-1])


def remove_relay(attribution: Attribution, actor: User, version: int) -> Decision:
    return corrected(attribution, actor, version, tellers=reading(attribution).tellers[1:])


ACTS: dict[str, tuple[str, Act]] = {
    "accept": ("accepted", accept),
    "reject": ("rejected", reject),
    "correct": ("corrected", correct),
    "add relay": ("corrected", add_relay),
    "turn chain": ("corrected", turn_chain),
    "remove relay": ("corrected", remove_relay),
}
BY_NAME = pytest.mark.parametrize("act", [act for _, act in ACTS.values()], ids=list(ACTS))


@pytest.fixture
def chained(ann: Speaker) -> Attribution:
    return make_attribution(WORDS, speaker=ann, via=(make_speaker("Bob Stone"), make_speaker("Eve Hart")))


# --- every act ---


@pytest.mark.parametrize(("verb", "act"), ACTS.values(), ids=list(ACTS))
def test_an_act_leaves_one_decision(verb: str, act: Act, chained: Attribution, editor: User) -> None:
    before = review.snapshot(again(chained))
    act(chained, editor, 1)
    after = review.snapshot(again(chained))
    decision = Decision.objects.get()
    assert (decision.actor, decision.verb, decision.attribution) == (editor, verb, chained)
    assert (decision.before, decision.after) == (before, after)
    assert before != after
    assert again(chained).version == 2
    assert again(chained).is_decided


@BY_NAME
@pytest.mark.parametrize("version", [0, 2, 99, -1])
def test_a_stale_version_writes_nothing(act: Act, version: int, chained: Attribution, editor: User) -> None:
    before = (Attribution.objects.values().get(), chain(chained), Speaker.objects.count(), Quote.objects.values().get())
    with pytest.raises(Conflict, match="Somebody else"):
        act(chained, editor, version)
    assert before == (
        Attribution.objects.values().get(),
        chain(chained),
        Speaker.objects.count(),
        Quote.objects.values().get(),
    )
    assert not Decision.objects.exists()


@BY_NAME
def test_the_second_editor_learns_of_the_first(
    act: Act, chained: Attribution, editor: User, second_editor: User
) -> None:
    accept(chained, editor, 1)
    with pytest.raises(Conflict):
        act(chained, second_editor, 1)
    act(chained, second_editor, 2)
    assert [decision.actor for decision in Decision.objects.order_by("pk")] == [editor, second_editor]


# --- accept, reject, correct ---


def test_accepting_changes_the_status_alone(attribution: Attribution, editor: User) -> None:
    review.accept(attribution=attribution, actor=editor, version=1, reason="  Heard it. ")
    row = again(attribution)
    assert (row.status, row.speaker, row.sourcing, row.variant) == (
        "accepted",
        attribution.speaker,
        "firsthand",
        attribution.variant,
    )
    assert Decision.objects.get().reason == "Heard it."
    assert Decision.objects.get().after["status"] == "accepted"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_rejecting_needs_a_reason(attribution: Attribution, editor: User, reason: str) -> None:
    with pytest.raises(NotAllowed, match="reason"):
        review.reject(attribution=attribution, actor=editor, version=1, reason=reason)
    assert again(attribution).version == 1
    assert not Decision.objects.exists()


def test_rejecting_takes_the_quote_off_and_keeps_the_row(attribution: Attribution, editor: User) -> None:
    reject(attribution, editor, 1)
    assert again(attribution).status == "rejected"
    assert not Quote.objects.shown().exists()
    assert Decision.objects.get().reason == "Nobody said so."


def test_rejecting_one_of_two_reports_leaves_the_other(attribution: Attribution, editor: User) -> None:
    other = make_attribution(WORDS, speaker=attribution.speaker, quote=quote(attribution), via=(make_speaker("Bob"),))
    reject(attribution, editor, 1)
    left = quote(other)
    assert (left.report_count, left.sourcing) == (1, "secondhand")


def test_a_rejection_can_be_taken_back(attribution: Attribution, editor: User, second_editor: User) -> None:
    reject(attribution, editor, 1)
    accept(attribution, second_editor, 2)
    assert Quote.objects.shown().count() == 1
    assert quote(attribution).words == WORDS


@pytest.mark.parametrize("act", [reject, correct])
def test_a_quote_that_was_decided_on_keeps_its_address(act: Act, attribution: Attribution, editor: User) -> None:
    old = quote(attribution)
    act(attribution, editor, 1)
    assert Quote.objects.filter(pk=old.pk, report_count=0).exists()


def test_correcting_moves_the_words(attribution: Attribution, editor: User) -> None:
    old = quote(attribution)
    correct(attribution, editor, 1)
    row = again(attribution)
    assert row.speaker is not None
    assert (row.status, row.speaker.name, row.hedged) == ("corrected", "Cy Moor", True)
    assert quote(row) != old
    assert (quote(row).speaker, quote(row).words, quote(row).report_count) == (row.speaker, WORDS, 1)
    assert not Quote.objects.shown().filter(pk=old.pk).exists()


def test_correcting_joins_the_words_the_speaker_is_known_for(attribution: Attribution, editor: User) -> None:
    known = make_attribution(WORDS, speaker=make_speaker("Cy Moor"))
    correct(attribution, editor, 1)
    assert quote(attribution) == quote(known)
    assert quote(known).report_count == 2


def test_correcting_one_report_leaves_the_others_with_the_old_speaker(attribution: Attribution, editor: User) -> None:
    other = make_attribution(WORDS, speaker=attribution.speaker, quote=quote(attribution))
    correct(attribution, editor, 1)
    assert again(other).speaker == attribution.speaker
    assert quote(other).report_count == quote(attribution).report_count == 1
    assert quote(other) != quote(attribution)


def test_a_flagged_quote_stays_with_its_flag(attribution: Attribution, editor: User) -> None:
    flag = make_flag(quote(attribution), editor)
    correct(attribution, editor, 1)
    flag.refresh_from_db()
    assert (flag.quote.report_count, flag.quote.words) == (0, WORDS)


@pytest.mark.parametrize("name", ["", "   "])
def test_nobody_can_be_named(attribution: Attribution, editor: User, name: str) -> None:
    corrected(attribution, editor, 1, speaker=name)
    assert again(attribution).speaker is None
    assert quote(attribution).speaker is None
    assert Decision.objects.get().before["speaker"] == "Ann Lee"
    assert Decision.objects.get().after["speaker"] is None


def test_correcting_to_a_namesake_is_refused(attribution: Attribution, editor: User) -> None:
    make_speaker("Cy Moor")
    make_speaker("Cy Moor")
    with pytest.raises(NotAllowed, match="Several speakers"):
        correct(attribution, editor, 1)
    assert (again(attribution).version, again(attribution).speaker) == (1, attribution.speaker)
    assert not Decision.objects.exists()


def test_correcting_the_hedge_alone_moves_nothing(attribution: Attribution, editor: User) -> None:
    old = quote(attribution)
    corrected(attribution, editor, 1, speaker="ann lee", hedged=True)
    assert quote(attribution) == old
    assert again(attribution).hedged
    assert Decision.objects.get().before["hedged"] is False


@pytest.mark.parametrize("number", [0, 1, 2])
def test_correcting_the_speaker_leaves_chain_and_class(ann: Speaker, editor: User, number: int) -> None:
    via = tuple(make_speaker(name) for name in ("Bob Stone", "Eve Hart"))[:number]
    attribution = make_attribution(WORDS, speaker=ann, via=via)
    before = chain(attribution)
    correct(attribution, editor, 1)
    assert chain(attribution) == before
    assert again(attribution).sourcing == attribution.sourcing == quote(attribution).sourcing


def test_a_corrected_speaker_leaves_no_false_proposal(editor: User) -> None:
    for number, words in enumerate(("before the winter comes", "well before winter comes")):
        read_article(
            f'Hall {number} was full. Ann Lee said: "We will rebuild the old stone bridge {words}."', outlet=f"{number}"
        )
    attribution = Attribution.objects.latest("pk")
    correct(attribution, editor, 1)
    assert not Match.objects.touching(quote(again(attribution))).exists()


# --- the chain ---


@pytest.mark.parametrize(
    ("tellers", "sourcing"),
    [
        ([Teller("Bob Stone")], "secondhand"),
        ([Teller(description="two officials")], "secondhand_unnamed"),
        ([Teller("Bob Stone"), Teller("Eve Hart")], "thirdhand"),
        ([Teller(description="an aide"), Teller("Eve Hart")], "thirdhand"),
        ([Teller("Bob Stone", "an aide")], "secondhand"),
        ([Teller()], "not_stated"),
    ],
)
def test_the_class_follows_from_the_chain(
    attribution: Attribution, editor: User, tellers: list[Teller], sourcing: str
) -> None:
    corrected(attribution, editor, 1, tellers=tuple(tellers))
    assert again(attribution).sourcing == quote(attribution).sourcing == sourcing
    assert [position for position, _ in chain(attribution)] == list(range(1, len(tellers) + 1))
    corrected(attribution, editor, 2, tellers=())
    assert again(attribution).sourcing == quote(attribution).sourcing == "firsthand"
    assert chain(attribution) == []


def test_somebody_elses_interview_without_a_chain_is_a_pickup(ann: Speaker, editor: User) -> None:
    article = make_article(f"Ann Lee told the Mirror: {WORDS}")
    attribution = make_attribution(WORDS, speaker=ann, article=article, venue="the Mirror", sourcing="pickup")
    add_relay(attribution, editor, 1)
    assert again(attribution).sourcing == "secondhand"
    remove_relay(attribution, editor, 2)
    assert again(attribution).sourcing == "pickup"


def test_a_class_that_no_chain_gives_stays_when_something_else_is_corrected(ann: Speaker, editor: User) -> None:
    attribution = make_attribution(WORDS, speaker=ann, sourcing="record")
    corrected(attribution, editor, 1, hedged=True)
    assert again(attribution).sourcing == "record"


def test_names_are_tidied_and_roles_kept(chained: Attribution, editor: User) -> None:
    tellers = (*reading(chained).tellers, Teller(" dee  FOX ", role=" aide "))
    corrected(chained, editor, 1, " Printed. ", tellers=tellers)
    assert chain(chained) == [(1, "Bob Stone"), (2, "Eve Hart"), (3, "dee FOX")]
    assert relay(chained, 3).role == "aide"
    assert Decision.objects.get().reason == "Printed."
    assert Decision.objects.get().after["chain"] == ["Bob Stone", "Eve Hart", "dee FOX, aide"]


def test_the_title_of_that_day_is_the_role(attribution: Attribution, editor: User) -> None:
    dee = make_speaker("Dee Fox")
    Alias.objects.create(speaker=dee, text="press secretary", kind="title", valid_from=date(2025, 1, 1))
    Alias.objects.create(speaker=dee, text="governor", kind="title", valid_until=date(2025, 1, 1))
    add_relay(attribution, editor, 1)
    assert relay(attribution).role == "press secretary"


def test_a_namesake_is_no_relay_but_one_by_number_is(attribution: Attribution, editor: User) -> None:
    make_speaker("Dee Fox")
    dee = make_speaker("Dee Fox")
    with pytest.raises(NotAllowed, match="Several speakers"):
        add_relay(attribution, editor, 1)
    assert (again(attribution).version, chain(attribution)) == (1, [])
    corrected(attribution, editor, 1, tellers=(Teller(f"Dee Fox #{dee.pk}"),))
    assert relay(attribution).intermediary == dee


def test_a_step_that_stays_keeps_its_words_in_the_article(editor: User, founding_article: Article) -> None:
    attribution = Attribution.objects.get(variant__wording__startswith="Vladimir, you can pick up")
    kept = relay(attribution)
    words = list(kept.spans.values_list("role", "exact"))
    assert words
    add_relay(attribution, editor, 1)
    after = relay(attribution)
    assert (after.label, after.cue, after.inferred) == (kept.label, kept.cue, kept.inferred)
    assert list(after.spans.values_list("role", "exact")) == words


# --- the words ---


def test_other_bounds_are_another_wording_of_the_same_quote(attribution: Attribution, editor: User) -> None:
    text, old = attribution.revision.text, quote(attribution)
    start = text.index("rebuild")
    corrected(attribution, editor, 1, content=(TextSpan(start, start + len("rebuild the bridge")),))
    row = again(attribution)
    assert (row.start, row.variant_words, quote(row), old.pk) == (
        start,
        "rebuild the bridge",
        quote(row),
        quote(row).pk,
    )
    assert Decision.objects.get().after["words"] == "rebuild the bridge"
    assert quote(row).words == "rebuild the bridge"


def test_no_words_are_nothing_to_attribute(attribution: Attribution, editor: User) -> None:
    with pytest.raises(NotAllowed, match="Mark the words"):
        corrected(attribution, editor, 1, content=())
    assert again(attribution).version == 1


def test_what_was_missed_is_added_read_and_kept(founding_article: Article, editor: User) -> None:
    revision = founding_article.current_revision
    assert revision is not None
    words = "The conversation lasted"
    text = revision.text
    first = text.split("\n")[0][:40]
    at = text.index(words) if words in text else text.index(first)
    span = TextSpan(at, at + 20)
    added = review.add(
        revision=revision, actor=editor, reading=Reading((span,), "Ann Lee", tellers=(Teller("Bob Stone"),))
    )
    row = again(added)
    assert (row.status, row.sourcing, quote(row).sourcing) == ("corrected", "secondhand", "secondhand")
    extract.read_revision(revision)
    assert again(added).status == "corrected"
    with pytest.raises(NotAllowed, match="read already"):
        review.add(revision=revision, actor=editor, reading=Reading((span,), "Ann Lee"))
    undo(decision=Decision.objects.get(verb="added"), actor=editor)
    assert again(added).status == "rejected"
    assert not Attribution.objects.shown().filter(pk=added.pk).exists()


# --- and back ---


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that an undo must restore, but the counts of changes."""
    tables = (Attribution, Relay, Span, Speaker)
    rows = {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}
    for row in rows["Attribution"]:
        del row["version"]
    kept = Quote.objects.shown().order_by("pk").values("pk", "words", "speaker", "sourcing", "grade", "via")
    return rows | {"Quote": list(kept)}


@BY_NAME
def test_every_act_can_be_undone_and_done_again(act: Act, founding_article: Article, editor: User) -> None:
    for name in ("Cy Moor", "Dee Fox"):
        make_speaker(name)
    attribution = Attribution.objects.get(variant__wording__startswith="Vladimir, you can pick up")
    before = everything()
    act(attribution, editor, 1)
    after = everything()
    if act is not turn_chain:  # it has one step
        assert after != before
    undone = undo(decision=Decision.objects.get(), actor=editor)
    assert everything() == before
    assert again(attribution).version == 3
    undo(decision=undone, actor=editor)
    assert everything() == after


def test_what_was_changed_since_is_not_undone(attribution: Attribution, editor: User, second_editor: User) -> None:
    correct(attribution, editor, 1)
    corrected(attribution, second_editor, 2, speaker="Dee Fox")
    with pytest.raises(Conflict, match="moved again"):
        undo(decision=Decision.objects.order_by("pk")[0], actor=editor)
    assert again(attribution).speaker == Speaker.objects.get(name="Dee Fox")


def test_the_second_undo_is_refused(attribution: Attribution, editor: User, second_editor: User) -> None:
    reject(attribution, editor, 1)
    decision = Decision.objects.get()
    undo(decision=decision, actor=second_editor)
    with pytest.raises(Conflict):
        undo(decision=Decision.objects.get(pk=decision.pk), actor=editor)


def test_accepting_takes_few_queries(
    attribution: Attribution, editor: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        accept(attribution, editor, 1)
