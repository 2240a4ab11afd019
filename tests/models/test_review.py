from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from quotes.models import Decision, Flag, Quote
from quotes.models.decision import DecisionIsFinal
from quotes.models.review import ACTIVE, IN_FORCE, KINDS, SERIOUS
from tests.factories import make_attribution, make_flag, make_quote

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(editor: User) -> Decision:
    return Decision.objects.create(actor=editor, verb="accepted", quote=make_quote(), reason="Heard it myself.")


# --- decisions are append-only ---


def change(decision: Decision) -> None:
    decision.reason = "Never mind."
    decision.save()


ACTS: dict[str, Callable[[Decision], object]] = {
    "save": change,
    "save some fields": lambda d: d.save(update_fields=["reason"]),
    "save, forced": lambda d: d.save(force_update=True),
    "delete": lambda d: d.delete(),
    "queryset update": lambda d: Decision.objects.update(reason="Never mind."),
    "queryset delete": lambda d: Decision.objects.all().delete(),
    "filtered delete": lambda d: Decision.objects.filter(pk=d.pk).delete(),
    "bulk update": lambda d: Decision.objects.bulk_update([d], ["reason"]),
    "update or create": lambda d: Decision.objects.update_or_create(pk=d.pk, defaults={"reason": "Never mind."}),
    "through the quote": lambda d: d.quote.decisions.update(reason="Never mind."),  # type: ignore[union-attr]
    "deleted through the quote": lambda d: d.quote.decisions.all().delete(),  # type: ignore[union-attr]
    "through the actor": lambda d: d.actor.decisions.all().delete(),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_a_decision_is_final(decision: Decision, act: Callable[[Decision], object]) -> None:
    with pytest.raises(DecisionIsFinal, match="append-only"), transaction.atomic():
        act(decision)
    assert Decision.objects.get().reason == "Heard it myself."


BACKDOORS: dict[str, Callable[[Decision], object]] = {
    "base manager update": lambda d: Decision._base_manager.none() or super_update(),
    "raw update": lambda d: run_sql("UPDATE quotes_decision SET reason = ''"),
    "raw update, nothing changed": lambda d: run_sql("UPDATE quotes_decision SET reason = reason"),
    "raw delete": lambda d: run_sql("DELETE FROM quotes_decision"),
    "raw delete of one": lambda d: run_sql("DELETE FROM quotes_decision WHERE id = %s", d.pk),
    "upsert": lambda d: Decision.objects.bulk_create(
        [Decision(pk=d.pk, actor=d.actor, verb="accepted", quote=d.quote, reason="Never mind.")],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["reason"],
    ),
    "_raw_delete": lambda d: Decision.objects.filter(pk=d.pk)._raw_delete("default"),
}


def run_sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def super_update() -> int:
    from django.db.models import QuerySet

    return QuerySet(Decision).update(reason="Never mind.")


@pytest.mark.parametrize("act", BACKDOORS.values(), ids=list(BACKDOORS))
def test_the_database_refuses_too(decision: Decision, act: Callable[[Decision], object]) -> None:
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        act(decision)
    assert Decision.objects.get().reason == "Heard it myself."


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite’s")
def test_replace_is_refused_too(decision: Decision) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        run_sql(
            "REPLACE INTO quotes_decision (id, actor_id, verb, quote_id, before, after, reason, made_at) "
            "SELECT id, actor_id, verb, quote_id, before, after, 'Never mind.', made_at FROM quotes_decision"
        )


def test_a_new_decision_is_saved_once(editor: User) -> None:
    decision = Decision(actor=editor, verb="accepted", quote=make_quote())
    decision.save()
    with pytest.raises(DecisionIsFinal):
        decision.save()
    assert Decision.objects.count() == 1


# --- the QuerySets ---


def test_about_quote_finds_every_way_to_a_quote_once_newest_first(editor: User) -> None:
    attribution = make_attribution()
    assert attribution.variant is not None
    quote = attribution.variant.quote
    flag = make_flag(quote, editor)
    made = [
        Decision.objects.create(actor=editor, verb="did", **about)
        for about in ({"quote": quote}, {"attribution": attribution}, {"flag": flag}, {"quote": quote, "flag": flag})
    ]
    Decision.objects.create(actor=editor, verb="did", quote=make_quote("Another."))
    assert list(Decision.objects.about_quote(quote)) == made[::-1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL rightly reads small tables whole")
def test_about_quote_does_not_look_through_the_record() -> None:
    plan = Decision.objects.about_quote(make_quote()).public().shown().explain()
    assert "quotes_decision_quote_id" in plan  # else it says nothing of indexes
    assert [line for line in plan.splitlines() if " SCAN " in line] == []


def test_about_quote_takes_one_query(editor: User, django_assert_num_queries: Any) -> None:
    quote = make_quote()
    Decision.objects.create(actor=editor, verb="did", quote=quote)
    with django_assert_num_queries(1):
        assert [str(decision) for decision in Decision.objects.about_quote(quote)] == ["edith did"]


@pytest.mark.parametrize("state", Flag.State.values)
def test_flags_by_state(state: str, editor: User) -> None:
    flag = make_flag(
        make_quote(), editor, state=state, settled_by=editor, settled_reason="Because.", claimed_at=timezone.now()
    )
    assert Flag.objects.active().exists() is flag.is_active is (state in ACTIVE)
    assert Flag.objects.in_force().exists() is (state in IN_FORCE)


def test_flags_with_people_take_one_query(editor: User, django_assert_num_queries: Any) -> None:
    make_flag(make_quote(), editor, state="upheld", settled_by=editor, settled_reason="Because.")
    with django_assert_num_queries(1):
        assert [(f.raised_by.username, f.settled_by.username) for f in Flag.objects.with_people()] == [
            ("edith", "edith")
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_flag(kind: str, editor: User) -> None:
    flag = make_flag(make_quote(), editor, kind=kind)
    assert flag.is_serious is (kind in SERIOUS)
    assert str(flag) == f"{KINDS[kind]}, open"


def test_serious_flags_are_those_of_the_glossary() -> None:
    assert {KINDS[kind] for kind in SERIOUS} == {
        "Wrong speaker",
        "Out of context",
        "Withdrawn or corrected",
        "Fabricated or satire",
    }


def test_an_unsettled_flag_may_be_without_its_people(editor: User) -> None:
    make_flag(make_quote(), editor)
    assert Quote.objects.flagged().count() == 1
