"""How references are numbered: one after another for a council and a year, and past a gap once a backup came back."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import col, select

from domain.calendar import LONDON
from domain.policy import Policy
from register import snapshots, tables
from register.database import Database

_GAP = 1000


def name_of(policy: Policy, made_at: datetime) -> str:
    """What a council's references of a year begin with: ``DOV-2026``."""
    return f"{policy.id.replace('-', '')[:3].upper()}-{made_at.astimezone(LONDON).year}"


def past_a_gap(counted: Mapping[str, int], since: datetime, now: datetime) -> dict[str, int]:
    """The numbers that references go on after, by name, where nobody knows which were given since an instant.

    ``counted`` are the last numbers known, counters of other things among them. Each council that ever gave a reference
    goes on at the next thousand, in every year since then.
    """
    names = {name for name in counted if len(name) == 8 and name[3] == "-" and name[4:].isdigit()}
    years = range(since.astimezone(LONDON).year, now.astimezone(LONDON).year + 1)
    wanted = names | {f"{name[:3]}-{year}" for name in names for year in years}
    return {name: (counted.get(name, 0) // _GAP + 1) * _GAP for name in sorted(wanted)}


async def leave_a_gap(database: Database, since: datetime, now: datetime) -> dict[str, int]:
    """Have a register that was brought back from a backup of that instant go on past a gap; see ``past_a_gap``."""
    counter = tables.Counter
    async with database.writing() as session:
        counted = dict((await session.exec(select(counter.name, counter.last).order_by(col(counter.name)))).all())
        numbers = past_a_gap(counted, since, now)
        for name, last in numbers.items():
            await snapshots.count_from(session, name, last)
    return numbers
