"""What becomes of a new link, whatever its case says of it: who may, what is shown, what is made."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from connection.keys import KeyRing
from connection.signature import Signer
from connection.updates import Done, NotAllowed, Over
from domain.events import Actor, Role
from domain.messages import Accepted
from domain.terms import LinkPurpose
from office.acting import Left, Outcome
from office.new_links import NOT_YOURS, NotMade, made, renewal
from post.link_desk import LinkDesk
from register import links, taking_in
from register.database import Database
from register.links import Link
from tests.register import examples
from tests.register.fresh import with_tables
from tests.support import clock

ADDRESS = "https://asb.example.gov.uk"
MAYA = Actor(role=Role.OFFICER, name="Maya Ellis")
DONE = Done(Accepted(event="e9", kind="link.renewed", stage="appeal", waiting="the hearing"))
LEFT = Left("id", "This is left and kept: no worker answers. It will be taken up")
PERSON = LinkPurpose.PROGRESS
HELD = {PERSON: "P1", LinkPurpose.CHAIR: "seat-1", LinkPurpose.APPEAL: "1", LinkPurpose.ENQUIRY: "police"}


class Town:
    def __init__(self, database: Database, reference: str) -> None:
        self.database, self.reference = database, reference
        lasts = timedelta(days=180)
        self.desk = LinkDesk(database, Signer(KeyRing.fresh()), ADDRESS, lasts=lasts, after_end=lasts)

    async def link(self, purpose: LinkPurpose) -> Link:
        await self.desk.printed(self.reference, purpose, HELD[purpose])
        return await self.latest(purpose)

    async def latest(self, purpose: LinkPurpose) -> Link:
        known = await links.of_case(self.database, self.reference)
        return next(link for link in known if link.purpose is purpose)


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with Database(with_tables(f"sqlite:///{tmp_path}/register.db")) as database:
        start = await taking_in.take_in(
            database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT,
            now=clock.now(), demo=False,
        )  # fmt: skip
        yield Town(database, start.reference)


@pytest.mark.parametrize("purpose", HELD)
async def test_only_a_person_s_own_new_link_is_shown_and_every_old_one_is_over(
    town: Town, purpose: LinkPurpose
) -> None:
    old = await town.link(purpose)
    new = await made(town.desk, old, DONE, MAYA)
    assert new.address.startswith(f"{ADDRESS}/l/") is (purpose is PERSON)
    assert bool(new.address) is (purpose is PERSON)
    assert (await town.latest(purpose)).id == new.link.id != old.id
    again = await made(town.desk, old, DONE, MAYA)
    assert again == new
    ended = await links.by_id(town.database, old.id)
    assert ended is not None
    assert (ended.revoked_by, ended.revoked_at is not None) == (MAYA.name, True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OFFICER])
@pytest.mark.parametrize("outcome", [DONE, LEFT, Over("it is closed")], ids=["done", "left", "over"])
async def test_nobody_else_makes_one_whatever_the_case_says(town: Town, role: Role, outcome: Outcome) -> None:
    old = await town.link(PERSON)
    with pytest.raises(NotMade, match=NOT_YOURS):
        await made(town.desk, old, outcome, Actor(role=role, name="Somebody"))
    assert await town.latest(PERSON) == old


async def test_where_nobody_answers_the_link_is_made_and_it_is_said_that_the_case_hears_later(town: Town) -> None:
    new = await made(town.desk, await town.link(PERSON), LEFT, MAYA)
    assert (bool(new.address), new.later) == (True, LEFT.sentence)


@pytest.mark.parametrize(
    "outcome", [NotAllowed("nobody holds it"), Left("id", "It is not certain", kept=False)], ids=["refused", "lost"]
)
async def test_what_the_case_refuses_or_nobody_keeps_makes_none(town: Town, outcome: Outcome) -> None:
    old = await town.link(PERSON)
    with pytest.raises(NotMade):
        await made(town.desk, old, outcome, MAYA)
    assert await town.latest(PERSON) == old


async def test_of_a_case_that_is_over_only_a_person_may_have_a_new_one(town: Town) -> None:
    assert (await made(town.desk, await town.link(PERSON), Over("it is closed"), MAYA)).address
    chair = await town.link(LinkPurpose.CHAIR)
    with pytest.raises(NotMade, match="it is closed"):
        await made(town.desk, chair, Over("it is closed"), MAYA)
    assert await town.latest(LinkPurpose.CHAIR) == chair


async def test_the_act_names_the_link_and_never_what_makes_it_work(town: Town) -> None:
    old = await town.link(LinkPurpose.APPEAL)
    body, id = renewal(old)
    assert (body.link, body.holder, id) == (old.id, "1", f"new-link-{old.id}")
    assert town.desk.signer.token(old)[10:] not in body.model_dump_json()
