"""Undoing one decision, or several."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Attribution, Decision
from quotes.services import review
from tests.factories import make_attribution, make_speaker
from tests.html import page, texts
from tests.services.test_match import OLD, says
from tests.services.test_merge import NOT_OLD, asked, quote
from tests.views.test_match_review import send

pytestmark = pytest.mark.django_db


def test_undo_from_the_line_above(editor_client: Client) -> None:
    says(OLD)
    second = says(NOT_OLD)
    apart = quote(second)
    send(editor_client, asked(), "same")
    assert quote(second) != apart
    decision = Decision.objects.get()
    back = f"/review/matches/{decision.match_id}/?kind="
    response = editor_client.post("/decisions/undo/", {"decision": decision.pk, "next": back})
    assert response["Location"] == back
    assert quote(second) == apart


def test_undo_never_leads_to_another_site(editor_client: Client) -> None:
    says(OLD)
    says(NOT_OLD)
    send(editor_client, asked(), "different")
    response = editor_client.post(
        "/decisions/undo/", {"decision": Decision.objects.get().pk, "next": "https://evil.example/"}
    )
    assert response["Location"] == "/review/"


@pytest.mark.parametrize("back", ["foo", "?", "#", "x y", "quote_detail", "//evil.example/", "javascript:alert(1)", ""])
def test_undo_with_an_odd_way_back_leads_to_the_list(editor_client: Client, back: str) -> None:
    says(OLD)
    says(NOT_OLD)
    send(editor_client, asked(), "different")
    response = editor_client.post("/decisions/undo/", {"decision": Decision.objects.get().pk, "next": back})
    assert (response.status_code, response["Location"]) == (302, "/review/")


def test_several_are_undone_each_by_itself(editor: User, second_editor: User, editor_client: Client) -> None:
    """The second was changed since: it stays, and its reason is told; the others go back."""
    rows = [make_attribution(f"The dam number {n} will hold.", speaker=make_speaker(f"S {n}")) for n in range(3)]
    decisions = [review.accept(attribution=row, actor=editor, version=1) for row in rows]
    review.reject(attribution=rows[1], actor=second_editor, version=2, reason="Nobody said so.")
    data = {"decision": [decision.pk for decision in decisions], "next": "/review/"}
    tree = page(editor_client, editor_client.post("/decisions/undo/", data)["Location"])
    assert texts(tree, ".messages li") == [
        "Something this decision moved has been moved again since, so it cannot be undone by itself.",
        "2 decisions undone. The history keeps both the decision and its undoing.",
    ]
    statuses = Attribution.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["proposed", "rejected", "proposed"]


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "²", "-1"])
def test_nothing_to_undo_is_no_error(editor_client: Client, number: str) -> None:
    assert editor_client.post("/decisions/undo/", {"decision": number}).status_code == 302
    assert not Decision.objects.exists()


def test_only_editors_undo(editor: User, reporter_client: Client, client: Client) -> None:
    row = make_attribution(speaker=make_speaker())
    decision = review.accept(attribution=row, actor=editor, version=1)
    assert reporter_client.post("/decisions/undo/", {"decision": decision.pk}).status_code == 403
    assert client.post("/decisions/undo/", {"decision": decision.pk}).status_code == 302
    assert Decision.objects.count() == 1
