"""`manage.py backup` and `restore`: while others write, into another database, and everything that may go wrong."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.browser.site import migrate

ROOT = Path(__file__).parent.parent.parent
POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
WRITER = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotes.settings")
import django; django.setup()
from quotes.services import extract, ingest
for number in range(400):
    text = (f'Ann Lee said: "We will rebuild bridge number {number} before winter." The mayor of town {number % 7} spoke on '
            'Tuesday. According to her aide Bob Stone, the harbour would stay open for all the ships that come by night.')
    stored = ingest.store(ingest.draft_paste(text, outlet=f"Outlet {number % 3}"))
    extract.read_revision(stored.revision)
    print(number, flush=True)
"""


class Site:
    """An installation of its own: a database, a state folder."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.environment = os.environ | {"DATABASE_URL": url, "HEARSAY_STATE_DIR": str(folder), "HEARSAY_MODEL": "none"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def manage(self, *arguments: str) -> tuple[int, str]:
        process = self.start("manage.py", *arguments)
        out, err = process.communicate(timeout=300)
        return process.returncode, out + err

    def must(self, *arguments: str) -> str:
        status, said = self.manage(*arguments)
        assert status == 0, said
        return said


@pytest.fixture
def urls(tmp_path: Path) -> Iterator[Any]:
    """Gives the address of a database that nobody has used yet, each time it is called."""
    made: list[str] = []

    def fresh() -> str:
        name = f"backup_{os.getpid()}_{len(made)}"
        made.append(name)
        if not POSTGRES:
            return f"sqlite:///{tmp_path}/{name}.sqlite3"
        _on_server(f'CREATE DATABASE "{name}"')
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))

    yield fresh
    for name in made if POSTGRES else []:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    import psycopg

    with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as server:
        server.execute(statement.encode())


@pytest.fixture
def site(tmp_path: Path, urls: Any) -> Site:
    made = Site(tmp_path / "state", urls())
    migrate(made.environment)
    return made


def written(writer: subprocess.Popen[str], number: int) -> None:
    """Waits until so many articles are in."""
    assert writer.stdout is not None
    for _ in range(number):
        assert writer.stdout.readline(), writer.stderr and writer.stderr.read()


def test_a_backup_made_while_articles_come_in_is_whole(site: Site, urls: Any, tmp_path: Path) -> None:
    waiting = site.folder / "uploads" / "7" / "letters.docx"
    waiting.parent.mkdir(parents=True)
    waiting.write_bytes(b"\x00 waiting to be read")
    writer = site.start("-c", WRITER)
    archives = [tmp_path / f"{number}.hearsay" for number in range(3)]
    try:
        for archive in archives:
            written(writer, 6)
            said = site.must("backup", str(archive))
            assert "The secret key is not in it" in said
            assert stat.S_IMODE(archive.stat().st_mode) == 0o600
        written(writer, 3)
        assert writer.poll() is None, "the writer must have been at work all the time"
    finally:
        writer.kill()
        writer.communicate()
    known = [manifest(archive)["counts"]["quotes_article"] for archive in archives]
    assert known == sorted(known)
    assert 0 < known[0] < known[-1]
    assert not list(tmp_path.glob(".hearsay-*")), "nothing is left beside the backups"
    other = Site(tmp_path / "other", urls())
    said = other.must("restore", str(archives[1]))
    assert "every row leads where it should" in said
    assert other.must("check_data") == "Nothing is wrong.\n"
    articles = f"{known[1]:>12,}  quotes_article\n"
    assert articles in said
    assert (other.folder / "uploads" / "7" / "letters.docx").read_bytes() == b"\x00 waiting to be read"
    assert stat.S_IMODE((other.folder / "uploads" / "7" / "letters.docx").stat().st_mode) == 0o600
    again = tmp_path / "again.hearsay"
    other.must("backup", str(again))
    counted = manifest(again)["counts"]
    assert counted == manifest(archives[1])["counts"]
    status, said = other.manage("restore", str(archives[2]))
    assert status == 1
    assert "The database is not empty" in said
    assert "--replace-everything" in said
    other.must("restore", str(archives[2]), "--replace-everything")
    assert other.must("check_data") == "Nothing is wrong.\n"
    other.must("backup", str(tmp_path / "last.hearsay"))
    assert manifest(tmp_path / "last.hearsay")["counts"] == manifest(archives[2])["counts"]


def manifest(archive: Path) -> dict[str, Any]:
    with tarfile.open(archive) as opened:
        first = opened.next()
        assert first is not None
        content = opened.extractfile(first)
        assert content is not None
        told: dict[str, Any] = json.loads(content.read())
        return told


def changed(archive: Path, target: Path, **told: Any) -> Path:
    """A copy of a backup with other contents under some names; None leaves one out."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data: bytes | None = told.get(member.name.split(".")[0], content.read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
        for name, data in told.items():
            if name.startswith(("/", "..")):
                extra = tarfile.TarInfo(name)
                extra.size = len(data)
                new.addfile(extra, io.BytesIO(data))
    return target


def test_what_is_no_backup_or_damaged_changes_nothing(site: Site, tmp_path: Path) -> None:
    archive = tmp_path / "good.hearsay"
    site.must("backup", str(archive))
    told = manifest(archive)
    text, short = tmp_path / "text", tmp_path / "short"
    text.write_text("This is a shopping list.")
    short.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])

    def with_manifest(**values: Any) -> Path:
        return changed(
            archive, tmp_path / f"{len(values)}-{time.monotonic_ns()}", manifest=json.dumps(told | values).encode()
        )

    cases = [
        (tmp_path / "absent", "cannot be read"),
        (tmp_path, "cannot be read"),
        (text, "is no backup, or is damaged"),
        (short, "damaged"),
        (changed(archive, tmp_path / "empty", manifest=b"[]"), "cannot be read"),
        (changed(archive, tmp_path / "none", manifest=None), "does not begin with a manifest"),
        (changed(archive, tmp_path / "other", database=b"SQLite format 3, or so"), "has changed. Nothing was changed here"),
        (changed(archive, tmp_path / "lost", database=None), "is missing. Nothing was changed"),
        (with_manifest(format=99), "has the format 99; this version reads 1"),
        (with_manifest(engine="oracle"), "This is a backup of oracle"),
        (with_manifest(migrations=[*told["migrations"], "quotes.9999_later"]), "made by a newer version (quotes.9999_later)"),
        (with_manifest(surprise=1), "cannot be read"),
    ]  # fmt: skip
    for path, said in cases:
        status, printed = site.manage("restore", str(path))
        assert status == 1, path
        assert said in printed, (path, printed)
        assert "Traceback" not in printed
    site.must("restore", str(changed(archive, tmp_path / "escape", **{"../../escaped": b"x", "/tmp/escaped": b"x"})))
    assert not (tmp_path.parent / "escaped").exists()
    assert not Path("/tmp/escaped").exists()


def test_a_backup_is_never_written_over_anything(site: Site, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("mine")
    status, said = site.manage("backup", str(target))
    assert (status, target.read_text()) == (1, "mine")
    assert "give another name" in said
    status, said = site.manage("backup", str(tmp_path / "no folder" / "file"))
    assert status == 1
    assert "cannot be written to: No such file or directory" in said


def test_the_secret_key_is_not_in_it(site: Site, tmp_path: Path) -> None:
    archive = tmp_path / "file"
    site.must("backup", str(archive))
    key = (site.folder / "secret_key").read_bytes()
    assert len(key) > 40
    with tarfile.open(archive) as opened:
        for member in opened:
            content = opened.extractfile(member)
            assert content is not None
            assert key not in content.read()
            assert (member.uname, member.uid, stat.S_IMODE(member.mode)) == ("", 0, 0o600)


def test_what_a_backup_holds_is_told_without_restoring(site: Site, tmp_path: Path) -> None:
    site.must("backup", str(tmp_path / "file"))
    said = site.must("restore", str(tmp_path / "file"), "--dry-run")
    assert f"Backup of {'postgresql' if POSTGRES else 'sqlite'}, made at 2" in said
    assert "auth_group" in said


@pytest.mark.skipif(POSTGRES, reason="SQLite's own file")
def test_a_damaged_database_is_not_backed_up(site: Site, tmp_path: Path, urls: Any) -> None:
    path = Path(site.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    data = bytearray(path.read_bytes())
    for at in range(4096 * 20, len(data), 4096 * 3):
        data[at : at + 2000] = os.urandom(2000)
    path.write_bytes(bytes(data))
    status, said = site.manage("backup", str(tmp_path / "file"))
    assert status == 1
    assert not (tmp_path / "file").exists()
    assert "No backup was made: the copy is damaged" in said or "malformed" in said
