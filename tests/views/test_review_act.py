"""One act on one row, by key or button."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from lxml import html

from quotes.models import Attribution, Decision, Flag, Match, Problem
from quotes.services import review
from quotes.services.desk import ACTS
from quotes.views.review import RIGHTS
from tests.factories import make_attribution, make_evidence, make_flag, make_problem, make_speaker
from tests.html import page, text_of, texts
from tests.services.test_desk import EVERY_ACT, MAKE, a_flag, do, told
from tests.views.test_review_item import HTMX, inspected

pytestmark = pytest.mark.django_db
REASON = "I compared it with the article."


def form_of(client: Client, kind: str, subject: Any) -> dict[str, Any]:
    """What the inspector's form sends, without the button."""
    return dict(inspected(client, kind, subject).cssselect("form.act")[0].form_values())


def press(client: Client, kind: str, subject: Any, act: str, *, query: str = "", **given: str) -> Any:
    """Presses a button of the inspector, with htmx."""
    data = {**form_of(client, kind, subject), "act": act, **given}
    return client.post(f"/review/act/{query}", data, headers=HTMX)


def answer(response: Any) -> html.HtmlElement:
    assert response.status_code == 200
    return html.fromstring(f"<div>{response.content.decode()}</div>")


def acted(response: Any) -> dict[str, Any]:
    """What the server tells the page to do then; empty when nothing was done."""
    return json.loads(response.headers.get("HX-Trigger-After-Settle", "{}")).get("acted", {})  # type: ignore[no-any-return]


def needed(kind: str, act: str) -> dict[str, str]:
    given = {"reason": REASON} if ACTS[kind, act].needs_reason else {}
    return given | ({"name": "Ann Lee"} if kind == "mention" else {})


# --- done ---


@EVERY_ACT
def test_an_act_is_done_told_and_can_be_undone(kind: str, name: str, editor_client: Client) -> None:
    subject = MAKE[kind]()
    response = press(editor_client, kind, subject, name, **needed(kind, name))
    decision, tree = Decision.objects.get(), answer(response)
    assert acted(response) == {"row": f"row-{kind}-{subject.pk}", "gone": name != "take"}
    assert text_of(tree.get_element_by_id("said")).startswith(f"{ACTS[kind, name].said}. ")
    undoing = tree.cssselect("#done form")[0]
    assert dict(undoing.form_values())["decision"] == str(decision.pk)
    assert undoing.cssselect("button")[0].get("data-key") == "z"
    back = editor_client.post(undoing.get("action"), dict(undoing.form_values()))
    assert back["Location"] == f"/review/?#open-{kind}-{subject.pk}"
    assert Decision.objects.filter(undoes=decision).exists()


@EVERY_ACT
def test_without_htmx_the_list_says_what_was_done(kind: str, name: str, editor_client: Client) -> None:
    subject = MAKE[kind]()
    data = {**form_of(editor_client, kind, subject), "act": name, **needed(kind, name)}
    response = editor_client.post("/review/act/", data)
    assert response["Location"] == "/review/"
    assert f"{ACTS[kind, name].said}. The history can undo it." in texts(
        page(editor_client, "/review/"), ".messages li"
    )
    assert Decision.objects.count() == 1


def test_the_row_that_follows_is_shown(editor_client: Client) -> None:
    first, second = (
        make_attribution(f"The dam number {n} will hold.", speaker=make_speaker(), confidence=0.2) for n in (1, 2)
    )
    tree = answer(press(editor_client, "reading", first, "yes", following=f"reading-{second.pk}"))
    assert tree.cssselect("[data-item]")[0].get("data-item") == f"row-reading-{second.pk}"
    assert "The dam number 2" in text_of(tree.cssselect(".context")[0])


@pytest.mark.parametrize(
    "following", ["", "x", "reading-", "reading-999999", "nonsense-1", "-", "reading-²", "reading-1-1"]
)
def test_an_odd_row_that_follows_is_none(following: str, editor_client: Client) -> None:
    tree = answer(press(editor_client, "reading", MAKE["reading"](), "yes", following=following))
    assert not tree.cssselect("[data-item]")
    assert "That was the last on this page." in text_of(tree)
    assert Decision.objects.count() == 1


def test_taking_up_keeps_the_row_and_shows_who_is_on_it(editor_client: Client, second_editor_client: Client) -> None:
    flag = a_flag()
    tree = answer(press(editor_client, "flag", flag, "take"))
    row = tree.cssselect("template tr")[0]
    assert (row.get("id"), row.get("hx-swap-oob")) == (f"row-flag-{flag.pk}", "true")
    assert "edith since" in text_of(row)
    assert "edith is on it since" in text_of(inspected(second_editor_client, "flag", flag))
    seen = tree.cssselect("form.act [name=seen]")[0].get("value")
    assert seen == "2"  # the next act of the same editor goes on from here


def test_what_is_left_is_counted_in_the_list_that_is_shown(editor_client: Client) -> None:
    """“4 left here” is what the table above holds then, whatever narrows it down."""
    rows = [
        make_attribution(f"The dam number {n} will hold.", speaker=make_speaker(), confidence=0.2) for n in range(4)
    ]
    a_flag()
    for query, left in (("?view=all", 5), ("?kind=reading", 3), ("?view=unclaimed&kind=flag", 1)):
        row = rows.pop()
        tree = answer(press(editor_client, "reading", row, "yes", query=query))
        assert text_of(tree.get_element_by_id("said")) == f"Accepted. {left} left here.", query
        assert len(page(editor_client, f"/review/{query}").cssselect("tbody tr")) == left
    views = texts(tree.get_element_by_id("views"), "li")
    assert views[0] == "All 3"  # the reading that is left, the one under the flag, and the flag


def test_undo_leads_back_to_the_list_it_was_done_in(editor_client: Client) -> None:
    reading = MAKE["reading"]()
    tree = answer(press(editor_client, "reading", reading, "yes", query="?view=unclaimed&q=speaker%3Alee&page=2"))
    back = dict(tree.cssselect("#done form")[0].form_values())["next"]
    assert back == f"/review/?view=unclaimed&q=speaker%3Alee&page=2#open-reading-{reading.pk}"


def test_the_first_of_two_editors_is_not_told_that_it_is_upheld(
    editor_client: Client, second_editor_client: Client
) -> None:
    flag = a_flag("fabricated")
    for kind in ("article", "recording"):
        make_evidence(flag, flag.raised_by, kind=kind)
    tree = answer(press(editor_client, "flag", flag, "yes", written="The site is satire."))
    assert text_of(tree.get_element_by_id("said")).startswith("Found first: upheld. ")
    assert Flag.objects.get().is_active
    tree = answer(press(second_editor_client, "flag", flag, "yes", written="It says so itself."))
    assert text_of(tree.get_element_by_id("said")).startswith("Upheld. ")
    assert not Flag.objects.get().is_active


# --- a reason ---


@pytest.mark.parametrize(("kind", "name"), [key for key, act in ACTS.items() if act.needs_reason])
def test_a_reason_is_asked_for_and_one_that_often_holds_is_a_number_away(
    kind: str, name: str, editor_client: Client
) -> None:
    subject = MAKE[kind]()
    tree = answer(press(editor_client, kind, subject, name))
    assert not Decision.objects.exists()
    form = tree.cssselect("form.act:has(.why)")[0]
    quick = form.cssselect("button[name=reason]")
    assert [button.get("data-key") for button in quick] == [str(n) for n in range(1, len(quick) + 1)]
    assert [button.get("value") for button in quick] == list(ACTS[kind, name].reasons)
    data = {**dict(form.form_values()), "reason": quick[0].get("value")}
    assert acted(editor_client.post("/review/act/", data, headers=HTMX))
    assert Decision.objects.get().reason == ACTS[kind, name].reasons[0]


def test_own_words_come_before_a_reason_that_often_holds(editor_client: Client) -> None:
    press(editor_client, "reading", MAKE["reading"](), "no", reason="Nobody.", written="It is a caption.")
    assert Decision.objects.get().reason == "It is a caption."


def test_what_is_serious_is_answered_in_one_s_own_words(editor_client: Client) -> None:
    for subject, kind in ((a_flag("fabricated"), "flag"), (make_problem(told(), kind="fabricated"), "problem")):
        tree = answer(press(editor_client, kind, subject, "no"))
        assert tree.cssselect(".why #written")
        assert not tree.cssselect("button[name=reason]")


def test_what_a_report_is_about_is_asked_where_the_reader_did_not_say(editor_client: Client) -> None:
    problem = make_problem(told())
    tree = answer(press(editor_client, "problem", problem, "yes"))
    kinds = [option.get("value") for option in tree.cssselect("select[name=name] option")]
    assert "denied" in kinds
    assert "fabricated" not in kinds
    data = {**dict(tree.cssselect("form.act:has(.why)")[0].form_values()), "name": "denied", "written": "She does."}
    assert acted(editor_client.post("/review/act/", data, headers=HTMX))
    assert Flag.objects.get().kind == "denied"


def test_while_a_reason_is_asked_for_nobody_is_passed_over(editor_client: Client, second_editor: User) -> None:
    """Edith looks, Edgar corrects it, Edith rejects and says why: she is told before anything is rejected."""
    reading = MAKE["reading"]()
    seen = form_of(editor_client, "reading", reading)
    review.accept(attribution=reading, actor=second_editor, version=1, reason="I heard it.")
    asked = answer(editor_client.post("/review/act/", {**seen, "act": "no"}, headers=HTMX))
    data = {**dict(asked.cssselect("form.act:has(.why)")[0].form_values()), "reason": REASON}
    response = editor_client.post("/review/act/", data, headers=HTMX)
    assert not acted(response)
    assert "edgar accepted" in text_of(answer(response))
    assert Attribution.objects.get().status == "accepted"


# --- refused ---


@pytest.mark.parametrize("headers", [HTMX, {}])
@EVERY_ACT
def test_the_second_editor_is_told_and_keeps_what_was_typed(
    kind: str, name: str, headers: dict[str, str], editor_client: Client, second_editor: User
) -> None:
    subject = MAKE[kind]()
    data = {
        **form_of(editor_client, kind, subject),
        "act": name,
        "written": "My own long reason.",
        **needed(kind, name),
    }
    do(kind, "yes", subject, second_editor, reason="I was first.")
    response = editor_client.post("/review/act/", data, headers=headers)
    assert not acted(response)
    tree = answer(response)
    assert len(tree.cssselect("[role=alert]")) == 1
    words = text_of(tree)
    assert "edgar" in words
    if kind != "mention":
        assert "“I was first.”" in words
        kept = tree.cssselect("form.act:not(:has(.why)) [name=reason]")
        assert [field.get("value") for field in kept] == ["My own long reason."]
    assert bool(tree.cssselect("h1")) is (not headers)
    assert Decision.objects.count() == 1


def test_what_was_kept_can_be_sent_again(editor_client: Client, second_editor: User) -> None:
    reading = MAKE["reading"]()
    data = {**form_of(editor_client, "reading", reading), "act": "no", "written": "It is a caption."}
    do("reading", "yes", reading, second_editor)
    tree = answer(editor_client.post("/review/act/", data, headers=HTMX))
    again = {**dict(tree.cssselect("form.act:has([name=reason])")[0].form_values()), "act": "no"}
    assert acted(editor_client.post("/review/act/", again, headers=HTMX))
    assert Decision.objects.latest("pk").reason == "It is a caption."
    assert Attribution.objects.get().status == "rejected"


def test_a_rule_is_told_as_it_is(editor: User, editor_client: Client) -> None:
    flag = make_flag(told(), editor, kind="fabricated")
    tree = answer(press(editor_client, "flag", flag, "yes", written="It is satire."))
    assert texts(tree, "[role=alert]") == ["You raised this flag: two other editors decide on it."]
    assert tree.cssselect("#kept")[0].get("value") == "It is satire."


@pytest.mark.parametrize("name", ["", "Ann Lee #999", "x" * 301])
def test_who_it_is_must_be_somebody(name: str, editor_client: Client) -> None:
    first = MAKE["mention"]()
    response = press(editor_client, "mention", first, "yes", name=name)
    assert response.status_code == (404 if len(name) > 300 else 200)
    assert not acted(response)
    assert Attribution.objects.filter(speaker=None).count() == 2


# --- rights and nonsense ---


def test_who_is_no_editor_does_nothing(
    client: Client, outsider: User, reporter_client: Client, editor_client: Client
) -> None:
    waiting = {kind: MAKE[kind]() for kind in sorted(MAKE, reverse=True)}
    for kind, name in ACTS:
        data = {**form_of(editor_client, kind, waiting[kind]), "act": name, **needed(kind, name)}
        assert client.post("/review/act/", data)["Location"].startswith("/account/login/")
        assert reporter_client.post("/review/act/", data, headers=HTMX).status_code == 403
        somebody = Client()
        somebody.force_login(outsider)
        assert somebody.post("/review/act/", data, headers=HTMX).status_code == 403
    assert not Decision.objects.exists()


@EVERY_ACT
def test_each_kind_takes_its_own_right(kind: str, name: str, outsider: User, editor_client: Client) -> None:
    """Who may settle flags may open the desk, and still not accept readings or merge names."""
    subject = MAKE[kind]()
    data = {**form_of(editor_client, kind, subject), "act": name, **needed(kind, name)}
    client = Client()
    outsider.user_permissions.add(Permission.objects.get(codename="settle_flag"))
    client.force_login(outsider)
    expected = 200 if RIGHTS[kind] == "settle_flag" else 403
    assert client.post("/review/act/", data, headers=HTMX).status_code == expected
    assert Decision.objects.count() == (1 if expected == 200 else 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "nonsense"},
        {"kind": ""},
        {"number": "0"},
        {"number": "-1"},
        {"number": "x"},
        {"number": ""},
        {"number": "999999"},
        {"number": str(2**63)},
        {"number": "9" * 5000},
        {"act": ""},
        {"act": "x" * 11},
        {"act": "\x00"},
        {"seen": "1" * 21},
        {"seen": "\x00"},
        {"reason": "a\x00b"},
        {"reason": "x" * 5001},
        {"written": "x" * 5001},
        {"following": "x" * 41},
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_nonsense_is_not_found_and_changes_nothing(
    changed: dict[str, str], headers: dict[str, str], editor_client: Client
) -> None:
    data = {**form_of(editor_client, "reading", MAKE["reading"]()), "act": "yes", **changed}
    assert editor_client.post("/review/act/", data, headers=headers).status_code == 404
    assert not Decision.objects.exists()


@pytest.mark.parametrize("act", ["take", "unsure", "delete", "YES"])
def test_an_act_that_the_row_does_not_know_is_refused_in_words(act: str, editor_client: Client) -> None:
    response = press(editor_client, "reading", MAKE["reading"](), act)
    assert texts(answer(response), "[role=alert]") == ["This does not wait any more."]
    assert not Decision.objects.exists()


def test_a_look_decides_nothing(editor_client: Client) -> None:
    reading = MAKE["reading"]()
    data = {**form_of(editor_client, "reading", reading), "act": "yes"}
    assert editor_client.get("/review/act/", data, headers=HTMX).status_code == 405
    assert not Decision.objects.exists()


def test_a_form_from_elsewhere_decides_nothing(editor: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    reading = MAKE["reading"]()
    data = {"kind": "reading", "number": reading.pk, "act": "yes", "seen": "1"}
    assert strict.post("/review/act/", data, headers=HTMX).status_code == 403
    assert not Decision.objects.exists()


def test_hostile_words_are_escaped(editor_client: Client, second_editor: User) -> None:
    bad = '"><script>alert(1)</script>'
    reading = MAKE["reading"]()
    data = {**form_of(editor_client, "reading", reading), "act": "no", "written": bad}
    do("reading", "no", reading, second_editor, reason=bad)
    for headers in (HTMX, {}):
        body = editor_client.post("/review/act/", data, headers=headers).content.decode()
        assert "<script>alert" not in body
        assert body.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2  # theirs, and one's own
    name = answer(press(editor_client, "mention", MAKE["mention"](), "yes", name=f"{bad} #99"))
    assert not name.cssselect("script")
    assert "<script>" in texts(name, "[role=alert]")[0]


def test_a_row_that_is_gone_is_not_found(editor_client: Client) -> None:
    pair = MAKE["match"]()
    data = {**form_of(editor_client, "match", pair), "act": "yes"}
    Match.objects.all().delete()
    assert editor_client.post("/review/act/", data, headers=HTMX).status_code == 404


def test_a_report_that_two_deal_with_is_dealt_with_once(editor_client: Client, second_editor_client: Client) -> None:
    problem = MAKE["problem"]()
    mine, theirs = (form_of(client, "problem", problem) for client in (editor_client, second_editor_client))
    editor_client.post("/review/act/", {**mine, "act": "no", "reason": REASON}, headers=HTMX)
    response = second_editor_client.post("/review/act/", {**theirs, "act": "yes", "reason": REASON}, headers=HTMX)
    assert "Somebody else has dealt with this report already." in text_of(answer(response))
    assert Problem.objects.get().state == "dismissed"
    assert not Flag.objects.exists()
