"""Acts on their way to their cases: kept once, found again as they stand, and shown until they were answered."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.events import Actor, HoldEnded, NoteAdded, Role
from domain.messages import Start
from register import pending_acts, taking_in
from register.cases import UnknownCase
from register.database import Database
from register.unsent import KEPT_FOR
from tests.register import examples
from tests.register.examples import CALENDAR, NOW, policy

JO, ROBIN = Actor(role=Role.OFFICER, name="Jo Ward"), Actor(role=Role.OFFICER, name="Robin Second")
NOTE = NoteAdded(text="She rang.")
GRACE = timedelta(seconds=30)


@pytest_asyncio.fixture
async def start(database: Database) -> Start:
    return await taking_in.take_in(database, examples.form(), policy(), CALENDAR, by=JO, now=NOW)


async def test_kept_twice_at_once_under_one_id_it_is_one(database: Database, start: Start) -> None:
    kept = (pending_acts.keep(database, start.reference, NOTE, JO, NOW, id="one") for _ in range(3))
    assert len(set(await asyncio.gather(*kept))) == 1
    assert await pending_acts.unanswered(database, GRACE, NOW + timedelta(seconds=29)) == []
    (one,) = await pending_acts.unanswered(database, GRACE, NOW + GRACE)
    assert (one.reference, one.what, one.by) == (start.reference, NOTE, JO)
    with pytest.raises(UnknownCase):
        await pending_acts.keep(database, "DOV-1999-0001", NOTE, JO, NOW, id="one")


async def test_only_the_same_words_of_the_same_person_are_the_same_act(database: Database, start: Start) -> None:
    await pending_acts.keep(database, start.reference, NOTE, JO, NOW, id="one")
    found = await pending_acts.same(database, start.reference, NOTE, JO)
    assert found is not None
    assert found.id == "one"
    for what, by in ((NOTE, ROBIN), (NoteAdded(text="She rang twice."), JO), (HoldEnded(), JO)):
        assert await pending_acts.same(database, start.reference, what, by) is None
    await pending_acts.answered(database, start.reference, "one")
    assert await pending_acts.same(database, start.reference, NOTE, JO) is None


async def test_what_is_left_is_sent_again_at_once_and_a_refusal_is_shown_until_it_is_seen(
    database: Database, start: Start
) -> None:
    for number, id in enumerate(("late", "early")):
        at = NOW - timedelta(minutes=number)
        await pending_acts.keep(database, start.reference, NOTE, JO, at, id=id)
    assert await pending_acts.of_case(database, start.reference) == []
    for id in ("late", "early"):
        await pending_acts.leave(database, start.reference, id)
    assert [one.id for one in await pending_acts.unanswered(database, GRACE, NOW)] == ["early", "late"]
    await pending_acts.refuse(database, start.reference, "early", "the case is closed", NOW)
    assert [one.id for one in await pending_acts.unanswered(database, GRACE, NOW)] == ["late"]
    assert await pending_acts.same(database, start.reference, NOTE, JO) is not None
    shown = await pending_acts.of_case(database, start.reference)
    assert [(one.id, one.refused) for one in shown] == [("early", "the case is closed"), ("late", "")]
    for id in ("early", "late"):
        await pending_acts.seen(database, start.reference, id)
    assert [one.id for one in await pending_acts.of_case(database, start.reference)] == ["late"]


async def test_a_refusal_nobody_looks_at_is_deleted_in_the_end_and_what_waits_is_not(
    database: Database, start: Start
) -> None:
    for id in ("refused", "waits"):
        await pending_acts.keep(database, start.reference, NOTE, JO, NOW, id=id)
        await pending_acts.leave(database, start.reference, id)
    await pending_acts.refuse(database, start.reference, "refused", "no", NOW)
    assert await pending_acts.forget(database, NOW + KEPT_FOR - timedelta(seconds=1)) == 0
    assert await pending_acts.forget(database, NOW + KEPT_FOR) == 1
    assert [one.id for one in await pending_acts.of_case(database, start.reference)] == ["waits"]


async def test_sent_anew_under_its_id_an_act_is_refused_no_longer(database: Database, start: Start) -> None:
    await pending_acts.keep(database, start.reference, NOTE, JO, NOW, id="one")
    await pending_acts.refuse(database, start.reference, "one", "not now", NOW)
    again = await pending_acts.keep(database, start.reference, NOTE, JO, NOW, id="one")
    assert (again.refused, again.refused_at) == ("", None)
