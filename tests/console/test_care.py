"""What looks after the person a case is about, in the console: referrals, risk, who is invited, what was shared."""

import csv
import io

import pytest

from domain import events as e
from register import queries
from tests.console.office import House
from tests.console.parties import agency, chair, fill, home
from tests.workflows.life import OFFICER, Life
from tests.workflows.past import at_panel, at_plan

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
FIRE = "He said that he will burn the door tonight."
REFERRAL = e.SafetyReferred(to="marac", danger=FIRE, basis="To protect two children.")


async def test_an_officer_refers_somebody_and_only_the_staff_of_the_case_read_why(house: House) -> None:
    life, officer = await Life.begin(house.desk), await house.visitor("officer")
    await officer.get(f"/cases/{life.reference}/acts/refer-safety")
    assert "If somebody is in danger now, call 999 first" in officer.page.text
    await officer.send("check", to="marac", danger=FIRE)
    found = await officer.send("confirm")
    assert "Without consent say in basis why it is shared all the same" in officer.page.text
    await officer.get(f"/cases/{life.reference}/acts/refer-safety")
    await officer.send("check", to="marac", danger=FIRE, basis="To protect two children.")
    found = await officer.send("confirm")
    await officer.follow(found)
    assert "The safety referral is on its way." in officer.page.text
    assert FIRE in officer.page.text
    for who in ("operations", "auditor"):
        other = await house.visitor(who)
        await other.get(f"/cases/{life.reference}")
        assert "To MARAC co-ordinator for the area" in other.page.text
        assert "burn the door" not in other.page.text
    await life.settled()
    sent = [letter.kind for letter in await queries.letters(house.office.database, life.reference)]
    number = sent.index("A-12") + 1
    assert (await officer.get(f"/cases/{life.reference}/letters/{number}")).status_code == 200
    operations = await house.visitor("operations")
    for page in ("", "/page"):
        assert (await operations.get(f"/cases/{life.reference}/letters/{number}{page}")).status_code == 403


async def test_an_agency_and_the_chair_refer_at_their_own_links_and_the_applicant_s_page_says_nothing(
    house: House,
) -> None:
    life = await Life.begin(house.desk)
    police = await agency(house, life)
    own = home(police)
    assert "tell us that somebody may be in danger" in police.page.text
    await fill(police, f"{own}/safety/danger", to="child-safeguarding", danger=FIRE)
    await police.send("go", basis="To protect two children.")
    await police.get(f"{own}/safety/check")
    await police.follow(await police.send("confirm"))
    assert "The referral is on its way" in police.page.text
    event = await life.event("safety.referred")
    assert event.by == e.Actor(role=e.Role.AGENCY, name="police")
    guest = await house.guest(await house.link(case=life.reference))
    assert "burn" not in guest.page.text
    assert "referral" not in guest.page.text

    other = await at_panel(house.desk)
    helen = await chair(house, other)
    assert "tell us that somebody may be in danger" in helen.page.text


async def test_the_work_list_begins_with_the_greatest_risk_and_says_what_nobody_has_assessed(house: House) -> None:
    lives = [await Life.begin(house.desk) for _ in range(3)]
    for life, level in zip(lives[:2], (e.RiskLevel.LOW, e.RiskLevel.VERY_HIGH), strict=True):
        await life.act(e.RiskAssessed(level=level, reasons="She lives alone."), OFFICER)
    officer = await house.visitor("officer")
    listed = ""
    while not all(f"/cases/{life.reference}" in listed for life in lives):
        page = 1 + listed.count("<h1")
        listed += (await officer.get(f"/cases?stage=verifying+reports&page={page}")).text
        assert listed.count("<h1") == page, "the list has an end"
    places = [listed.index(f"/cases/{life.reference}") for life in (lives[1], lives[2], lives[0])]
    assert places == sorted(places)
    for words in ("Very high risk", "Risk not assessed", "Low risk"):
        assert words in listed
    await officer.get(f"/cases/{lives[2].reference}")
    assert "The risk to the victim has not been assessed yet." in officer.page.text


async def test_the_menu_of_powers_stands_beside_the_form_of_the_panel_s_decision(house: House) -> None:
    life = await at_panel(house.desk)
    helen, officer = await chair(house, life), await house.visitor("officer")
    await helen.get(f"{home(helen)}/decision/recommendations")
    await officer.get(f"/cases/{life.reference}/acts/record-panel-decision")
    for page in (helen.page.text, officer.page.text):
        assert "Powers and measures, and who holds each" in page
        assert "2014 Act, section 43" in page
        assert "With which power or measure? (optional)" in page


async def test_the_outcome_is_written_issue_by_issue_from_what_was_reported(house: House) -> None:
    life, officer = await at_plan(house.desk), await house.visitor("officer")
    await life.act(e.PlanCommented(comments="I agree."))
    await officer.get(f"/cases/{life.reference}/acts/send-outcome")
    assert officer.page.values["issues.0.issue"].startswith("shouting and banging")
    parts = ("done", "finding", "next")
    told = {f"issues__{number}__{part}": f"{part} of {number}" for number in range(3) for part in parts}
    await officer.send("check", reasons="Nobody joined the reports up.", **told)
    await officer.follow(await officer.send("confirm"))
    sent = (await life.event("outcome.decided")).what
    assert isinstance(sent, e.OutcomeDecided)
    assert [issue.reports for issue in sent.issues] == [("I1",), ("I2",), ("I3",)]
    assert "finding of 2" in next(mail.text for mail in life.mails("asha@example.org") if "outcome" in mail.subject)


async def test_what_was_shared_is_listed_with_its_basis_as_a_page_as_json_and_as_csv(house: House) -> None:
    life, officer = await Life.begin(house.desk), await house.visitor("officer")
    await life.act(REFERRAL, OFFICER)
    made = e.DisclosureMade(
        to="The school", on=await life.today(), what="That a review is held.", basis="Her consent.", withheld="Who."
    )
    await life.act(made, OFFICER)
    answer = e.EnquiryAnswered(enquiry="verification:police", withheld="A statement: it would harm an investigation.")
    await life.act(answer, e.Actor(role=e.Role.AGENCY, name="police"))
    own = f"/cases/{life.reference}/disclosures"
    await officer.get(own)
    for words in (
        "Section 104(3)(b)",
        "Letter A-01",
        "The school",
        "Her consent.",
        "To protect two children.",
        "A statement: it would harm",
    ):
        assert words in officer.page.text, words
    log = (await officer.client.get(f"{own}.json")).json()["disclosures"]
    assert {"on", "to", "what", "basis", "withheld", "how", "by"} == set(log[0])
    rows = list(csv.reader(io.StringIO((await officer.client.get(f"{own}.csv")).text)))
    assert len(rows) == len(log) + 1
    auditor = await house.visitor("auditor")
    await auditor.get(own)
    assert "kept to the staff of the case" in auditor.page.text
    assert "two children" not in auditor.page.text
