"""Taking one quote down and bringing it back, by desk heads."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Decision, Quote, Takedown
from quotes.services.undo import undo
from tests.factories import make_attribution, make_speaker

GIVEN = {"category": "privacy", "reason": "Her lawyer wrote to us."}


@pytest.fixture
def quote(db: None) -> Quote:
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    return report.variant.quote


def address(quote: Quote) -> str:
    return f"/quotes/{quote.pk}/takedown/"


def test_it_works(quote: Quote, desk_head_client: Client, client: Client) -> None:
    assert "Take this quote down" in desk_head_client.get(quote.get_absolute_url()).content.decode()
    response = desk_head_client.post(address(quote), GIVEN, follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert "nobody but desk heads sees this" in page
    assert "We will rebuild the bridge before winter." in page
    assert client.get(quote.get_absolute_url()).status_code == 410
    decision = Decision.objects.get()
    assert (decision.verb, decision.quote, decision.reason) == ("took down", quote, "Her lawyer wrote to us.")
    assert decision.is_public is False


def test_it_is_brought_back_and_both_are_on_record(quote: Quote, desk_head_client: Client, client: Client) -> None:
    before = client.get(quote.get_absolute_url()).status_code
    desk_head_client.post(address(quote), GIVEN)
    assert "Bring this quote back" in desk_head_client.get(address(quote)).content.decode()
    desk_head_client.post(address(quote), {"reason": "She agrees."})
    assert client.get(quote.get_absolute_url()).status_code == before == 200
    assert not Takedown.objects.exists()
    assert [d.verb for d in Decision.objects.order_by("pk")] == ["took down", "undid: took down"]


def test_undoing_its_being_brought_back_takes_it_down_again(
    quote: Quote, desk_head_client: Client, desk_head: User
) -> None:
    desk_head_client.post(address(quote), GIVEN)
    desk_head_client.post(address(quote), {"reason": "She agrees."})
    undo(decision=Decision.objects.latest("pk"), actor=desk_head)
    assert Takedown.objects.get().category == "privacy"
    assert Quote.objects.get(pk=quote.pk).report_count == 0
    desk_head_client.post(address(quote), {"reason": "Now for good."})
    assert not Takedown.objects.exists()


@pytest.mark.parametrize("left_out", ["category", "reason"])
def test_it_says_what_is_missing(quote: Quote, desk_head_client: Client, left_out: str) -> None:
    page = desk_head_client.post(address(quote), GIVEN | {left_out: ""}).content.decode()
    assert {"category": "Choose why it is taken down.", "reason": "Say why"}[left_out] in page
    assert not Takedown.objects.exists()


def test_only_desk_heads_may(quote: Quote, editor_client: Client, client: Client) -> None:
    assert editor_client.get(address(quote)).status_code == 403
    assert editor_client.post(address(quote), GIVEN).status_code == 403
    assert client.post(address(quote), GIVEN).status_code == 302
    assert not Takedown.objects.exists()


def test_editors_cannot_undo_it(quote: Quote, desk_head_client: Client, editor_client: Client) -> None:
    desk_head_client.post(address(quote), GIVEN)
    sent = {"decision": Decision.objects.get().pk}
    assert editor_client.post("/decisions/undo/", sent).status_code == 403
    assert Takedown.objects.exists()


def test_a_merged_quote_leads_to_the_one_it_became(quote: Quote, desk_head_client: Client) -> None:
    gone = Quote.objects.create(merged_into=quote)
    assert desk_head_client.get(address(gone))["Location"] == address(quote)


def test_one_that_was_merged_meanwhile_stays_and_what_was_typed_is_kept(quote: Quote, desk_head_client: Client) -> None:
    gone = Quote.objects.create(merged_into=quote)
    response = desk_head_client.post(address(gone), GIVEN)
    page = response.content.decode()
    assert response.status_code == 409
    assert "has been merged into this one in the meantime" in page
    assert "Her lawyer wrote to us." in page
    assert f'action="{address(quote)}"' in page
    assert not Takedown.objects.exists()
