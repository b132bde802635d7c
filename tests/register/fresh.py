"""A register's file as ``Database.upgrade`` leaves it: the revisions are run once in a process, then it is copied."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from register.database import Database


def with_tables(address: str) -> str:
    """The same ``sqlite:///`` address; where there was no file, one with every table is there now."""
    file = Path(str(make_url(address).database))
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_bytes(_tables())
        file.chmod(0o600)
    return address


@cache
def _tables() -> bytes:
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:
        file = Path(folder) / "register.db"
        beside.submit(asyncio.run, _upgraded(f"sqlite:///{file}")).result()
        return file.read_bytes()


async def _upgraded(address: str) -> None:
    async with Database(address) as database:
        await database.upgrade()
