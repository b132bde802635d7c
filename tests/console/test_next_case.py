"""Take the next case: the most urgent that waits for an officer and has none, once, and never two people the same."""

import asyncio

import pytest

from domain import events as e
from domain.policy import Subject
from register import queries
from tests.console.office import House, Visitor
from tests.workflows.life import APPLICANT, OFFICER, Life, form
from tests.workflows.past import at_threshold

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


REFUSED = e.ThresholdDecided(
    met=False, decided_by="Maya Ellis", approved_by="Tom Okafor", persistence="Two evenings.", harm="None was found.",
    adequacy="Both were looked into.", alternative_action="A warden walks by.",
)  # fmt: skip


async def waiting(house: House) -> Life:
    life = await at_threshold(house.desk)
    return life


async def pressed(visitor: Visitor) -> str:
    """The work list is opened; the token of its button."""
    listed = await visitor.client.get("/cases")
    token = listed.text.partition('action="/cases/next"')[2].partition('name="_form" value="')[2].partition('"')[0]
    assert len(token) == 32
    return token


async def take(visitor: Visitor, token: str) -> str:
    found = await visitor.client.post("/cases/next", data={"_form": token})
    assert found.status_code == 303
    return str(found.headers["location"])


async def empty_the_list(house: House) -> None:
    """Whatever other tests left without an officer is somebody's."""
    visitor = await house.visitor("approver")
    while "next=none" not in await take(visitor, await pressed(visitor)):
        pass


async def officer_of(life: Life) -> str:
    await life.settled()
    stored = await queries.case(life.desk.office.database, life.reference)
    assert stored
    return stored.row.officer


async def test_two_officers_at_once_get_two_cases_and_a_third_press_finds_none(house: House) -> None:
    await empty_the_list(house)
    one, two = await waiting(house), await waiting(house)
    first, second = await house.visitor("officer"), await house.visitor("approver")
    tokens = [await pressed(first), await pressed(second)]
    where = await asyncio.gather(take(first, tokens[0]), take(second, tokens[1]))
    assert {place.partition("?")[0] for place in where} == {f"/cases/{one.reference}", f"/cases/{two.reference}"}
    assert {await officer_of(one), await officer_of(two)} == {
        "Maya Ellis",
        "Tom Okafor",
    }
    await first.get(where[0])
    assert "The case is yours now." in first.page.text
    assert "Officer Maya Ellis" in first.page.text
    await first.get(await take(first, await pressed(first)))
    assert "No case waits for an officer just now that nobody has" in first.page.text


async def test_a_double_click_takes_one_case(house: House) -> None:
    await empty_the_list(house)
    one, two = await waiting(house), await waiting(house)
    visitor = await house.visitor("officer")
    token = await pressed(visitor)
    places = await asyncio.gather(*(take(visitor, token) for _ in range(3)))
    assert len(set(places)) == 1
    assert await take(visitor, token) == places[0]
    assert sorted([await officer_of(one), await officer_of(two)]) == [
        "",
        "Maya Ellis",
    ]


async def test_a_case_that_somebody_has_or_that_waits_for_an_agency_is_not_offered(house: House) -> None:
    await empty_the_list(house)
    taken = await waiting(house)
    await taken.act(e.OfficerAssigned(officer="Ash Gray"), OFFICER)
    await Life.begin(house.desk)
    visitor = await house.visitor("officer")
    assert await take(visitor, await pressed(visitor)) == "/cases?next=none"
    assert await officer_of(taken) == "Ash Gray"


async def test_an_appeal_is_offered_to_nobody_who_had_a_part_in_what_it_is_against(house: House) -> None:
    await empty_the_list(house)
    life = await at_threshold(house.desk, application=form(2, applicant={"name": "Bela Example"}))
    await life.act(REFUSED, OFFICER)
    told = next(key for key in map(_posted, (await life.settled()).events) if "/L-04/" in key)
    await life.act(e.LetterSettled(key=told, arrived=True, how="Told by telephone."), OFFICER)
    appeal = e.AppealLodged(subject=Subject.THRESHOLD, grounds="Unheard.", consent_to_transfer=True)
    await life.act(appeal, APPLICANT)
    stored = await queries.case(house.office.database, life.reference)
    assert stored
    assert (stored.row.stage, stored.row.must_act) == ("appeal", "officer")
    for who in ("officer", "approver"):
        visitor = await house.visitor(who)
        assert await take(visitor, await pressed(visitor)) == "/cases?next=none"
    manager = await house.visitor("manager")
    assert life.reference in await take(manager, await pressed(manager))


def _posted(event: e.Event) -> str:
    return event.what.key if isinstance(event.what, e.LetterPosted) else ""
