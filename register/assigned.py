"""What still waits for somebody: the open cases they look after, and what they proposed to a second person."""

from dataclasses import dataclass

from sqlalchemy import true
from sqlmodel import col, select

from domain.case import Stage
from register import tables
from register.database import Database
from register.drafts import Begun
from register.users import EVERY_COUNCIL, User

_OVER = tuple(stage.value for stage in Stage if stage.over)


@dataclass(frozen=True)
class Waiting:
    """``cases`` are references, what is due first first; ``proposals`` the references of what they proposed."""

    cases: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cases or self.proposals)


async def to(database: Database, user: User) -> Waiting:
    """What waits for somebody. A case knows its officer by name, so that of two of one name it waits for both."""
    case, draft = tables.Case, tables.Draft
    council = true() if user.council == EVERY_COUNCIL else col(case.council) == user.council
    theirs = (council, case.officer == user.name, col(case.stage).not_in(_OVER))
    proposed = (draft.user_id == user.id, draft.kind == Begun.PROPOSAL.value)
    async with database.session() as session:
        cases = await session.exec(
            select(case.reference).where(*theirs).order_by(col(case.next_due).asc().nulls_last(), col(case.reference))
        )
        proposals = await session.exec(select(draft.reference).where(*proposed).order_by(col(draft.created_at)))
        return Waiting(tuple(cases), tuple(proposals))


async def councils(database: Database) -> frozenset[str]:
    """The councils of the cases there are."""
    async with database.session() as session:
        return frozenset(await session.exec(select(tables.Case.council).distinct()))
