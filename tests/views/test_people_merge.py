"""Two speakers who are one: what would move is shown, and then moved."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Alias, Decision, Quote, Speaker
from quotes.services import people
from tests.factories import make_attribution, make_speaker
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db
WORDS = "We will rebuild the old stone bridge before the winter comes to the valley."


@pytest.fixture
def don(db: None) -> Speaker:
    return make_speaker("Donald Trump", role="US president")


@pytest.fixture
def donald(db: None) -> Speaker:
    speaker = make_speaker("Donald J Trump")
    Alias.objects.create(speaker=speaker, text="the Donald", kind="epithet")
    make_attribution("I will be happy to answer the phone.", speaker=speaker)
    make_attribution("We shall see what happens next.", speaker=make_speaker("Ann Lee"), via=(speaker,))
    return speaker


def address(speaker: Speaker) -> str:
    return f"/speakers/{speaker.pk}/merge/"


def preview(client: Client, speaker: Speaker, into: str) -> html.HtmlElement:
    response = client.get(address(speaker), {"into": into})
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def sent(client: Client, speaker: Speaker, into: str, **given: str) -> dict[str, Any]:
    form = preview(client, speaker, into).cssselect("form[method=post]:has([name=into])")[0]
    return {**dict(form.form_values()), "reason": "One man.", **given}


def told(response: Any) -> html.HtmlElement:
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_what_would_move_is_shown_and_nothing_moves_yet(don: Speaker, donald: Speaker, editor_client: Client) -> None:
    make_attribution(WORDS, speaker=don), make_attribution(WORDS, speaker=donald)
    tree = preview(editor_client, donald, "Donald Trump")
    assert texts(tree, "main h2") == ["From Donald J Trump to Donald Trump, US president"]
    assert texts(tree, "main h2 + ul li") == [
        "2 reports of what Donald J Trump said, in 2 quotes",
        "1 report of what others said, told by Donald J Trump",
        "1 name and titles, and the name Donald J Trump itself",
        "1 quote of both in equal words: where it may be one occasion, the two become one",
    ]
    assert "I will be happy to answer the phone." in texts(tree, "h3 + ul li")
    assert not Decision.objects.exists()


def test_merged_everything_stands_with_the_other_and_the_history_undoes_it(
    don: Speaker, donald: Speaker, editor_client: Client
) -> None:
    response = editor_client.post(address(donald), sent(editor_client, donald, "Donald Trump"))
    assert response["Location"] == f"/speakers/{don.pk}/edit/"
    tree = page(editor_client, response["Location"])
    assert texts(tree, ".messages li") == ["Donald J Trump is Donald Trump now. The history can undo it exactly."]
    assert (don.attributions.count(), don.relayed.count(), don.aliases.count()) == (1, 1, 2)
    assert editor_client.get(donald.get_absolute_url())["Location"] == don.get_absolute_url()
    form = tree.cssselect(".history form")[0]
    editor_client.post(form.get("action"), dict(form.form_values()))
    assert (don.attributions.count(), don.relayed.count(), don.aliases.count()) == (0, 0, 0)
    assert (donald.attributions.count(), donald.relayed.count(), donald.aliases.count()) == (1, 1, 1)
    assert editor_client.get(donald.get_absolute_url()).status_code == 200


def test_one_of_several_is_named_by_number(don: Speaker, donald: Speaker, editor_client: Client) -> None:
    twin = make_speaker("Donald Trump")
    tree = preview(editor_client, donald, "Donald Trump")
    assert "Several speakers go by “Donald Trump”" in text_of(tree)
    assert not tree.cssselect("form[method=post]:has([name=into])")
    editor_client.post(address(donald), sent(editor_client, donald, f"Donald Trump #{twin.pk}"))
    donald.refresh_from_db()
    assert donald.merged_into == twin


@pytest.mark.parametrize(
    ("into", "said"),
    [
        ("Nobody Here", "Nobody goes by “Nobody Here”"),
        ("Nobody Here #999999", "Nobody goes by"),
        ("", "This field is required"),
        ("  ", "This field is required"),
        ("x" * 321, "at most 320"),
        ("a\x00b", "Null characters"),
        ("Donald J Trump", "That is this speaker. Choose another one."),
    ],
)
def test_whom_it_cannot_be_is_said(into: str, said: str, donald: Speaker, editor_client: Client) -> None:
    data = {"into": into, "version": "1", "reason": "One man."}
    for tree in (preview(editor_client, donald, into), told(editor_client.post(address(donald), data))):
        assert said in text_of(tree)
    assert not Decision.objects.exists()


def test_a_number_that_is_somebody_else_s_merges_nobody(don: Speaker, donald: Speaker, editor_client: Client) -> None:
    """“Donald Trump #…” with Ann Lee's number, mistyped or long since another's, is nobody."""
    ann = Speaker.objects.get(name="Ann Lee")
    data = {"into": f"Donald Trump #{ann.pk}", "version": "1", "reason": "One man."}
    assert "Nobody goes by" in text_of(told(editor_client.post(address(donald), data)))
    assert not Speaker.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("reason", ["", " \n", "x" * 5001])
def test_a_merge_needs_a_reason(reason: str, don: Speaker, donald: Speaker, editor_client: Client) -> None:
    tree = told(editor_client.post(address(donald), sent(editor_client, donald, "Donald Trump", reason=reason)))
    assert tree.cssselect(".field.wrong")
    assert not Decision.objects.exists()


def test_those_kept_apart_are_not_merged(don: Speaker, donald: Speaker, editor: User, editor_client: Client) -> None:
    people.keep_apart(one=don, other=donald, actor=editor, reason="Father and son.")
    tree = told(editor_client.post(address(donald), sent(editor_client, donald, "Donald Trump")))
    assert "An editor said that these are two people." in text_of(tree)
    assert "One man." in text_of(tree.cssselect("textarea")[0])


# --- somebody else ---


def test_the_second_editor_is_told_keeps_the_reason_and_can_send_it_again(
    don: Speaker, donald: Speaker, editor_client: Client, second_editor: User
) -> None:
    data = sent(editor_client, donald, "Donald Trump", reason="The same man, see the wire.")
    people.add_alias(speaker=donald, actor=second_editor, text="DJT", kind="name")  # counts no version
    people.edit(
        speaker=donald, actor=second_editor, version=1, name="Donald J. Trump", kind="person", role="", wikidata_id=""
    )
    tree = told(editor_client.post(address(donald), data))
    assert "Somebody else changed this speaker" in text_of(tree)
    form = tree.cssselect("form[method=post]:has([name=into])")[0]
    again = dict(form.form_values())
    assert again["reason"].strip() == "The same man, see the wire."
    assert editor_client.post(address(donald), again).status_code == 302
    donald.refresh_from_db()
    assert donald.merged_into == don


def test_who_was_merged_meanwhile_is_told_and_not_merged_again(
    don: Speaker, donald: Speaker, editor_client: Client, second_editor: User
) -> None:
    data = sent(editor_client, donald, "Donald Trump", reason="The same man, see the wire.")
    ann = Speaker.objects.get(name="Ann Lee")
    people.merge(speaker=donald, into=ann, actor=second_editor, version=1, reason="By mistake.")
    tree = told(editor_client.post(address(donald), data))
    assert "Donald J Trump has been merged into Ann Lee in the meantime." in text_of(tree)
    assert "The same man, see the wire." in text_of(tree)
    assert editor_client.get(address(donald))["Location"] == f"/speakers/{donald.pk}/edit/"
    assert Decision.objects.count() == 1


def test_into_somebody_who_was_merged_meanwhile_leads_on(
    don: Speaker, donald: Speaker, editor_client: Client, second_editor: User
) -> None:
    """Don has become Ann since the preview: his name means her now, so she is shown before anything moves."""
    data = sent(editor_client, donald, "Donald Trump")
    ann = Speaker.objects.get(name="Ann Lee")
    people.merge(speaker=don, into=ann, actor=second_editor, version=1, reason="By mistake.")
    response = editor_client.post(address(donald), data)
    donald.refresh_from_db()
    assert donald.merged_into is None, "nobody confirmed a merge into Ann Lee"
    tree = told(response)
    assert f"means Ann Lee (number {ann.pk}) by now" in text_of(tree)
    again = dict(tree.cssselect("form[method=post]:has([name=into])")[0].form_values())
    assert again["reason"].strip() == data["reason"]
    editor_client.post(address(donald), again)
    donald.refresh_from_db()
    assert donald.merged_into == ann


# --- rights and nonsense ---


def test_only_editors_merge(
    don: Speaker, donald: Speaker, client: Client, reporter_client: Client, outsider: User
) -> None:
    data = {"into": "Donald Trump", "version": "1", "reason": "One man."}
    assert client.post(address(donald), data)["Location"].startswith("/account/login/")
    assert reporter_client.post(address(donald), data).status_code == 403
    client.force_login(outsider)
    assert client.get(address(donald)).status_code == client.post(address(donald), data).status_code == 403
    assert not Speaker.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_who_is_not_there_is_not_found(number: str, editor_client: Client) -> None:
    for send in (editor_client.get, editor_client.post):
        assert send(f"/speakers/{number}/merge/").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "0", "99", "9" * 30])
def test_an_odd_version_merges_nobody(version: str, don: Speaker, donald: Speaker, editor_client: Client) -> None:
    data = sent(editor_client, donald, "Donald Trump", version=version)
    told(editor_client.post(address(donald), data))
    assert not Decision.objects.exists()


def test_hostile_words_are_escaped(editor_client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    one, other = make_speaker(bad, role=bad), make_speaker("Ann Lee", role=bad)
    make_attribution(f"We saw {bad} there.", speaker=one)
    body = editor_client.get(address(one), {"into": "Ann Lee"}).content.decode()
    assert "<script>alert" not in body
    data = {"into": f"Ann Lee #{other.pk}", "version": "7", "reason": bad}
    body = editor_client.post(address(one), data).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;" in body
    assert Quote.objects.shown().count() == 1
