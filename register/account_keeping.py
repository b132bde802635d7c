"""Closing, opening, changing and resetting accounts: what one person may do to another's, and what nobody may."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from register import account_record, tables, users
from register.account_record import SERVICE, AccountDeed, Keeper
from register.database import Database
from register.users import AccountError, StaffRole, User


async def disable(database: Database, email: str, now: datetime, by: Keeper = SERVICE) -> User:
    """Close an account and sign it out everywhere.

    Raises AccountError where there is none, where it is their own, and where nobody could keep accounts any more.
    """
    async with database.writing() as session:
        keeping = await users.managers(session, by)
        row = await users.row_of(session, email)
        if row.id == by.id:
            raise AccountError("You cannot close your own account; ask another manager.")
        await _not_the_last(session, keeping, row)
        if row.active:
            account_record.enter(session, row.id, AccountDeed.CLOSED, by, now)
        row.active = False
        session.add(row)
        await users.end_others(session, row.id)
        await session.exec(delete(tables.Invitation).where(col(tables.Invitation.user_id) == row.id))
        return users.of(row)


async def reopen(database: Database, email: str, now: datetime, by: Keeper = SERVICE) -> User:
    """Open a closed account again, with its password or its sign-in elsewhere as they were. Raises AccountError."""
    async with database.writing() as session:
        await users.managers(session, by)
        row = await users.row_of(session, email)
        if not row.active:
            account_record.enter(session, row.id, AccountDeed.OPENED, by, now)
        row.active = True
        session.add(row)
        return users.of(row)


async def change(
    database: Database,
    email: str,
    *,
    name: str,
    role: StaffRole,
    council: str,
    now: datetime,
    by: Keeper = SERVICE,
) -> tuple[User, User]:
    """Give an account another name, role or council; it as it was and as it is.

    Raises AccountError where there is none, where the provider says who they are, where it is their own role, and where
    nobody could keep accounts any more.
    """
    async with database.writing() as session:
        keeping = await users.managers(session, by)
        row = await users.row_of(session, email)
        before = users.of(row)
        if await session.get(tables.Identity, row.id):
            raise AccountError(
                f"{row.name} signs in with the council’s own provider, which says their name, role and council at each "
                "sign-in; have it changed there."
            )
        if row.id == by.id and (role, council) != (before.role, before.council):
            raise AccountError("You cannot change your own role or council; ask another manager.")
        if (role, council) != (before.role, before.council):
            await _not_the_last(session, keeping, row, User(row.id, name, row.email, role, council, row.active))
        row.name, row.role, row.council = name.strip(), role.value, council
        session.add(row)
        after = users.of(row)
        if changed := difference(before, after):
            account_record.enter(session, row.id, AccountDeed.CHANGED, by, now, changed)
        return before, after


async def end_password(database: Database, email: str, now: datetime, by: Keeper = SERVICE) -> User:
    """Take an open account's password away, to be chosen anew by a link, and sign it out everywhere.

    Raises AccountError where there is no such account, it is closed or their own, or has no password here.
    """
    async with database.writing() as session:
        await users.managers(session, by)
        row = await users.with_password(session, email)
        if row.id == by.id:
            raise AccountError("You change your own password under “Your account”.")
        if not row.active:
            raise AccountError(f"The account of {row.name} is closed; open it first.")
        await session.exec(delete(tables.Credential).where(col(tables.Credential.user_id) == row.id))
        await users.end_others(session, row.id)
        account_record.enter(session, row.id, AccountDeed.PASSWORD_RESET, by, now)
        return users.of(row)


async def _not_the_last(
    session: AsyncSession, keeping: Sequence[tables.User], row: tables.User, after: User | None = None
) -> None:
    """Raises AccountError where nobody is left who keeps the accounts that this one keeps now and not afterwards."""
    if all(one.id != row.id for one in keeping):
        return
    if after and after.role is StaffRole.MANAGER and after.sees(row.council):
        return
    credential, identity = tables.Credential, tables.Identity
    usable = set(await session.exec(select(credential.user_id)))
    usable |= set(await session.exec(select(identity.user_id).where(col(identity.subject).is_not(None))))
    if not any(one.id != row.id and one.id in usable and users.of(one).sees(row.council) for one in keeping):
        raise AccountError(
            f"{row.name} is the last manager of {users.called(row.council)} who can sign in; "
            "make somebody else one first."
        )


def difference(before: User, after: User) -> str:
    """What changed, as the record has it: "role: officer → approver"."""
    changed = [
        f"{what}: {old} → {new}"
        for what, old, new in (
            ("name", before.name, after.name),
            ("role", before.role.value, after.role.value),
            ("council", users.called(before.council), users.called(after.council)),
        )
        if old != new
    ]
    return ", ".join(changed)
