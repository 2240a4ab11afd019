"""One file that holds everything an installation cannot make again, and the way back from it.

The archive is a gzipped tar: `manifest.json` first, then the database as it was at one moment, then the folders of files that
wait to be read. The secret key is not in it: who finds a backup shall not be able to sign in with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from quotes.services import backup_postgres, backup_sqlite

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 5_000_000
"""Bytes; one that is larger is not ours."""

OWN = ("quotes_article", "quotes_quote", "quotes_speaker", "quotes_outlet", "auth_user", "quotes_decision")
"""Tables that are empty in a database in which nobody has done anything yet."""


class BackupError(Exception):
    """A backup could not be made or used; the message says why, and what is true now."""


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself."""

    engine: str
    made_at: str
    digest: str
    """SHA-256 of the database's file in the archive."""

    size: int
    counts: dict[str, int]
    migrations: list[str]
    files: dict[str, str] = field(default_factory=dict)
    """Path in the archive -> SHA-256."""

    format: int = FORMAT

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        try:
            told = json.loads(data)
            if told["format"] != FORMAT:
                raise BackupError(f"This backup has the format {told['format']}; this version reads {FORMAT}.")
            return cls(**told)
        except (ValueError, TypeError, KeyError):
            raise BackupError("This is no backup of Hearsay’s: what it says of itself cannot be read.") from None


def make(target: Path, *, folders: Mapping[str, Path] | None = None) -> Manifest:
    """Writes a backup while the site may be at work. Raises BackupError, and then leaves no file."""
    if target.exists():
        raise BackupError(f"{target} is there already, and no backup is written over another: give another name.")
    folders = settings.HEARSAY_KEPT_FOLDERS if folders is None else folders
    with _beside(target) as work:
        staged = work / "files"
        _stage(folders, staged)
        try:
            counts = _engine().snapshot(work / _engine().MEMBER, tables())
        except (ValueError, OSError) as error:
            raise BackupError(f"No backup was made: {error}.") from None
        _stage(folders, staged)  # what came in between, which the database may know of already
        return _pack(work, staged, counts, target)


def _pack(work: Path, staged: Path, counts: dict[str, int], target: Path) -> Manifest:
    database = work / _engine().MEMBER
    files = {f"files/{path.relative_to(staged)}": path for path in sorted(staged.rglob("*")) if path.is_file()}
    manifest = Manifest(
        engine=connection.vendor,
        made_at=timezone.now().isoformat(),
        digest=_digest(database),
        size=database.stat().st_size,
        counts=counts,
        migrations=sorted(map(".".join, MigrationRecorder(connection).applied_migrations())),
        files={name: _digest(path) for name, path in files.items()},
    )
    (work / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    fresh = work / "archive"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=4) as archive:
            for name, path in {MANIFEST: work / MANIFEST, database.name: database, **files}.items():
                archive.add(path, name, recursive=False, filter=_nobodys)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, target)  # never over a file that came there meanwhile
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}.") from None
    return manifest


def read_manifest(source: Path) -> Manifest:
    """What a backup says of itself. Raises BackupError."""
    with _opened(source) as archive:
        return _manifest(archive)


def restore(source: Path, *, replace: bool = False, folders: Mapping[str, Path] | None = None) -> Manifest:
    """Puts a backup into the configured database. Raises BackupError before anything is changed, or says what was.

    A database in which somebody has worked already is refused unless `replace`: then everything in it goes.
    """
    folders = settings.HEARSAY_KEPT_FOLDERS if folders is None else folders
    with (
        tempfile.TemporaryDirectory(prefix="hearsay-restore-", dir=_room_for(source)) as name,
        _opened(source) as archive,
    ):
        work = Path(name)
        manifest = _manifest(archive)
        _refuse(manifest, replace)
        _unpack(archive, manifest, work)
        database = work / _engine().MEMBER
        try:
            counted = _engine().counts_of(database, manifest.counts)
            if counted and counted != manifest.counts:
                raise BackupError("The backup is damaged: its rows are not as many as it says. Nothing was changed.")
            _engine().load(database)
        except ValueError as error:
            raise BackupError(f"Nothing was changed: {error}.") from None
        _put_files(manifest, work, folders, replace)
    now = counts()
    wrong = [name for name, number in manifest.counts.items() if now.get(name) != number]
    if wrong:
        raise BackupError(f"It was restored, but {', '.join(wrong)} have not as many rows as the backup says.")
    return manifest


def _refuse(manifest: Manifest, replace: bool) -> None:
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"This is a backup of {manifest.engine}, and DATABASE_URL names {connection.vendor}. Restore it there first; "
            "then the data can be moved."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = sorted(set(manifest.migrations) - known)
    if newer:
        raise BackupError(f"This backup was made by a newer version ({newer[-1]}). Upgrade Hearsay first.")
    used = {name: number for name, number in counts(OWN).items() if number}
    if used and not replace:
        told = ", ".join(f"{number:,} rows in {name}" for name, number in used.items())
        raise BackupError(f"The database is not empty: {told}. To throw all of that away, add --replace-everything.")


def _unpack(archive: tarfile.TarFile, manifest: Manifest, work: Path) -> None:
    """Takes out what the manifest names, and nothing else, comparing digests."""
    wanted = {_engine().MEMBER: manifest.digest, **manifest.files}
    try:
        for member in archive:
            if member.isreg() and member.name in wanted:
                archive.extract(member, work, filter="data")
                if _digest(work / member.name) != wanted.pop(member.name):
                    raise BackupError(f"The backup is damaged: {member.name} has changed. Nothing was changed here.")
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise BackupError(f"The backup is damaged: {error}. Nothing was changed.") from None
    if wanted:
        raise BackupError(f"The backup is damaged: {', '.join(sorted(wanted))} is missing. Nothing was changed.")


def _put_files(manifest: Manifest, work: Path, folders: Mapping[str, Path], replace: bool) -> None:
    """Files go back into their folders; one that is there already stays unless everything is replaced."""
    for name in manifest.files:
        _, folder, *rest = Path(name).parts
        if folder in folders and rest:
            target = folders[folder].joinpath(*rest)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if replace or not target.exists():
                shutil.move(work / name, target)
                target.chmod(0o600)


def tables() -> list[str]:
    """The tables whose rows are counted: every model's, and the migrations'. Not the cache, which is nobody's loss."""
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed} | {"django_migrations"})


def counts(names: Any = None) -> dict[str, int]:
    """Rows of each table that is there. One query a table."""
    with connection.cursor() as cursor:
        known = set(connection.introspection.table_names(cursor))
        found = {}
        for name in tables() if names is None else names:
            if name in known:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # nosec B608  # names of our own tables
                found[name] = cursor.fetchone()[0]
    return found


def _engine() -> ModuleType:
    return backup_postgres if connection.vendor == "postgresql" else backup_sqlite


def _stage(folders: Mapping[str, Path], staged: Path) -> None:
    """Gathers the files of the folders, by a second name where the disk allows; one that goes meanwhile was read, and is no loss."""
    for name, folder in folders.items():
        for path in folder.rglob("*"):
            target = staged / name / path.relative_to(folder)
            if path.is_symlink() or not path.is_file() or target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                try:
                    os.link(path, target)
                except OSError as error:
                    if isinstance(error, FileNotFoundError):
                        raise
                    shutil.copyfile(path, target)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of accounts of this machine, for its owner alone."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder of our own on the disk the backup goes to."""
    try:
        with tempfile.TemporaryDirectory(prefix=".hearsay-backup-", dir=target.absolute().parent) as name:
            yield Path(name)
    except OSError as error:
        raise BackupError(f"{target.absolute().parent} cannot be written to: {error.strerror or error}.") from None


def _room_for(source: Path) -> Path | None:
    """Where a backup is unpacked: beside it, or where temporary files go when that cannot be written to."""
    folder = source.absolute().parent
    return folder if os.access(folder, os.W_OK) else None


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            yield archive
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupError(f"{source} is no backup, or is damaged: {error}.") from None
    except OSError as error:
        raise BackupError(f"{source} cannot be read: {error.strerror or error}.") from None


def _manifest(archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    content: IO[bytes] | None = None
    if first is not None and first.name == MANIFEST and first.isreg() and first.size <= LARGEST_MANIFEST:
        content = archive.extractfile(first)
    if content is None:
        raise BackupError("This is no backup of Hearsay’s: it does not begin with a manifest.")
    return Manifest.read(content.read())
