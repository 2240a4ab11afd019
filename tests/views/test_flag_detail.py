"""A flag worked through on its page: claimed, backed with evidence, settled by two, reopened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from quotes.models import Decision, Flag, Quote
from quotes.services import summary
from tests.factories import make_attribution, make_evidence, make_flag, make_speaker
from tests.html import page, text_of, texts


@pytest.fixture
def flag(db: None, reporter: User) -> Flag:
    report = make_attribution(speaker=make_speaker())
    assert report.variant is not None
    return make_flag(report.variant.quote, reporter, kind="fabricated", reason="It is satire.")


def act(client: Client, flag: Flag, name: str, **given: object) -> str:
    """What the page says after an act."""
    version = Flag.objects.get(pk=flag.pk).version
    response = client.post(flag.get_absolute_url(), {name: "1", "version": version, **given}, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("form", "shown"), [("direct", "“{}”"), ("indirect", "{}")])
def test_words_stand_in_marks_where_the_article_has_them_in_marks(
    form: str, shown: str, reporter: User, editor_client: Client
) -> None:
    report = make_attribution(speaker=make_speaker(), form=form)
    assert report.variant is not None
    quote = report.variant.quote
    summary.refresh([quote.pk])
    flag = make_flag(quote, reporter)
    for url in (flag.get_absolute_url(), f"{quote.get_absolute_url()}problem/"):
        figure = page(editor_client, url).cssselect("figure.words")[0]
        assert texts(figure, "blockquote") == [shown.format(report.variant.wording)], url
        assert ("reported" in figure.classes) == (form == "indirect"), url


def test_a_serious_flag_from_claim_to_the_second_editor(
    flag: Flag, editor_client: Client, second_editor_client: Client, client: Client
) -> None:
    assert "Nobody is on it." in text_of(page(editor_client, flag.get_absolute_url()))
    assert "You are on it for 15 minutes" in act(editor_client, flag, "claim")
    assert "is on it since" in text_of(page(second_editor_client, flag.get_absolute_url()))
    assert "Take it over first" in act(second_editor_client, flag, "settle", result="upheld", reason="Yes.")
    for kind in ("article", "recording"):
        act(editor_client, flag, "evidence", kind=kind, note=f"The {kind} says so.", url="https://p.example/1")
    assert texts(page(editor_client, flag.get_absolute_url()), "#evidence-title ~ ol strong") == [
        "Recording.",
        "Article of another newsroom.",
    ]
    assert "A second editor has to find the same" in act(editor_client, flag, "settle", result="upheld", reason="So.")
    quote_page = page(client, flag.quote.get_absolute_url())
    assert "a second editor is needed" in text_of(quote_page)
    act(second_editor_client, flag, "settle", result="upheld", reason="I looked too.")
    assert "Disputed:" in text_of(page(client, flag.quote.get_absolute_url()))
    assert "Reopened." in act(editor_client, flag, "reopen", reason="The site apologised.")
    assert Quote.objects.get().grade == "C"
    verbs = Decision.objects.filter(flag=flag).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "claimed flag",
        "added evidence",
        "added evidence",
        "found first: upheld",
        "settled flag",
        "reopened flag",
    ]


def test_what_was_typed_is_kept_when_somebody_was_faster(flag: Flag, editor_client: Client, editor: User) -> None:
    response = editor_client.post(
        flag.get_absolute_url(),
        {"settle": "1", "version": flag.version + 7, "result": "not_upheld", "reason": "A long and careful reason."},
    )
    words = response.content.decode()
    assert "Somebody else has worked on this flag in the meantime" in words
    assert "A long and careful reason." in words
    assert f'name="version" value="{flag.version}"' in words
    assert act(editor_client, flag, "settle", result="not_upheld", reason="A long and careful reason.")
    assert Flag.objects.get().first_by == editor


def test_renewing_keeps_the_claim_and_tells_who_holds_it(flag: Flag, editor_client: Client) -> None:
    act(editor_client, flag, "claim")
    Flag.objects.update(claimed_at=timezone.now() - timedelta(minutes=10))
    (region,) = page(editor_client, flag.get_absolute_url()).cssselect("[hx-post]")
    assert region.get("hx-trigger") == "every 60s"
    response = editor_client.post(flag.get_absolute_url(), {"renew": "1"}, HTTP_HX_REQUEST="true")
    assert b"You are on it since" in response.content
    assert Flag.objects.get().claimed_at > timezone.now() - timedelta(minutes=1)  # type: ignore[operator]
    assert not Decision.objects.filter(verb__contains="renew").exists()


def test_taking_over_and_waiting(flag: Flag, editor_client: Client, second_editor_client: Client) -> None:
    act(editor_client, flag, "claim")
    assert "You are on it now" in act(second_editor_client, flag, "take_over", reason="You went home.")
    day = timezone.localdate() + timedelta(days=3)
    assert "until" in act(second_editor_client, flag, "wait", due_on=day.isoformat(), reason="Asked the site.")
    assert "Choose a day that is still to come." in act(
        second_editor_client, flag, "wait", due_on="2020-01-01", reason="Asked."
    )


def test_duplicates_are_noticed_before_they_are_raised(flag: Flag, editor_client: Client) -> None:
    tree = page(editor_client, f"/quotes/{flag.quote_id}/flag/")
    assert "Open on this quote already" in texts(tree, ".notice")[0]
    assert "It is satire." in texts(tree, ".notice")[0]


def test_hostile_evidence_is_escaped_and_bad_addresses_refused(flag: Flag, editor: User, editor_client: Client) -> None:
    make_evidence(flag, editor, note="<script>alert(1)</script>", url='https://x.example/"><b>')
    assert "<script>alert" not in editor_client.get(flag.get_absolute_url()).content.decode()
    assert "Enter a valid URL" in act(editor_client, flag, "evidence", kind="other", note="Look.", url="javascript:1")
