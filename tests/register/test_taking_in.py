import asyncio
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from domain.application import Person, Representative
from domain.calendar import ClosedDay
from domain.messages import Party, Start
from register import queries, tables, taking_in
from register.cases import UnknownCase
from register.database import Database
from tests.register import examples
from tests.register.examples import CALENDAR, NOW, OFFICER, policy


async def take_in(database: Database, **changed: object) -> Start:
    form = examples.form(**changed)
    return await taking_in.take_in(database, form, policy(), CALENDAR, by=OFFICER, now=NOW)


async def test_an_application_gets_a_reference_of_its_council_and_year(database: Database) -> None:
    first = await take_in(database)
    second = await take_in(database)
    assert [first.reference, second.reference] == ["DOV-2026-0001", "DOV-2026-0002"]


async def test_each_council_and_each_year_count_for_themselves(database: Database) -> None:
    await take_in(database)
    earlier = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # Wed
    old = (examples.incident(date(2025, 11, 3)),)  # Mon
    medway = await taking_in.take_in(database, examples.form(), policy("medway"), CALENDAR, by=OFFICER, now=NOW)
    assert medway.reference == "MED-2026-0001"
    assert (await take_in(database, made_at=earlier, incidents=old)).reference == "DOV-2025-0001"


async def test_the_year_is_london_s(database: Database) -> None:
    midsummer_midnight = datetime(2025, 12, 31, 23, 30, tzinfo=UTC) + timedelta(minutes=31)  # Thu
    start = await take_in(database, made_at=midsummer_midnight, incidents=(examples.incident(date(2025, 12, 1)),))
    assert start.reference == "DOV-2026-0001"


async def test_a_start_carries_the_policy_the_calendar_and_nobody_s_name(database: Database) -> None:
    start = await take_in(database, representative=examples.representative())
    assert start.policy == policy()
    assert start.calendar == CALENDAR
    assert start.by == OFFICER
    assert [incident.id for incident in start.application.incidents] == ["I1", "I2", "I3"]
    text = start.application.model_dump_json()
    assert "Ann Reed" not in text
    assert "example.org" not in text


async def test_the_people_stay_in_the_register_as_they_were_given(database: Database) -> None:
    start = await take_in(database, representative=examples.representative())
    applicant = await queries.person(database, start.application.applicant)
    somebody = await queries.person(database, start.application.representative)
    assert applicant is not None
    assert somebody is not None
    assert applicant.details == examples.person()
    assert applicant.role is Party.APPLICANT
    assert somebody.details == examples.representative()
    assert isinstance(somebody.details, Representative)
    assert await queries.person(database, "DOV-2026-0001-P9") is None


async def test_a_time_without_an_offset_is_london_time(database: Database) -> None:
    start = await take_in(database)
    assert start.made_at == datetime(2026, 4, 1, 9, 30, tzinfo=UTC)  # Wed, 10:30 in summer time


async def test_without_a_time_the_application_was_made_now(database: Database) -> None:
    assert (await take_in(database, made_at=None)).made_at == NOW


async def test_dates_that_cannot_be_are_refused_one_sentence_each_and_nothing_is_kept(
    database: Database,
) -> None:
    late = examples.incident(date(2026, 4, 13))  # Mon
    with pytest.raises(taking_in.NotTakenIn) as caught:
        await take_in(
            database,
            made_at=datetime(2026, 4, 10, 12, tzinfo=UTC),  # Fri
            incidents=(examples.incident(), late),
        )
    assert caught.value.sentences == [
        "made_at: Friday 10 April 2026, 13:00, has not come yet; give the day the application reached the council.",
        "incidents.1.reported: Monday 13 April 2026 is after the application was made, Friday 10 April 2026; "
        "correct a date.",
    ]
    assert isinstance(caught.value, ValueError)
    assert await queries.cases(database, today=NOW.date()) == []


async def test_the_same_intake_key_gives_the_same_case(database: Database) -> None:
    form = examples.form()
    starts = [
        await taking_in.take_in(
            database, form, policy(), CALENDAR, by=OFFICER, now=NOW + timedelta(days=days), intake_key="web-7"
        )
        for days in range(2)
    ]
    assert starts[0] == starts[1]
    assert (await take_in(database)).reference == "DOV-2026-0002"


async def test_twenty_at_once_get_twenty_references_without_a_gap(database: Database) -> None:
    starts = await asyncio.gather(*(take_in(database) for _ in range(20)))
    assert sorted(start.reference for start in starts) == [f"DOV-2026-{n:04d}" for n in range(1, 21)]


async def test_one_intake_key_twenty_times_at_once_is_one_case(database: Database, url: str) -> None:
    async with Database(url) as other:
        starts = await asyncio.gather(
            *(
                taking_in.take_in(one, examples.form(), policy(), CALENDAR, by=OFFICER, now=NOW, intake_key="web-8")
                for one in (database, other)
                for _ in range(10)
            )
        )
    assert {start.reference for start in starts} == {"DOV-2026-0001"}
    assert (await take_in(database)).reference == "DOV-2026-0002"


async def test_a_reference_that_was_given_before_a_backup_came_back_is_left_out(database: Database) -> None:
    asked: list[str] = []

    async def free(reference: str) -> bool:
        asked.append(reference)
        return reference > "DOV-2026-0003"

    whole = {"by": OFFICER, "now": NOW, "intake_key": "web-9", "free": free}
    starts = [await taking_in.take_in(database, examples.form(), policy(), CALENDAR, **whole) for _ in range(2)]  # type: ignore[arg-type]
    assert [start.reference for start in starts] == ["DOV-2026-0004"] * 2
    assert asked == [f"DOV-2026-000{n}" for n in range(1, 5)]


async def test_where_nobody_can_say_which_references_were_given_the_number_is_by_chance(database: Database) -> None:
    async def unknown(reference: str) -> None:
        return None

    starts = [
        await taking_in.take_in(database, examples.form(), policy(), CALENDAR, by=OFFICER, now=NOW, free=unknown)
        for _ in range(3)
    ]
    assert len({start.reference for start in starts}) == 3
    assert all(re.fullmatch(r"DOV-2026-\d{6}", start.reference) for start in starts)


async def test_a_policy_is_kept_once_with_its_directory(database: Database) -> None:
    await take_in(database)
    await take_in(database)
    async with database.session() as session:
        assert len((await session.exec(select(tables.PolicyVersion))).all()) == 1
        agencies = (await session.exec(select(tables.Agency.id))).all()
    assert sorted(agencies) == sorted(agency.id for agency in policy().agencies)


async def test_a_case_keeps_the_calendar_it_was_given(database: Database) -> None:
    first = await take_in(database)
    declared = CALENDAR.with_holidays(ClosedDay(date=date(2026, 6, 8), name="Coronation"))  # Mon
    await taking_in.take_in(database, examples.form(), policy(), declared, by=OFFICER, now=NOW)
    stored = await queries.case(database, first.reference)
    assert stored is not None
    assert stored.calendar == CALENDAR


async def test_unstarted_cases_are_found_until_they_are_marked(database: Database) -> None:
    start = await take_in(database)
    minute = timedelta(minutes=1)
    assert await taking_in.unstarted(database, minute, NOW) == []
    assert await taking_in.unstarted(database, minute, NOW + minute) == [start]
    await taking_in.mark_started(database, start.reference)
    assert await taking_in.unstarted(database, minute, NOW + minute) == []


async def test_a_new_case_stands_in_the_list_before_its_workflow_runs(database: Database) -> None:
    await take_in(database)
    (row,) = await queries.cases(database, today=NOW.date())
    assert (row.stage, row.must_act, row.started) == ("received", "service", False)


async def test_somebody_can_be_added_to_a_case(database: Database) -> None:
    start = await take_in(database)
    somebody = Person(name="Kim Lane", email="kim.lane@example.org")
    id = await taking_in.add_person(database, start.reference, somebody, Party.REPRESENTATIVE, now=NOW)
    assert id == f"{start.reference}-P2"
    found = await queries.person(database, id)
    assert found is not None
    assert (found.details, found.role) == (somebody, Party.REPRESENTATIVE)


async def test_an_unknown_reference_is_refused(database: Database) -> None:
    with pytest.raises(UnknownCase, match="There is no case DOV-2026-0404"):
        await taking_in.mark_started(database, "DOV-2026-0404")
    with pytest.raises(UnknownCase):
        await taking_in.add_person(database, "DOV-2026-0404", examples.person(), Party.REPRESENTATIVE, now=NOW)
