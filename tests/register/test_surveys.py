"""Answers to the questions after a case: one for each link, and nothing in them that leads back to the case."""

from __future__ import annotations

import asyncio
from datetime import date

from sqlmodel import select

from register import surveys, tables
from register.database import Database
from register.figures import FigureScope

GIVEN = {"told": "yes", "clear": "partly", "result": "better", "words": "Ring me sooner."}
ON = date(2026, 4, 17)  # Fri
SCOPE = FigureScope("dover", date(2026, 5, 4))  # Mon


async def test_a_link_is_good_for_one_answer_however_often_it_is_sent(database: Database) -> None:
    token = await surveys.issue(database, "dover", refused=False, demo=False)
    assert await surveys.asked(database, token) == surveys.Survey("dover", refused=False)
    taken = await asyncio.gather(*(surveys.answer(database, token, GIVEN, ON) for _ in range(4)))
    assert sorted(taken) == [False, False, False, True]
    assert await surveys.asked(database, token) is None
    assert len(await surveys.answers(database, SCOPE)) == 1


async def test_an_answer_has_no_name_no_reference_and_no_day(database: Database) -> None:
    columns = {*tables.SurveyAnswer.model_fields, *tables.SurveyLink.model_fields}
    assert not columns & {"reference", "name", "person", "letter", "at", "on"}
    token = await surveys.issue(database, "dover", refused=True, demo=False)
    async with database.session() as session:
        kept = (await session.exec(select(tables.SurveyLink))).all()
    assert token not in {row.id for row in kept}
    await surveys.answer(database, token, GIVEN, ON)
    (row,) = await surveys.answers(database, SCOPE)
    assert row.month == date(2026, 4, 1)  # Wed
    assert (row.told, row.clear, row.heard, row.result, row.words) == ("yes", "partly", "", "better", "Ring me sooner.")


async def test_answers_are_counted_by_council_year_and_apart_from_demonstrations(database: Database) -> None:
    for council, demo, on in (
        ("dover", False, ON), ("dover", True, ON), ("medway", False, ON), ("dover", False, date(2025, 3, 3)),  # Mon
    ):  # fmt: skip
        token = await surveys.issue(database, council, refused=False, demo=demo)
        assert await surveys.answer(database, token, GIVEN, on)
    assert len(await surveys.answers(database, SCOPE)) == 1
    assert len(await surveys.answers(database, FigureScope(None, SCOPE.today))) == 2
    assert len(await surveys.answers(database, FigureScope("dover", SCOPE.today, demo=True))) == 1
    assert not await surveys.answer(database, "nothing", GIVEN, ON)
