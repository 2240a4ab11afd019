"""The admin: every list opens, searches and shows a row; what carries responsibility is read-only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from quotes.models import (
    Alias,
    Article,
    Attribution,
    Decision,
    Event,
    Evidence,
    Feed,
    Flag,
    Inbox,
    Job,
    Link,
    Match,
    Outlet,
    Problem,
    Quote,
    Speaker,
    Upload,
    Watch,
)
from quotes.models.review import KINDS
from quotes.services import checks
from quotes.services.flag import add_evidence, raise_flag
from quotes.services.search import Search
from quotes.text.query import parse
from tests.factories import make_feed, make_job, make_problem, make_upload, make_watch
from tests.html import page

EDITABLE = [Outlet, Article, Speaker, Alias]
READ_ONLY = [Quote, Attribution, Match, Flag, Evidence, Problem, Decision, Event, Watch, Inbox, Feed, Link, Job, Upload]


@pytest.fixture
def root(founding_article: Article) -> Client:
    user = User.objects.create_superuser("root", password="correct horse battery")
    quote = Quote.objects.get(words__startswith="Vladimir")
    flag = raise_flag(quote=quote, actor=user, kind="secondhand", reason="Only the aide has it.")
    add_evidence(flag=flag, actor=user, kind="transcript", note="The aide's own words.")
    make_problem(quote)
    make_watch(user, quote=quote)
    make_feed()
    make_job()
    make_upload()
    Alias.objects.create(speaker=Speaker.objects.all()[0], text="Somebody else")
    client = Client()
    client.force_login(user)
    return client


def address(model: type, page: str, *arguments: object) -> str:
    return reverse(f"admin:quotes_{model.__name__.lower()}_{page}", args=arguments)


@pytest.mark.parametrize("model", [*EDITABLE, *READ_ONLY], ids=lambda model: model.__name__)
def test_every_list_opens_searches_and_shows_a_row(root: Client, model: type) -> None:
    assert root.get(address(model, "changelist")).status_code == 200
    assert root.get(address(model, "changelist") + "?q=trump").status_code == 200
    row = model.objects.all()[0]  # type: ignore[attr-defined]
    assert root.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_what_carries_responsibility_is_read_only(root: Client, model: type) -> None:
    row = model.objects.all()[0]  # type: ignore[attr-defined]
    assert root.get(address(model, "add")).status_code == 403
    assert root.get(address(model, "delete", row.pk)).status_code == 403
    assert root.post(address(model, "change", row.pk), {}).status_code == 403


def test_autocomplete_finds_speakers(root: Client) -> None:
    query = {"app_label": "quotes", "model_name": "alias", "field_name": "speaker", "term": "ushakov"}
    answer = root.get(reverse("admin:autocomplete"), query).json()
    assert [row["text"] for row in answer["results"]] == ["Yuri Ushakov"]


def test_the_secret_of_a_feed_is_not_shown(root: Client) -> None:
    inbox = Inbox.objects.get()
    for url in (address(Inbox, "changelist"), address(Inbox, "change", inbox.pk)):
        assert inbox.feed_key not in root.get(url).content.decode()


def test_every_model_has_its_place() -> None:
    known = {model.__name__ for model in admin.site._registry if model._meta.app_label == "quotes"}
    assert known == {model.__name__ for model in [*EDITABLE, *READ_ONLY]}


def test_an_editor_enters_a_dated_title(root: Client) -> None:
    speaker = Speaker.objects.get(name="Yuri Ushakov")
    data = {"speaker": speaker.pk, "text": "French foreign minister", "kind": "title", "valid_from": "2025-01-01"}
    assert root.post(address(Alias, "add"), data).status_code == 302
    assert speaker.aliases.get(kind="title").valid_from is not None


def changed(client: Client, row: Article | Outlet | Speaker, **values: str) -> None:
    """Fills in the form of a row and saves it."""
    url = address(type(row), "change", row.pk)
    form = page(client, url).cssselect("#content-main form")[0]
    response = client.post(url, {**dict(form.form_values()), **values})
    assert response.status_code == 302, response.content.decode()


@pytest.mark.parametrize(
    ("model", "values", "search"),
    [
        (Outlet, {"name": "Newspaper Two"}, 'outlet:"Newspaper Two"'),
        (Speaker, {"name": "Zebedee Zorn"}, "zebedee zorn"),
        (Article, {"title": "Quite another headline"}, "another headline"),
        (Article, {"published_0": "2024-02-03"}, "before:2024-03"),
    ],
)
def test_what_rests_on_a_changed_row_is_counted_again(
    root: Client, model: type, values: dict[str, str], search: str
) -> None:
    row = Speaker.objects.get(name="Yuri Ushakov") if model is Speaker else model.objects.get()  # type: ignore[attr-defined]
    changed(root, row, **values)
    assert Search(parse(search, KINDS)).quotes().exists()
    assert [str(finding) for finding in checks.run(repair=False, tell=lambda name, done, total: None)] == []


def test_what_others_wrote_while_one_waited_stays(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A speaker is merged while the admin waits for its turn to save another field of it."""
    row, other = Speaker.objects.get(name="Yuri Ushakov"), Speaker.objects.create(name="Yuri V. Ushakov")

    @contextmanager
    def merged_meanwhile() -> Iterator[None]:
        Speaker.objects.filter(pk=row.pk).update(merged_into=other, version=9)
        yield

    monkeypatch.setattr("quotes.admin.in_turn", merged_meanwhile)
    changed(root, row, role="an aide")
    row.refresh_from_db()
    assert (row.role, row.merged_into, row.version) == ("an aide", other, 9)


def test_of_too_many_quotes_the_admin_says_how_they_are_counted(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.admin.MOST_COUNTED", 1)
    changed(root, Outlet.objects.get(), name="Newspaper Two")
    assert "check_data --repair" in root.get(address(Outlet, "changelist")).content.decode()
    assert [*checks.run(repair=True, tell=lambda name, done, total: None)]
    assert [*checks.run(repair=False, tell=lambda name, done, total: None)] == []


def test_a_lost_second_factor_is_taken_off_without_its_secret_being_seen(root: Client) -> None:
    held = TOTP.activate(User.objects.get(username="root"), "GEZDGNBVGY3TQOJQ").instance
    change = reverse("admin:mfa_authenticator_change", args=[held.pk])
    assert "GEZDGNBV" not in root.get(change).content.decode()
    root.post(change, {"data": "{}"})
    held.refresh_from_db()
    assert held.data
    root.post(reverse("admin:mfa_authenticator_delete", args=[held.pk]), {"post": "yes"})
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("model", [EmailAddress, SocialAccount, UserSession], ids=lambda model: model.__name__)
def test_what_belongs_to_accounts_opens(root: Client, model: type) -> None:
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"  # type: ignore[attr-defined]
    assert root.get(reverse(page)).status_code == 200


def test_single_sign_on_is_not_set_here() -> None:
    assert not admin.site.is_registered(SocialApp)
