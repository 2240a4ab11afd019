"""Editors on one flag at the same moment. Apart from test_flag.py: these tests have a database of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User

from quotes.models import Decision, Flag
from quotes.services.flag import add_evidence, claim, raise_flag, reopen, settle_flag
from quotes.services.record import Conflict, NotAllowed
from tests.factories import make_attribution, make_flag, make_speaker, make_user
from tests.services.conftest import Together

Act = Callable[[Flag, User, int], Any]


def settled(flag: Flag, actor: User, version: int) -> Any:
    return settle_flag(flag=flag, actor=actor, version=version, result="upheld", reason=f"{actor} says so.")


def claimed(flag: Flag, actor: User, version: int) -> Any:
    return claim(flag=flag, actor=actor, version=version)


@pytest.mark.parametrize(("one", "other"), [(settled, settled), (claimed, claimed), (claimed, settled)])
def test_of_two_editors_at_once_exactly_one_wins(together: Together, one: Act, other: Act) -> None:
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    flag = make_flag(report.variant.quote, edith)
    mine, theirs = Flag.objects.get(pk=flag.pk), Flag.objects.get(pk=flag.pk)
    results = together(lambda: one(mine, edith, 1), lambda: other(theirs, edgar, 1))
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    assert sum(isinstance(result, Flag) for result in results) == 1, results
    assert Flag.objects.get().version == 2
    assert Decision.objects.count() == 1


def test_two_flags_of_a_kind_at_once_are_one(together: Together) -> None:
    edith, edgar = make_user("edith", "editors"), make_user("edgar", "editors")
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    quote = report.variant.quote
    results = together(
        *(
            partial(raise_flag, quote=quote, actor=actor, kind="secondhand", reason="The aide has it.")
            for actor in (edith, edgar)
        )
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    assert Flag.objects.count() == Decision.objects.count() == 1


def test_eight_editors_on_four_flags_lose_and_double_nothing(together: Together) -> None:
    """Every act that was told to have happened is on record once, in an order that each flag's version counts."""
    editors = [make_user(f"editor{n}", "editors") for n in range(8)]
    raiser = make_user("rita", "reporters")
    flags = []
    for n in range(4):
        report = make_attribution(f"The dam number {n} will hold.", speaker=make_speaker(f"Speaker {n}"))
        assert report.variant is not None
        flags.append(make_flag(report.variant.quote, raiser))

    def work(editor: User, place: int) -> Counter[int]:
        done: Counter[int] = Counter()
        for step in range(12):
            number = flags[(place + step) % len(flags)].pk
            flag = Flag.objects.get(pk=number)
            try:
                if step % 4 == 3:
                    add_evidence(flag=flag, actor=editor, kind="article", note=f"Step {step}.")
                elif flag.is_active:
                    settled(flag, editor, flag.version)
                else:
                    reopen(flag=flag, actor=editor, version=flag.version, reason="Once more.")
            except (Conflict, NotAllowed):
                continue
            done[number] += 1
        return done

    results = together(*(partial(work, editor, place) for place, editor in enumerate(editors)))
    assert all(isinstance(result, Counter) for result in results), results
    told = sum(results, Counter[int]())
    assert Counter(Decision.objects.values_list("flag", flat=True)) == told
    for flag in Flag.objects.all():
        acts = Decision.objects.filter(flag=flag).exclude(verb="added evidence").order_by("pk")
        assert flag.version == 1 + acts.count()
        verbs = list(acts.values_list("verb", flat=True))
        assert verbs == [("settled flag", "reopened flag")[at % 2] for at in range(len(verbs))]
        assert flag.evidence.count() == Decision.objects.filter(flag=flag, verb="added evidence").count()
