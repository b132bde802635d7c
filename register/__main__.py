"""``python -m register upgrade | check | current | restored``: the register's tables, for operations and CI."""

import argparse
import asyncio
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from register import migrations, references
from register.columns import aware
from register.database import Database, RegisterError


def main(arguments: list[str] | None = None) -> int:
    """Exit 0 when done, 1 where ``check`` finds a difference, 2 with a sentence for an unusable register."""
    parser = argparse.ArgumentParser(prog="python -m register", description="The register's tables.")
    parser.add_argument(
        "--database",
        metavar="URL",
        help="instead of CASEREVIEW_DATABASE_URL, DATABASE_URL or CASEREVIEW_HOME",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("upgrade", help="bring the tables to this version's form")
    commands.add_parser("current", help="the revision the tables are at")
    commands.add_parser("check", help="hold the migrations against the tables, on a fresh SQLite")
    restored = commands.add_parser("restored", help="after a backup was brought back: references leave a gap")
    restored.add_argument("--since", metavar="TIME", required=True, help="when it was made, such as 2026-11-30T18:00Z")
    revise = commands.add_parser("revise", help="write a migration for what changed in the tables")
    revise.add_argument("words", help="what changed, in a few words")
    chosen = parser.parse_args(arguments)
    try:
        match chosen.command:
            case "check":
                return asyncio.run(_check())
            case "revise":
                return asyncio.run(_revise(chosen.words))
            case "restored":
                return asyncio.run(_restored(chosen.since, chosen.database or _address()))
            case command:
                return asyncio.run(_tables(command, chosen.database or _address()))
    except RegisterError as error:
        print(error, file=sys.stderr)
        return 2


def _address() -> str:
    for name in ("CASEREVIEW_DATABASE_URL", "DATABASE_URL"):
        if os.environ.get(name):
            return os.environ[name]
    if home := os.environ.get("CASEREVIEW_HOME"):
        return f"sqlite:///{Path(home).expanduser().absolute() / 'register.db'}"
    raise RegisterError("No register is named; set DATABASE_URL or CASEREVIEW_HOME, or give --database URL.")


async def _tables(command: str, address: str) -> int:
    async with Database(address) as database:
        if command == "upgrade":
            await database.upgrade()
        revision = await database.current()
        print(f"{database.words}: {revision or 'no tables yet; run python -m register upgrade'}")
    return 0


async def _restored(since: str, address: str) -> int:
    try:
        made = aware(datetime.fromisoformat(since))
    except ValueError:
        raise RegisterError(f"--since {since} is no instant; give one such as 2026-11-30T18:00Z.") from None
    async with Database(address) as database:
        numbers = await references.leave_a_gap(database, made, datetime.now(UTC))
    for name, last in numbers.items():
        print(f"{name} goes on after {last}.")
    return 0


async def _check() -> int:
    with tempfile.TemporaryDirectory(prefix="casereview-") as folder:
        async with Database(f"sqlite:///{folder}/register.db") as database:
            await database.upgrade()
            differences = await database.check()
            revision = await database.current()
    for difference in differences:
        print(difference)
    if differences:
        print("The migrations do not lead to these tables; write one: python -m register revise 'what changed'.")
        return 1
    print(f"The migrations lead to the tables as they are: {revision}.")
    return 0


async def _revise(words: str) -> int:
    with tempfile.TemporaryDirectory(prefix="casereview-") as folder:
        async with Database(f"sqlite:///{folder}/register.db") as database:
            await database.upgrade()
            async with database.engine.connect() as connection:
                await connection.run_sync(migrations.revise, words)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
