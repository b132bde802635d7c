"""The cases of somebody whose account is closed: the council's team looks after them until somebody else is named."""

from __future__ import annotations

import uuid
from datetime import datetime

from domain.events import Actor, OfficerAssigned, Role
from register import assigned, pending_acts, queries
from register.database import Database
from register.users import User


async def to_the_team(database: Database, user: User, by: str, now: datetime) -> tuple[str, ...]:
    """Leave word to each open case that somebody looks after, so that its letters go to the team's mailbox; the
    references of those cases. A case whose officer has the same name and another address is another person's."""
    handed = []
    for reference in (await assigned.to(database, user)).cases:
        stored = await queries.case(database, reference)
        officer = stored.folded().officer if stored else None
        contact = stored.policy.contact if stored else None
        if officer is None or contact is None:
            continue
        if officer.email and officer.email.casefold() != user.email.casefold():
            continue
        what = OfficerAssigned(officer=contact.team, email=contact.email, taken_from=officer.officer)
        id = uuid.uuid4().hex
        await pending_acts.keep(database, reference, what, Actor(role=Role.OPERATIONS, name=by), now, id=id)
        await pending_acts.leave(database, reference, id)
        handed.append(reference)
    return tuple(handed)
