from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command


def erase(username: str, **options: object) -> str:
    out = io.StringIO()
    call_command("erase_account", username, stdout=out, **options)
    return out.getvalue()


def test_it_asks_for_the_name(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda question: "edgar")
    with pytest.raises(CommandError, match="Nothing was erased"):
        erase("edith")
    assert User.objects.get().username == "edith"
    monkeypatch.setattr("builtins.input", lambda question: "edith")
    assert f"“former editor {editor.pk}”" in erase("edith")
    assert User.objects.get().username == f"former editor {editor.pk}"


def test_yes_asks_nothing(editor: User) -> None:
    assert "Erased." in erase("edith", yes=True)


def test_nobody_of_that_name(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody here is called ann"):
        erase("ann", yes=True)


def test_the_last_superuser(db: None) -> None:
    User.objects.create_superuser("root")
    with pytest.raises(CommandError, match="the last superuser"):
        erase("root", yes=True)
