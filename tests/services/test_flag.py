from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from quotes.models import Decision, Flag, Quote
from quotes.services.flag import raise_flag, settle_flag
from quotes.services.record import Conflict, NotAllowed
from tests.factories import make_attribution, make_flag


@pytest.fixture
def quote(db: None) -> Quote:
    attribution = make_attribution()
    assert attribution.variant is not None
    return attribution.variant.quote


def test_raising_leaves_flag_and_decision(quote: Quote, editor: User) -> None:
    flag = raise_flag(quote=quote, actor=editor, kind="secondhand", reason="Known through an aide.")
    decision = Decision.objects.get()
    assert (flag.state, flag.raised_by, flag.reason) == ("open", editor, "Known through an aide.")
    assert (decision.actor, decision.verb, decision.quote, decision.reason) == (
        editor,
        "raised flag",
        quote,
        flag.reason,
    )


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_flag_needs_a_reason(quote: Quote, editor: User, reason: str) -> None:
    with pytest.raises(NotAllowed, match="reason"):
        raise_flag(quote=quote, actor=editor, kind="secondhand", reason=reason)
    assert not Flag.objects.exists()
    assert not Decision.objects.exists()


def test_second_flag_of_a_kind_is_refused_and_leaves_nothing(quote: Quote, editor: User, second_editor: User) -> None:
    make_flag(quote, editor)
    with pytest.raises(Conflict, match="open on this quote already"):
        raise_flag(quote=quote, actor=second_editor, kind="secondhand", reason="Me too.")
    assert Flag.objects.count() == 1
    assert not Decision.objects.exists()


def test_a_settled_flag_may_be_raised_anew(quote: Quote, editor: User, second_editor: User) -> None:
    settle_flag(flag=make_flag(quote, editor), actor=second_editor, result="not_upheld", reason="Firsthand after all.")
    raise_flag(quote=quote, actor=editor, kind="secondhand", reason="The recording is of the aide.")
    assert Flag.objects.in_force().count() == 1


def test_settling_says_who_when_and_why(quote: Quote, editor: User, second_editor: User) -> None:
    flag = settle_flag(flag=make_flag(quote, editor), actor=second_editor, result="upheld", reason="Checked the wire.")
    assert (flag.state, flag.settled_by, flag.settled_reason) == ("upheld", second_editor, "Checked the wire.")
    assert flag.settled_at is not None
    decision = Decision.objects.get()
    assert decision.before["state"] == "open"
    assert decision.after["state"] == "upheld"


def test_two_editors_settling_at_once(quote: Quote, editor: User, second_editor: User) -> None:
    mine = make_flag(quote, editor)
    theirs = Flag.objects.get(pk=mine.pk)
    settle_flag(flag=mine, actor=editor, result="upheld", reason="Yes.")
    with pytest.raises(Conflict, match="Somebody else"):
        settle_flag(flag=theirs, actor=second_editor, result="not_upheld", reason="No.")
    assert Flag.objects.get().state == "upheld"
    assert Decision.objects.count() == 1


def test_serious_flags_cannot_be_raised_yet(quote: Quote, editor: User) -> None:
    with pytest.raises(NotAllowed, match="two editors"):
        raise_flag(quote=quote, actor=editor, kind="fabricated", reason="It is satire.")
    assert not Flag.objects.exists()


def test_serious_flags_wait_for_two_editors(quote: Quote, editor: User, second_editor: User) -> None:
    flag = make_flag(quote, editor, kind="fabricated")
    with pytest.raises(NotAllowed, match="two editors"):
        settle_flag(flag=flag, actor=second_editor, result="upheld", reason="It is satire.")
    assert Flag.objects.get().is_active
