from __future__ import annotations

from django.test import Client

from quotes.models import Article
from quotes.views.article import Edit, edits
from tests.factories import make_article, make_attribution, make_revision, make_speaker, read_article
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


BEFORE = (
    'Ann Lee, the mayor, said on Monday: "We will rebuild the bridge before winter comes to Harwick." She left early.'
)
AFTER = (
    'Ann Lee, the mayor, said on Monday: "We will rebuild the old bridge before winter comes to Harwick." She left early. '
    'Bob Stone, a trader, said: "Nobody in this town believes a word of that any more." He laughed.'
)


def test_a_new_version_says_what_changed_in_the_quotes(db: None, client: Client) -> None:
    url = "https://paper.example/bridge"
    article = read_article(BEFORE, url=url)
    assert read_article(AFTER, url=url) == article
    tree = page(client, article.get_absolute_url())
    assert texts(tree, "#versions-title ~ ul li")[-1].startswith("New: Nobody in this town believes")
    assert texts(tree, "#versions-title ~ ul ins") != []
    assert "Version 2 of 2" in texts(tree, "#versions-title")[0]
    first = page(client, f"{article.get_absolute_url()}?version=1")
    assert "What changed" not in text_of(first)


def test_edits_pair_what_is_one_quote(db: None) -> None:
    one = make_attribution("We will rebuild the old bridge.", speaker=make_speaker())
    other = make_attribution("The dam will hold.", speaker=make_speaker("Bob Stone"))
    assert one.variant is not None
    assert other.variant is not None
    quote, second = one.variant.quote_id, other.variant.quote_id
    assert edits([(quote, "We will rebuild the old bridge.")], [one]) == []
    assert edits([(quote, "We will rebuild the bridge."), (99, "Gone words.")], [one, other]) == [
        Edit("reworded", "We will rebuild the bridge.", "We will rebuild the old bridge."),
        Edit("gone", "Gone words.", ""),
        Edit("new", "", "The dam will hold."),
    ]
    assert second != quote


def test_cards_link_to_the_words_in_the_original_and_to_themselves(db: None, client: Client) -> None:
    article = read_article(BEFORE, url="https://paper.example/bridge")
    report = article.revisions.get().attributions.get()
    tree = page(client, article.get_absolute_url())
    links = {link.text: link.get("href") for link in tree.cssselect("article.card p a") if link.text}
    assert links["Lasting link"] == f"/attributions/{report.pk}/"
    assert links["In the original"].startswith("https://paper.example/bridge#:~:text=")
    assert "We%20will%20rebuild%20the%20bridge" in links["In the original"]
    assert tree.cssselect(f"#a{report.pk}")


def test_what_is_said_within_what_another_says_is_told_so(db: None, client: Client) -> None:
    inner, outer = "The dam will hold.", "Bob told me: The dam will hold. I believe him."
    article = make_article(f"Ann Lee said: {outer} She left.")
    make_attribution(outer, speaker=make_speaker(), article=article)
    make_attribution(inner, speaker=make_speaker("Bob Stone"), article=article)
    tree = page(client, article.get_absolute_url())
    first, second = texts(tree, "article.card")
    assert "within what" not in first
    assert "within what attribution 1 says" in second
    assert texts(tree, ".nested") == [inner]
