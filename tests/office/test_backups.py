"""A backup is one whole set, and comes back whole or not at all."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from connection.settings import Settings
from office import backups
from office.backups import NoBackup
from register.database import Database
from register.shelf import Shelf
from register.taking_in import take_in
from tests.register import examples
from tests.register.fresh import with_tables


def silent(sentence: str) -> None:
    return


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """An installation with one case, a document, keys and a file of Temporal's."""
    settings = Settings(home=tmp_path / "home")
    async with Database(with_tables(settings.register_url)) as database:
        await take_in(
            database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.OFFICER, now=examples.NOW
        )
    await Shelf(settings.documents_path).put(b"a photograph")
    settings.key_ring().make()
    with closing(sqlite3.connect(settings.temporal_db)) as temporal, temporal:
        temporal.execute("PRAGMA journal_mode = WAL")
        temporal.execute("CREATE TABLE executions (id TEXT)")
        temporal.execute("INSERT INTO executions VALUES ('DOV-2026-0001')")
    return settings


@pytest.fixture
def made(settings: Settings, tmp_path: Path) -> Path:
    backups.make(settings, tmp_path / "set", silent)
    return tmp_path / "set"


def elsewhere(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "new")


@contextmanager
def held(path: Path) -> Iterator[None]:
    with path.open("wb") as file:
        flock(file, LOCK_EX)
        yield


def test_a_backup_says_what_it_holds_and_nobody_else_may_read_it(settings: Settings, made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    assert manifest["counts"]["cases"] == 1
    assert (manifest["temporal"], manifest["keys"]) == (True, True)
    assert {Path(piece["path"]).parts[0] for piece in manifest["pieces"]} == {
        "documents", "keys.json", "register.db", "temporal.db",
    }  # fmt: skip
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (made, *made.rglob("*")) if path.is_dir()}
    assert modes == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.rglob("*") if path.is_file()} == {0o600}


def test_what_was_backed_up_comes_back_in_an_empty_home(settings: Settings, made: Path, tmp_path: Path) -> None:
    new = elsewhere(tmp_path)
    backups.restore(new, made, silent)
    assert new.keys_path.read_bytes() == settings.keys_path.read_bytes()
    assert [path.read_bytes() for path in new.documents_path.glob("??/*")] == [b"a photograph"]
    with closing(sqlite3.connect(new.temporal_db)) as temporal:
        assert temporal.execute("SELECT id FROM executions").fetchall() == [("DOV-2026-0001",)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in new.home.rglob("*") if path.is_file()} == {0o600}


async def test_references_go_on_where_none_was_given_after_the_backup(made: Path, tmp_path: Path) -> None:
    new = elsewhere(tmp_path)
    backups.restore(new, made, silent)
    async with Database(new.register_url) as database:
        start = await take_in(
            database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.OFFICER, now=examples.NOW
        )
    assert start.reference == "DOV-2026-1001"


def test_a_backup_goes_into_an_empty_folder_only(settings: Settings, made: Path) -> None:
    with pytest.raises(NoBackup, match="is not empty"):
        backups.make(settings, made, silent)


def test_a_home_that_is_not_empty_is_put_aside_only_when_asked(settings: Settings, made: Path) -> None:
    before = settings.keys_path.read_bytes()
    with pytest.raises(NoBackup, match=r"not empty: register\.db, temporal\.db, keys\.json, documents"):
        backups.restore(settings, made, silent)
    backups.restore(settings, made, silent, force=True)
    (aside,) = settings.home.glob("before-restore-*")
    assert (aside / "keys.json").read_bytes() == before
    assert (aside / "register.db").exists()


@pytest.mark.parametrize("name", ["register.db", "temporal.db", "keys.json"])
def test_a_damaged_set_does_not_come_back(made: Path, tmp_path: Path, name: str) -> None:
    damaged = bytearray((made / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (made / name).write_bytes(bytes(damaged))
    new = elsewhere(tmp_path)
    with pytest.raises(NoBackup, match=f"{name} is missing or changed"):
        backups.restore(new, made, silent)
    assert not new.temporal_db.exists()
    assert not new.keys_path.exists()


def test_a_folder_without_a_manifest_is_no_backup(made: Path, tmp_path: Path) -> None:
    (made / "manifest.json").unlink()
    with pytest.raises(NoBackup, match="no whole backup"):
        backups.restore(elsewhere(tmp_path), made, silent)


def test_a_set_of_a_newer_version_is_refused(made: Path, tmp_path: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps({**manifest, "revision": "of next year"}))
    with pytest.raises(NoBackup, match="newer version"):
        backups.restore(elsewhere(tmp_path), made, silent)


def test_keys_that_were_kept_apart_are_put_back_first(made: Path, tmp_path: Path) -> None:
    new, ring = elsewhere(tmp_path), (made / "keys.json").read_bytes()
    (made / "keys.json").unlink()
    with pytest.raises(NoBackup, match=r"keys\.json is missing"):
        backups.restore(new, made, silent)
    new.keys_path.write_bytes(ring)
    backups.restore(new, made, silent)
    assert new.keys_path.read_bytes() == ring
    assert new.temporal_db.exists()


@pytest.mark.parametrize("lock", ["up.lock", "temporal.db.lock"])
def test_under_a_service_that_runs_nothing_is_brought_back(settings: Settings, made: Path, lock: str) -> None:
    with held(settings.home / lock), pytest.raises(NoBackup, match="The service runs"):
        backups.restore(settings, made, silent, force=True)


async def test_under_a_worker_or_a_console_nothing_is_brought_back(settings: Settings, made: Path) -> None:
    async with Database(settings.register_url) as database:
        await database.current()
        with pytest.raises(NoBackup, match="A worker or a console uses"):
            backups.restore(settings, made, silent, force=True)


def test_a_register_on_postgresql_is_backed_up_by_its_own_tools(settings: Settings, tmp_path: Path) -> None:
    server = settings.model_copy(update={"database_url": "postgresql://casereview@localhost/casereview"})
    with pytest.raises(NoBackup, match="PostgreSQL's own tools"):
        backups.make(server, tmp_path / "other", silent)


async def test_a_register_in_use_is_copied_as_of_one_moment(settings: Settings, tmp_path: Path) -> None:
    """What is written while Temporal's file is copied waits, and is in the next backup."""
    async with Database(settings.register_url) as database:
        await database.current()
        first = backups.make(settings, tmp_path / "first", silent)
        await take_in(
            database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.OFFICER, now=examples.NOW
        )
        second = backups.make(settings, tmp_path / "second", silent)
    assert (first.counts["cases"], second.counts["cases"]) == (1, 2)
