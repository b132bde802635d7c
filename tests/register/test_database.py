import asyncio
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select

from domain.application import Means
from register import migrations, queries, tables
from register.columns import RegisterTable
from register.database import Database, RegisterError

ROOT = Path(__file__).parents[2]
REVISION = "0018_same_as"


_AT = datetime(2026, 4, 2, tzinfo=UTC)  # Thu
_NO_TEXT = dict.fromkeys(("policy_version", "by_role", "by_name", "waiting", "must_act", "next_kind", "next_title"), "")
_FIRST_FORM: tuple[tuple[str, dict[str, Any]], ...] = (
    ("policies", {"hash": "p", "id": "dover", "version": "1", "document": "{}", "kept_at": _AT}),
    ("calendars", {"hash": "c", "source": "s", "horizon": _AT.date(), "document": "{}", "kept_at": _AT}),
    (
        "cases",
        {
            **_NO_TEXT, "reference": "DOV-2026-0001", "council": "dover", "policy_hash": "p", "calendar_hash": "c",
            "calendar_now_hash": "c", "application_json": "{}", "made_at": _AT, "demo": False, "created_at": _AT,
            "started": True, "as_of": _AT, "stage": "received", "breached": False, "officer": "",
            "deadlines_json": "[]",
        },
    ),
    (
        "letters",
        {
            **dict.fromkeys(("to_id", "address", "template", "template_version", "policy_version", "words"), ""),
            **dict.fromkeys(("text", "html", "sha256", "message_id", "event_id", "to_name"), ""), "key": "k",
            "reference": "DOV-2026-0001", "kind": "L-01", "to_party": "applicant", "subject": "Hello",
            "state": "accepted", "attempts": 1, "told_json": "{}", "rendered_at": _AT,
        },
    ),
)  # fmt: skip


def stray() -> tables.Event:
    """An event of a case that is not there."""
    at = datetime(2026, 4, 2, tzinfo=UTC)  # Thu
    return tables.Event(
        reference="DOV-2026-0009",
        id="e1",
        seq=1,
        kind="note.added",
        at=at,
        role="officer",
        actor="",
        body="{}",
    )


async def keep(database: Database, *rows: RegisterTable) -> None:
    async with database.writing() as session:
        for row in rows:
            session.add(row)
            await session.flush()


async def test_the_migrations_lead_to_the_tables(fresh_url: str) -> None:
    async with Database(fresh_url) as database:
        assert await database.current() is None
        assert await database.check() != ()
        await database.upgrade()
        assert await database.check() == ()
        assert await database.current() == REVISION


async def test_a_difference_between_tables_and_database_is_found(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP INDEX ix_cases_stage"))
        await connection.execute(text("ALTER TABLE users ADD COLUMN phone VARCHAR"))
    found = " ".join(await database.check())
    assert "ix_cases_stage" in found
    assert "phone" in found


async def test_a_register_of_the_first_form_keeps_its_letters(fresh_url: str) -> None:
    """A letter that went out before there was a print tray went by e-mail."""
    async with Database(fresh_url) as database:
        async with database.writing() as session:
            connection = await session.connection()
            await connection.run_sync(lambda sync: command.upgrade(migrations.config(sync), "0001"))
            for table, values in _FIRST_FORM:
                names = ", ".join(values)
                await connection.execute(
                    text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})"), values
                )
        await database.upgrade()
        assert await database.check() == ()
        (row,) = await queries.letters(database, "DOV-2026-0001")
    assert (row.subject, row.means, row.next_means, row.batch, row.received_on) == (
        "Hello",
        Means.EMAIL,
        None,
        "",
        None,
    )


async def test_upgrading_again_changes_nothing(database: Database) -> None:
    await database.upgrade()
    assert await database.current() == REVISION


@pytest.mark.long
def test_processes_that_upgrade_at_once_do_not_disturb_each_other(fresh_url: str) -> None:
    upgrade = [sys.executable, "-m", "register", "--database", fresh_url, "upgrade"]
    running = [
        subprocess.Popen(upgrade, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    ended = [(process.communicate(timeout=60), process.returncode) for process in running]
    assert [code for _, code in ended] == [0] * 3, ended


async def test_instants_come_back_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    tokyo = datetime(2026, 4, 2, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=9)))  # Thu
    values = {"hash": "h", "id": "p", "version": "1", "document": "{}"}
    async with database.writing() as session:
        session.add(tables.PolicyVersion(**values, kept_at=tokyo))
    async with database.session() as session:
        (kept,) = (await session.exec(select(tables.PolicyVersion.kept_at))).all()
    assert kept == tokyo
    assert kept.tzinfo is UTC
    naive = tables.PolicyVersion(**{**values, "hash": "i"}, kept_at=tokyo.replace(tzinfo=None))
    with pytest.raises(StatementError, match="has no time zone; give it with one"):
        await keep(database, naive)


async def test_what_fails_half_way_is_not_kept(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await keep(database, tables.Counter(name="DOV-2026", last=1), stray())
    async with database.session() as session:
        assert (await session.exec(select(tables.Counter))).all() == []


async def test_a_read_keeps_nothing(database: Database) -> None:
    async with database.session() as session:
        session.add(tables.Counter(name="DOV-2026", last=1))
        await session.flush()
    async with database.session() as session:
        assert (await session.exec(select(tables.Counter))).all() == []


async def test_a_row_must_point_at_a_case_that_is_there(database: Database) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        await keep(database, stray())


async def test_sqlite_is_durable_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "register.db"
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await database.upgrade()
        async with database.engine.connect() as connection:
            pragmas = {
                name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_readers_go_on_while_somebody_writes(database: Database) -> None:
    async with database.writing() as writing:
        writing.add(tables.Counter(name="DOV-2026", last=1))
        await writing.flush()
        async with asyncio.timeout(5), database.session() as reading:
            assert (await reading.exec(select(tables.Counter))).all() == []


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("register.db", "not a database URL; write it like sqlite:///"),
        (
            "mysql://root@localhost/x",
            "cannot live in mysql; use a URL that starts with sqlite:/// or postgresql://",
        ),
        ("sqlite://", "cannot live in memory; name a file"),
    ],
)
def test_an_address_it_cannot_use_is_refused_in_a_sentence(address: str, sentence: str) -> None:
    with pytest.raises(RegisterError, match=sentence):
        Database(address)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
async def test_a_server_that_is_not_there_is_named_without_its_password(scheme: str) -> None:
    database = Database(f"{scheme}://officer:hunter2@127.0.0.1:1/register")
    with pytest.raises(RegisterError, match="check that PostgreSQL runs there") as caught:
        async with database.session():
            pass
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Ms Reed, " * 100)
    with pytest.raises(RegisterError, match=r"letter\.db cannot be opened \(file is not a database\)"):
        await Database(f"sqlite:///{path}").upgrade()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RegisterError, match=r"cannot be made .*CASEREVIEW_HOME"):
        await Database(f"sqlite:///{tmp_path / 'file' / 'register.db'}").upgrade()


async def test_a_register_without_tables_says_how_to_make_them(fresh_url: str) -> None:
    async with Database(fresh_url) as database:
        with pytest.raises(RegisterError, match="has no tables yet; run python -m register upgrade"):
            async with database.session() as session:
                await session.exec(select(tables.Counter))
