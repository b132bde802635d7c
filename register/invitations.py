"""Links by which somebody chooses the password of their own account: one at a time, each once, for a few days."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from register import snapshots, tables, users
from register.database import Database
from register.users import User


async def issue(database: Database, user: User, hash: str, now: datetime, ends_at: datetime) -> None:
    """Keep a new one; the one before is worth nothing any more. ``hash`` is the SHA-256 of its secret."""
    kept = {"user_id": user.id, "hash": hash, "made_at": now, "ends_at": ends_at}
    async with database.writing() as session:
        insert = snapshots.new_row(session, tables.Invitation).values(kept)
        await session.exec(insert.on_conflict_do_update(index_elements=["user_id"], set_=kept))


async def holder(database: Database, hash: str, now: datetime) -> User | None:
    """Whose it is; None where it was used, has ended or never was."""
    invitation, user = tables.Invitation, tables.User
    async with database.session() as session:
        rows = await session.exec(
            select(user)
            .join(invitation, col(invitation.user_id) == col(user.id))
            .where(invitation.hash == hash, col(invitation.ends_at) > now, col(user.active).is_(True))
        )
        row = rows.first()
        return users.of(row) if row else None


async def take(database: Database, hash: str, password: str, now: datetime) -> User | None:
    """Give its holder the password whose argon2 hash this is, and end it; None for whoever comes second or too late."""
    invitation = tables.Invitation
    async with database.writing() as session:
        taken = delete(invitation).where(col(invitation.hash) == hash, col(invitation.ends_at) > now)
        found = (await session.exec(taken.returning(col(invitation.user_id)))).scalar_one_or_none()
        row = await session.get(tables.User, found) if found else None
        if row is None or not row.active:
            return None
        await users.keep_password(session, row.id, password, now)
        return users.chosen(session, row, now)


async def waiting(database: Database, now: datetime) -> dict[str, datetime]:
    """Until when the links that still open do, by whose account."""
    invitation = tables.Invitation
    async with database.session() as session:
        rows = await session.exec(select(invitation).where(col(invitation.ends_at) > now))
        return {row.user_id: row.ends_at for row in rows}
