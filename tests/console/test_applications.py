"""A case started for somebody who rang: what is wrong, what is kept, and one case however often it is sent."""

import asyncio

import pytest

from domain.events import Role
from register import queries
from tests.console.office import House, Visitor
from tests.support import clock
from tests.workflows.life import form

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def begun(house: House, who: str = "officer", **typed: str) -> Visitor:
    visitor = await house.visitor(who)
    await visitor.follow(await visitor.post("/applications", council="dover"))
    await visitor.send("save", **typed)
    return visitor


def reports() -> dict[str, str]:
    """Three reports that count, as somebody types them."""
    typed: dict[str, str] = {}
    for number, report in enumerate(form(3).incidents):
        at = f"incidents__{number}__"
        typed |= {f"{at}what": "Shouting.", f"{at}reported_to": "Kent Police"}
        for name, day in (("occurred", report.occurred), ("reported", report.reported)):
            typed |= {f"{at}{name}__day": str(day.day), f"{at}{name}__month": str(day.month)}
            typed[f"{at}{name}__year"] = str(day.year)
    return typed


async def test_what_is_missing_is_said_and_what_was_typed_is_kept_even_so(house: House) -> None:
    visitor = await begun(house)
    assert "Which language do they read best? English Welsh (Cymraeg)" in visitor.page.text
    assert "How do they want their letters? By e-mail By post" in visitor.page.text
    found = await visitor.send("check", applicant__name="Ivy Stone", impact="No sleep.")
    assert found.status_code == 422
    for words in ("enter the day it happened", "enter what happened", "enter to whom it was reported"):
        assert f"Report 1: {words}" in visitor.page.text
    assert "Add at least one report" not in visitor.page.text
    again = await house.visitor("officer")
    await again.get("/applications")
    assert "Ivy Stone" in again.page.text
    await again.get(visitor.page.action)
    assert again.page.values["impact"] == "No sleep."


async def test_the_threshold_is_explained_report_by_report_as_they_are_typed(house: House) -> None:
    visitor = await begun(house, **{name: value for name, value in reports().items() if "__2__" not in name})
    assert "two of two reports count and three are needed" in visitor.page.text
    assert "never an automatic refusal" in visitor.page.text
    await visitor.send("save", **reports())
    assert "three of three reports count" in visitor.page.text


async def test_a_day_to_come_is_refused_by_the_register_s_own_sentence(house: House) -> None:
    soon = clock.today().replace(year=clock.today().year + 1)
    visitor = await begun(house, applicant__name="Ivy Stone", **reports())
    await visitor.send("check", made_at__day="1", made_at__month="6", made_at__year=str(soon.year))
    found = await visitor.send("confirm")
    assert found.status_code == 422
    assert "There is a problem" in visitor.page.text
    assert visitor.page.values["applicant.name"] == "Ivy Stone"


async def test_sent_three_times_at_once_it_is_one_case_taken_in_by_the_officer(house: House) -> None:
    visitor = await begun(house, applicant__name="Rose Once", consent_to_share="yes", channel="phone", **reports())
    await visitor.send("check")
    page = visitor.page
    sent = [visitor.client.post(page.action, data={**page.values, "_press": "confirm"}) for _ in range(3)]
    found = await asyncio.gather(*sent)
    assert {one.status_code for one in found} == {303}
    references = {one.headers["location"].partition("?")[0].removeprefix("/cases/") for one in found}
    assert len(references) == 1
    await visitor.get(f"/cases/{references.pop()}?done=started")
    assert "The application is taken in." in visitor.page.text
    await visitor.follow(await visitor.post("/cases/search", words="Rose Once"))
    assert "1 case, those with the greatest risk first" in visitor.page.text
    reference = visitor.page.text.partition("DOV-")[2][:9]
    stored = await queries.case(house.office.database, f"DOV-{reference}")
    assert stored
    assert (stored.start.by.role, stored.start.by.name) == (Role.OFFICER, "Maya Ellis")
    assert stored.start.application.channel == "phone"
    assert stored.start.application.consent_to_share is True


async def test_a_draft_can_be_discarded_and_belongs_to_its_council(house: House) -> None:
    visitor = await begun(house, applicant__name="Nobody Now")
    stranger = await house.visitor("stranger")
    assert (await stranger.get(visitor.page.action)).status_code == 404
    assert "Nobody Now" not in (await stranger.get("/applications")).text
    await visitor.follow(await visitor.send("discard"))
    assert "Nobody Now" not in visitor.page.text


async def test_only_a_known_council_s_application_can_be_begun(house: House) -> None:
    manager = await house.visitor("manager")
    assert (await manager.post("/applications", council="atlantis")).status_code == 400
