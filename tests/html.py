"""Reading pages as a browser would, so that tests ask about elements and not about strings."""

from __future__ import annotations

from django.test import Client
from lxml import html


def page(client: Client, url: str, status: int = 200) -> html.HtmlElement:
    """The parsed page at `url`, redirects followed."""
    response = client.get(url, follow=True)
    assert response.status_code == status, (url, response.status_code)
    return html.fromstring(response.content)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def texts(tree: html.HtmlElement, selector: str) -> list[str]:
    return [text_of(element) for element in tree.cssselect(selector)]
