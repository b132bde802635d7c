"""The accounts of a first start on one machine: made where there are none, their passwords told once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from office import passwords
from register import users
from register.database import Database
from register.users import EVERY_COUNCIL, StaffRole

COUNCIL = "dover"
_FIRST = (
    ("Maya Ellis", "officer@example.org", StaffRole.OFFICER, COUNCIL),
    ("Tom Okafor", "approver@example.org", StaffRole.APPROVER, COUNCIL),
    ("Priya Nair", "manager@example.org", StaffRole.MANAGER, EVERY_COUNCIL),
)


@dataclass(frozen=True)
class FirstAccount:
    email: str
    password: str
    words: str


async def make(database: Database) -> tuple[FirstAccount, ...]:
    """An officer, an approver and a manager; nothing where anybody has an account already."""
    if await users.listed(database):
        return ()
    made = []
    for name, email, role, council in _FIRST:
        password = passwords.fresh()
        await users.add(
            database, name=name, email=email, role=role, council=council,
            hash=await passwords.hashed(password), now=datetime.now(UTC),
        )  # fmt: skip
        whose = "every council" if council == EVERY_COUNCIL else council.title()
        made.append(FirstAccount(email, password, f"{role.value} of {whose}"))
    return tuple(made)
