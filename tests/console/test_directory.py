"""A body's address corrected and a body added through the console, with letters, links and the closed account."""

from datetime import timedelta

import pytest

from activities.pending_acts import take_up
from domain import events as e
from domain.terms import LinkPurpose
from office.accounts import AccountOffice
from register import account_record, pending_acts
from register.users import StaffRole
from tests.console.office import House
from tests.support import clock
from tests.workflows.life import OFFICER, Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
NEW = "asb-reviews@kent.police.example"


async def asked(house: House) -> Life:
    """A case whose agencies have been asked to confirm the reports."""
    life = await Life.begin(house.desk)
    await life.until(lambda now: "verification:police" in {deadline.key for deadline in now.deadlines})
    return life


async def test_a_corrected_address_has_the_enquiry_again_and_the_old_link_opens_no_more(house: House) -> None:
    life = await asked(house)
    old = await house.link(LinkPurpose.ENQUIRY, "police", "verification:police", case=life.reference)
    maya = await house.visitor("officer")
    await maya.get(f"/cases/{life.reference}/acts/correct-agency")
    await maya.send("check", agency="police", email=NEW, reason="The mailbox was closed in March.")
    done = await maya.send("confirm")
    assert done.status_code == 303, maya.page.problems
    await life.settled()
    mails = life.mails(NEW)
    assert {mail.subject.partition(" by ")[0].partition(" (")[0] for mail in mails} == {
        "Please confirm these reports", "Application for an ASB Case Review passed on to you",
    }  # fmt: skip
    new = await house.link(LinkPurpose.ENQUIRY, "police", "verification:police", case=life.reference)
    assert new != old
    assert any(f"{house.address}{new}" in mail.text for mail in mails)
    assert (await (await house.visitor()).get(old)).status_code != 303
    await maya.get(f"/cases/{life.reference}")
    assert f"Where Kent Police is reached was corrected, now {NEW}" in maya.page.text


async def test_a_body_is_added_by_its_form_and_has_the_application(house: House) -> None:
    life = await asked(house)
    maya = await house.visitor("officer")
    await maya.get(f"/cases/{life.reference}/acts/add-body")
    await maya.send(
        "check", name="Moat Homes", part="landlord", email="asb@moat.example", reason="The neighbour is its tenant.",
    )  # fmt: skip
    await maya.send("confirm")
    await life.settled()
    (mail,) = life.mails("asb@moat.example")
    assert mail.subject.startswith("Application for an ASB Case Review passed on to you")
    await life.act(e.ThresholdDecided(met=True, decided_by="Sam Officer"), OFFICER)
    await life.settled()
    subjects = {mail.subject.partition(" (")[0].partition(" by ")[0] for mail in life.mails("asb@moat.example")}
    assert subjects >= {"A review will be held", "Please give your full account"}


async def test_the_team_has_the_cases_of_a_closed_account_and_the_applicant_is_told(house: House) -> None:
    life = await asked(house)
    keeper = AccountOffice(house.office.database, house.office.settings, house.address, account_record.COMMAND_LINE)
    address = "ann.hill@example.org"
    await keeper.add_with_password(
        name="Ann Hill", email=address, role=StaffRole.OFFICER, council="dover", now=clock.now()
    )
    await life.act(e.OfficerAssigned(officer="Ann Hill", email=address), OFFICER)
    await life.settled()
    told = await keeper.close(address, clock.now())
    assert "The team looks after their open cases from now on" in told.sentence
    waiting = await pending_acts.unanswered(house.office.database, timedelta(), clock.now())
    assert [act.reference for act in waiting] == [life.reference]
    await take_up(house.office.client, house.office.database, life.reference)
    await life.settled()
    assigned = await life.event("officer.assigned")
    assert isinstance(assigned.what, e.OfficerAssigned)
    assert (assigned.what.officer, assigned.what.taken_from) == ("Community Safety Unit", "Ann Hill")
    assert any("Community Safety Unit is now your contact" in mail.text for mail in life.mails())
