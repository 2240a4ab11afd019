"""Adding links: what is known is answered at once, the rest waits on a page of its own."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quotes.models import Job, Link
from quotes.services import link as links
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def post(client: Client, urls: str, follow: bool = True):  # type: ignore[no-untyped-def]
    return client.post(reverse("add_link"), {"urls": urls}, follow=follow)


def test_new_links_are_queued_and_shown(reporter_client: Client) -> None:
    page = post(
        reporter_client, "https://a.example/1\nhttps://b.example/2 https://a.example/1?utm_source=x"
    ).content.decode()
    assert sorted(Link.objects.values_list("url", flat=True)) == ["https://a.example/1", "https://b.example/2"]
    assert Job.objects.queued().count() == 2
    assert "https://a.example/1" in page
    assert "2 of 2 still to be fetched" in page
    assert "No background worker is running" in page


def test_one_known_link_leads_to_its_article(reporter_client: Client) -> None:
    article = make_article(canonical_url="https://a.example/1")
    response = post(reporter_client, "https://a.example/1#comments", follow=False)
    assert response["Location"] == article.get_absolute_url()


def test_known_and_new_links_are_told_apart(reporter_client: Client) -> None:
    make_article(canonical_url="https://a.example/1", title="The bridge")
    page = post(reporter_client, "https://a.example/1\nhttps://b.example/2").content.decode()
    assert "The bridge" in page
    assert "known already" in page
    assert "1 of 1 still to be fetched" in page


def test_what_is_no_address_is_said_and_the_rest_goes_on(reporter_client: Client) -> None:
    page = post(reporter_client, "ftp://a.example/1\nhttps://b.example/2").content.decode()
    assert "is not a web address" in page
    assert Link.objects.get().url == "https://b.example/2"
    page = post(reporter_client, "<script>alert(1)</script>").content.decode()
    assert "is not a web address" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("urls", ["", "   \n ", "\x00"])
def test_nothing_is_refused(reporter_client: Client, urls: str) -> None:
    response = post(reporter_client, urls)
    assert response.status_code == 200
    assert Link.objects.count() == 0


def test_too_many_are_refused(reporter_client: Client) -> None:
    page = post(reporter_client, "\n".join(f"https://a.example/{n}" for n in range(51))).content.decode()
    assert "the most at once is 50" in page
    assert Link.objects.count() == 0


def test_the_bookmarklet_brings_its_page(reporter_client: Client) -> None:
    page = reporter_client.get(reverse("add_link"), {"url": "https://a.example/1"}).content.decode()
    assert "https://a.example/1</textarea>" in page
    assert 'open("http://testserver/add/link/?url="+encodeURIComponent(location.href))' in page


@pytest.mark.parametrize("query", ["key=abc", "key=a", "key=999999", "key=a-1&key=%00", "", "key=" + "9" * 40])
def test_odd_addresses_of_answers_do_no_harm(reporter_client: Client, query: str) -> None:
    assert reporter_client.get(f"{reverse('add_fetched')}?{query}").status_code == 200


def test_the_answers_look_again_until_all_is_done(reporter_client: Client) -> None:
    asked = links.ask(["https://a.example/1"])[0].link
    assert asked is not None
    url = f"{reverse('add_fetched')}?key={asked.pk}"
    part = reporter_client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" in part
    assert "<html" not in part
    Job.objects.update(state="failed", reason="The page is gone.")
    part = reporter_client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert "not read: The page is gone." in part
