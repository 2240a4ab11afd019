"""What was taken down, and when: for everybody without what it said, for desk heads with it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Article
from quotes.services import takedown


def test_everybody_reads_when_and_why_in_a_word(
    founding_article: Article, desk_head: User, desk_head_client: Client, client: Client
) -> None:
    assert "Nothing has been taken down" in client.get("/takedowns/").content.decode()
    takedown.take_down(subject=founding_article, actor=desk_head, category="safety", reason="A threat to the envoy.")
    public = client.get("/takedowns/").content.decode()
    assert "Taken down because of somebody’s safety" in public
    assert f"Article {founding_article.pk}" in public
    assert "envoy" not in public
    assert founding_article.title not in public
    assert "dora" not in public
    desk = desk_head_client.get("/takedowns/").content.decode()
    assert "A threat to the envoy." in desk
    assert founding_article.title in desk
    assert "/takedowns/" in desk_head_client.get("/desk/").content.decode()
    takedown.bring_back(subject=founding_article, actor=desk_head, reason="It is over.")
    assert "Brought back" in client.get("/takedowns/").content.decode()
