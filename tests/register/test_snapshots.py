import json

from register import snapshots, tables
from register.database import Database
from tests.register.examples import CALENDAR, NOW, policy


async def test_a_policy_and_a_calendar_come_back_as_they_were(database: Database) -> None:
    async with database.writing() as session:
        kept = [await snapshots.keep_policy(session, policy(), NOW) for _ in range(2)]
        calendar = await snapshots.keep_calendar(session, CALENDAR, NOW)
    async with database.session() as session:
        assert await snapshots.policy(session, kept[0]) == policy()
        assert await snapshots.calendar(session, calendar) == CALENDAR
    assert kept[0] == kept[1]
    assert calendar == CALENDAR.hash


async def test_a_policy_kept_with_a_field_the_code_no_longer_has_is_still_read(database: Database) -> None:
    document = json.loads(policy().model_dump_json()) | {"dropped": "since"}
    document["agencies"][0]["fax"] = "01304 000000"
    row = tables.PolicyVersion(hash="old", id="dover", version="1", document=json.dumps(document), kept_at=NOW)
    async with database.writing() as session:
        session.add(row)
    async with database.session() as session:
        assert await snapshots.policy(session, "old") == policy()
