"""Who may sign in to the console: accounts, their passwords' hashes, and who is signed in."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from register import account_record, snapshots, tables
from register.account_record import EVERY_COUNCIL as EVERY_COUNCIL
from register.account_record import SERVICE, AccountDeed, Keeper
from register.database import Database


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
    database: Database,
    *,
    name: str,
    email: str,
    role: StaffRole,
    council: str,
    now: datetime,
    hash: str = "",
    by: Keeper = SERVICE,
) -> User:
    """Make an account, without a password where there is no ``hash``.

    Raises AccountError where the e-mail address has one already, and where ``by`` may not make one any more.
    """
    email = email.strip().casefold()
    async with database.writing() as session:
        await managers(session, by)
        rows = await session.exec(select(tables.User.id).where(tables.User.email == email))
        if rows.first():
            raise AccountError(f"{email} has an account already; the list of accounts shows it.")
        row = tables.User(id=uuid.uuid4().hex, name=name.strip(), email=email, role=role.value, council=council)
        session.add(row)
        await session.flush()
        if hash:
            session.add(tables.Credential(user_id=row.id, hash=hash, changed_at=now))
        account_record.enter(session, row.id, AccountDeed.MADE, by, now, f"{role.value} of {called(council)}")
        return of(row)


async def listed(database: Database) -> list[User]:
    """Every account, by council and name."""
    user = tables.User
    async with database.session() as session:
        rows = await session.exec(select(user).order_by(user.council, user.name, user.email))
        return [of(row) for row in rows]


async def with_id(database: Database, id: str) -> User | None:
    """The account of that id."""
    async with database.session() as session:
        row = await session.get(tables.User, id)
        return of(row) if row else None


async def named(database: Database, email: str) -> User:
    """The account of an address, open or closed. Raises AccountError where there is none."""
    async with database.session() as session:
        return of(await row_of(session, email))


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


async def set_password(database: Database, email: str, hash: str, now: datetime, by: Keeper = SERVICE) -> User:
    """Give an account a new password, open it again and sign it out everywhere. Raises AccountError."""
    async with database.writing() as session:
        row = await with_password(session, email)
        row.active = True
        session.add(row)
        await keep_password(session, row.id, hash, now)
        own = row.id == by.id
        account_record.enter(
            session, row.id, AccountDeed.PASSWORD_CHOSEN if own else AccountDeed.PASSWORD_RESET, by, now
        )  # fmt: skip
        return of(row)


async def with_passwords(database: Database) -> frozenset[str]:
    """The ids of the accounts that have a password."""
    async with database.session() as session:
        return frozenset(await session.exec(select(tables.Credential.user_id)))


async def sign_in(
    database: Database,
    user: User,
    id: str,
    now: datetime,
    *,
    browser: str = "",
    address: str = "",
    half_way: bool = False,
) -> None:
    """Keep that somebody signed in, or is half way; ``id`` is the hash of their browser's secret."""
    async with database.writing() as session:
        row = tables.SignIn(
            id=id, user_id=user.id, started_at=now, seen_at=now, browser=browser, address=address, half_way=half_way
        )  # fmt: skip
        session.add(row)


@dataclass(frozen=True)
class SignedIn:
    """A browser that somebody is signed in with, and what they last searched for in it.

    ``bare``: they have no second factor, neither here nor at the provider.
    """

    id: str
    user: User
    search: str
    started_at: datetime
    bare: bool


async def signed_in(database: Database, id: str, now: datetime, idle: timedelta, longest: timedelta) -> SignedIn | None:
    """Who is signed in under ``id``, unless it has lain idle or lasted too long.

    That they were seen is written down once in a tenth of ``idle``, so that most pages only read.
    """
    user, entry, factor, identity = tables.User, tables.SignIn, tables.SecondFactor, tables.Identity
    async with database.session() as session:
        rows = await session.exec(
            select(user, entry, factor.sealed, identity.user_id)
            .join(entry, col(entry.user_id) == col(user.id))
            .outerjoin(factor, col(factor.user_id) == col(user.id))
            .outerjoin(identity, col(identity.user_id) == col(user.id))
            .where(
                entry.id == id,
                col(entry.half_way).is_(False),
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
    account, entered, sealed, elsewhere = row
    return SignedIn(id, of(account), entered.search, entered.started_at, not sealed and elsewhere is None)


async def half_way(database: Database, id: str, now: datetime, within: timedelta) -> User | None:
    """Who gave the right password in a browser and still owes the second factor."""
    user, entry = tables.User, tables.SignIn
    async with database.session() as session:
        rows = await session.exec(
            select(user)
            .join(entry, col(entry.user_id) == col(user.id))
            .where(
                entry.id == id,
                col(entry.half_way).is_(True),
                col(user.active).is_(True),
                col(entry.started_at) > now - within,
            )
        )
        row = rows.first()
        return of(row) if row else None


@dataclass(frozen=True)
class OpenBrowser:
    """Where somebody is signed in: ``browser`` is "Firefox on Windows", ``address`` where it asked from."""

    id: str
    started_at: datetime
    seen_at: datetime
    browser: str
    address: str


async def browsers(
    database: Database, user: User, now: datetime, idle: timedelta, longest: timedelta
) -> list[OpenBrowser]:
    """Every browser somebody is signed in with, the last seen first."""
    entry = tables.SignIn
    async with database.session() as session:
        rows = await session.exec(
            select(entry)
            .where(
                entry.user_id == user.id,
                col(entry.half_way).is_(False),
                col(entry.seen_at) > now - idle,
                col(entry.started_at) > now - longest,
            )
            .order_by(col(entry.seen_at).desc(), col(entry.id))
        )
        return [OpenBrowser(row.id, row.started_at, row.seen_at, row.browser, row.address) for row in rows]


async def last_seen(database: Database) -> dict[str, datetime]:
    """When those who are signed in were last seen, by their accounts' ids."""
    entry = tables.SignIn
    async with database.session() as session:
        rows = await session.exec(
            select(entry.user_id, func.max(entry.seen_at)).where(col(entry.half_way).is_(False)).group_by(entry.user_id)
        )
        return dict(rows.all())


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
        await end_others(session, user.id)


async def sign_out_others(database: Database, user: User, stays: str, id: str = "") -> None:
    """Forget one other browser of somebody's, or every one but that which ``stays``."""
    async with database.writing() as session:
        await end_others(session, user.id, stays, id)


async def forget_old(database: Database, before: datetime) -> None:
    """Forget the browsers that signed in before then."""
    async with database.writing() as session:
        await session.exec(delete(tables.SignIn).where(col(tables.SignIn.started_at) < before))


async def end_others(session: AsyncSession, user_id: str, stays: str = "", id: str = "") -> None:
    """Sign somebody out everywhere but in the browser that ``stays``; of the others only in ``id`` if it is named."""
    entry = tables.SignIn
    ended = delete(entry).where(col(entry.user_id) == user_id, col(entry.id) != stays)
    await session.exec(ended.where(col(entry.id) == id) if id else ended)


async def keep_password(session: AsyncSession, user_id: str, hash: str, now: datetime) -> None:
    """Keep a password's hash; the one before, every sign-in and a link to choose one are gone."""
    kept = {"user_id": user_id, "hash": hash, "changed_at": now}
    insert = snapshots.new_row(session, tables.Credential).values(kept)
    await session.exec(insert.on_conflict_do_update(index_elements=["user_id"], set_=kept))
    await end_others(session, user_id)
    await session.exec(delete(tables.Invitation).where(col(tables.Invitation.user_id) == user_id))


def chosen(session: AsyncSession, row: tables.User, now: datetime) -> User:
    """The account, after it is written down that its owner chose the password."""
    account_record.enter(session, row.id, AccountDeed.PASSWORD_CHOSEN, Keeper(row.id, row.name), now)
    return of(row)


async def forget_factor(session: AsyncSession, user_id: str) -> None:
    """Take away an account's second factor with its recovery codes."""
    for table in (tables.RecoveryCode, tables.SecondFactor):
        await session.exec(delete(table).where(col(table.user_id) == user_id))


async def managers(session: AsyncSession, by: Keeper) -> list[tables.User]:
    """The open accounts that may keep accounts, held until the session ends: two acts on them follow each other.

    Raises AccountError where ``by`` is an account that is none of them any more. Asked before any account is read.
    """
    user = tables.User
    wanted = select(user).where(user.role == StaffRole.MANAGER.value).order_by(user.id).with_for_update()
    found = [row for row in await session.exec(wanted) if row.active]
    if by.id and all(row.id != by.id for row in found):
        raise AccountError("Your own account was closed or has another role by now, so nothing was done.")
    return found


async def row_of(session: AsyncSession, email: str) -> tables.User:
    """The row of an address. Raises AccountError where there is none."""
    rows = await session.exec(select(tables.User).where(tables.User.email == email.strip().casefold()))
    row = rows.first()
    if row is None:
        raise AccountError(f"Nobody has an account as {email.strip()}; the list of accounts shows who has.")
    return row


def of(row: tables.User) -> User:
    """An account as its row has it."""
    return User(row.id, row.name, row.email, StaffRole(row.role), row.council, row.active)


async def with_password(session: AsyncSession, email: str) -> tables.User:
    """The row of an address whose owner has a password here, or may have. Raises AccountError."""
    row = await row_of(session, email)
    if await session.get(tables.Identity, row.id):
        raise AccountError(f"{row.email} signs in with the council’s own provider and has no password here.")
    return row


def called(council: str) -> str:
    """The council as the record and refusals name it."""
    return "every council" if council == EVERY_COUNCIL else council
