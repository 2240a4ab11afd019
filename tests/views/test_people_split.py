"""One speaker who is two: what belongs to the other is ticked, and given away."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Attribution, Decision, Relay, Speaker
from quotes.services import people
from tests.factories import make_attribution, make_speaker
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def john(db: None) -> Speaker:
    """A farmer and a coach of one name, who also told what somebody else said."""
    speaker = make_speaker("John Smith")
    make_attribution("The harvest was good this year.", speaker=speaker, speaker_role="farmer")
    make_attribution("The match was lost in the first half.", speaker=speaker, speaker_role="coach")
    make_attribution("It will rain all day.", speaker=make_speaker("Ann Lee"), via=(speaker,))
    return speaker


def address(speaker: Speaker) -> str:
    return f"/speakers/{speaker.pk}/split/"


def coach() -> Attribution:
    return Attribution.objects.get(speaker_role="coach")


def sent(client: Client, speaker: Speaker, **given: Any) -> dict[str, Any]:
    form = page(client, address(speaker)).cssselect("form:has(fieldset.ticks)")[0]
    values = {
        **dict(form.form_values()),
        "reports": [coach().pk],
        "name": "John Smith",
        "reason": "A farmer and a coach.",
    }
    return {**values, **given}


def told(response: Any) -> html.HtmlElement:
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_all_that_is_put_down_to_them_can_be_ticked(john: Speaker, editor_client: Client) -> None:
    tree = page(editor_client, address(john))
    said, told_by = (texts(fieldset, "label") for fieldset in tree.cssselect("fieldset.ticks"))
    assert [line.split(" · ")[0] for line in said] == [
        "The match was lost in the first half. coach",
        "The harvest was good this year. farmer",
    ]
    assert len(told_by) == 1
    assert told_by[0].startswith("It will rain all day.")
    assert not tree.cssselect("input[checked]")


def test_the_ticked_ones_go_to_a_namesake_and_come_back(john: Speaker, editor_client: Client) -> None:
    relay = Relay.objects.get()
    response = editor_client.post(address(john), sent(editor_client, john, relayed=[relay.pk]))
    new = Speaker.objects.exclude(pk=john.pk).get(name="John Smith")
    assert response["Location"] == f"/speakers/{new.pk}/edit/"
    relay.refresh_from_db()
    assert (coach().speaker, relay.intermediary, john.attributions.get().speaker_role) == (new, new, "farmer")
    tree = page(editor_client, f"/speakers/{john.pk}/edit/")
    assert f"John Smith (number {new.pk}): somebody else" in text_of(tree)
    form = tree.cssselect(".history form")[0]
    editor_client.post(form.get("action"), dict(form.form_values()))
    assert (coach().speaker, john.attributions.count(), john.relayed.count()) == (john, 2, 1)
    assert editor_client.get(new.get_absolute_url())["Location"] == john.get_absolute_url()


@pytest.mark.parametrize("name", ["Jane Smith", " jane  smith ", "Jane Smith #{}"])
def test_they_may_go_to_somebody_known(name: str, john: Speaker, editor_client: Client) -> None:
    jane = make_speaker("Jane Smith")
    editor_client.post(address(john), sent(editor_client, john, name=name.format(jane.pk)))
    assert coach().speaker == jane
    assert not jane.apart_from.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reports": []}, "Tick what belongs to the other one."),
        ({"reports": ["999999"]}, "Tick what belongs to the other one."),
        ({"reports": ["x", "", "0", "-1", "²", "9" * 40]}, "Tick what belongs to the other one."),
        ({"name": ""}, "This field is required"),
        ({"name": " \n"}, "This field is required"),
        ({"name": "x" * 321}, "at most 320"),
        ({"name": "a\x00b"}, "Null characters"),
        ({"name": "Twin"}, "Several speakers go by “Twin”"),
        ({"reason": ""}, "needs a reason"),
        ({"reason": "x" * 5001}, "at most 5000"),
    ],
)
def test_what_is_missing_is_said_and_what_was_ticked_and_typed_is_kept(
    given: dict[str, Any], said: str, john: Speaker, editor_client: Client
) -> None:
    make_speaker("Twin"), make_speaker("Twin")
    data = sent(editor_client, john, **given)
    tree = told(editor_client.post(address(john), data))
    assert said in text_of(tree)
    checked = [box.get("value") for box in tree.cssselect("input[checked]")]
    assert checked == ([str(coach().pk)] if "reports" not in given else [])
    kept = dict(tree.cssselect("form:has(fieldset.ticks)")[0].form_values())
    assert kept["reason"].strip() == data["reason"] or not data["reason"]
    assert coach().speaker == john
    assert not Decision.objects.exists()


def test_somebody_else_s_reports_do_not_move(john: Speaker, editor_client: Client) -> None:
    other = make_attribution("The bridge is open.", speaker=make_speaker("Bob Stone"))
    editor_client.post(address(john), sent(editor_client, john, reports=[coach().pk, other.pk]))
    other.refresh_from_db()
    assert other.speaker == Speaker.objects.get(name="Bob Stone")
    assert coach().speaker != john


def test_the_second_editor_is_told_keeps_what_was_ticked_and_can_send_it_again(
    john: Speaker, editor_client: Client, second_editor: User
) -> None:
    data = sent(editor_client, john)
    people.edit(
        speaker=john, actor=second_editor, version=1, name="John Smith", kind="person", role="x", wikidata_id=""
    )
    tree = told(editor_client.post(address(john), data))
    assert "Somebody else changed this speaker" in text_of(tree)
    form = tree.cssselect("form:has(fieldset.ticks)")[0]
    assert editor_client.post(address(john), dict(form.form_values())).status_code == 302
    assert coach().speaker != john
    assert Decision.objects.latest("pk").reason == "A farmer and a coach."


def test_who_was_merged_meanwhile_is_told(john: Speaker, editor_client: Client, second_editor: User) -> None:
    data = sent(editor_client, john)
    ann = Speaker.objects.get(name="Ann Lee")
    people.merge(speaker=john, into=ann, actor=second_editor, version=1, reason="One person.")
    tree = told(editor_client.post(address(john), data))
    assert "John Smith has been merged into Ann Lee in the meantime." in text_of(tree)
    assert "A farmer and a coach." in text_of(tree)
    assert coach().speaker == ann
    assert editor_client.get(address(john))["Location"] == f"/speakers/{john.pk}/edit/"


def test_what_another_split_took_meanwhile_is_not_taken_twice(
    john: Speaker, editor_client: Client, second_editor: User
) -> None:
    data = sent(editor_client, john)
    people.split(
        speaker=john,
        reports=[coach().pk],
        relayed=[],
        name="Jo Smith",
        actor=second_editor,
        version=1,
        reason="A coach.",
    )
    tree = told(editor_client.post(address(john), data))
    assert "Somebody else changed this speaker" in text_of(tree)
    tree = told(editor_client.post(address(john), {**data, "version": "2"}))
    assert "Tick what belongs to the other one." in text_of(tree)
    assert coach().speaker == Speaker.objects.get(name="Jo Smith")


def test_nobody_to_split_is_said(editor_client: Client) -> None:
    assert "there is nothing to split" in text_of(page(editor_client, address(make_speaker())))


def test_only_editors_split(john: Speaker, client: Client, reporter_client: Client, outsider: User) -> None:
    data = {"reports": [coach().pk], "name": "Jane", "reason": "So.", "version": "1"}
    assert client.post(address(john), data)["Location"].startswith("/account/login/")
    assert reporter_client.post(address(john), data).status_code == 403
    client.force_login(outsider)
    assert client.get(address(john)).status_code == client.post(address(john), data).status_code == 403
    assert coach().speaker == john


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_who_is_not_there_is_not_found(number: str, editor_client: Client) -> None:
    for send in (editor_client.get, editor_client.post):
        assert send(f"/speakers/{number}/split/").status_code == 404


def test_hostile_words_are_escaped(editor_client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    speaker = make_speaker(bad)
    make_attribution(f"We saw {bad} there.", speaker=speaker, speaker_role=bad)
    make_attribution("It will rain.", speaker=make_speaker("Ann Lee"), via=(speaker,))
    Relay.objects.update(role=bad)
    for data in (None, {"name": bad, "reason": bad, "version": "9", "reports": [bad]}):
        response = editor_client.post(address(speaker), data) if data else editor_client.get(address(speaker))
        assert "<script>alert" not in response.content.decode()
        assert "&lt;script&gt;" in response.content.decode()
