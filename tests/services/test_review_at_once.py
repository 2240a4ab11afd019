"""Two editors at the same moment. Apart from test_review.py: these tests have a database of their own."""

from __future__ import annotations

import pytest

from quotes.models import Decision, Match
from quotes.services import merge
from quotes.services.record import Conflict
from tests.factories import make_attribution, make_speaker, make_user
from tests.services.conftest import Together
from tests.services.test_match import OLD, says
from tests.services.test_merge import NOT_OLD
from tests.services.test_review import (
    WORDS,
    Act,
    accept,
    add_relay,
    again,
    chain,
    correct,
    reject,
    remove_relay,
    turn_chain,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [(accept, accept), (accept, reject), (correct, correct), (add_relay, add_relay), (remove_relay, turn_chain)],
)
def test_of_two_editors_at_once_exactly_one_wins(together: Together, one: Act, other: Act) -> None:
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    via = (make_speaker("Bob Stone"), make_speaker("Eve Hart"))
    chained = make_attribution(WORDS, speaker=make_speaker("Ann Lee"), via=via)
    results = together(lambda: one(chained, edith, 1), lambda: other(chained, edgar, 1))
    lost = [result for result in results if isinstance(result, Conflict)]
    assert len(lost) == 1, results
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert again(chained).version == 2
    winner = next(result.actor for result in results if isinstance(result, Decision))
    assert Decision.objects.get().actor == winner
    assert [position for position, _ in chain(chained)] == list(range(1, len(chain(chained)) + 1))


@pytest.mark.parametrize("other", ["same", "different"])
def test_of_two_answers_at_once_exactly_one_counts(together: Together, other: merge.Answer) -> None:
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    says(OLD)
    says(NOT_OLD)
    pair = Match.objects.asked().get()
    results = together(
        lambda: merge.judge(pair=pair, actor=edith, answer="same", seen="proposed"),
        lambda: merge.judge(pair=pair, actor=edgar, answer=other, seen="proposed"),
    )
    assert len([result for result in results if isinstance(result, Conflict)]) == 1, results
    decision = Decision.objects.get()
    assert Match.objects.get().outcome == ("same" if decision.verb == merge.VERBS["same"] else "different")
