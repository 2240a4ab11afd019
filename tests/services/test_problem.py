"""Readers' reports: kept, made a flag of, dismissed; each once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from quotes.models import Decision, Flag, Problem, Quote
from quotes.services import merge, problem
from quotes.services.flag import add_evidence, claim, settle_flag
from quotes.services.record import Conflict, NotAllowed
from quotes.services.undo import undo
from tests.factories import make_attribution, make_flag, make_problem, make_speaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def quote(db: None) -> Quote:
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    return report.variant.quote


def flagged(given: Problem, actor: User, kind: str = "cut_short") -> Decision:
    return problem.make_flag(problem=given, actor=actor, kind=kind, reason="The reader is right.")


def dismissed(given: Problem, actor: User) -> Decision:
    return problem.dismiss(problem=given, actor=actor, reason="It stands there like that.")


def merged_away(quote: Quote, actor: User) -> Quote:
    """Makes one quote of this and a younger one; gives the younger one, whose address leads on now."""
    words = "We will mend the bridge over the river before the first frost."
    report = make_attribution(words, speaker=quote.speaker)
    assert report.variant is not None
    gone = report.variant.quote
    assert merge.merge(quote=gone, into=quote, actor=actor, reason="One remark.") == quote
    return gone


# --- what a reader sends ---


def test_a_word_is_kept_as_it_came_and_decides_nothing(quote: Quote, reporter: User) -> None:
    kept = problem.report(quote=quote, words="  He said it on air. \n", kind="wrong_speaker", made_by=reporter)
    kept.refresh_from_db()
    assert (kept.words, kept.kind, kept.state, kept.who) == ("He said it on air.", "wrong_speaker", "open", "rita")
    assert problem.report(quote=quote, words="x").who == "a reader"
    assert not Flag.objects.exists()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("words", ["", "  \n\t "])
def test_a_report_says_something(quote: Quote, words: str) -> None:
    with pytest.raises(NotAllowed, match="Say what is wrong"):
        problem.report(quote=quote, words=words)
    assert not Problem.objects.exists()


@pytest.mark.parametrize("kind", ["nonsense", "SECONDHAND", "<b>"])
def test_what_it_is_about_is_known_or_left_open(quote: Quote, kind: str) -> None:
    with pytest.raises(NotAllowed, match="Choose what it is about"):
        problem.report(quote=quote, words="It is wrong.", kind=kind)
    assert not Problem.objects.exists()


def test_a_long_report_is_cut(quote: Quote) -> None:
    assert len(problem.report(quote=quote, words="a" * 5000).words) == problem.LONGEST


def test_a_report_on_a_merged_quote_is_one_on_what_it_became(quote: Quote, editor: User) -> None:
    gone = merged_away(quote, editor)
    assert problem.report(quote=gone, words="It is wrong.").quote == quote


# --- a flag is made of it ---


def test_a_flag_is_made_once_and_says_who_made_it(quote: Quote, editor: User, second_editor: User) -> None:
    given = make_problem(quote)
    decision = flagged(given, editor)
    given.refresh_from_db()
    flag = Flag.objects.get()
    assert (flag.kind, flag.quote, flag.raised_by, flag.reason) == ("cut_short", quote, editor, "The reader is right.")
    assert (given.state, given.flag, given.settled_by, given.settled_reason) == ("flagged", flag, editor, flag.reason)
    assert (decision.after["words"], decision.after["flag"]) == (given.words, "Cut short")
    assert decision in Decision.objects.about_quote(quote)
    with pytest.raises(Conflict, match="dealt with this report already"):
        flagged(given, second_editor, "denied")
    assert Flag.objects.count() == Decision.objects.count() == 1


def test_undone_the_flag_is_gone_and_the_report_waits_again(quote: Quote, editor: User) -> None:
    given = make_problem(quote)
    before = Problem.objects.values().get()
    decision = flagged(given, editor)
    made = Flag.objects.values().get()
    undone = undo(decision=decision, actor=editor)
    assert Problem.objects.values().get() == before
    assert not Flag.objects.exists()
    again = undo(decision=undone, actor=editor)
    assert {**Flag.objects.values().get(), "version": 1} == made
    undo(decision=again, actor=editor)
    assert not Flag.objects.exists()
    assert Decision.objects.count() == 4


def test_it_goes_with_a_flag_of_the_kind_that_is_open(quote: Quote, editor: User, reporter: User) -> None:
    flag = make_flag(quote, reporter, kind="cut_short")
    given = make_problem(quote)
    decision = flagged(given, editor)
    given.refresh_from_db()
    assert given.flag == Flag.objects.get() == flag
    assert Decision.objects.count() == 1
    undo(decision=decision, actor=editor)
    given.refresh_from_db()
    assert (given.state, Flag.objects.get()) == ("open", flag)  # it was not made of this report


@pytest.mark.parametrize("result", ["upheld", "not_upheld"])
def test_a_settled_flag_of_the_kind_takes_no_new_report(
    quote: Quote, editor: User, reporter: User, result: str
) -> None:
    flag = make_flag(quote, reporter, kind="cut_short")
    settle_flag(flag=flag, actor=editor, version=1, result=result, reason="I looked.")
    given = make_problem(quote)
    flagged(given, editor)
    given.refresh_from_db()
    assert given.flag != flag
    assert Flag.objects.active().get() == given.flag


def test_two_reports_of_a_kind_are_one_flag_which_stays_while_one_needs_it(quote: Quote, editor: User) -> None:
    one, other = make_problem(quote), make_problem(quote)
    first, second = flagged(one, editor), flagged(other, editor)
    assert Flag.objects.count() == 1
    with pytest.raises(Conflict):
        undo(decision=first, actor=editor)
    assert set(Problem.objects.values_list("state", "flag")) == {("flagged", Flag.objects.get().pk)}
    undo(decision=second, actor=editor)
    undo(decision=first, actor=editor)
    assert not Flag.objects.exists()


@pytest.mark.parametrize("work", ["claim", "evidence"])
def test_a_flag_that_somebody_works_on_is_not_undone(
    quote: Quote, editor: User, second_editor: User, work: str
) -> None:
    decision = flagged(make_problem(quote), editor)
    if work == "claim":
        claim(flag=Flag.objects.get(), actor=second_editor, version=1)
    else:
        add_evidence(flag=Flag.objects.get(), actor=second_editor, kind="article", note="Another paper has it whole.")
    before = (Flag.objects.values().get(), Problem.objects.values().get())
    with pytest.raises(Conflict):
        undo(decision=decision, actor=editor)
    assert (Flag.objects.values().get(), Problem.objects.values().get()) == before


def test_somebody_else_does_not_undo_a_flag(quote: Quote, editor: User, second_editor: User) -> None:
    decision = flagged(make_problem(quote), editor)
    with pytest.raises(NotAllowed, match="Only who did it"):
        undo(decision=decision, actor=second_editor)
    assert Flag.objects.get().is_active


def test_the_quote_was_merged_while_the_report_waited(quote: Quote, editor: User) -> None:
    report = make_attribution("We will mend the bridge over the river before the first frost.", speaker=quote.speaker)
    assert report.variant is not None
    given = make_problem(report.variant.quote)
    merge.merge(quote=report.variant.quote, into=quote, actor=editor, reason="One remark.")
    decision = flagged(given, editor)
    assert Flag.objects.get().quote == quote
    assert decision in Decision.objects.about_quote(quote)


def test_who_made_a_serious_flag_of_it_does_not_decide_on_it(quote: Quote, editor: User) -> None:
    flagged(make_problem(quote), editor, "fabricated")
    with pytest.raises(NotAllowed, match="You raised this flag"):
        settle_flag(flag=Flag.objects.get(), actor=editor, version=1, result="not_upheld", reason="It is so.")


def test_a_reader_s_denial_reopens_what_was_decided(quote: Quote, editor: User, reporter: User) -> None:
    flag = make_flag(quote, reporter)
    settle_flag(flag=flag, actor=editor, version=1, result="upheld", reason="I looked.")
    flagged(make_problem(quote), editor, "denied")
    flag.refresh_from_db()
    assert flag.state == "reopened"
    assert Decision.objects.filter(actor=None).count() == 1


@pytest.mark.parametrize("kind", ["", "nonsense", "Denied"])
def test_a_flag_is_about_something(quote: Quote, editor: User, kind: str) -> None:
    given = make_problem(quote)
    with pytest.raises(NotAllowed, match="Choose what the flag is about"):
        flagged(given, editor, kind)
    given.refresh_from_db()
    assert given.state == "open"
    assert not Flag.objects.exists()


# --- it is dismissed ---


def test_dismissed_it_says_who_and_why_and_comes_back_undone(quote: Quote, editor: User) -> None:
    given = make_problem(quote)
    before = Problem.objects.values().get()
    decision = dismissed(given, editor)
    given.refresh_from_db()
    assert (given.state, given.flag, given.settled_by) == ("dismissed", None, editor)
    assert decision.reason == given.settled_reason == "It stands there like that."
    assert not Problem.objects.waiting().exists()
    undo(decision=decision, actor=editor)
    assert Problem.objects.values().get() == before


@pytest.mark.parametrize("second", [dismissed, flagged])
@pytest.mark.parametrize("first", [dismissed, flagged])
def test_it_is_dealt_with_once(quote: Quote, editor: User, second_editor: User, first: object, second: object) -> None:
    given = make_problem(quote)
    first(given, editor)  # type: ignore[operator]
    before = (Problem.objects.values().get(), Flag.objects.count())
    with pytest.raises(Conflict, match="dealt with"):
        second(given, second_editor)  # type: ignore[operator]
    assert (Problem.objects.values().get(), Flag.objects.count()) == before
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("reason", ["", " \n"])
@pytest.mark.parametrize("act", [problem.dismiss, problem.make_flag])
def test_a_reader_is_given_a_reason(quote: Quote, editor: User, act: object, reason: str) -> None:
    given = make_problem(quote)
    make_flag(quote, editor, kind="cut_short")  # there would be nothing to raise
    kind = {"kind": "cut_short"} if act is problem.make_flag else {}
    with pytest.raises(NotAllowed, match="Say why"):
        act(problem=given, actor=editor, reason=reason, **kind)  # type: ignore[operator]
    given.refresh_from_db()
    assert given.state == "open"
