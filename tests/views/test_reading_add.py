"""Adding what the machine missed, by marking its words in the article."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Article, Attribution, Decision, Quote, Span
from quotes.services import extract, review
from quotes.services.review import Reading
from quotes.services.undo import undo
from quotes.text.spans import Span as TextSpan
from tests.factories import make_article, make_attribution, make_revision, make_speaker
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db

TEXT = """Fans 😀🎉 filled the hall – “a fine night”, all agreed.
The dam will hold, the mayor told Reuters. The mayor's aide had it from her: “It will hold,” she said, “for ever”.
It will hold, they sang."""


@pytest.fixture
def article(db: None) -> Article:
    return make_article(TEXT, title="The dam")


def address(article: Article) -> str:
    return f"/articles/{article.pk}/add/"


def sent(client: Client, article: Article, **given: str) -> dict[str, Any]:
    form = page(client, address(article)).get_element_by_id("reading")
    return {**dict(form.form_values()), "content": "The dam will hold", **given}


def told(response: Any) -> html.HtmlElement:
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def added(client: Client, article: Article, **given: str) -> Attribution:
    response = client.post(address(article), sent(client, article, **given))
    row = Attribution.objects.latest("pk")
    assert response.status_code == 302, texts(html.fromstring(response.content.decode()), ".error")
    assert response["Location"] == f"/review/attributions/{row.pk}/"
    return row


def spans(row: Attribution, role: str = "content") -> list[tuple[int, str]]:
    return [(span.start, span.exact) for span in row.spans.filter(role=role)]


# --- done ---


def test_what_was_missed_is_added_with_its_chain_and_shown(
    article: Article, editor: User, editor_client: Client
) -> None:
    row = added(
        editor_client,
        article,
        form="indirect",
        source="the mayor",
        cue="told",
        speaker="Ann Lee",
        who_1="Reuters",
        how_1="named",
        cue_1="told Reuters",
        who_2="an aide",
        how_2="described",
        reason="The machine missed it.",
    )
    assert spans(row) == [(TEXT.index("The dam"), "The dam will hold")]
    assert spans(row, "source") == [(TEXT.index("the mayor told"), "the mayor")]
    assert (str(row.speaker), row.status, row.form, row.extractor) == ("Ann Lee", "corrected", "indirect", "hand")
    assert [relay.label for relay in row.relays.all()] == ["an aide", "Reuters"]
    assert row.sourcing == "thirdhand"
    assert Quote.objects.shown().get().words == "The dam will hold"
    decision = Decision.objects.get()
    assert (decision.actor, decision.verb, decision.reason) == (editor, "added", "The machine missed it.")
    assert "Added." in texts(page(editor_client, f"/review/attributions/{row.pk}/"), ".messages li")[0]


def test_the_text_shows_where_each_paragraph_begins_and_what_is_read(article: Article, editor_client: Client) -> None:
    """The browser counts from here: characters beyond the basic plane count once."""
    make_attribution("The dam will hold", article=article, speaker=make_speaker())
    tree = page(editor_client, address(article))
    for paragraph in tree.cssselect("#marking p"):
        start = int(paragraph.get("data-start"))
        words = paragraph.text_content()
        assert TEXT[start : start + len(words)] == words
    assert texts(tree, "#marking .m-content") == ["The dam will hold"]


@pytest.mark.parametrize(
    ("marked", "start"),
    [("", TEXT.index("It will hold")), (str(TEXT.rindex("It will hold")), TEXT.rindex("It will hold"))],
)
def test_of_words_printed_twice_those_that_were_marked_are_taken(
    marked: str, start: int, article: Article, editor_client: Client
) -> None:
    row = added(editor_client, article, content="It will hold", content_at=marked)
    assert spans(row) == [(start, "It will hold")]
    assert row.start == start


def test_words_after_emoji_are_counted_as_the_server_counts(article: Article, editor_client: Client) -> None:
    row = added(editor_client, article, content="a fine night", content_at=str(TEXT.index("a fine")))
    assert spans(row) == [(TEXT.index("a fine"), "a fine night")]
    (span,) = row.spans.all()
    assert (span.prefix, span.suffix[:1]) == (TEXT[: span.start][-32:], "”")


def test_a_statement_that_others_words_interrupt_has_two_pieces(article: Article, editor_client: Client) -> None:
    row = added(editor_client, article, content='"It will hold," [...] "for ever"', speaker="Ann Lee")
    assert [words for _, words in spans(row)] == ["“It will hold,”", "“for ever”"]
    assert row.variant is not None
    assert row.variant.wording == "It will hold … for ever"


def test_the_words_of_a_step_are_those_that_were_marked(article: Article, editor_client: Client) -> None:
    at = TEXT.rindex("she said")
    row = added(editor_client, article, who_1="Bob Stone", how_1="named", cue_1="she said", cue_1_at=str(at))
    assert spans(row, "relay_cue") == [(at, "she said")]


def test_nobody_and_nothing_but_words_is_enough(article: Article, editor_client: Client) -> None:
    row = added(editor_client, article)
    assert (row.speaker, row.sourcing, row.relays.count()) == (None, "firsthand", 0)


def test_reading_the_article_again_leaves_it_alone(article: Article, editor_client: Client) -> None:
    row = added(editor_client, article, speaker="Ann Lee")
    before = (Attribution.objects.filter(pk=row.pk).values().get(), spans(row))
    extract.read_revision(row.revision)
    assert (Attribution.objects.filter(pk=row.pk).values().get(), spans(row)) == before


def test_the_newest_text_is_added_to(article: Article, editor_client: Client) -> None:
    newer = make_revision(article, "The dam will hold for ever, she says now.")
    row = added(editor_client, article, content="The dam will hold for ever")
    assert row.revision == newer


def test_undone_it_is_gone_and_may_be_added_again(article: Article, editor: User, editor_client: Client) -> None:
    row = added(editor_client, article, speaker="Ann Lee", source="the mayor")
    undo(decision=Decision.objects.get(), actor=editor)
    assert not Attribution.objects.shown().exists()
    again = added(editor_client, article, speaker="Bob Stone", source="the mayor")
    assert again == row
    again.refresh_from_db()
    assert (str(again.speaker), again.status) == ("Bob Stone", "corrected")
    assert Span.objects.filter(role="content").count() == 1
    undo(decision=Decision.objects.latest("pk"), actor=editor)
    assert not Attribution.objects.shown().exists()


# --- refused ---


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"content": ""}, "Give the words that were said"),
        ({"content": "  "}, "Give the words that were said"),
        ({"content": "[…]"}, "Mark the words that were said"),
        ({"content": "Nobody said this."}, "“Nobody said this.”. Copy them from the text."),
        ({"content": "for ever […] The dam will hold"}, "“The dam will hold”. Copy them"),
        ({"content": "The dam will hold […] The dam will hold"}, "“The dam will hold”. Copy them"),
        ({"content": "x" * 20_001}, "at most 20000"),
        ({"content": "a\x00b"}, "Null characters"),
        ({"source": "the governor"}, "“the governor”. Copy them"),
        ({"cue": "denied"}, "“denied”. Copy them"),
        ({"who_1": "Reuters", "cue_1": "according to"}, "“according to”. Copy them"),
        ({"speaker": "Twin"}, "Several speakers go by “Twin”"),
        ({"who_2": "Twin", "how_2": "named"}, "Several speakers go by “Twin”"),
        ({"who_1": ""}, "Say who, or that the article does not say"),
        ({"speaker": "x" * 301}, "at most 300"),
        ({"form": "sung"}, "not one of the available choices"),
        ({"how_1": "sung"}, "not one of the available choices"),
        ({"reason": "x" * 5001}, "at most 5000"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    given: dict[str, str], said: str, article: Article, editor_client: Client
) -> None:
    make_speaker("Twin"), make_speaker("Twin")
    data = sent(editor_client, article, **{"reason": "Overlooked.", "who_1": "Agence", "role_1": "an agency", **given})
    tree = told(editor_client.post(address(article), data))
    assert said in text_of(tree)
    kept = dict(tree.get_element_by_id("reading").form_values())
    for name in ("content", "source", "cue", "speaker", "reason", "role_1", "cue_1"):
        if "\x00" not in data.get(name, ""):
            assert kept.get(name, "").strip() == data.get(name, "").strip(), name
    assert not Attribution.objects.exists()
    assert not Decision.objects.exists()
    assert not Quote.objects.exists()


@pytest.mark.parametrize("at", ["-5", "0", "999999", "9" * 30])
def test_an_odd_place_leads_to_the_nearest(at: str, article: Article, editor_client: Client) -> None:
    row = added(editor_client, article, content="It will hold", content_at=at)
    start = TEXT.index("It will hold") if len(at) < 3 else TEXT.rindex("It will hold")
    assert spans(row) == [(start, "It will hold")]


def test_what_is_read_already_is_not_added_twice(
    article: Article, editor_client: Client, second_editor_client: Client
) -> None:
    """Two editors at once: the second is told, and what was typed is kept."""
    data = sent(second_editor_client, article, speaker="Bob Stone", reason="I heard it.")
    added(editor_client, article, speaker="Ann Lee")
    tree = told(second_editor_client.post(address(article), data))
    assert "These words are read already. Correct that attribution instead." in text_of(tree)
    kept = dict(tree.get_element_by_id("reading").form_values())
    assert (kept["speaker"], kept["reason"].strip()) == ("Bob Stone", "I heard it.")
    assert Attribution.objects.count() == 1


def test_other_words_of_the_same_sentence_may_be_added(article: Article, editor_client: Client) -> None:
    revision = article.current_revision
    assert revision is not None
    editor = User.objects.get(username="edith")
    review.add(revision=revision, actor=editor, reading=Reading((TextSpan(0, 4),), "Ann Lee"))
    added(editor_client, article, content="the hall")
    assert Attribution.objects.shown().count() == 2


def test_an_article_without_a_text_has_nothing_to_add_to(editor_client: Client) -> None:
    article = Article.objects.create(title="Without a text")
    response = editor_client.get(address(article), follow=True)
    assert "This article has no text yet" in text_of(told(response))


# --- rights and nonsense ---


def test_only_editors_add(article: Article, client: Client, reporter_client: Client, outsider: User) -> None:
    data = {"content": "The dam will hold", "form": "direct"}
    assert client.post(address(article), data)["Location"].startswith("/account/login/")
    assert reporter_client.post(address(article), data).status_code == 403
    client.force_login(outsider)
    assert client.get(address(article)).status_code == client.post(address(article), data).status_code == 403
    assert not Attribution.objects.exists()


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_what_is_not_there_is_not_found(number: str, editor_client: Client) -> None:
    for send in (editor_client.get, editor_client.post):
        assert send(f"/articles/{number}/add/").status_code == 404


def test_hostile_words_are_escaped(editor_client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    article = make_article(f"She said {bad} to all of us, and left.", title=bad)
    body = editor_client.get(address(article)).content.decode()
    for typed in ("<script>alert(1)</script>", f"{bad} never said"):
        assert "<script>alert" not in body
        assert "&lt;script&gt;" in body
        data = {"content": typed, "form": "direct", "speaker": bad, "who_1": bad, "how_1": "sung", "reason": bad}
        body = editor_client.post(address(article), data).content.decode()
    assert "<script>alert" not in body
    row = added(editor_client, article, content="<script>alert(1)</script>", speaker=bad)
    assert "<script>alert" not in editor_client.get(f"/review/attributions/{row.pk}/").content.decode()
