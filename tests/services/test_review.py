from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Attribution, Decision, Match, Quote, Relay, Speaker
from quotes.services import review
from quotes.services.record import Conflict, NotAllowed
from tests.factories import make_article, make_attribution, make_flag, make_speaker, read_article

pytestmark = pytest.mark.django_db

WORDS = "We will rebuild the bridge before winter."
Act = Callable[[Attribution, User, int], None]


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


def accept(attribution: Attribution, actor: User, version: int) -> None:
    review.accept(attribution=attribution, actor=actor, version=version)


def reject(attribution: Attribution, actor: User, version: int) -> None:
    review.reject(attribution=attribution, actor=actor, version=version, reason="Nobody said so.")


def correct(attribution: Attribution, actor: User, version: int) -> None:
    review.correct(attribution=attribution, actor=actor, version=version, speaker_name="Cy Moor", hedged=True)


def add_relay(attribution: Attribution, actor: User, version: int) -> None:
    review.add_relay(attribution=attribution, actor=actor, version=version, name="Dee Fox")


def move_relay(attribution: Attribution, actor: User, version: int) -> None:
    review.move_relay(relay=relay(attribution), actor=actor, version=version, towards_speaker=False)


def remove_relay(attribution: Attribution, actor: User, version: int) -> None:
    review.remove_relay(relay=relay(attribution), actor=actor, version=version)


ACTS: dict[str, Act] = {
    "accepted": accept,
    "rejected": reject,
    "corrected": correct,
    "added relay": add_relay,
    "moved relay": move_relay,
    "removed relay": remove_relay,
}


@pytest.fixture
def chained(ann: Speaker) -> Attribution:
    return make_attribution(WORDS, speaker=ann, via=(make_speaker("Bob Stone"), make_speaker("Eve Hart")))


# --- every act ---


@pytest.mark.parametrize(("verb", "act"), ACTS.items())
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


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
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


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
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
    review.correct(attribution=attribution, actor=editor, version=1, speaker_name=name, hedged=False)
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
    review.correct(attribution=attribution, actor=editor, version=1, speaker_name="ann lee", hedged=True)
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
    ("steps", "sourcing"),
    [
        ([{"name": "Bob Stone"}], "secondhand"),
        ([{"name": "", "description": "two officials"}], "secondhand_unnamed"),
        ([{"name": "Bob Stone"}, {"name": "Eve Hart"}], "thirdhand"),
        ([{"name": "", "description": "an aide"}, {"name": "Eve Hart"}], "thirdhand"),
        ([{"name": "Bob Stone", "description": "an aide"}], "secondhand"),
    ],
)
def test_the_class_follows_from_the_chain(
    attribution: Attribution, editor: User, steps: list[dict[str, str]], sourcing: str
) -> None:
    for version, step in enumerate(steps, start=1):
        review.add_relay(attribution=attribution, actor=editor, version=version, **step)
    assert again(attribution).sourcing == quote(attribution).sourcing == sourcing
    assert [position for position, _ in chain(attribution)] == list(range(1, len(steps) + 1))
    for version in range(len(steps) + 1, 2 * len(steps) + 1):
        review.remove_relay(relay=relay(attribution), actor=editor, version=version)
    assert again(attribution).sourcing == quote(attribution).sourcing == "firsthand"
    assert chain(attribution) == []
    assert Decision.objects.count() == 2 * len(steps)


def test_a_chain_down_to_a_relay_that_is_not_stated(attribution: Attribution, editor: User) -> None:
    Relay.objects.create(attribution=attribution, position=1)
    add_relay(attribution, editor, 1)
    assert again(attribution).sourcing == "thirdhand"
    review.remove_relay(relay=relay(attribution, 2), actor=editor, version=2)
    assert again(attribution).sourcing == "not_stated"


def test_somebody_elses_interview_without_a_chain_is_a_pickup(ann: Speaker, editor: User) -> None:
    article = make_article(f"Ann Lee told the Mirror: {WORDS}")
    attribution = make_attribution(WORDS, speaker=ann, article=article, venue="the Mirror", sourcing="pickup")
    add_relay(attribution, editor, 1)
    assert again(attribution).sourcing == "secondhand"
    remove_relay(attribution, editor, 2)
    assert again(attribution).sourcing == "pickup"


def test_a_relay_is_added_at_the_articles_end(chained: Attribution, editor: User) -> None:
    review.add_relay(
        attribution=chained, actor=editor, version=1, name=" dee  FOX ", role=" aide ", reason=" Printed. "
    )
    assert chain(chained) == [(1, "Bob Stone"), (2, "Eve Hart"), (3, "dee FOX")]
    assert relay(chained, 3).role == "aide"
    assert Decision.objects.get().reason == "Printed."
    assert Decision.objects.get().after["chain"] == ["Bob Stone", "Eve Hart", "dee FOX"]


@pytest.mark.parametrize(("name", "description"), [("", ""), ("  ", "\n")])
def test_a_relay_is_named_or_described(attribution: Attribution, editor: User, name: str, description: str) -> None:
    with pytest.raises(NotAllowed, match="describe"):
        review.add_relay(attribution=attribution, actor=editor, version=1, name=name, description=description)
    assert not Decision.objects.exists()


def test_a_namesake_is_no_relay(attribution: Attribution, editor: User) -> None:
    make_speaker("Dee Fox")
    make_speaker("Dee Fox")
    with pytest.raises(NotAllowed, match="Several speakers"):
        add_relay(attribution, editor, 1)
    assert (again(attribution).version, chain(attribution)) == (1, [])


@pytest.mark.parametrize(
    ("position", "towards_speaker", "expected"),
    [(1, False, "BAC"), (2, True, "BAC"), (2, False, "ACB"), (3, True, "ACB")],
)
def test_moving_swaps_neighbours(
    ann: Speaker, editor: User, position: int, towards_speaker: bool, expected: str
) -> None:
    attribution = make_attribution(WORDS, speaker=ann, via=tuple(make_speaker(letter) for letter in "ABC"))
    review.move_relay(relay=relay(attribution, position), actor=editor, version=1, towards_speaker=towards_speaker)
    assert chain(attribution) == list(enumerate(expected, start=1))
    assert again(attribution).sourcing == "thirdhand"


@pytest.mark.parametrize(("position", "towards_speaker"), [(1, True), (2, False)])
def test_moving_beyond_the_end_is_refused(
    chained: Attribution, editor: User, position: int, towards_speaker: bool
) -> None:
    with pytest.raises(NotAllowed, match="end of the chain"):
        review.move_relay(relay=relay(chained, position), actor=editor, version=1, towards_speaker=towards_speaker)
    assert again(chained).status == "proposed"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("position", [1, 2, 3])
def test_removing_leaves_no_gap(ann: Speaker, editor: User, position: int) -> None:
    attribution = make_attribution(WORDS, speaker=ann, via=tuple(make_speaker(letter) for letter in "ABC"))
    review.remove_relay(relay=relay(attribution, position), actor=editor, version=1, reason="Not in the text.")
    left = "ABC".replace("ABC"[position - 1], "")
    assert chain(attribution) == list(enumerate(left, start=1))
    review.add_relay(attribution=attribution, actor=editor, version=2, name="D")
    assert chain(attribution) == list(enumerate(f"{left}D", start=1))


def test_a_relay_that_is_gone_is_not_removed_again(chained: Attribution, editor: User) -> None:
    gone = relay(chained)
    review.remove_relay(relay=gone, actor=editor, version=1)
    gone.pk = 999_999
    with pytest.raises((Conflict, NotAllowed)):
        review.remove_relay(relay=gone, actor=editor, version=2)


def test_a_relay_that_is_gone_is_not_moved(chained: Attribution, editor: User) -> None:
    gone = relay(chained)
    gone.pk = 999_999
    with pytest.raises((Conflict, NotAllowed)):
        review.move_relay(relay=gone, actor=editor, version=1, towards_speaker=True)


def test_accepting_takes_few_queries(
    attribution: Attribution, editor: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        accept(attribution, editor, 1)
