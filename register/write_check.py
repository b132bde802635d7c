"""Whether the register can be written: one row, written and kept."""

from datetime import UTC, datetime

from register import snapshots, tables
from register.database import Database

WITHIN = 5.0


async def written(database: Database, what: str, within: float = WITHIN) -> None:
    """Write the row of whoever asks. Raises RegisterError, also where it takes longer than so many seconds."""
    at = datetime.now(UTC)
    async with database.hurried(within) as session:
        row = snapshots.new_row(session, tables.WriteCheck).values(what=what, at=at)
        await session.exec(row.on_conflict_do_update(index_elements=["what"], set_={"at": at}))
