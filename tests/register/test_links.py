"""Links and visits on either database: issued once, printed again, revoked, renewed, shut by time."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from register import links, reads, taking_in, visits
from register.database import Database
from register.links import ALPHABET, Link, LinkPurpose, LinkState
from tests.register import examples

NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)  # Thu
LASTS, AFTER = timedelta(days=180), timedelta(days=90)
IDLE, LONGEST = timedelta(minutes=60), timedelta(hours=10)


async def case(database: Database) -> str:
    start = await taking_in.take_in(
        database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=NOW
    )
    return start.reference


async def issued(database: Database, reference: str, now: datetime = NOW, holder: str = "P1") -> Link:
    link = await links.issue(database, reference, LinkPurpose.PROGRESS, holder, key_id="k1", now=now, lasts=LASTS)
    assert link is not None
    return link


async def test_a_link_is_issued_once_however_often_it_is_printed_and_each_time_lasts_longer(database: Database) -> None:
    reference = await case(database)
    first = await issued(database, reference)
    again = await issued(database, reference, NOW + timedelta(days=20))
    assert again.id == first.id
    assert again.expires_at == first.expires_at + timedelta(days=20)
    assert (await issued(database, reference)).expires_at == again.expires_at
    assert len(first.id) == 8
    assert set(first.id) <= set(ALPHABET)
    assert (await issued(database, reference, holder="P2")).id != first.id


async def test_two_who_issue_at_once_get_the_same_link(database: Database) -> None:
    reference = await case(database)
    found = await asyncio.gather(*(issued(database, reference) for _ in range(4)))
    assert len({one.id for one in found}) == 1
    assert len(await links.of_case(database, reference)) == 1


async def test_a_revoked_link_is_not_printed_again_until_somebody_makes_a_new_one(database: Database) -> None:
    reference = await case(database)
    first = await issued(database, reference)
    await visits.begin(database, "browser", first.id, NOW)
    revoked = await links.revoke(database, first.id, by="Jo Ward", now=NOW)
    assert (revoked.revoked_by, revoked.state(NOW, ended=None, after=AFTER)) == ("Jo Ward", LinkState.REVOKED)
    assert not await visits.going_on(database, "browser", first.id, NOW, IDLE, LONGEST)
    assert await links.issue(database, reference, LinkPurpose.PROGRESS, "P1", key_id="k1", now=NOW, lasts=LASTS) is None
    second = await links.renew(database, first.id, by="Tom", key_id="k2", now=NOW, lasts=LASTS)
    assert (second.number, second.key_id) == (2, "k2")
    assert (await issued(database, reference)).id == second.id
    known = await links.by_id(database, first.id)
    assert known is not None
    assert known.revoked_by == "Jo Ward"
    with pytest.raises(KeyError):
        await links.revoke(database, "00000000", by="Jo", now=NOW)


async def test_a_link_ends_in_time_and_soon_after_its_case(database: Database) -> None:
    link = await issued(database, await case(database))
    assert link.state(NOW + LASTS - timedelta(seconds=1), ended=None, after=AFTER) is LinkState.LIVE
    assert link.state(NOW + LASTS, ended=None, after=AFTER) is LinkState.EXPIRED
    assert link.state(NOW + AFTER - timedelta(seconds=1), ended=NOW, after=AFTER) is LinkState.LIVE
    assert link.state(NOW + AFTER, ended=NOW, after=AFTER) is LinkState.EXPIRED


async def test_a_browser_keeps_what_it_has_open_when_it_opens_another_link(database: Database) -> None:
    reference = await case(database)
    one, two = await issued(database, reference), await issued(database, reference, holder="P2")
    await visits.begin(database, "first", one.id, NOW)
    await visits.begin(database, "second", two.id, NOW, before="first")
    assert await visits.going_on(database, "second", one.id, NOW, IDLE, LONGEST)
    assert await visits.going_on(database, "second", two.id, NOW, IDLE, LONGEST)
    assert not await visits.going_on(database, "first", one.id, NOW, IDLE, LONGEST)
    await visits.begin(database, "third", one.id, NOW, before="second")
    assert await visits.going_on(database, "third", one.id, NOW, IDLE, LONGEST)
    await visits.end(database, "third")
    assert not await visits.going_on(database, "third", two.id, NOW, IDLE, LONGEST)


async def test_a_visit_ends_after_an_idle_hour_and_after_ten_hours(database: Database) -> None:
    link = await issued(database, await case(database))
    await visits.begin(database, "browser", link.id, NOW)
    await visits.begin(database, "idle", link.id, NOW)
    assert not await visits.going_on(database, "idle", link.id, NOW + IDLE, IDLE, LONGEST)
    seen = NOW
    for _ in range(11):
        seen += timedelta(minutes=50)
        assert await visits.going_on(database, "browser", link.id, seen, IDLE, LONGEST)
    assert not await visits.going_on(database, "browser", link.id, NOW + LONGEST, IDLE, LONGEST)
    await visits.forget_old(database, NOW + timedelta(seconds=1))
    assert await visits.number(database) == 0


async def test_a_look_by_a_link_is_kept_with_who_came_by_it(database: Database) -> None:
    link = await issued(database, await case(database))
    await reads.record_visit(database, link, "Ann Reed", "how the case is going", NOW)
    (looked,) = await reads.of_case(database, link.reference)
    assert (looked.name, looked.role, looked.what) == ("Ann Reed", "link: progress", "how the case is going")
    known = await links.by_id(database, link.id)
    assert known is not None
    assert known.used_at == NOW
