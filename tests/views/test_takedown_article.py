"""Taking one article down with everything read from it, and bringing it back."""

from __future__ import annotations

from django.test import Client

from quotes.models import Article, Attribution, Quote, Takedown

GIVEN = {"category": "legal", "reason": "A court order."}


def test_it_works(founding_article: Article, desk_head_client: Client, client: Client) -> None:
    address = founding_article.get_absolute_url()
    count = Quote.objects.shown().count()
    page = desk_head_client.post(f"{address}takedown/", GIVEN, follow=True).content.decode()
    assert "nobody but desk heads sees this" in page
    assert "attributions</h2>" in page
    assert client.get(address).status_code == 410
    assert not Quote.objects.shown().exists()
    report = Attribution.objects.all()[0]
    assert client.get(f"/attributions/{report.pk}/").status_code == 410
    assert client.get(f"/attributions/{report.pk}.jsonld").status_code == 410
    desk_head_client.post(f"{address}takedown/", {"reason": "It was lifted."})
    assert client.get(address).status_code == 200
    assert Quote.objects.shown().count() == count


def test_only_desk_heads_may(founding_article: Article, editor_client: Client, client: Client) -> None:
    address = f"{founding_article.get_absolute_url()}takedown/"
    assert editor_client.post(address, GIVEN).status_code == 403
    assert client.post(address, GIVEN).status_code == 302
    assert not Takedown.objects.exists()


def test_there_is_no_such_article(db: None, desk_head_client: Client) -> None:
    assert desk_head_client.get("/articles/999999/takedown/").status_code == 404
