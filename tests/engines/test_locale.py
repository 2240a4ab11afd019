from __future__ import annotations

import secrets
from pathlib import Path

import psycopg
import pytest

from tests.engines.test_move import run


@pytest.mark.parametrize(
    ("locale", "warns"), [("LOCALE 'C.UTF-8'", False), ("LOCALE_PROVIDER icu ICU_LOCALE 'en-GB'", True)]
)
def test_a_locale_that_orders_names_is_told(locale: str, warns: bool, other_server: str, tmp_path: Path) -> None:
    name = f"hearsay_{secrets.token_hex(6)}"
    with psycopg.connect(other_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {locale}")  # type: ignore[call-overload]
    done = run(tmp_path, f"{other_server.rpartition('/')[0]}/{name}", "check", "--database", "default")
    assert done.returncode == 0
    assert ("orders names by its locale" in done.stderr) == warns


def test_sqlite_is_not_warned_of(tmp_path: Path) -> None:
    assert "quotes.W001" not in run(tmp_path, "", "check", "--database", "default").stderr
