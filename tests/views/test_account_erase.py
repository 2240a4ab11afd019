from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Decision
from quotes.services.flag import raise_flag
from tests.factories import make_quote
from tests.html import page, text_of

PASSWORD = "correct horse battery"


def test_with_the_password_it_is_done(editor: User, editor_client: Client, second_editor_client: Client) -> None:
    quote = make_quote()
    raise_flag(quote=quote, actor=editor, kind="secondhand", reason="Only the aide has it.")
    response = editor_client.post("/account/erase/", {"proof": PASSWORD}, follow=True)
    name = f"former editor {editor.pk}"
    assert f"“{name}”" in response.content.decode()
    assert "Sign in" in response.content.decode()
    assert Decision.objects.get().who == name
    assert name in text_of(page(second_editor_client, quote.get_absolute_url()))
    assert not editor_client.login(username="edith", password=PASSWORD)


def test_a_wrong_password_does_nothing(editor: User, editor_client: Client) -> None:
    response = editor_client.post("/account/erase/", {"proof": "nonsense"})
    assert "This is not your password." in response.content.decode()
    editor.refresh_from_db()
    assert (editor.username, editor.is_active) == ("edith", True)


def test_guessing_is_throttled(editor: User, editor_client: Client) -> None:
    for _ in range(5):
        editor_client.post("/account/erase/", {"proof": "nonsense"})
    assert "Wait five minutes" in editor_client.post("/account/erase/", {"proof": PASSWORD}).content.decode()
    editor.refresh_from_db()
    assert editor.username == "edith"


def test_without_a_password_the_name_is_typed(editor: User, editor_client: Client) -> None:
    editor.set_unusable_password()
    editor.save()
    editor_client.force_login(editor)
    assert "not your user name" in editor_client.post("/account/erase/", {"proof": "edgar"}).content.decode()
    editor_client.post("/account/erase/", {"proof": "edith"})
    editor.refresh_from_db()
    assert not editor.is_active


def test_the_last_superuser_stays(db: None) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    client = Client()
    client.force_login(root)
    assert "the last superuser" in client.post("/account/erase/", {"proof": PASSWORD}).content.decode()
    root.refresh_from_db()
    assert root.is_active


def test_nothing_happens_by_looking(editor: User, editor_client: Client) -> None:
    assert f"“former editor {editor.pk}”" in text_of(page(editor_client, "/account/erase/"))
    editor.refresh_from_db()
    assert editor.username == "edith"
