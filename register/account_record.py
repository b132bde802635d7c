"""What was done to accounts, by whom and when. Only ever added to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from register import tables
from register.database import Database

EVERY_COUNCIL = "*"


class AccountDeed(StrEnum):
    """What can be done to an account, in words."""

    MADE = "account made"
    INVITED = "invitation sent"
    NOT_INVITED = "invitation could not be sent"
    CHANGED = "account changed"
    CLOSED = "account closed"
    OPENED = "account opened again"
    JOINED = "account joined to the sign-in provider"
    PASSWORD_RESET = "password reset"
    PASSWORD_CHOSEN = "password chosen"
    FACTOR_SET_UP = "second factor set up"
    FACTOR_TURNED_OFF = "second factor turned off"
    FACTOR_RESET = "second factor reset"
    CODE_USED = "recovery code used"
    CODES_TRIED = "right password, then too many wrong codes"
    CODES_RENEWED = "new recovery codes made"


@dataclass(frozen=True)
class Keeper:
    """Who does something to an account. ``id`` is their own account's, empty where it is no account's."""

    id: str
    name: str


SERVICE = Keeper("", "the service")
COMMAND_LINE = Keeper("", "the command line")


@dataclass(frozen=True)
class Entry:
    """One thing that was done. ``whose`` is the account's name as it is now, ``words`` what was before and after."""

    at: datetime
    user_id: str
    whose: str
    deed: AccountDeed
    words: str
    by: str


def enter(session: AsyncSession, user_id: str, deed: AccountDeed, by: Keeper, now: datetime, words: str = "") -> None:
    """Write it down with what it is about: both are kept, or neither."""
    row = tables.AccountEntry(
        at=now, user_id=user_id, deed=deed.value, words=words, by_id=by.id, by_name=by.name
    )  # fmt: skip
    session.add(row)


async def add(database: Database, user_id: str, deed: AccountDeed, by: Keeper, now: datetime, words: str = "") -> None:
    """Write down what was done outside the register."""
    async with database.writing() as session:
        enter(session, user_id, deed, by, now, words)


async def add_once(
    database: Database, user_id: str, deed: AccountDeed, by: Keeper, now: datetime, within: timedelta
) -> bool:
    """Write it down unless it was within that time before; whether it is written down now."""
    entry = tables.AccountEntry
    async with database.writing() as session:
        same = (entry.user_id == user_id, entry.deed == deed.value, col(entry.at) > now - within)
        if (await session.exec(select(entry.id).where(*same).limit(1))).first() is not None:
            return False
        enter(session, user_id, deed, by, now)
        return True


async def listed(
    database: Database, council: str = EVERY_COUNCIL, user_id: str = "", *, at_most: int = 500
) -> list[Entry]:
    """What was done to the accounts of a council, or of every one, or to one account; the latest first."""
    entry, user = tables.AccountEntry, tables.User
    wanted = select(entry, user.name).join(user, col(user.id) == col(entry.user_id))
    if council != EVERY_COUNCIL:
        wanted = wanted.where(user.council == council)
    if user_id:
        wanted = wanted.where(user.id == user_id)
    async with database.session() as session:
        rows = await session.exec(wanted.order_by(col(entry.at).desc(), col(entry.id).desc()).limit(at_most))
        return [Entry(row.at, row.user_id, whose, AccountDeed(row.deed), row.words, row.by_name) for row, whose in rows]
