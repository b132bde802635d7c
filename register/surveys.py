"""The questions after a case (L-24): links that are good for one answer, and the answers, apart from every case.

No row here has a reference, a name or a day: what somebody answers cannot be led back to their case.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete
from sqlmodel import col, select

from register import tables
from register.database import Database
from register.figures import FigureScope

QUESTIONS = ("told", "clear", "heard", "respect", "result")
"""The fields of an answer that are one of several; ``words`` is free."""


@dataclass(frozen=True)
class Survey:
    """What a link asks: which council's, and whether the review was refused."""

    council: str
    refused: bool


async def issue(database: Database, council: str, *, refused: bool, demo: bool) -> str:
    """A new link's secret; the register keeps only its hash."""
    token = secrets.token_urlsafe(16)
    async with database.writing() as session:
        session.add(tables.SurveyLink(id=_hashed(token), council=council, refused=refused, demo=demo))
    return token


async def asked(database: Database, token: str) -> Survey | None:
    """What this link asks; None where there is none of it, or it was answered."""
    async with database.session() as session:
        row = await session.get(tables.SurveyLink, _hashed(token))
        return Survey(row.council, row.refused) if row else None


async def answer(database: Database, token: str, given: dict[str, str], on: date) -> bool:
    """Keep an answer, and end its link; False where the link was good no more. ``given`` has QUESTIONS and words."""
    async with database.writing() as session:
        row = await session.get(tables.SurveyLink, _hashed(token))
        if row is None:
            return False
        gone = await session.exec(delete(tables.SurveyLink).where(col(tables.SurveyLink.id) == row.id))
        if gone.rowcount != 1:
            return False
        session.add(
            tables.SurveyAnswer(
                id=secrets.token_hex(16), council=row.council, month=on.replace(day=1), refused=row.refused,
                demo=row.demo, **{name: given.get(name, "") for name in (*QUESTIONS, "words")},
            )
        )  # fmt: skip
        return True


async def answers(database: Database, scope: FigureScope) -> list[tables.SurveyAnswer]:
    """The answers of the twelve months, of the councils in scope; in no order that tells of their cases."""
    table = tables.SurveyAnswer
    mine = [col(table.council) == scope.council] if scope.council else []
    wanted = (*mine, col(table.demo).is_(scope.demo), col(table.month) >= scope.since.replace(day=1))
    async with database.session() as session:
        return list((await session.exec(select(table).where(*wanted).order_by(table.id))).all())


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
