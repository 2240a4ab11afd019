from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from quotes.models import Article, Outlet, Quote
from tests.html import text_of, texts

TEXT = "Ann Lee, the mayor, opened the fair on Monday. “We will rebuild the bridge before winter,” she said."


def test_paste_reads_and_leads_to_the_article(reporter_client: Client) -> None:
    response = reporter_client.post("/add/", {"text": TEXT, "outlet": "Harbour Herald", "published": "2025-05-21"})
    article = Article.objects.get()
    assert response["Location"] == article.get_absolute_url()
    assert (article.outlet, article.added_by.username) == (Outlet.objects.get(name="Harbour Herald"), "rita")  # type: ignore[union-attr]
    assert Quote.objects.get().speaker.name == "Ann Lee"  # type: ignore[union-attr]


def test_the_same_again_is_said_and_not_doubled(reporter_client: Client) -> None:
    for _ in range(2):
        response = reporter_client.post("/add/", {"text": TEXT, "outlet": "Harbour Herald"}, follow=True)
    assert "Hearsay has this article already" in response.content.decode()
    assert (Article.objects.count(), Quote.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": ""}, "There is no text"),
        ({"text": "   \n"}, "There is no text"),
        ({"text": "a" * 600_000}, "the most Hearsay takes is 500,000"),
        ({"text": "ok then"}, "There are no sentences in this text"),
        ({"text": "This is not an article but a test: " + "a" * 5000}, "looks like data rather than prose"),
        ({"text": TEXT, "url": "javascript:alert(1)"}, "is not a web address"),
        ({"text": TEXT, "published": "yesterday"}, "Enter a valid date"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept_in_the_form(
    reporter_client: Client, data: dict[str, str], message: str
) -> None:
    response = reporter_client.post("/add/", data)
    assert response.status_code == 200
    tree = html.fromstring(response.content)
    assert any(message in error for error in texts(tree, ".error"))
    about = "id_url_error" if "url" in data else "id_published_error" if "published" in data else "id_text_error"
    assert tree.cssselect(f"#{about}")
    assert tree.cssselect("textarea")[0].text_content().strip() == data["text"].strip()
    assert not Article.objects.exists()


def upload(client: Client, name: str, content: bytes) -> html.HtmlElement:
    response = client.post("/add/file/", {"file": SimpleUploadedFile(name, content)}, follow=True)
    assert response.status_code == 200
    return html.fromstring(response.content)


def test_text_file(reporter_client: Client) -> None:
    tree = upload(reporter_client, "story.txt", TEXT.encode())
    assert "The article was read." in text_of(tree)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("story.txt", b"", "The file is empty"),
        ("story.txt", b"\x00\x01\x02\x03" * 200, "not a text file"),
        ("story.txt", "Müller sagte: Nein. Das ist alles, was er sagte.".encode("latin-1"), "not in UTF-8"),
        ("story.pdf", b"%PDF-1.4 something", "cannot be read"),
        ("story.html", b"<html><body></body></html>", "No article was found"),
    ],
)
def test_bad_files(reporter_client: Client, name: str, content: bytes, message: str) -> None:
    assert message in text_of(upload(reporter_client, name, content))
    assert not Article.objects.exists()


def test_a_link_is_carried_into_the_form(reporter_client: Client) -> None:
    tree = html.fromstring(reporter_client.get("/add/?url=https://news.example/1").content)
    assert tree.cssselect("#id_url")[0].get("value") == "https://news.example/1"
    assert "Hearsay does not have this link" in text_of(tree)
