"""Accounts of those who sign in with the council's own provider, each bound to its subject there."""

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from register import account_keeping, account_record, tables, users
from register.account_record import SERVICE, AccountDeed, Keeper
from register.database import Database
from register.users import AccountError, StaffRole, User

PROVIDER = Keeper("", "the council’s sign-in provider")


class NotLetIn(Exception):
    """Somebody the provider vouches for and who may not come in here; the text says why and what to do."""


async def enter(
    database: Database,
    *,
    issuer: str,
    subject: str,
    name: str,
    email: str,
    role: StaffRole,
    council: str,
    now: datetime,
) -> User:
    """The account of a subject, with name, address, role and council as they are now; made at the first sign-in.

    An account that has the address and is not theirs is never taken over, unless it was joined. Raises NotLetIn.
    """
    email = email.strip().casefold()
    try:
        async with database.writing() as session:
            row = await _bound(session, issuer, subject)
            if row is None:
                row = await _joined(session, issuer, subject, email, now)
            if row is None:
                row = tables.User(id=uuid.uuid4().hex, name=name, email=email, role=role.value, council=council)
                session.add(row)
                await session.flush()
                session.add(tables.Identity(user_id=row.id, issuer=issuer, subject=subject, bound_at=now))
                what = f"{role.value} of {users.called(council)}"
                account_record.enter(session, row.id, AccountDeed.MADE, PROVIDER, now, what)
            if not row.active:
                raise NotLetIn("Your account here is closed; ask your team if it should be open.")
            if row.email != email and await _taken(session, email):
                raise NotLetIn("Another account here has your e-mail address; ask your team to close or change it.")
            if changed := account_keeping.difference(
                users.of(row), replace(users.of(row), name=name, role=role, council=council)
            ):
                account_record.enter(session, row.id, AccountDeed.CHANGED, PROVIDER, now, changed)
            row.name, row.email, row.role, row.council = name, email, role.value, council
            session.add(row)
            await session.flush()
            return users.of(row)
    except IntegrityError:
        raise NotLetIn("You were signed in twice at once; sign in again.") from None


async def join(database: Database, email: str, now: datetime, by: Keeper = SERVICE) -> User:
    """Let the next sign-in with this address at the provider have a local account; its password ends, and with it the
    second factor: the provider has its own.

    Raises AccountError.
    """
    async with database.writing() as session:
        await users.managers(session, by)
        row = await users.row_of(session, email)
        if await session.get(tables.Identity, row.id):
            raise AccountError(f"{row.email} is joined already, and has no password here.")
        if row.id == by.id:
            raise AccountError("You cannot join your own account to the provider; ask another manager.")
        session.add(tables.Identity(user_id=row.id))
        for table in (tables.Credential, tables.Invitation, tables.SignIn):
            await session.exec(delete(table).where(col(table.user_id) == row.id))
        await users.forget_factor(session, row.id)
        account_record.enter(session, row.id, AccountDeed.JOINED, by, now)
        return users.of(row)


async def holders(database: Database) -> frozenset[str]:
    """The ids of the accounts whose owners sign in with the provider."""
    async with database.session() as session:
        return frozenset(await session.exec(select(tables.Identity.user_id)))


async def bound(database: Database, user: User) -> bool:
    """Whether somebody signs in with the provider and not with a password."""
    async with database.session() as session:
        return await session.get(tables.Identity, user.id) is not None


async def shut_out(database: Database, issuer: str, subject: str) -> None:
    """Sign a subject out everywhere: they have no role any more."""
    async with database.writing() as session:
        row = await _bound(session, issuer, subject)
        if row:
            await session.exec(delete(tables.SignIn).where(col(tables.SignIn.user_id) == row.id))


async def end_local(database: Database) -> None:
    """Sign out everybody who signed in with a password."""
    known = select(tables.Identity.user_id)
    async with database.writing() as session:
        await session.exec(delete(tables.SignIn).where(col(tables.SignIn.user_id).not_in(known)))


async def _bound(session: AsyncSession, issuer: str, subject: str) -> tables.User | None:
    user, identity = tables.User, tables.Identity
    rows = await session.exec(
        select(user)
        .join(identity, col(identity.user_id) == col(user.id))
        .where(identity.issuer == issuer, identity.subject == subject)
    )
    return rows.first()


async def _joined(session: AsyncSession, issuer: str, subject: str, email: str, now: datetime) -> tables.User | None:
    """The account of that address, if it was left for its owner at the provider; bound to them from now on."""
    row = await _taken(session, email)
    if row is None:
        return None
    identity = await session.get(tables.Identity, row.id)
    if identity is None or identity.subject is not None:
        raise NotLetIn("An account here has your e-mail address already; ask your team to join it to yours.")
    identity.issuer, identity.subject, identity.bound_at = issuer, subject, now
    session.add(identity)
    return row


async def _taken(session: AsyncSession, email: str) -> tables.User | None:
    return (await session.exec(select(tables.User).where(tables.User.email == email))).first()
