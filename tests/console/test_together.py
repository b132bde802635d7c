"""Two households, two cases, one panel: both pages show it, the meeting is one, and neither household hears of it."""

import pytest

from domain import events as e
from domain.application import ApplicationForm
from domain.events import Body
from domain.seats import seat_id
from office import acting
from office.acting import Done, NotAllowed
from register import queries
from register.links import LinkPurpose
from tests.console.office import House
from tests.workflows.life import CHAIR, OFFICER, Life, form, panel
from tests.workflows.past import at_arranging

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

HOME = ("7 Quay Row", "Dover", "CT16 1ZZ")


def of(name: str, **known: object) -> ApplicationForm:
    email = f"{name.split()[0].lower()}@example.org"
    return form(applicant={"name": name, "email": email, "address": HOME, **known})


async def both(house: House) -> tuple[Life, Life]:
    one = await at_arranging(house.desk, application=of("Iris Upstairs"))
    other = await at_arranging(house.desk, application=of("Jonah Downstairs"))
    return one, other


async def done(life: Life, what: Body, by: e.Actor = OFFICER) -> Done:
    outcome = await acting.act(life.desk.office, life.reference, what, by)
    assert isinstance(outcome, Done), outcome
    await life.settled()
    return outcome


async def link(one: Life, other: Life) -> Done:
    return await done(one, e.CasesLinked(other=other.reference, reason="One flat troubles both."))


async def test_a_link_stands_in_both_cases_and_so_does_its_end(house: House) -> None:
    one, other = await both(house)
    assert (await link(one, other)).also == (f"{other.reference} has it too.",)
    officer = await house.visitor("officer")
    for life, linked in ((one, other), (other, one)):
        await officer.get(f"/cases/{life.reference}")
        assert f"Linked with {linked.reference} , arranging the panel. One flat troubles both." in officer.page.text
    assert "same address" in officer.page.text
    await done(other, e.CasesParted(other=one.reference, reason="Two flats after all."))
    for life in (one, other):
        await life.settled()
        stored = await queries.case(house.office.database, life.reference)
        assert stored is not None
        assert stored.folded().linked == {}


async def test_only_another_running_case_of_the_council_is_linked(house: House) -> None:
    life = await Life.begin(house.desk)
    for other, sentence in (
        (life.reference, "a case is not linked with itself"),
        (house.other, f"this council has no case {house.other}"),
        ("DOV-1999-0001", "this council has no case DOV-1999-0001"),
    ):
        what = e.CasesLinked(other=other, reason="One flat troubles both.")
        outcome = await acting.act(house.office, life.reference, what, OFFICER)
        assert isinstance(outcome, NotAllowed)
        assert outcome.sentence.startswith(sentence)


async def test_one_meeting_is_arranged_for_both_and_moved_for_both(house: House) -> None:
    one, other = await both(house)
    await link(one, other)
    day = await one.working_days(3)
    assert (await done(one, panel(day))).also == (f"{other.reference} has it too.",)
    await other.settled()
    assert await other.stage() == "panel arranged"
    for life, linked in ((one, other), (other, one)):
        for mail in life.mails("chair@example.org"):
            assert f"The same panel also reviews {linked.reference}." in mail.text
    until = await one.working_days(4)
    await done(one, e.PanelAdjourned(until=until, reason="The chair is ill."), CHAIR)
    await other.settled()
    stored = await queries.case(house.office.database, other.reference)
    assert stored is not None
    moved = stored.folded().panel
    assert moved is not None
    assert moved.on == until
    chair = await house.guest(await house.link(LinkPurpose.CHAIR, seat_id(moved.chair), case=other.reference))
    assert f"The same panel also reviews {one.reference}." in chair.page.text


async def test_a_meeting_that_the_other_case_does_not_allow_is_said_and_not_made(house: House) -> None:
    one = await at_arranging(house.desk, application=of("Kit Upstairs"))
    other = await Life.begin(house.desk, application=of("Lena Downstairs"))
    await link(one, other)
    (said,) = (await done(one, panel(await one.working_days(3)))).also
    assert said.startswith(f"{other.reference} stays as it is: arrange-panel is not possible while")
    assert await other.stage() == "verifying reports"


async def test_no_letter_page_or_paper_of_one_household_says_anything_of_the_other(house: House) -> None:
    one, other = await both(house)
    await link(one, other)
    await done(one, panel(await one.working_days(3)))
    await done(one, panel(await one.working_days(3), place="Room 9", reason="A larger room."))
    for life, name, others in (
        (one, "Iris", (other.reference, "Jonah", "Downstairs")),
        (other, "Jonah", (one.reference, "Iris", "Upstairs")),
    ):
        await life.settled()
        guest = await house.guest(await house.link(LinkPurpose.PROGRESS, case=life.reference))
        pages = [guest.page.text]
        for number in range(1, 12):
            found = await guest.get(f"{guest.at.partition('?')[0].removesuffix('/')}/letters/{number}/page")
            if found.status_code != 200:
                break
            pages.append(guest.page.text)
        rows = await queries.letters(house.office.database, life.reference)
        own = [row for row in rows if row.to_party.value == "applicant"]
        assert {"L-05"} <= {row.kind for row in own}, name
        for text in (*pages, *(row.subject + row.text + row.html for row in own)):
            assert not [word for word in others if word in text]


async def test_the_officer_who_takes_an_application_in_is_shown_what_it_looks_like(house: House) -> None:
    first = await Life.begin(house.desk, application=of("Mona Twice", phone="01304 555 123"))
    again = of("Twice, Mona", phone="+44 1304 555123", email="other@example.org")
    second = await Life.begin(house.desk, application=again)
    officer = await house.visitor("officer")
    await officer.get(f"/cases/{second.reference}")
    assert f"{first.reference} , verifying reports: same name, address and telephone number" in officer.page.text
    guest = await house.guest(await house.link(LinkPurpose.PROGRESS, case=second.reference))
    assert first.reference not in guest.page.text
