"""A reader reports a problem: to the editors alone, and without an account only where the setting allows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Decision, Flag, Problem, Quote
from quotes.services import merge
from tests.factories import make_attribution, make_flag, make_speaker
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def quote(db: None) -> Quote:
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    return report.variant.quote


@pytest.fixture
def without_account(settings: Any) -> None:
    settings.HEARSAY_REPORT_WITHOUT_ACCOUNT = True


def address(quote: Quote) -> str:
    return f"/quotes/{quote.pk}/problem/"


def told(response: Any) -> html.HtmlElement:
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_a_reader_with_an_account_is_thanked_and_nothing_shows(
    quote: Quote, client: Client, outsider: User, reporter_client: Client
) -> None:
    client.force_login(outsider)
    before = page(client, quote.get_absolute_url()).text_content()
    response = client.post(address(quote), {"words": " He said it on air. ", "kind": "wording_altered"})
    assert response["Location"] == quote.get_absolute_url()
    tree = page(client, quote.get_absolute_url())
    assert texts(tree, ".messages li") == ["Thank you. Editors will look at it; it is not shown to others."]
    assert "He said it on air." not in text_of(tree)
    kept = Problem.objects.get()
    assert (kept.words, kept.kind, kept.made_by, kept.quote) == (
        "He said it on air.",
        "wording_altered",
        outsider,
        quote,
    )
    assert page(client, quote.get_absolute_url()).text_content() == before
    assert "He said it on air." not in text_of(page(reporter_client, "/"))
    assert not Flag.objects.exists()
    assert not Decision.objects.exists()


def test_editors_find_it_in_the_queue(quote: Quote, reporter_client: Client, editor_client: Client) -> None:
    reporter_client.post(address(quote), {"words": "He said it on air."})
    assert "Reader’s report" in text_of(page(editor_client, "/review/").cssselect("tbody tr")[0])


def test_without_an_account_nothing_is_taken_unless_the_setting_allows(quote: Quote, client: Client) -> None:
    for response in (client.get(address(quote)), client.post(address(quote), {"words": "It is wrong."})):
        assert response["Location"] == f"/account/login/?next={address(quote)}"
    assert not Problem.objects.exists()
    links = [link.get("href") for link in page(client, quote.get_absolute_url()).cssselect("#flags a")]
    assert links == [f"/account/login/?next={address(quote)}"]


def test_without_an_account_no_name_is_kept(quote: Quote, without_account: None, client: Client) -> None:
    links = [link.get("href") for link in page(client, quote.get_absolute_url()).cssselect("#flags a")]
    assert links == [address(quote)]
    assert "No name or address of yours is kept with it." in text_of(page(client, address(quote)))
    assert client.post(address(quote), {"words": "It is wrong."}).status_code == 302
    kept = Problem.objects.get()
    assert (kept.made_by, kept.who, kept.words) == (None, "a reader", "It is wrong.")


def test_where_reading_takes_an_account_so_does_reporting(
    quote: Quote, without_account: None, client: Client, settings: Any
) -> None:
    settings.HEARSAY_ANONYMOUS_READING = False
    assert client.post(address(quote), {"words": "It is wrong."}).status_code == 302
    assert not Problem.objects.exists()


def test_what_editors_know_already_is_said_first(quote: Quote, reporter: User, reporter_client: Client) -> None:
    make_flag(quote, reporter, kind="cut_short", reason="An aide of hers whispered it.")
    make_flag(quote, reporter, kind="denied", state="not_upheld", settled_by=reporter, settled_reason="No.")
    tree = page(reporter_client, address(quote))
    assert texts(tree, ".notice li") == ["Cut short: open"]
    assert "whispered" not in text_of(tree)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": ""}, "Say what is wrong."),
        ({"words": " \n "}, "Say what is wrong."),
        ({"words": "x" * 2001}, "at most 2000"),
        ({"words": "a\x00b"}, "Null characters"),
        ({"words": "It is wrong.", "kind": "nonsense"}, "not one of the available choices"),
        ({"words": "It is wrong.", "kind": "\x00"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    given: dict[str, str], said: str, quote: Quote, reporter_client: Client
) -> None:
    tree = told(reporter_client.post(address(quote), given))
    assert said in text_of(tree)
    if "\x00" not in given["words"]:
        assert tree.cssselect("textarea")[0].text_content().strip() == given["words"].strip()
    assert not Problem.objects.exists()


def test_a_report_on_a_quote_that_was_merged_meanwhile_goes_along(
    quote: Quote, editor: User, reporter_client: Client
) -> None:
    report = make_attribution("We will mend the bridge over the river before winter.", speaker=quote.speaker)
    assert report.variant is not None
    gone = report.variant.quote
    merge.merge(quote=gone, into=quote, actor=editor, reason="One remark.")
    response = reporter_client.post(address(gone), {"words": "It is wrong."}, follow=True)
    assert "Thank you." in text_of(told(response))
    assert Problem.objects.get().quote == quote


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_quote_that_is_not_there_is_not_found(number: str, reporter_client: Client) -> None:
    for send in (reporter_client.get, reporter_client.post):
        assert send(f"/quotes/{number}/problem/").status_code == 404


def test_a_form_from_elsewhere_reports_nothing(quote: Quote, without_account: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(quote), {"words": "It is wrong."}).status_code == 403
    assert not Problem.objects.exists()


def test_hostile_words_are_escaped(reporter_client: Client, editor_client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    report = make_attribution(f"We saw {bad} there.", speaker=make_speaker(bad))
    assert report.variant is not None
    quote = report.variant.quote
    for data in (None, {"words": bad, "kind": bad}):
        response = reporter_client.post(address(quote), data) if data else reporter_client.get(address(quote))
        assert "<script>alert" not in response.content.decode()
        assert "&lt;script&gt;" in response.content.decode()
    reporter_client.post(address(quote), {"words": bad})
    assert "<script>alert" not in editor_client.get("/review/").content.decode()


def test_other_ways_are_refused(quote: Quote, reporter_client: Client) -> None:
    assert reporter_client.put(address(quote)).status_code == 405
    assert reporter_client.delete(address(quote)).status_code == 405
