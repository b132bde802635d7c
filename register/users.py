"""Who may sign in to the console: accounts, their passwords' hashes, and who is signed in."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from register import snapshots, tables
from register.database import Database

EVERY_COUNCIL = "*"


class StaffRole(StrEnum):
    """What somebody is here for, which says what they may see and do."""

    OFFICER = "officer"
    APPROVER = "approver"
    MANAGER = "manager"
    OPERATIONS = "operations"
    AUDITOR = "auditor"
    PARTNERSHIP = "partnership"


class AccountError(ValueError):
    """An account that cannot be made or changed; the text says why."""


@dataclass(frozen=True)
class User:
    """An account. ``council`` is a policy's id, or ``*`` for every council."""

    id: str
    name: str
    email: str
    role: StaffRole
    council: str
    active: bool

    def sees(self, council: str) -> bool:
        """Whether that council's cases are theirs to see."""
        return self.council in (EVERY_COUNCIL, council)


async def add(
    database: Database, *, name: str, email: str, role: StaffRole, council: str, hash: str, now: datetime
) -> User:
    """Make an account. Raises AccountError where the e-mail address has one already."""
    email = email.strip().casefold()
    async with database.writing() as session:
        rows = await session.exec(select(tables.User.id).where(tables.User.email == email))
        if rows.first():
            raise AccountError(f"{email} has an account already; `casereview user list` shows it.")
        row = tables.User(id=uuid.uuid4().hex, name=name.strip(), email=email, role=role.value, council=council)
        session.add(row)
        await session.flush()
        session.add(tables.Credential(user_id=row.id, hash=hash, changed_at=now))
        return of(row)


async def listed(database: Database) -> list[User]:
    """Every account, by council and name."""
    user = tables.User
    async with database.session() as session:
        rows = await session.exec(select(user).order_by(user.council, user.name, user.email))
        return [of(row) for row in rows]


async def by_email(database: Database, email: str) -> tuple[User, str] | None:
    """The account of an address that may sign in, and its password's hash."""
    user, credential = tables.User, tables.Credential
    async with database.session() as session:
        rows = await session.exec(
            select(user, credential.hash)
            .join(credential, col(credential.user_id) == col(user.id))
            .where(user.email == email.strip().casefold(), col(user.active).is_(True))
        )
        row = rows.first()
        return (of(row[0]), row[1]) if row else None


async def disable(database: Database, email: str) -> User:
    """Close an account and sign it out everywhere. Raises AccountError where there is none."""
    async with database.writing() as session:
        row = await row_of(session, email)
        row.active = False
        session.add(row)
        await session.exec(delete(tables.SignIn).where(col(tables.SignIn.user_id) == row.id))
        return of(row)


async def reopen(database: Database, email: str) -> User:
    """Open a closed account again, with its password or its sign-in elsewhere as they were. Raises AccountError."""
    async with database.writing() as session:
        row = await row_of(session, email)
        row.active = True
        session.add(row)
        return of(row)


async def set_password(database: Database, email: str, hash: str, now: datetime) -> User:
    """Give an account a new password, open it again and sign it out everywhere. Raises AccountError."""
    async with database.writing() as session:
        row = await row_of(session, email)
        if await session.get(tables.Identity, row.id):
            raise AccountError(
                f"{row.email} signs in with the council's own provider and has no password here; "
                f"`casereview user open {row.email}` opens a closed account."
            )
        row.active = True
        session.add(row)
        kept = {"user_id": row.id, "hash": hash, "changed_at": now}
        insert = snapshots.new_row(session, tables.Credential).values(kept)
        await session.exec(insert.on_conflict_do_update(index_elements=["user_id"], set_=kept))
        await session.exec(delete(tables.SignIn).where(col(tables.SignIn.user_id) == row.id))
        return of(row)


async def sign_in(database: Database, user: User, id: str, now: datetime) -> None:
    """Keep that somebody signed in; ``id`` is the hash of their browser's secret."""
    async with database.writing() as session:
        session.add(tables.SignIn(id=id, user_id=user.id, started_at=now, seen_at=now))


@dataclass(frozen=True)
class SignedIn:
    """A browser that somebody is signed in with, and what they last searched for in it."""

    id: str
    user: User
    search: str


async def signed_in(database: Database, id: str, now: datetime, idle: timedelta, longest: timedelta) -> SignedIn | None:
    """Who is signed in under ``id``, unless it has lain idle or lasted too long.

    That they were seen is written down once in a tenth of ``idle``, so that most pages only read.
    """
    user, entry = tables.User, tables.SignIn
    async with database.session() as session:
        rows = await session.exec(
            select(user, entry)
            .join(entry, col(entry.user_id) == col(user.id))
            .where(
                entry.id == id,
                col(user.active).is_(True),
                col(entry.seen_at) > now - idle,
                col(entry.started_at) > now - longest,
            )
        )
        row = rows.first()
    if row is None:
        return None
    if now - row[1].seen_at > idle / 10:
        async with database.writing() as session:
            await session.exec(update(entry).where(col(entry.id) == id).values(seen_at=now))
    return SignedIn(id, of(row[0]), row[1].search)


async def search(database: Database, id: str, words: str) -> None:
    """Keep what somebody searches for, beside the browser they are signed in with."""
    async with database.writing() as session:
        await session.exec(update(tables.SignIn).where(col(tables.SignIn.id) == id).values(search=words[:200]))


async def sign_out(database: Database, id: str) -> None:
    """Forget one signed-in browser."""
    async with database.writing() as session:
        await session.exec(delete(tables.SignIn).where(col(tables.SignIn.id) == id))


async def sign_out_everywhere(database: Database, user: User) -> None:
    """Forget every browser somebody is signed in with."""
    async with database.writing() as session:
        await session.exec(delete(tables.SignIn).where(col(tables.SignIn.user_id) == user.id))


async def forget_old(database: Database, before: datetime) -> None:
    """Forget the browsers that signed in before then."""
    async with database.writing() as session:
        await session.exec(delete(tables.SignIn).where(col(tables.SignIn.started_at) < before))


async def row_of(session: AsyncSession, email: str) -> tables.User:
    """The row of an address. Raises AccountError where there is none."""
    rows = await session.exec(select(tables.User).where(tables.User.email == email.strip().casefold()))
    row = rows.first()
    if row is None:
        raise AccountError(f"Nobody has an account as {email.strip()}; `casereview user list` shows who has.")
    return row


def of(row: tables.User) -> User:
    """An account as its row has it."""
    return User(row.id, row.name, row.email, StaffRole(row.role), row.council, row.active)
