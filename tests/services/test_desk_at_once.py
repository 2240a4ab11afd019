"""Editors at the desk in the same moment. Apart from test_desk.py: these tests have a database of their own."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from quotes.models import Attribution, Decision, Flag, Problem, Quote
from quotes.services import problem, review
from quotes.services.desk import ACTS
from quotes.services.record import Conflict, NotAllowed
from quotes.services.review import Reading
from quotes.services.undo import undo
from quotes.text.spans import Span
from tests.factories import make_article, make_attribution, make_problem, make_speaker, make_user
from tests.services.conftest import Together
from tests.services.test_desk import MAKE, do


def kinds(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


@pytest.mark.parametrize(("kind", "name"), list(ACTS), ids=[" ".join(key) for key in ACTS])
def test_of_two_editors_at_once_exactly_one_acts(together: Together, kind: str, name: str) -> None:
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    subject = MAKE[kind]()
    results = together(*(partial(do, kind, name, subject, actor) for actor in (edith, edgar)))
    assert kinds(results) == ["Conflict", "Decision"], results
    assert Decision.objects.get() in results


def test_a_report_is_dismissed_or_made_a_flag_of_never_both(together: Together) -> None:
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    given = MAKE["problem"]()
    results = together(
        partial(problem.dismiss, problem=given, actor=edith, reason="It stands there like that."),
        partial(problem.make_flag, problem=given, actor=edgar, kind="denied", reason="She denies it."),
    )
    assert kinds(results) == ["Conflict", "Decision"], results
    state = Problem.objects.get().state
    assert Flag.objects.count() == (1 if state == "flagged" else 0)


def test_two_reports_of_a_kind_at_once_become_one_flag(together: Together) -> None:
    """Both are done, or the second is told to add to the flag that has just been raised."""
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    first = MAKE["problem"]()
    second = make_problem(first.quote, kind="cut_short")
    results = together(
        *(
            partial(problem.make_flag, problem=given, actor=actor, kind="cut_short", reason="So it is.")
            for given, actor in ((first, edith), (second, edgar))
        )
    )
    assert kinds(results) == ["Decision", "Decision"], results
    assert set(Problem.objects.values_list("flag", flat=True)) == {Flag.objects.get().pk}


def test_what_two_editors_add_at_once_is_added_once(together: Together) -> None:
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    article = make_article("The hall was full. The bridge will open again, the mayor told us.")
    revision = article.current_revision
    assert revision is not None
    reading = Reading((Span(19, 46),), "Ann Lee")
    results = together(
        *(partial(review.add, revision=revision, actor=actor, reading=reading) for actor in (edith, edgar))
    )
    assert kinds(results) == ["Attribution", "NotAllowed"], results
    refused = next(result for result in results if isinstance(result, NotAllowed))
    assert "read already" in str(refused)
    assert Attribution.objects.count() == Decision.objects.count() == 1


def test_a_decision_is_undone_once_by_two_at_once(together: Together) -> None:
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    decision = do("reading", "no", MAKE["reading"](), edith)
    results = together(*(partial(undo, decision=decision, actor=actor) for actor in (edith, edgar)))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Decision"], results
    assert Decision.objects.count() == 2
    assert Attribution.objects.get().status == "proposed"


def test_a_quote_counts_the_reports_that_eight_editors_reject_at_once(together: Together) -> None:
    """Each counts the quote's reports anew, and none may do it without the others' acts."""
    ann, words = make_speaker(), "We will open the old stone bridge again before winter."
    first = make_attribution(words, speaker=ann)
    assert first.variant is not None
    rows = [first, *(make_attribution(words, speaker=ann, quote=first.variant.quote) for _ in range(8))]
    editors = [make_user(f"editor{n}", "editors") for n in range(8)]
    results = together(*(partial(do, "reading", "no", row, actor) for row, actor in zip(rows, editors, strict=False)))
    assert kinds(results) == ["Decision"] * 8, results
    quote = Quote.objects.get()
    assert (quote.report_count, quote.article_count, quote.outlet_count) == (1, 1, 1)
    assert quote.outlets.count() == 1


def test_conflict_is_what_the_slower_one_gets_not_an_error(together: Together) -> None:
    """Eight hands on one reading: one acts, seven are told."""
    editors = [make_user(f"editor{n}", "editors") for n in range(8)]
    row = MAKE["reading"]()
    results = together(
        *(partial(do, "reading", "yes" if n % 2 else "no", row, actor) for n, actor in enumerate(editors))
    )
    assert sum(isinstance(result, Conflict) for result in results) == 7, results
    assert Decision.objects.count() == 1
