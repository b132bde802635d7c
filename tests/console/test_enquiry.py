"""An agency answers its enquiry by its link: what it sees, what it must say, once, and what it sees afterwards."""

import asyncio
from datetime import timedelta

import pytest

from domain import events as e
from register import links, reads, unfinished
from tests.console.office import House
from tests.console.parties import agency, fill, home
from tests.support import clock
from tests.workflows.life import OFFICER, Life, form
from tests.workflows.past import at_threshold

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
HELD = {f"confirmations__{number}__confirmed": "yes" for number in range(3)}


async def test_an_agency_answers_report_by_report_and_sees_afterwards_what_it_said(house: House) -> None:
    life = await Life.begin(house.desk)
    police = await agency(house, life)
    own = home(police)
    due = (await life.deadline("verification:police")).due
    assert f"Please answer by {due:%A} {due.day}" in police.page.text
    assert "Applicant: Asha Example" in police.page.text
    assert "shouting and banging, time 3" in police.page.text

    typed = {"confirmations__0__reference": "KP-77", "confirmations__2__note": "Looked in the log of June."}
    await fill(police, f"{own}/answer/reports", **HELD | typed | {"confirmations__2__confirmed": "no"})
    found = await police.send("go", contact="")
    assert found.status_code == 422
    assert "Enter whom to ask" in police.page.problems
    await fill(police, f"{own}/answer/contact", contact="Control room, 101")
    assert "Check your answer before you send it" in police.page.text
    assert "KP-77" in police.page.text
    assert [one.kind for one in (await life.settled()).events].count("enquiry.answered") == 0
    before = police.page
    sent = [police.client.post(before.action, data={**before.values, "_press": "confirm"}) for _ in range(3)]
    assert {one.status_code for one in await asyncio.gather(*sent)} == {303}
    police.page = before
    again = await police.send("confirm")
    assert (again.status_code, again.headers["location"]) == (303, f"{own}?done=answer")

    answered = [one for one in (await life.settled()).events if one.kind == "enquiry.answered"]
    assert len(answered) == 1
    assert answered[0].by == e.Actor(role=e.Role.AGENCY, name="police")
    said = answered[0].what
    assert isinstance(said, e.EnquiryAnswered)
    assert [one.confirmed for one in said.confirmations] == [True, True, False]
    assert said.confirmations[0].note == "Reference: KP-77"
    assert said.contact == "Control room, 101"

    await police.get(f"{own}?done=answer")
    for words in ("Your answer is with us", "What happens next", "This link works until", "Looked in the log of June"):
        assert words in police.page.text, words
    await police.get(f"{own}/answer/reports")
    link = await links.by_id(house.office.database, own.rpartition("/")[2])
    assert link
    assert await unfinished.begun(house.office.database, link) == frozenset()


async def test_an_agency_sees_neither_another_s_answer_nor_what_the_applicant_suffers(house: House) -> None:
    application = form(3, impact="My daughter cannot sleep.", wanted="Quiet nights.")
    life = await Life.begin(house.desk, application=application)
    council = e.Actor(role=e.Role.AGENCY, name="council")
    await life.act(e.EnquiryAnswered(enquiry="verification:council", account="Swept twice."), council)
    police = await agency(house, life)
    for secret in ("daughter", "Quiet nights", "Swept", "asha@example.org"):
        assert secret not in police.page.text
    (looked, *_) = await reads.of_case(house.office.database, life.reference)
    assert (looked.what, looked.role) == ("the enquiry", "link: enquiry")


async def test_each_report_needs_a_yes_or_a_no_and_nothing_typed_is_lost(house: House) -> None:
    life = await Life.begin(house.desk)
    police = await agency(house, life)
    own = home(police)
    found = await fill(police, f"{own}/answer/reports", confirmations__1__confirmed="no",
                       confirmations__1__note="Not in our log.")  # fmt: skip
    assert found.status_code == 422
    assert ": select whether you hold a record of it" in police.page.problems
    assert 'href="#confirmations-2-confirmed"' in found.text
    assert 'id="confirmations-2-confirmed"' in found.text
    assert police.page.values["confirmations.1.note"] == "Not in our log."
    assert (await police.get(f"{own}/answer/check")).headers["location"] == f"{own}/answer/reports"
    ring = house.office.settings.key_ring().active
    now, id = clock.now(), own.rpartition("/")[2]
    await links.renew(house.office.database, id, by="Maya", key_id=ring, now=now, lasts=timedelta(days=1))
    later = await agency(house, life)
    assert home(later) != own
    assert "Go on: answer this enquiry" in later.page.text
    await later.get(f"{home(later)}/answer/reports")
    assert later.page.values["confirmations.1.note"] == "Not in our log."


async def test_the_full_account_is_asked_for_when_a_review_is_held(house: House) -> None:
    life = await at_threshold(house.desk)
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    police = await agency(house, life, purpose="information")
    own = home(police)
    found = await fill(police, f"{own}/answer/account", account="  ")
    assert found.status_code == 422
    assert "Enter your account" in police.page.problems
    await fill(police, f"{own}/answer/account", account="We visited in May.\r\n\r\nThen twice in June.")
    await fill(police, f"{own}/answer/contact", contact="Sgt Lee")
    await police.follow(await police.send("confirm"))
    said = (await life.event("enquiry.answered")).what
    assert isinstance(said, e.EnquiryAnswered)
    assert said.account == "We visited in May.\n\nThen twice in June."
    assert (await agency(house, life)).page.text.count("We visited in May") == 0


async def test_an_answer_that_an_officer_wrote_down_meanwhile_is_not_overwritten_and_the_typed_one_is_shown(
    house: House,
) -> None:
    life = await Life.begin(house.desk)
    police = await agency(house, life)
    own = home(police)
    await fill(police, f"{own}/answer/reports", **HELD)
    await fill(police, f"{own}/answer/contact", contact="Sgt Lee, 101")
    await life.act(e.EnquiryAnswered(enquiry="verification:police", account="By phone."), OFFICER)
    found = await police.send("confirm")
    assert found.status_code == 409
    assert "This cannot be sent any more" in police.page.text
    assert "answered this on" in police.page.text
    assert "Sgt Lee, 101" in police.page.text


async def test_what_a_colleague_changed_since_is_checked_again_before_it_is_sent(house: House) -> None:
    life = await Life.begin(house.desk)
    police, colleague = await agency(house, life), await agency(house, life)
    own = home(police)
    await fill(police, f"{own}/answer/reports", **HELD)
    await fill(police, f"{own}/answer/contact", contact="Sgt Lee")
    await fill(colleague, f"{own}/answer/contact", contact="Sgt Moss")
    found = await police.send("confirm")
    assert found.status_code == 422
    assert "What was typed has changed since this page was opened" in police.page.problems
    assert "Sgt Moss" in police.page.text
    await police.follow(await police.send("confirm"))
    assert "Sgt Moss" in police.page.text
