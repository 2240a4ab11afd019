"""Raising a flag: anybody who is signed in may, nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Decision, Flag, Quote
from quotes.models.review import KINDS
from quotes.services import merge
from tests.factories import make_attribution, make_flag, make_speaker
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db
GIVEN = {"kind": "secondhand", "reason": "Only an aide has it."}


@pytest.fixture
def quote(db: None) -> Quote:
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    return report.variant.quote


def address(quote: Quote) -> str:
    return f"/quotes/{quote.pk}/flag/"


def told(response: Any) -> html.HtmlElement:
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_anybody_signed_in_raises_a_flag_that_shows_at_once(
    quote: Quote, outsider: User, reporter: User, editor: User, client: Client
) -> None:
    for user, kind in ((outsider, "secondhand"), (reporter, "denied"), (editor, "fabricated")):
        response = signed_in(user).post(address(quote), {**GIVEN, "kind": kind})
        assert response["Location"] == f"{quote.get_absolute_url()}#flags"
        flag = Flag.objects.latest("pk")
        assert (flag.raised_by, flag.kind, flag.state) == (user, kind, "open")
        assert f"{KINDS[kind]} open" in text_of(page(client, quote.get_absolute_url()).cssselect("#flags")[0])
    assert list(Decision.objects.order_by("pk").values_list("actor__username", "verb")) == [
        (name, "raised flag") for name in ("oscar", "rita", "edith")
    ]


def test_the_form_stands_on_the_quote_s_page_for_whoever_is_signed_in(
    quote: Quote, outsider: User, client: Client
) -> None:
    form = page(signed_in(outsider), quote.get_absolute_url()).cssselect(f"form[action='{address(quote)}']")
    assert len(form) == 1
    assert not page(client, quote.get_absolute_url()).cssselect(f"form[action='{address(quote)}']")


def test_without_an_account_no_flag_is_raised(quote: Quote, client: Client, settings: Any) -> None:
    settings.HEARSAY_REPORT_WITHOUT_ACCOUNT = True  # that is for reports, not for flags
    for response in (client.get(address(quote)), client.post(address(quote), GIVEN)):
        assert response["Location"] == f"/account/login/?next={address(quote)}"
    assert not Flag.objects.exists()


def test_only_editors_work_on_it(quote: Quote, outsider: User, reporter: User) -> None:
    signed_in(outsider).post(address(quote), GIVEN)
    flag = Flag.objects.get()
    for user in (outsider, reporter):
        assert signed_in(user).get(flag.get_absolute_url()).status_code == 403
        assert not page(signed_in(user), quote.get_absolute_url()).cssselect(f"a[href='{flag.get_absolute_url()}']")


def test_who_raised_a_serious_flag_as_an_editor_cannot_settle_it(quote: Quote, editor: User) -> None:
    client = signed_in(editor)
    client.post(address(quote), {**GIVEN, "kind": "fabricated"})
    flag = Flag.objects.get()
    data = {"settle": "1", "version": flag.version, "result": "not_upheld", "reason": "No."}
    assert "You raised this flag" in text_of(told(client.post(flag.get_absolute_url(), data)))


def test_the_second_of_a_kind_is_told_of_the_first_and_keeps_what_was_typed(
    quote: Quote, reporter: User, outsider: User
) -> None:
    make_flag(quote, reporter, reason="The aide alone has it.")
    tree = told(signed_in(outsider).post(address(quote), {**GIVEN, "reason": "I miss a source."}))
    assert "is open on this quote already" in text_of(tree)
    assert "The aide alone has it." in text_of(tree.cssselect(".notice")[0])
    assert tree.cssselect("textarea")[0].text_content().strip() == "I miss a source."
    assert Flag.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": ""}, "Say why"),
        ({"reason": " \n"}, "Say why"),
        ({"reason": "x" * 5001}, "at most 5000"),
        ({"reason": "a\x00b"}, "Null characters"),
        ({"kind": ""}, "This field is required"),
        ({"kind": "nonsense"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said(given: dict[str, str], said: str, quote: Quote, reporter_client: Client) -> None:
    assert said in text_of(told(reporter_client.post(address(quote), {**GIVEN, **given})))
    assert not Flag.objects.exists()


def test_a_flag_on_a_merged_quote_goes_along(quote: Quote, editor: User, reporter_client: Client) -> None:
    report = make_attribution("We will mend the bridge over the river before winter.", speaker=quote.speaker)
    assert report.variant is not None
    gone = report.variant.quote
    merge.merge(quote=gone, into=quote, actor=editor, reason="One remark.")
    reporter_client.post(address(gone), GIVEN)
    assert Flag.objects.get().quote == quote


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_quote_that_is_not_there_is_not_found(number: str, reporter_client: Client) -> None:
    for send in (reporter_client.get, reporter_client.post):
        assert send(f"/quotes/{number}/flag/").status_code == 404


def test_hostile_words_are_escaped(quote: Quote, reporter_client: Client, client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    for data in ({"kind": bad, "reason": bad}, {**GIVEN, "reason": bad}, {**GIVEN, "reason": bad}):
        body = reporter_client.post(address(quote), data, follow=True).content.decode()
        assert "<script>alert" not in body
        assert "&lt;script&gt;" in body
    assert texts(page(client, quote.get_absolute_url()), "#flags .card p")[1] == bad
