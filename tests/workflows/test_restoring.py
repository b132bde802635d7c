"""A case that ends and goes on: what the dead are not sent, two cases that are one, a withdrawal taken back."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus

import policies
from activities import pending_acts as sweep
from domain import events as e
from domain.application import Representative
from domain.events import Cause
from office import acting, taking_in
from office.acting import Done, NotAllowed, Over
from register import figures, links, pending_acts, queries
from register.letter_rows import LetterProgress
from register.links import LinkPurpose
from tests.workflows.halves import Council, council_in, dates, real
from tests.workflows.life import OFFICER, Desk, Life, form
from tests.workflows.town import eventually

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

WITHDRAWN = e.Withdrawn(reason="It has stopped.")
BACK = e.CaseRestored(reason="It began again the same night.")
BY_POST = form(applicant={"name": "Asha Example", "address": ["1 High Street", "Dover", "CT16 1AA"]})
FRIEND = Representative.model_validate(
    {"name": "Bo Friend", "email": "bo@example.org", "relation": "friend", "victim_consents": True}
)


@pytest_asyncio.fixture(loop_scope="session")
async def council(desk: Desk, tmp_path: Path) -> AsyncIterator[Council]:
    async with council_in(desk, tmp_path) as council:
        yield council


async def ended(council: Council, life: Life) -> None:
    await eventually(lambda: council.has_ended(life))


async def test_a_withdrawal_taken_back_begins_the_workflow_again_with_one_story(council: Council) -> None:
    life = await real(council)
    before = await life.settled()
    await life.act(WITHDRAWN)
    await ended(council, life)
    assert isinstance(await acting.act(council.office, life.reference, e.NoteAdded(text="Late."), OFFICER), Over)
    await life.act(BACK, OFFICER, id="taken-back")
    after = await life.settled()
    assert (after.stage, dates(after)) == (before.stage, dates(before))
    described = await council.office.handle(life.reference).describe()
    assert described.status is WorkflowExecutionStatus.RUNNING
    ids = [event.id for event in after.events]
    assert len(ids) == len(set(ids))
    assert await council.events(life) == list(after.events)
    sent = await life.letters()
    assert (sent["L-16"], sent["L-16r"], sent["L-01"], sent["A-06r"]) == (1, 1, 1, 2)
    again = await acting.act(council.office, life.reference, BACK, OFFICER, id="taken-back")
    assert isinstance(again, Done)
    assert (await life.kinds()).count("case.restored") == 1
    assert (await council.compared()).alike
    await life.to_threshold()
    assert (await life.stage()) == "deciding the threshold"


async def test_two_who_take_it_up_at_once_take_it_up_once(council: Council) -> None:
    life = await real(council)
    await life.act(WITHDRAWN)
    await ended(council, life)
    both = await asyncio.gather(*(acting.act(council.office, life.reference, BACK, OFFICER) for _ in range(2)))
    await life.settled()
    assert any(isinstance(one, Done) for one in both)
    await council.sweep()
    assert (await life.kinds()).count("case.restored") == 1


async def test_an_act_left_to_the_sweep_takes_the_case_up_as_well(council: Council) -> None:
    life = await real(council)
    await life.act(WITHDRAWN)
    await ended(council, life)
    left = await acting.act(council.office, life.reference, BACK, OFFICER, down="Temporal is away")
    assert not isinstance(left, (Done, NotAllowed, Over))
    await sweep.take_up(council.office.client, council.office.database)
    assert (await life.stage()) == "verifying reports"
    assert await pending_acts.of_case(council.office.database, life.reference) == []


async def test_a_case_whose_last_letter_lies_in_the_tray_goes_on_in_the_same_run(desk: Desk) -> None:
    life = await Life.begin(desk, application=BY_POST)
    await life.act(WITHDRAWN)
    run = await desk.office.run(life.reference)
    await life.act(BACK, OFFICER)
    assert await desk.office.run(life.reference) == run
    await life.act(e.NoteAdded(text="Rang."), OFFICER)
    await life.to_threshold()
    assert (await life.stage()) == "deciding the threshold"
    told = await life.deadline("response")
    await life.on(told.due)
    assert (await life.deadline("response")).due > told.due


async def test_a_case_on_a_clock_of_its_own_goes_on_from_its_own_day(desk: Desk) -> None:
    life = await Life.begin(desk)
    await life.after(3)
    today = await life.today()
    await life.act(WITHDRAWN)
    await eventually(lambda: has_ended(desk, life))
    await life.act(BACK, OFFICER)
    assert await life.today() == today
    await life.after(1)
    assert not (await life.stage()).startswith("withdrawn")


async def has_ended(desk: Desk, life: Life) -> bool:
    return (await desk.office.handle(life.reference).describe()).status is WorkflowExecutionStatus.COMPLETED


async def test_the_same_problem_twice_is_one_case_of_the_earlier_day_and_counts_once(council: Council) -> None:
    first, second = await real(council), await real(council)
    unknown = e.CaseEnded(cause=Cause.DUPLICATE, same_as="DOV-1999-0001")
    assert "there is no case DOV-1999-0001 here" in await second.refusal(unknown, OFFICER)
    itself = e.CaseEnded(cause=Cause.DUPLICATE, same_as=second.reference)
    assert "is this case" in await second.refusal(itself, OFFICER)
    await second.act(e.CaseEnded(cause=Cause.DUPLICATE, same_as=first.reference.lower()), OFFICER)
    told = (await second.event("case.ended")).what
    assert isinstance(told, e.CaseEnded)
    assert (told.same_as, told.counts_from) == (first.reference, await first.today())
    assert (await second.letters())["L-16s"] == 1
    assert (await second.stage()) == "ended"
    assert len((await figures.yearly(council.office.database, "dover")).applications) == 1
    back = e.CaseEnded(cause=Cause.DUPLICATE, same_as=second.reference)
    assert "is over (ended)" in await first.refusal(back, OFFICER)


async def test_nothing_goes_to_the_dead_and_whoever_acts_is_told(council: Council) -> None:
    office = council.office
    application = BY_POST.model_copy(update={"representative": None})
    start = await taking_in.kept(office, application, policies.load("dover"), by=OFFICER)
    await office.begin(start)
    life = Life(council.desk, start.reference, start.calendar)
    await life.settled()
    link = await links.issue(
        office.database, life.reference, LinkPurpose.PROGRESS, start.application.applicant, key_id="k",
        now=start.made_at, lasts=timedelta(days=365),
    )  # fmt: skip
    assert link
    await life.act(e.CaseEnded(cause=Cause.DIED, note="A neighbour rang."), OFFICER)
    rows = await queries.letters(office.database, life.reference)
    theirs = [row for row in rows if row.to_party == "applicant"]
    assert {row.kind: row.state for row in theirs} == {"L-01": LetterProgress.REFUSED}
    shut = await links.by_id(office.database, link.id)
    assert shut is not None
    assert shut.revoked_at is not None
    sent = Counter(row.kind for row in rows)
    assert (sent["A-06d"], sent["L-16d"]) == (4, 0)
    assert not any("neighbour" in row.text for row in rows)
    await ended(council, life)


async def test_who_acts_for_somebody_who_died_hears_of_it_and_is_asked_for_nothing(desk: Desk) -> None:
    life = await Life.begin(desk, application=form(representative=FRIEND.model_dump(mode="json")))
    await life.act(e.CaseEnded(cause=Cause.DIED), OFFICER)
    (letter,) = [mail for mail in life.mails("bo@example.org") if "The case has ended" in mail.subject]
    assert "has died. We are very sorry." in " ".join(letter.text.split())


async def test_somebody_who_has_died_does_not_withdraw(desk: Desk) -> None:
    life = await Life.begin(desk)
    sentence = await life.refusal(e.Withdrawn(reason="The applicant has died"), OFFICER)
    assert "use end-case with the cause died" in sentence
    word = await acting.leave_word(desk.office, life.reference, e.Withdrawn(reason="Deceased."), OFFICER)
    assert isinstance(word, NotAllowed)
    await life.act(e.Withdrawn(reason="My mother has died and I cannot go on with this."))
    assert (await life.stage()) == "withdrawn"
