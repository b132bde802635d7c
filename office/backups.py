"""A whole installation on one machine, copied while it runs and brought back: register, documents, keys, Temporal.

The register is held while Temporal's file is copied: nothing is recorded and no letter leaves meanwhile, so the set has
every effect of what its workflows did, and what they had yet to record they record after a restore.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.engine import make_url

from connection.settings import Settings
from register import migrations, references

MANIFEST = "manifest.json"
REGISTER, TEMPORAL, KEYS, DOCUMENTS = "register.db", "temporal.db", "keys.json", "documents"
_LOCKS = ("up.lock", "temporal.db.lock")
_BUSY_SECONDS = 30
_FORM = 1
Say = Callable[[str], None]


class NoBackup(RuntimeError):
    """A backup that was not made, or not brought back; the text says why and what to do."""


class Piece(BaseModel):
    """One file of a set."""

    model_config = ConfigDict(frozen=True)

    path: str
    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What a set holds: ``revision`` is that of the register's tables, ``counts`` are rows of its tables."""

    model_config = ConfigDict(frozen=True)

    form: int
    made_at: datetime
    version: str
    revision: str
    counts: dict[str, int]
    temporal: bool
    keys: bool
    pieces: tuple[Piece, ...]


def make(settings: Settings, folder: Path, say: Say) -> Manifest:
    """Copy the installation into an empty folder, check the copy and say so. It may run meanwhile. Raises NoBackup."""
    register = _register(settings)
    if not register.is_file():
        raise NoBackup(f"There is no register at {register}; set CASEREVIEW_HOME to the installation's folder.")
    folder = folder.expanduser().absolute()
    with _sentences(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise NoBackup(f"{folder} is not empty; give a new folder, so that no two backups are mixed up.")
        folder.chmod(0o700)
        made_at = datetime.now(UTC)
        temporal = settings.temporal_db if settings.temporal_db.is_file() else None
        with _held(register):
            say("Copying the register.")
            _copied(register, folder / REGISTER)
            if temporal:
                say("Copying Temporal's file.")
                _copied(temporal, folder / TEMPORAL)
        say("Copying the documents.")
        _documents(settings.documents_path, folder / DOCUMENTS)
        keys = settings.keys is None and settings.keys_path.is_file()
        if keys:
            _write(folder / KEYS, settings.keys_path.read_bytes())
        say("Checking the copy.")
        revision, counts = _looked_at(folder / REGISTER)
        if temporal:
            _sound(folder / TEMPORAL)
        manifest = Manifest(
            form=_FORM, made_at=made_at, version=_version(), revision=revision, counts=counts,
            temporal=temporal is not None, keys=keys, pieces=tuple(_pieces(folder)),
        )  # fmt: skip
        _write(folder / MANIFEST, manifest.model_dump_json(indent=2).encode())
        _check(folder, manifest)
        _kept(folder)
    return manifest


def restore(settings: Settings, folder: Path, say: Say, *, force: bool = False) -> Manifest:
    """Bring a set back into the installation's folder. ``force`` puts what lies there aside first.

    References go on at the next thousand: nobody knows which were given after the backup was made. Raises NoBackup.
    """
    register, home = _register(settings), settings.home
    folder = folder.expanduser().absolute()
    with _sentences(home), _alone(home):
        _unused(register)
        say("Checking the backup.")
        manifest = _without_keys_kept_apart(_read(folder), folder, settings)
        _check(folder, manifest)
        if manifest.revision not in migrations.known():
            raise NoBackup(
                f"The backup is of a newer version ({manifest.version}, tables {manifest.revision}) than this one "
                f"({_version()}); install that version, then restore."
            )
        places = {REGISTER: register, TEMPORAL: settings.temporal_db, KEYS: settings.keys_path}
        targets = [*places.values(), settings.documents_path]
        if not manifest.keys:
            targets.remove(settings.keys_path)
        there = [path for path in targets if path.exists()]
        if there and not force:
            raise NoBackup(
                f"{home} is not empty: {', '.join(path.name for path in there)}. Give another CASEREVIEW_HOME, or "
                "--force, which puts what is there aside."
            )
        coming = home / ".restoring"
        shutil.rmtree(coming, ignore_errors=True)
        coming.mkdir(mode=0o700)
        say("Copying.")
        for piece in manifest.pieces:
            target = coming / piece.path
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(folder / piece.path, target)
            target.chmod(0o600)
        _check(coming, manifest)
        _go_on_past_a_gap(coming / REGISTER, manifest.made_at)
        _kept(coming)
        if there:
            aside = home / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}"
            aside.mkdir(mode=0o700)
            say(f"Putting what was there into {aside}.")
            for path in _with_journals(there):
                shutil.move(path, aside / path.name)
        for name, place in (*places.items(), (DOCUMENTS, settings.documents_path)):
            if (coming / name).exists():
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.move(coming / name, place)
        shutil.rmtree(coming)
        _kept(home)
    return manifest


def _register(settings: Settings) -> Path:
    url = make_url(settings.register_url)
    if url.get_backend_name() != "sqlite":
        raise NoBackup(
            "The register is on PostgreSQL: back it up with PostgreSQL's own tools, as the runbook says under “Backup”."
        )
    return Path(str(url.database))


@contextmanager
def _sentences(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoBackup(f"{error.filename or place} cannot be used ({error.strerror}).") from None
    except sqlite3.Error as error:
        raise NoBackup(f"A database cannot be copied ({error}); see that its disk has room and is sound.") from None


@contextmanager
def _held(register: Path) -> Iterator[None]:
    """Nobody writes into the register meanwhile."""
    with closing(sqlite3.connect(register, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def _copied(source: Path, target: Path) -> None:
    """A database as it is at one moment, whoever has it open."""
    _write(target, b"")
    with closing(sqlite3.connect(source, timeout=_BUSY_SECONDS)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode = DELETE")


def _documents(source: Path, target: Path) -> None:
    """Every content that is kept whole; what is just being written has a name of its own and is left out."""
    target.mkdir(mode=0o700)
    for path in sorted(source.glob("??/*")):
        if path.name.startswith("."):
            continue
        with suppress(FileNotFoundError):
            place = target / path.parent.name
            place.mkdir(mode=0o700, exist_ok=True)
            _write(place / path.name, path.read_bytes())


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _looked_at(register: Path) -> tuple[str, dict[str, int]]:
    """The revision of a register's tables and how many rows some of them have, after it was found sound."""
    _sound(register)
    with closing(sqlite3.connect(f"file:{register}?mode=ro", uri=True)) as connection:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("cases", "events", "letters", "documents", "users")
        }
    return str(revision), counts


def _sound(database: Path) -> None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise NoBackup(f"{database} is damaged ({said}).")


def _pieces(folder: Path) -> Iterator[Piece]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST):
        yield Piece(path=path.relative_to(folder).as_posix(), bytes=path.stat().st_size, sha256=_sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(folder: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate(json.loads((folder / MANIFEST).read_bytes()))
    except FileNotFoundError:
        raise NoBackup(f"{folder} has no {MANIFEST}, so it is no whole backup; give the folder of one.") from None
    except (ValueError, ValidationError):
        raise NoBackup(f"{folder / MANIFEST} cannot be read; the backup is damaged, take another.") from None
    if manifest.form > _FORM:
        raise NoBackup(f"The backup is of a newer version ({manifest.version}); install that version, then restore.")
    return manifest


def _without_keys_kept_apart(manifest: Manifest, folder: Path, settings: Settings) -> Manifest:
    """The set without its keys, where they were taken out of it and lie in their place already."""
    apart = settings.keys is not None or settings.keys_path.is_file()
    if not manifest.keys or (folder / KEYS).exists() or not apart:
        return manifest
    rest = tuple(piece for piece in manifest.pieces if piece.path != KEYS)
    return manifest.model_copy(update={"keys": False, "pieces": rest})


def _check(folder: Path, manifest: Manifest) -> None:
    """Every file is there, as it was. Raises NoBackup."""
    for piece in manifest.pieces:
        path = folder / piece.path
        if folder not in path.resolve().parents and folder.resolve() not in path.resolve().parents:
            raise NoBackup(f"{piece.path} lies outside {folder}; the backup is damaged, take another.")
        if not path.is_file() or path.stat().st_size != piece.bytes or _sha256(path) != piece.sha256:
            raise NoBackup(f"{path} is missing or changed since the backup was made; take another backup.")


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Nothing of the installation runs, or starts, while the block lasts. Raises NoBackup."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    held: list[int] = []
    try:
        for name in _LOCKS:
            held.append(os.open(home / name, os.O_RDWR | os.O_CREAT, 0o600))
            try:
                fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise NoBackup(f"The service runs on {home}; stop it, then restore.") from None
        yield
    finally:
        for descriptor in held:
            os.close(descriptor)


def _unused(register: Path) -> None:
    """No worker and no console has the register open. Raises NoBackup."""
    if not register.is_file():
        return
    try:
        with closing(sqlite3.connect(register, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise NoBackup(f"A worker or a console uses {register}; stop it, then restore.") from None
    except sqlite3.DatabaseError:
        return  # it is damaged: that may be why it is to be replaced


def _with_journals(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield path
        for ending in ("-wal", "-shm", "-journal"):
            if (journal := path.with_name(path.name + ending)).exists():
                yield journal


def _go_on_past_a_gap(register: Path, made_at: datetime) -> None:
    with closing(sqlite3.connect(register)) as connection, connection:
        counted = dict(connection.execute("SELECT name, last FROM counters").fetchall())
        for numbered in references.past_a_gap(counted, made_at, datetime.now(UTC)).items():
            connection.execute("INSERT OR REPLACE INTO counters (name, last) VALUES (?, ?)", numbered)


def _kept(folder: Path) -> None:
    """The files are on the disk, not only on their way."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _version() -> str:
    try:
        return version("asb-case-review")
    except PackageNotFoundError:
        return "unknown"
