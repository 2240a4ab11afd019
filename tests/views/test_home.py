from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Article, Quote
from tests.factories import make_article, make_flag
from tests.html import page, text_of, texts


@pytest.mark.parametrize(
    ("pasted", "leads_to"),
    [
        ("pick up the phone anytime", "/seen/?q=pick+up+the+phone+anytime"),
        ("Yuri Ushakov", "/seen/?q=Yuri+Ushakov"),
        ("https://news.example/story?utm_source=x", "/add/?url=https%3A%2F%2Fnews.example%2Fstory"),
        ("www.news.example/story", "/add/?url=https%3A%2F%2Fwww.news.example%2Fstory"),
    ],
)
def test_the_box_leads_on(db: None, client: Client, pasted: str, leads_to: str) -> None:
    response = client.post("/look/", {"box": pasted})
    assert (response.status_code, response["Location"]) == (302, leads_to)


def test_a_known_link_leads_to_its_article(db: None, client: Client) -> None:
    article = make_article(canonical_url="https://news.example/story?id=7")
    response = client.post("/look/", {"box": "https://NEWS.example:443/story?id=7&utm_campaign=x#top"})
    assert response["Location"] == article.get_absolute_url()


def test_an_article_leads_to_add_with_its_text(founding_text: str, reporter_client: Client) -> None:
    tree = page(reporter_client, "/")
    response = reporter_client.post("/look/", {"box": founding_text})
    assert tree is not None
    assert "This looks like an article" in response.content.decode()
    assert "resolved to some degree" in response.content.decode()


@pytest.mark.parametrize("pasted", ["", "   ", "\n\n"])
def test_nothing_pasted_is_said_so(db: None, client: Client, pasted: str) -> None:
    response = client.post("/look/", {"box": pasted})
    assert response.status_code == 200
    assert "Paste something first" in response.content.decode()


def test_an_empty_box_keeps_the_page(founding_article: Article, client: Client) -> None:
    words = client.post("/look/", {"box": " "}).content.decode()
    assert "Paste something first" in words
    assert "No quotes yet" not in words


def test_coming_back_to_look_by_address_leads_home(db: None, client: Client) -> None:
    assert client.get("/look/")["Location"] == "/"


def test_a_reader_with_an_unknown_link_is_told(db: None, client: Client) -> None:
    tree = page(client, "/add/?url=https://news.example/1")
    assert "Hearsay does not have this link" in text_of(tree)
    assert "Sign in to add articles" in text_of(tree)


def test_seen_exactly(founding_article: Article, client: Client) -> None:
    tree = page(
        client,
        "/seen/?q=Vladimir, you can pick up the phone anytime, and I'll be happy to answer and happy to talk to you.",
    )
    card = text_of(tree.cssselect(".card")[0])
    assert "These very words." in card
    assert "Donald Trump, through Yuri Ushakov" in card
    assert "Secondhand" in card


def test_seen_reworded_with_reasons(founding_article: Article, client: Client) -> None:
    cards = texts(page(client, "/seen/?q=he can pick up the phone anytime and will be happy to answer"), ".card")
    assert any("in other words" in card and "Shared:" in card and "Donald Trump" in card for card in cards)


def test_seen_alarms_on_a_lost_not(founding_article: Article, client: Client) -> None:
    words = "Russia would not become one of the US's most important partners once the war in Ukraine is resolved to some degree"
    cards = texts(page(client, f"/seen/?q={words}"), ".card")
    assert "Only one of the two says “not”." in cards[0]


def test_not_seen_says_what_that_means(founding_article: Article, client: Client) -> None:
    (words,) = texts(page(client, "/seen/?q=the cheese tariff must fall"), ".empty")
    assert "“Not found” means: not in the 1 article Hearsay has read." in words
    assert "does not mean that nobody said it" in words


def test_a_name_finds_its_speaker(founding_article: Article, client: Client) -> None:
    tree = page(client, "/seen/?q=Ushakov")
    assert any("Yuri Ushakov" in item for item in texts(tree, "main li"))


def test_editors_see_what_waits_and_readers_do_not(
    founding_article: Article, editor: User, editor_client: Client, client: Client
) -> None:
    make_flag(Quote.objects.all()[0], editor)
    assert "What waits for editors" in texts(page(editor_client, "/"), "h2")
    assert "What waits for editors" not in texts(page(client, "/"), "h2")
