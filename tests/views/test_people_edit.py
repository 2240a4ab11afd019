"""The page on which a speaker's name, titles and namesakes are kept in order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from quotes.models import Alias, Decision, Speaker
from quotes.services import people
from tests.factories import make_attribution, make_speaker
from tests.html import page, text_of, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> Speaker:
    return make_speaker("Ann Lee", role="mayor")


def address(speaker: Speaker) -> str:
    return f"/speakers/{speaker.pk}/edit/"


def sent(client: Client, speaker: Speaker, button: str, **given: str) -> dict[str, Any]:
    """A form of the page as it stands, with one button pressed and some fields filled otherwise."""
    if button == "remove":
        return {"reason": "", **given}
    form = page(client, address(speaker)).cssselect(f"form:has(button[name={button}])")[0]
    return {**dict(form.form_values()), button: "1", **given}


def told(response: Any) -> html.HtmlElement:
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def saved(client: Client, speaker: Speaker, button: str, **given: str) -> html.HtmlElement:
    response = client.post(address(speaker), sent(client, speaker, button, **given), follow=True)
    tree = told(response)
    assert texts(tree, ".messages li") == ["Saved. The history says what changed, and can undo it."]
    return tree


# --- done ---


def test_name_kind_role_and_wikidata_are_kept_with_who_said_so(
    ann: Speaker, editor: User, editor_client: Client
) -> None:
    tree = saved(
        editor_client, ann, "facts", name="  Ann  M. Lee ", kind="organisation", role="the council", wikidata_id=" q42 "
    )
    ann.refresh_from_db()
    assert (ann.name, ann.kind, ann.role, ann.wikidata_id) == ("Ann M. Lee", "organisation", "the council", "Q42")
    assert ann.wikidata_by == editor
    assert "edith matched Q42 on" in text_of(tree)
    assert "edith edited a speaker" in texts(tree, ".history li")[0]


def test_a_dated_title_is_added_and_taken_away(ann: Speaker, editor_client: Client) -> None:
    tree = saved(
        editor_client,
        ann,
        "add",
        text="mayor",
        kind="title",
        valid_from="2024-01-01",
        valid_until="2025-01-01",
        source="the town",
    )
    assert "mayor, 1 Jan 2024 to 1 Jan 2025 title, the town" in texts(tree, ".relays li span")
    tree = saved(editor_client, ann, "remove", remove=str(ann.aliases.get().pk))
    assert not ann.aliases.exists()
    assert list(Decision.objects.order_by("pk").values_list("verb", flat=True)) == [
        "added title “mayor”",
        "removed title “mayor”",
    ]


def test_namesakes_are_pointed_out_and_kept_apart(ann: Speaker, editor_client: Client) -> None:
    other = make_speaker("Ann Lee", role="painter")
    assert f"Ann Lee #{other.pk}, painter" in text_of(page(editor_client, address(ann)))
    tree = saved(editor_client, ann, "apart", other=f"Ann Lee #{other.pk}", reason="One paints.")
    assert f"Ann Lee, painter (number {other.pk}): somebody else" in text_of(tree)
    assert ann.apart_from.get() == other


def test_every_act_is_undone_from_the_history(ann: Speaker, editor_client: Client) -> None:
    saved(editor_client, ann, "facts", role="governor")
    tree = saved(editor_client, ann, "add", text="A. Lee")
    for form in tree.cssselect(".history form"):
        response = editor_client.post(form.get("action"), dict(form.form_values()))
        assert response["Location"] == address(ann)
    ann.refresh_from_db()
    assert (ann.role, ann.aliases.count()) == ("mayor", 0)
    assert text_of(page(editor_client, address(ann))).count("undone since") == 2


def test_a_merged_speaker_leads_to_who_it_is_now(ann: Speaker, editor_client: Client) -> None:
    bob, cy = make_speaker("Bob Stone"), make_speaker("Cy Moor")
    Speaker.objects.filter(pk=ann.pk).update(merged_into=bob)
    Speaker.objects.filter(pk=bob.pk).update(merged_into=cy)
    assert editor_client.get(address(ann))["Location"] == address(cy)


# --- refused ---


@pytest.mark.parametrize(
    ("button", "given", "said"),
    [
        ("facts", {"name": ""}, "This field is required"),
        ("facts", {"name": "  \n "}, "This field is required"),
        ("facts", {"name": "x" * 301}, "at most 300"),
        ("facts", {"kind": "nonsense"}, "not one of the available choices"),
        ("facts", {"wikidata_id": "7747"}, "such as Q7747"),
        ("facts", {"wikidata_id": "Q0"}, "such as Q7747"),
        ("facts", {"wikidata_id": "Q１２"}, "such as Q7747"),
        ("facts", {"role": "a\x00b"}, "Null characters"),
        ("facts", {"reason": "x" * 5001}, "at most 5000"),
        ("add", {"text": ""}, "This field is required"),
        ("add", {"text": "x", "kind": "nickname"}, "not one of the available choices"),
        ("add", {"text": "x", "valid_from": "2025-02-30"}, "valid date"),
        ("add", {"text": "x", "valid_from": "2025-01-02", "valid_until": "2025-01-02"}, "begin before it ends"),
        ("add", {"text": "a\x00b"}, "Null characters"),
        ("apart", {"other": "Nobody Here", "reason": "So."}, "Nobody goes by “Nobody Here”"),
        ("apart", {"other": "Nobody Here #99", "reason": "So."}, "Nobody goes by"),
        ("apart", {"other": "Ann Lee", "reason": "So."}, "this speaker itself"),
        ("apart", {"other": "Bob Stone", "reason": ""}, "This field is required"),
        ("apart", {"other": "Twin", "reason": "So."}, "Several speakers go by “Twin”"),
        ("remove", {"remove": "x"}, "took it away already"),
        ("remove", {"remove": "0"}, "took it away already"),
        ("remove", {"remove": "9" * 30}, "took it away already"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    button: str, given: dict[str, str], said: str, ann: Speaker, editor_client: Client
) -> None:
    for name in ("Bob Stone", "Twin", "Twin"):
        make_speaker(name)
    before = list(Speaker.objects.order_by("pk").values())
    tree = told(editor_client.post(address(ann), sent(editor_client, ann, button, **given)))
    assert said in text_of(tree)
    kept = dict(next((form.form_values() for form in tree.cssselect(f"form:has(button[name={button}])")), ()))
    for name, value in given.items():
        if name in kept and name != "kind" and "\x00" not in value and value.strip():
            assert kept[name].strip() == value.strip()
    assert list(Speaker.objects.order_by("pk").values()) == before
    assert not Alias.objects.exists()
    assert not Decision.objects.exists()


def test_somebody_else_s_alias_is_not_taken_away_here(ann: Speaker, editor_client: Client) -> None:
    other = Alias.objects.create(speaker=make_speaker("Bob Stone"), text="Bobby")
    editor_client.post(address(ann), sent(editor_client, ann, "remove", remove=str(other.pk)))
    assert Alias.objects.get() == other


def test_the_second_editor_is_told_keeps_what_was_typed_and_can_send_it_again(
    ann: Speaker, editor_client: Client, second_editor: User
) -> None:
    data = sent(editor_client, ann, "facts", role="governor of the province", reason="She was elected.")
    people.edit(
        speaker=ann, actor=second_editor, version=1, name="Ann M. Lee", kind="person", role="mayor", wikidata_id=""
    )
    tree = told(editor_client.post(address(ann), data))
    words = text_of(tree)
    assert "Somebody else changed this speaker" in words
    assert "edgar edited a speaker" in words
    form = dict(tree.cssselect("form:has(button[name=facts])")[0].form_values())
    assert (form["role"], form["reason"]) == ("governor of the province", "She was elected.")
    ann.refresh_from_db()
    assert (ann.name, ann.role, form["version"]) == ("Ann M. Lee", "mayor", str(ann.version))
    editor_client.post(address(ann), {**form, "name": "Ann M. Lee", "facts": "1"})
    ann.refresh_from_db()
    assert ann.role == "governor of the province"


def test_what_somebody_else_took_away_is_told(ann: Speaker, editor_client: Client, second_editor: User) -> None:
    alias = Alias.objects.create(speaker=ann, text="A. Lee")
    data = sent(editor_client, ann, "remove", remove=str(alias.pk))
    people.remove_alias(alias=alias, actor=second_editor)
    assert "Somebody else took it away already." in text_of(told(editor_client.post(address(ann), data)))
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("button", "given"),
    [
        ("facts", {"role": "governor of the province"}),
        ("add", {"text": "governor of the province", "kind": "title"}),
        ("apart", {"other": "Dee Fox", "reason": "governor of the province"}),
    ],
)
def test_a_speaker_who_was_merged_meanwhile_gets_nothing_and_what_was_typed_is_kept(
    button: str, given: dict[str, str], ann: Speaker, editor_client: Client, second_editor: User
) -> None:
    bob, _ = make_speaker("Bob Stone"), make_speaker("Dee Fox")
    data = sent(editor_client, ann, button, **given)
    people.merge(speaker=ann, into=bob, actor=second_editor, version=1, reason="One person.")
    aliases = Alias.objects.count()
    tree = told(editor_client.post(address(ann), data))
    assert "Ann Lee has been merged into Bob Stone in the meantime." in text_of(tree)
    form = tree.cssselect(f"form:has(button[name={button}])")[0]
    assert "governor of the province" in [value for _, value in form.form_values()]
    assert form.get("action") == address(bob)
    assert texts(tree, "h1") == ["Edit Bob Stone"]
    assert Alias.objects.count() == aliases
    assert Decision.objects.count() == 1


# --- rights and nonsense ---


def test_only_editors_edit(ann: Speaker, client: Client, outsider: User, reporter_client: Client) -> None:
    data = {"facts": "1", "name": "Somebody", "kind": "person", "version": "1"}
    assert client.post(address(ann), data)["Location"].startswith("/account/login/")
    assert reporter_client.post(address(ann), data).status_code == 403
    client.force_login(outsider)
    assert client.get(address(ann)).status_code == client.post(address(ann), data).status_code == 403
    ann.refresh_from_db()
    assert ann.name == "Ann Lee"


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_who_is_not_there_is_not_found(number: str, editor_client: Client) -> None:
    for send in (editor_client.get, editor_client.post):
        assert send(f"/speakers/{number}/edit/").status_code == 404


@pytest.mark.parametrize(
    "data", [{}, {"nonsense": "1"}, {"facts": "1"}, {"facts": "1", "version": "x", "name": "B", "kind": "person"}]
)
def test_nonsense_changes_nothing(data: dict[str, str], ann: Speaker, editor_client: Client) -> None:
    told(editor_client.post(address(ann), data))
    assert not Decision.objects.exists()


def test_hostile_words_are_escaped(editor_client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    speaker, other = make_speaker(bad, role=bad), make_speaker(bad, role=bad)
    Alias.objects.create(speaker=speaker, text=bad, source=bad, valid_from=date(2024, 1, 1), kind="title")
    make_attribution(speaker=speaker)
    saved(editor_client, speaker, "apart", other=f"{bad} #{other.pk}", reason=bad)
    for data in (None, sent(editor_client, speaker, "facts", name=bad, wikidata_id=bad[:20])):
        response = editor_client.post(address(speaker), data) if data else editor_client.get(address(speaker))
        assert "<script>alert" not in response.content.decode()
        assert "&lt;script&gt;" in response.content.decode()
