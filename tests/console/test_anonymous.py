"""An application without a name is kept, counted, told how it can be heard, and goes on once there is a name."""

import json

import pytest

from domain import events as e
from domain.application import NOT_NAMED, ApplicationForm, Representative, carried, with_a_name
from domain.events import Actor, Role
from register import queries
from tests.console.applicant import PLACE, begun
from tests.console.office import House
from tests.workflows.life import Life, form

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

APPLICANT = Actor(role=Role.APPLICANT)


def anonymous(**changes: object) -> ApplicationForm:
    whole = json.loads(form().model_dump_json(exclude_none=True))
    nameless = {"anonymous": True, "applicant": {"email": "nobody@example.org"}}
    return ApplicationForm.model_validate(with_a_name(whole | nameless | changes))


async def test_it_is_a_case_like_any_other_told_how_it_can_be_heard_and_goes_on_with_a_name(house: House) -> None:
    life = await Life.begin(house.desk, application=anonymous())
    assert await life.stage() == "awaiting details"
    (told,) = [mail for mail in life.mails("nobody@example.org") if "We need something more" in mail.subject]
    for words in ("If you do not want to give your name", "The law asks for no name.", "Ask somebody to act for you"):
        assert words in " ".join(told.text.split()), words
    await life.act(e.DetailsReceived(named=True), APPLICANT)
    assert await life.stage() == "verifying reports"
    stored = await queries.case(house.office.database, life.reference)
    assert stored is not None
    assert "anonymous" not in json.loads(stored.folded().application.model_dump_json(exclude_defaults=True))


async def test_it_is_passed_on_and_decided_when_no_name_comes(house: House) -> None:
    life = await Life.begin(house.desk, application=anonymous())
    due = (await life.deadline("completion")).due
    await life.on(due)
    await life.after(1)
    assert await life.stage() == "deciding the threshold"
    assert {"L-01", "L-02", "A-01"} <= set(await life.letters())


async def test_somebody_who_acts_for_them_stands_for_the_name() -> None:
    acts = Representative(name="Cllr Kay", relation="councillor", email="kay@example.org", victim_consents=True)
    given = anonymous().model_copy(update={"representative": acts})
    assert carried(given, "P1", "P2").missing == ()
    assert len(carried(anonymous(), "P1").missing) == 1


async def test_who_ticks_it_on_the_web_need_not_give_a_name_and_who_does_not_must(house: House) -> None:
    visitor = await begun(house)
    await visitor.post(f"{PLACE}/who", who="self")
    found = await visitor.post(f"{PLACE}/name", **{"applicant.name": ""})
    assert found.status_code == 422
    assert "Enter your name" in visitor.page.text
    found = await visitor.post(f"{PLACE}/name", **{"applicant.name": "", "anonymous": "yes"})
    assert found.status_code == 303


async def test_a_name_that_was_given_is_kept_as_it_was() -> None:
    given = with_a_name({"anonymous": True, "applicant": {"name": "Ivy Stone"}})
    assert given["applicant"]["name"] == "Ivy Stone"
    assert with_a_name({"applicant": {}}) == {"applicant": {}}
    assert anonymous().applicant.name == NOT_NAMED
