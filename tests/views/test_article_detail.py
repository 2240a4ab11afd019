from __future__ import annotations

from django.test import Client

from quotes.models import Article
from tests.factories import make_article, make_revision
from tests.html import page, text_of, texts


def test_the_text_is_whole_and_free_of_furniture(founding_article: Article, client: Client) -> None:
    words = text_of(page(client, founding_article.get_absolute_url()).cssselect(".article-text")[0])
    for furniture in ("Next Story", "Newszop", "Send Push", "image", "Download the app"):
        assert furniture not in words
    assert words.startswith("visited the Russian city of Kursk")
    assert words.endswith('if I can put it this way, to hang up."')


def test_every_attribution_has_a_card_and_a_number_in_the_text(founding_article: Article, client: Client) -> None:
    tree = page(client, founding_article.get_absolute_url())
    cards = tree.cssselect("article.card")
    assert len(cards) == founding_article.revisions.get().attributions.count() >= 8
    for number, card in enumerate(cards, start=1):
        (back,) = card.cssselect("a.number")
        assert back.get("href") == f"#n{number}"
        (mark,) = tree.cssselect(f"#n{number}")
        assert mark.get("href") == f"#c{number}"
        assert card.get("id") == f"c{number}"


def test_cards_say_who_through_whom_and_how_sure(founding_article: Article, client: Client) -> None:
    cards = texts(page(client, founding_article.get_absolute_url()), "article.card")
    anytime = next(card for card in cards if 'calls "anytime"' in card)
    assert "Donald Trump, via Yuri Ushakov" in anytime
    assert "Secondhand · mixed · read by machine" in anytime
    vladimir = next(card for card in cards if "Vladimir, you can" in card)
    assert "via Yuri Ushakov (inferred)" in vladimir
    assert "hedged" in vladimir


def test_words_are_marked_by_class_and_the_relay_is_boxed(founding_article: Article, client: Client) -> None:
    tree = page(client, founding_article.get_absolute_url())
    assert 'to answer Putin\'s calls "anytime"' in texts(tree, ".m-content.s-secondhand")
    assert "according to" in texts(tree, ".m-relay_cue")
    assert "Russian presidential aide Yuri Ushakov" in texts(tree, ".m-relay")


def test_only_editors_are_offered_to_decide(founding_article: Article, client: Client, editor_client: Client) -> None:
    url = founding_article.get_absolute_url()
    assert not page(client, url).cssselect('a[href^="/review/"]')
    assert page(editor_client, url).cssselect('a[href^="/review/"]')


def test_the_newest_version_is_shown(db: None, client: Client) -> None:
    article = make_article("The old words of the story stand here for now.")
    make_revision(article, "The new words of the story stand here for now.")
    tree = page(client, article.get_absolute_url())
    assert "The new words" in text_of(tree)
    assert "Version 2 of 2" in text_of(tree)
    old = page(client, f"{article.get_absolute_url()}?version=1")
    assert "The old words" in text_of(old)
    assert "no longer what the outlet says" in text_of(old)
