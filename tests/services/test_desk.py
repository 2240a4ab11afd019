"""Every act an editor does by a key: one decision each, undone exactly, refused when somebody was first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Attribution, Decision, Flag, Match, Problem, Quote, Speaker
from quotes.models.review import KINDS, NEUTRAL, SERIOUS
from quotes.services import desk, people
from quotes.services.desk import ACTS, Choice, act_on, in_bulk, seen_of
from quotes.services.flag import claim, settle_flag
from quotes.services.queue import subjects
from quotes.services.record import Conflict, NotAllowed
from quotes.services.undo import undo
from tests.factories import (
    make_attribution,
    make_evidence,
    make_flag,
    make_problem,
    make_quote,
    make_speaker,
    make_user,
)
from tests.services import test_people

pytestmark = pytest.mark.django_db

WORDS = "We will open the old stone bridge again before the winter comes to town."
OTHER = "We shall open the old stone bridge once more before winter comes to town."
EVERY_ACT = pytest.mark.parametrize(("kind", "name"), list(ACTS), ids=[" ".join(key) for key in ACTS])


def told(words: str = WORDS, **kwargs: Any) -> Quote:
    report = make_attribution(words, **{"speaker": make_speaker(), "confidence": 0.3, **kwargs})
    assert report.variant is not None
    return report.variant.quote


def a_flag(kind: str = "secondhand", quote: Quote | None = None) -> Flag:
    raiser = User.objects.filter(username="rita").first() or make_user("rita", "reporters")
    return make_flag(quote or told(), raiser, kind=kind)


def a_pair(**kwargs: Any) -> Match:
    speaker = make_speaker()
    one, other = (told(words, speaker=speaker).variants.get() for words in (WORDS, OTHER))
    return Match.objects.create(one=one, other=other, **{"score": 0.7, **kwargs})


def a_name() -> Attribution:
    """The first of two reports of a name that nobody could place."""
    make_speaker("Ann Lee")
    values: dict[str, Any] = {"speaker_printed": "the envoy", "candidates": [["Ann Lee", 0.6], ["Bob Stone", 0.4]]}
    first, _ = (make_attribution(words, **values) for words in (WORDS, OTHER))
    return first


def a_reading() -> Attribution:
    told()
    return Attribution.objects.get()


MAKE: dict[str, Callable[[], Any]] = {
    "flag": a_flag,
    "problem": lambda: make_problem(told(), kind="cut_short"),
    "match": a_pair,
    "reading": a_reading,
    "mention": a_name,
}


def chosen(kind: str, act: str, subject: Any, **kwargs: str) -> Choice:
    """What an editor sends: what they saw, a reason where one is needed, a name where one is."""
    given = {"reason": "I compared them." if ACTS[kind, act].needs_reason else ""}
    given["name"] = "Ann Lee" if kind == "mention" else ""
    return Choice(act, **{"seen": seen_of(kind, subject), **given, **kwargs})


def do(kind: str, act: str, subject: Any, actor: User, **kwargs: str) -> Decision:
    return act_on(kind=kind, number=subject.pk, choice=chosen(kind, act, subject, **kwargs), actor=actor)


def everything() -> dict[str, Any]:
    return {**test_people.everything(), "Problem": list(Problem.objects.order_by("pk").values())}


def test_every_kind_of_row_is_made_here() -> None:
    assert {kind for kind, _ in ACTS} == set(MAKE)


# --- every act ---


@EVERY_ACT
def test_an_act_leaves_one_decision_and_is_undone_and_redone_exactly(kind: str, name: str, editor: User) -> None:
    subject = MAKE[kind]()
    before = everything()
    decision = do(kind, name, subject, editor)
    assert Decision.objects.get() == decision
    assert (decision.actor, decision.reason) == (editor, "I compared them." if ACTS[kind, name].needs_reason else "")
    after = everything()
    assert after != before
    undone = undo(decision=decision, actor=editor)
    assert everything() == before
    undo(decision=Decision.objects.get(pk=undone.pk), actor=editor)
    assert everything() == after
    assert Decision.objects.count() == 3


@EVERY_ACT
def test_an_act_undone_can_be_done_again(kind: str, name: str, editor: User) -> None:
    subject = MAKE[kind]()
    undo(decision=do(kind, name, subject, editor), actor=editor)
    fresh = subjects(kind, [subject.pk])[subject.pk]
    do(kind, name, fresh, editor)
    assert Decision.objects.filter(undoes=None).count() == 2


@pytest.mark.parametrize(
    ("kind", "first", "name"), [(kind, first, name) for kind, first in ACTS for other, name in ACTS if kind == other]
)
def test_the_second_editor_is_refused_and_changes_nothing(
    kind: str, first: str, name: str, editor: User, second_editor: User
) -> None:
    subject = MAKE[kind]()
    do(kind, first, subject, editor)
    before = everything()
    with pytest.raises(Conflict):
        do(kind, name, subject, second_editor)
    assert everything() == before
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(("kind", "name"), [key for key in ACTS if key[0] in ("flag", "match", "reading")])
@pytest.mark.parametrize("seen", ["", "x", "0", "2", "-1", "1.0", " 1", "²", "9" * 20, "same", "open"])
def test_what_was_not_seen_is_not_decided_on(kind: str, name: str, seen: str, editor: User) -> None:
    subject = MAKE[kind]()
    before = everything()
    with pytest.raises(Conflict):
        do(kind, name, subject, editor, seen=seen)
    assert everything() == before
    assert not Decision.objects.exists()


@pytest.mark.parametrize("reason", ["", " \n\t"])
@EVERY_ACT
def test_a_reason_is_needed_where_it_says_so(kind: str, name: str, reason: str, editor: User) -> None:
    subject = MAKE[kind]()
    if not ACTS[kind, name].needs_reason:
        assert do(kind, name, subject, editor, reason=reason).reason == ""
        return
    before = everything()
    with pytest.raises(NotAllowed, match="Say why"):
        do(kind, name, subject, editor, reason=reason)
    assert everything() == before
    assert not Decision.objects.exists()


def test_whatever_needs_a_reason_offers_some() -> None:
    assert all(act.reasons for act in ACTS.values() if act.needs_reason)
    assert all(act.needs_reason for act in ACTS.values() if act.reasons)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("reading", "take"),
        ("flag", "unsure"),
        ("match", "take"),
        ("mention", "no"),
        ("reading", ""),
        ("nonsense", "yes"),
    ],
)
def test_an_act_that_a_row_does_not_know_is_refused(kind: str, name: str, editor: User) -> None:
    subject = MAKE.get(kind, a_reading)()
    with pytest.raises(NotAllowed, match="does not wait any more"):
        act_on(kind=kind, number=subject.pk, choice=Choice(name, "1", "Because."), actor=editor)
    assert not Decision.objects.exists()


@EVERY_ACT
@pytest.mark.parametrize("number", [0, -1, 10**6, 2**62])
def test_what_is_not_there_is_refused(kind: str, name: str, number: int, editor: User) -> None:
    with pytest.raises(NotAllowed, match="does not wait any more"):
        act_on(kind=kind, number=number, choice=Choice(name, "1", "Because.", "Ann Lee"), actor=editor)


# --- flags ---


@pytest.mark.parametrize("kind", sorted(SERIOUS))
def test_a_serious_flag_takes_two_editors_and_two_items_of_evidence(
    kind: str, editor: User, second_editor: User, reporter: User
) -> None:
    flag = a_flag(kind)
    with pytest.raises(NotAllowed, match="2 items of evidence"):
        do("flag", "yes", flag, editor)
    for item in ("article", "recording"):
        make_evidence(flag, reporter, kind=item)
    first = do("flag", "yes", flag, editor)
    flag.refresh_from_db()
    assert (flag.state, flag.first_by, first.verb) == ("open", editor, "found first: upheld")
    with pytest.raises(NotAllowed, match="somebody else must be the second"):
        do("flag", "yes", flag, editor)
    before = everything()
    second = do("flag", "yes", flag, second_editor)
    flag.refresh_from_db()
    assert (flag.state, flag.settled_by, flag.quote.grade) == ("upheld", second_editor, "disputed")
    undo(decision=second, actor=second_editor)
    assert everything() == before


def test_two_editors_who_differ_leave_a_serious_flag_open(editor: User, second_editor: User, reporter: User) -> None:
    flag = a_flag("fabricated")
    for item in ("article", "recording"):
        make_evidence(flag, reporter, kind=item)
    do("flag", "yes", flag, editor)
    flag.refresh_from_db()
    do("flag", "no", flag, second_editor)
    flag.refresh_from_db()
    assert (flag.state, flag.first_by, flag.quote.grade) == ("open", None, "C")


def test_who_raised_a_serious_flag_does_not_decide_on_it(editor: User) -> None:
    flag = make_flag(told(), editor, kind="fabricated")
    for name in ("yes", "no"):
        with pytest.raises(NotAllowed, match="You raised this flag"):
            do("flag", name, flag, editor)
    assert do("flag", "take", flag, editor).verb == "claimed flag"


@pytest.mark.parametrize("name", ["yes", "no", "take"])
def test_a_flag_in_another_s_hands_is_left_to_them(name: str, editor: User, second_editor: User) -> None:
    flag = claim(flag=a_flag(), actor=second_editor, version=1)
    with pytest.raises(Conflict, match="edgar has been on this flag since"):
        do("flag", name, flag, editor)
    assert do("flag", "yes", flag, second_editor).verb == "settled flag"


def test_only_who_acted_on_a_flag_undoes_it(editor: User, second_editor: User) -> None:
    decision = do("flag", "yes", a_flag(), editor)
    with pytest.raises(NotAllowed, match="Only who did it"):
        undo(decision=decision, actor=second_editor)
    assert Flag.objects.get().state == "upheld"


def test_a_result_is_not_undone_under_a_new_flag_of_its_kind(editor: User, second_editor: User) -> None:
    """Two open flags of a kind would stand on one quote."""
    flag = a_flag()
    decision = do("flag", "no", flag, editor)
    make_flag(flag.quote, second_editor, reason="Now it is.")
    with pytest.raises(Conflict):
        undo(decision=decision, actor=editor)
    assert sorted(Flag.objects.values_list("state", flat=True)) == ["not_upheld", "open"]


def test_what_was_worked_on_since_is_not_undone(editor: User) -> None:
    flag = a_flag()
    taken = do("flag", "take", flag, editor)
    flag.refresh_from_db()
    settle_flag(flag=flag, actor=editor, version=flag.version, result="upheld", reason="So it is.")
    with pytest.raises(Conflict, match="moved again"):
        undo(decision=taken, actor=editor)
    assert Flag.objects.get().state == "upheld"


# --- pairs and readings ---


@pytest.mark.parametrize(("name", "outcome"), [("yes", "same"), ("no", "different"), ("unsure", "unsure")])
def test_a_pair_gets_the_answer_that_its_button_says(name: str, outcome: str, editor: User) -> None:
    do("match", name, a_pair(), editor)
    assert Match.objects.get().outcome == outcome
    assert Quote.objects.shown().count() == (1 if outcome == "same" else 2)


@pytest.mark.parametrize(("name", "status"), [("yes", "accepted"), ("no", "rejected")])
def test_a_reading_gets_the_status_that_its_button_says(name: str, status: str, editor: User) -> None:
    reading = a_reading()
    do("reading", name, reading, editor)
    reading.refresh_from_db()
    assert reading.status == status


# --- who is it? ---


def test_all_reports_of_the_name_move_and_no_others(editor: User) -> None:
    first = a_name()
    other = make_attribution("It will rain.", speaker_printed="the clerk", candidates=[["Ann Lee", 1]])
    decided = make_attribution(
        "It rained.", speaker_printed="the envoy", candidates=[["Ann Lee", 1]], status="accepted"
    )
    do("mention", "yes", first, editor)
    ann = Speaker.objects.get()
    assert ann.attributions.count() == 2
    other.refresh_from_db(), decided.refresh_from_db()
    assert other.speaker is decided.speaker is None


def test_no_more_are_moved_than_one_act_may(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_MOVED", 1)
    first = a_name()
    do("mention", "yes", first, editor)
    assert Attribution.objects.unresolved().count() == 1


@pytest.mark.parametrize("name", ["", "  "])
def test_who_it_is_must_be_said(name: str, editor: User) -> None:
    first = a_name()
    with pytest.raises(NotAllowed, match="Say who it is"):
        do("mention", "yes", first, editor, name=name)
    assert Attribution.objects.unresolved().count() == 2


@pytest.mark.parametrize("name", ["Bob Stone #{}", "Ann Lee #999999"])
def test_a_number_that_is_somebody_else_s_is_not_taken(name: str, editor: User) -> None:
    """“Bob Stone #1” is not Ann Lee, though number 1 is hers: a name and a number must agree."""
    first = a_name()
    with pytest.raises(NotAllowed):
        do("mention", "yes", first, editor, name=name.format(Speaker.objects.get(name="Ann Lee").pk))
    assert Attribution.objects.unresolved().count() == 2
    assert Speaker.objects.count() == 1


# --- readers' reports ---


def test_an_editor_says_what_a_report_is_about(editor: User) -> None:
    problem = make_problem(told())
    with pytest.raises(NotAllowed, match="Choose what the flag is about"):
        do("problem", "yes", problem, editor)
    do("problem", "yes", problem, editor, name="denied")
    assert Flag.objects.get().kind == "denied"


def test_an_editor_may_say_that_it_is_about_something_else(editor: User) -> None:
    do("problem", "yes", make_problem(told(), kind="cut_short"), editor, name="denied")
    assert Flag.objects.get().kind == "denied"


# --- several at once ---


@pytest.mark.parametrize("kind", list(KINDS))
def test_flags_may_be_taken_up_together_and_only_neutral_ones_settled(kind: str) -> None:
    flag = a_flag(kind)
    assert in_bulk("flag", flag, "take")
    assert in_bulk("flag", flag, "yes") is in_bulk("flag", flag, "no") is (kind in NEUTRAL)
    assert not in_bulk("flag", flag, "unsure")


def test_nothing_serious_is_neutral() -> None:
    assert not SERIOUS & NEUTRAL
    assert "denied" not in NEUTRAL


def test_pairs_whose_meaning_changed_are_never_answered_together() -> None:
    plain, alarmed = a_pair(), a_pair(alarms=["Only one of the two says “not”."])
    assert [in_bulk("match", plain, name) for name in ("yes", "no", "unsure")] == [True, True, False]
    assert not any(in_bulk("match", alarmed, name) for name in ("yes", "no", "unsure"))


def test_readings_may_be_decided_on_together_but_not_names_or_reports() -> None:
    assert in_bulk("reading", a_reading(), "yes")
    assert in_bulk("reading", Attribution.objects.get(), "no")
    assert not in_bulk("mention", a_name(), "yes")
    problem = make_problem(make_quote())
    assert not any(in_bulk("problem", problem, name) for name in ("yes", "no"))


def test_no_act_in_bulk_is_unknown() -> None:
    assert set(ACTS) >= desk.IN_BULK


def test_an_act_costs_few_queries(editor: User, django_assert_max_num_queries: Any) -> None:
    reading = a_reading()
    with django_assert_max_num_queries(27):
        do("reading", "yes", reading, editor)
