"""The inspector of one row of the queue."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from quotes.models import Flag
from quotes.services.desk import ACTS
from quotes.services.flag import claim, settle_flag
from tests.factories import make_attribution, make_evidence, make_flag, make_problem, make_quote
from tests.html import page, text_of, texts
from tests.services.test_desk import MAKE, OTHER, WORDS, a_flag, a_pair, do

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
EVERY_KIND = pytest.mark.parametrize("kind", list(MAKE))


def inspected(client: Client, kind: str, subject: Any) -> html.HtmlElement:
    response = client.get(f"/review/item/{kind}/{subject.pk}/", headers=HTMX)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


@EVERY_KIND
def test_it_shows_the_row_and_every_act_with_its_key(kind: str, editor_client: Client) -> None:
    tree = inspected(editor_client, kind, MAKE[kind]())
    assert "<html" not in html.tostring(tree).decode()
    assert tree.cssselect("h2")
    buttons = {button.get("value"): button.get("data-key") for button in tree.cssselect("button[name=act]")}
    expected = {"yes": "u", "no": "n", "unsure": "s", "take": "t"}
    acts = {name for known, name in ACTS if known == kind}
    assert buttons == ({name: expected[name] for name in acts} if kind != "mention" else {})
    assert tree.cssselect("a[data-key=e]")


@EVERY_KIND
def test_without_htmx_it_is_a_page(kind: str, editor_client: Client) -> None:
    subject = MAKE[kind]()
    tree = page(editor_client, f"/review/item/{kind}/{subject.pk}/")
    assert len(tree.cssselect("h1")) == 1
    assert tree.cssselect("main form.act")
    assert len(tree.cssselect("#inspector")) == 1


@EVERY_KIND
def test_where_more_can_be_done_is_a_page(kind: str, editor_client: Client) -> None:
    (link,) = inspected(editor_client, kind, MAKE[kind]()).cssselect("a[data-key=e]")
    assert editor_client.get(link.get("href")).status_code == 200


@EVERY_KIND
def test_only_editors_look(kind: str, client: Client, outsider: User, reporter_client: Client) -> None:
    subject = MAKE[kind]()
    address = f"/review/item/{kind}/{subject.pk}/"
    away = client.get(address, headers=HTMX | {"HX-Current-URL": "http://testserver/review/?view=mine"})
    assert away["HX-Redirect"] == "/account/login/?next=%2Freview%2F%3Fview%3Dmine"
    assert reporter_client.get(address, headers=HTMX).status_code == 403
    client.force_login(outsider)
    assert client.get(address, headers=HTMX).status_code == 403


@EVERY_KIND
@pytest.mark.parametrize("number", ["0", "999999", str(2**63), "9" * 30])
def test_a_row_that_is_not_there_is_not_found(kind: str, number: str, editor_client: Client) -> None:
    assert editor_client.get(f"/review/item/{kind}/{number}/").status_code == 404


@pytest.mark.parametrize("address", ["nonsense/1", "Flag/1", "reading/x", "reading/-1", "reading/1.0", "%00/1", "/1"])
def test_an_odd_address_is_not_found(address: str, editor_client: Client) -> None:
    MAKE["reading"]()
    assert editor_client.get(f"/review/item/{address}/").status_code == 404


def test_a_look_changes_nothing(editor_client: Client) -> None:
    flag = a_flag()
    assert editor_client.post(f"/review/item/flag/{flag.pk}/").status_code == 405
    inspected(editor_client, "flag", flag)
    assert Flag.objects.get().version == 1


# --- what each kind shows ---


def test_a_flag_shows_reason_evidence_and_who_is_on_it(editor_client: Client, second_editor: User) -> None:
    flag = a_flag("fabricated")
    for kind in ("article", "recording"):
        make_evidence(flag, flag.raised_by, kind=kind, note=f"The {kind} shows it.")
    claim(flag=flag, actor=second_editor, version=1)
    tree = inspected(editor_client, "flag", flag)
    words = text_of(tree)
    assert "Fabricated or satire (serious)" in words
    assert "“Known through an aide.” rita" in words
    assert "edgar is on it since" in words
    assert "It takes two editors, neither of them rita" in words
    assert texts(tree, "ol li") == [
        "Recording. The recording shows it. Where it is",
        "Article of another newsroom. The article shows it. Where it is",
    ]


def test_a_flag_shows_what_the_first_editor_found(editor_client: Client, second_editor: User) -> None:
    flag = a_flag("fabricated")
    settle_flag(flag=flag, actor=second_editor, version=1, result="not_upheld", reason="The site is real.")
    assert "edgar found first: Not upheld. “The site is real.”" in text_of(inspected(editor_client, "flag", flag))


def test_a_settled_flag_says_so(editor_client: Client, editor: User) -> None:
    flag = a_flag()
    do("flag", "yes", flag, editor)
    assert "It has been settled: upheld." in text_of(inspected(editor_client, "flag", flag))


def test_a_pair_shows_both_wordings_the_change_and_the_alarm(editor_client: Client) -> None:
    tree = inspected(editor_client, "match", a_pair(alarms=["Only one of the two says “not”."]))
    one, other = tree.cssselect("blockquote")
    assert text_of(one) == WORDS
    assert (texts(other, "del")[0], texts(other, "ins")[0]) == ("will", "shall")
    assert "Only one of the two says “not”." in text_of(tree)


def test_an_answered_pair_says_so(editor_client: Client, editor: User) -> None:
    pair = a_pair()
    do("match", "unsure", pair, editor)
    assert "Answered: can’t tell. Another answer replaces it." in text_of(inspected(editor_client, "match", pair))


def test_a_name_shows_its_reports_and_whom_it_may_mean(editor_client: Client) -> None:
    tree = inspected(editor_client, "mention", MAKE["mention"]())
    assert "Who is “the envoy”, in 2 reports?" in text_of(tree)
    assert [text.strip() for text in texts(tree, ".context > span:first-child")] == [WORDS, OTHER]
    buttons = tree.cssselect("button[name=name]")
    assert [(button.get("data-key"), text_of(button)) for button in buttons] == [
        ("1", "1 Ann Lee"),
        ("2", "2 Bob Stone"),
    ]
    assert buttons[0].get("value").startswith("Ann Lee #")  # she is known
    assert buttons[1].get("value") == "Bob Stone"


def test_a_name_that_was_resolved_meanwhile_says_so(editor_client: Client, editor: User) -> None:
    first = MAKE["mention"]()
    do("mention", "yes", first, editor)
    assert "Somebody has said who it is in the meantime." in text_of(inspected(editor_client, "mention", first))


def test_a_report_shows_who_sent_it_only_where_it_is_known(editor_client: Client, reporter: User) -> None:
    known, unknown = make_problem(make_quote(), made_by=reporter), make_problem(make_quote())
    assert "rita," in text_of(inspected(editor_client, "problem", known))
    assert "a reader," in text_of(inspected(editor_client, "problem", unknown))


def test_a_report_that_was_dealt_with_says_so(editor_client: Client, editor: User) -> None:
    problem = MAKE["problem"]()
    do("problem", "no", problem, editor)
    assert "It has been dealt with: dismissed." in text_of(inspected(editor_client, "problem", problem))


def test_a_reading_shows_its_words_in_the_article_and_its_chain(editor_client: Client) -> None:
    tree = inspected(editor_client, "reading", MAKE["reading"]())
    assert texts(tree, ".context .m-content, .context span")[0] == WORDS
    assert "Ann Lee said it" in text_of(tree.cssselect(".chain")[0])
    assert "confidence of 0.30" in text_of(tree)


def test_hostile_words_are_escaped(editor_client: Client, reporter: User) -> None:
    bad = "<script>alert(1)</script>"
    report = make_attribution(
        f"We saw {bad} here.", speaker_printed=bad, candidates=[[bad, 0.5]], confidence=0.1, hedged=True
    )
    assert report.variant is not None
    quote = report.variant.quote
    flag = make_flag(quote, reporter, reason=bad, kind="fabricated")
    make_evidence(flag, reporter, note=bad, url="https://p.example/?q=<script>")
    problem = make_problem(quote, words=bad)
    pair = a_pair(alarms=[bad], reasons=[bad])
    for kind, subject in (
        *(("flag", flag), ("problem", problem), ("match", pair), ("mention", report), ("reading", report)),
    ):
        body = editor_client.get(f"/review/item/{kind}/{subject.pk}/", headers=HTMX).content.decode()
        assert "<script" not in body, kind
        assert "&lt;script&gt;" in body, kind


@EVERY_KIND
def test_a_look_costs_few_queries(kind: str, editor_client: Client) -> None:
    subject = MAKE[kind]()
    with CaptureQueriesContext(connection) as captured:
        inspected(editor_client, kind, subject)
    assert len(captured) <= 12, [query["sql"][:120] for query in captured]
