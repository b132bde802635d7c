"""Second factors of local accounts: an app's sealed secret, its codes taken once each, and recovery codes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from register import account_record, snapshots, tables, users
from register.account_record import AccountDeed, Keeper
from register.database import Database
from register.users import User


@dataclass(frozen=True)
class SecondFactor:
    """``sealed`` is the app's secret under the key ring, ``codes`` how many recovery codes are left."""

    sealed: str
    since: datetime
    last_step: int
    codes: int


async def of(database: Database, user: User) -> SecondFactor | None:
    """The second factor somebody signs in with, if they have one."""
    factor, code = tables.SecondFactor, tables.RecoveryCode
    async with database.session() as session:
        row = await session.get(factor, user.id)
        if row is None or not row.sealed or row.since is None:
            return None
        left = select(func.count()).where(code.user_id == user.id, col(code.used_at).is_(None))
        return SecondFactor(row.sealed, row.since, row.last_step, (await session.exec(left)).one())


async def holders(database: Database) -> frozenset[str]:
    """The ids of the accounts that have one."""
    factor = tables.SecondFactor
    async with database.session() as session:
        return frozenset(await session.exec(select(factor.user_id).where(factor.sealed != "")))


async def keys_in_use(database: Database) -> frozenset[str]:
    """The ids of the ring's keys under which a secret is sealed: without them it is lost."""
    factor = tables.SecondFactor
    async with database.session() as session:
        rows = await session.exec(select(factor.sealed, factor.offered))
        return frozenset(sealed.rpartition(":")[0] for row in rows for sealed in row if sealed)


async def offered(database: Database, user: User) -> str:
    """The sealed secret of an app that somebody is setting up; empty where they are not."""
    async with database.session() as session:
        row = await session.get(tables.SecondFactor, user.id)
        return row.offered if row else ""


async def offer(database: Database, user: User, sealed: str) -> str:
    """Keep the secret of a new app until its first code is right; what was offered before stands. The one kept."""
    factor = tables.SecondFactor
    async with database.writing() as session:
        await snapshots.keep_new(
            session, factor, [{"user_id": user.id, "sealed": "", "offered": "", "since": None, "last_step": 0}]
        )  # fmt: skip
        free = update(factor).where(col(factor.user_id) == user.id, col(factor.offered) == "")
        await session.exec(free.values(offered=sealed))
        return (await session.exec(select(factor.offered).where(factor.user_id == user.id))).one()


async def withdraw(database: Database, user: User, offered: str) -> None:
    """Forget an app that is not set up to its end, where it is still on offer."""
    factor = tables.SecondFactor
    async with database.writing() as session:
        same = update(factor).where(col(factor.user_id) == user.id, col(factor.offered) == offered)
        await session.exec(same.values(offered=""))


async def confirm(
    database: Database,
    user: User,
    offered: str,
    sealed: str,
    step: int,
    codes: Collection[str],
    now: datetime,
    *,
    stays: str,
) -> bool:
    """Sign in with the offered app from now on, its first code spent; whether it was still on offer.

    ``sealed`` is its secret as it is kept from now on, ``codes`` are the hashes of new recovery codes.
    Every browser but ``stays`` is signed out.
    """
    factor = tables.SecondFactor
    async with database.writing() as session:
        taken = update(factor).where(
            col(factor.user_id) == user.id, col(factor.offered) == offered, col(factor.offered) != ""
        )
        kept = taken.values(sealed=sealed, offered="", since=now, last_step=step).returning(col(factor.user_id))
        if not (await session.exec(kept)).all():
            return False
        await _replace_codes(session, user.id, codes)
        await users.end_others(session, user.id, stays)
        account_record.enter(session, user.id, AccountDeed.FACTOR_SET_UP, Keeper(user.id, user.name), now)
        return True


async def spend_step(database: Database, user: User, step: int) -> bool:
    """Take a code of the app; False where it, or a later one, was taken before."""
    factor = tables.SecondFactor
    async with database.writing() as session:
        taken = update(factor).where(col(factor.user_id) == user.id, col(factor.last_step) < step)
        return bool((await session.exec(taken.values(last_step=step).returning(col(factor.user_id)))).all())


async def spend_code(database: Database, user: User, hash: str, now: datetime) -> bool:
    """Take a recovery code; False where it is none of theirs or was taken before."""
    code = tables.RecoveryCode
    async with database.writing() as session:
        taken = update(code).where(col(code.user_id) == user.id, col(code.hash) == hash, col(code.used_at).is_(None))
        if not (await session.exec(taken.values(used_at=now).returning(col(code.user_id)))).all():
            return False
        account_record.enter(session, user.id, AccountDeed.CODE_USED, Keeper(user.id, user.name), now)
        return True


async def renew_codes(database: Database, user: User, codes: Collection[str], now: datetime) -> None:
    """Put these recovery codes, by their hashes, in the place of all there were."""
    async with database.writing() as session:
        await _replace_codes(session, user.id, codes)
        account_record.enter(session, user.id, AccountDeed.CODES_RENEWED, Keeper(user.id, user.name), now)


async def reseal(database: Database, user: User, before: str, sealed: str) -> None:
    """Put the same secret under another key, unless it was changed meanwhile."""
    factor = tables.SecondFactor
    async with database.writing() as session:
        same = update(factor).where(col(factor.user_id) == user.id, col(factor.sealed) == before)
        await session.exec(same.values(sealed=sealed))


async def turn_off(database: Database, user: User, now: datetime, *, stays: str) -> None:
    """Somebody signs in with a password alone from now on; every browser but ``stays`` is signed out."""
    async with database.writing() as session:
        await users.forget_factor(session, user.id)
        await users.end_others(session, user.id, stays)
        account_record.enter(session, user.id, AccountDeed.FACTOR_TURNED_OFF, Keeper(user.id, user.name), now)


async def reset(database: Database, email: str, now: datetime, by: Keeper) -> User:
    """Take somebody's second factor away and sign them out everywhere. Raises AccountError."""
    async with database.writing() as session:
        await users.managers(session, by)
        row = await users.row_of(session, email)
        if row.id == by.id:
            raise users.AccountError("You turn off your own second factor under “Your account”, with a code.")
        factor = await session.get(tables.SecondFactor, row.id)
        if factor is None or not factor.sealed:
            raise users.AccountError(f"{row.name} has no second factor here.")
        await users.forget_factor(session, row.id)
        await users.end_others(session, row.id)
        account_record.enter(session, row.id, AccountDeed.FACTOR_RESET, by, now)
        return users.of(row)


async def _replace_codes(session: AsyncSession, user_id: str, codes: Collection[str]) -> None:
    code = tables.RecoveryCode
    await session.exec(delete(code).where(col(code.user_id) == user_id))
    await snapshots.keep_new(session, code, [{"user_id": user_id, "hash": hash, "used_at": None} for hash in codes])
