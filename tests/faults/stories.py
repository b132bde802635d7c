"""The lives that cases have while parts of the service fall."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from domain import events as e
from domain.policy import Decision, Subject
from tests.faults.people import Stubborn
from tests.workflows.life import APPEAL_BODY, OFFICER, Life

Story = Callable[[Life], Awaitable[None]]
_MET = e.ThresholdDecided(met=True, decided_by=OFFICER.name)


async def to_closure(life: Life) -> None:
    """A panel, an outcome, an appeal that is dismissed, the follow-up, and the end."""
    await _appealed(life, Decision.DISMISSED)
    await life.done("R1", "police")
    await life.follow_up()
    await life.to_the_end(30)


async def sent_back(life: Life) -> None:
    """An appeal that is upheld: the review is held again, and the applicant withdraws it."""
    await _appealed(life, Decision.REMITTED)
    await life.collated_panel()
    await life.act(e.Withdrawn(reason="I have moved."))


async def refused(life: Life) -> None:
    """The threshold is not met, nobody appeals, and the case closes."""
    await life.refusal(e.OutcomeDecided(reasons="Far too early."))
    await life.refused_threshold()
    await life.to_the_end(40)


async def silent(life: Life) -> None:
    """An agency says nothing for weeks and is chased; the panel meets without it."""
    await life.after(12)
    await life.to_threshold()
    await life.act(_MET, OFFICER)
    await life.after(25)
    await life.act(e.Withdrawn(reason="I have moved."))


async def in_a_day(life: Life) -> None:
    """What can be done at once, in real time."""
    await life.act(e.NoteAdded(text="Rang the applicant twice."), OFFICER)
    await life.to_threshold()
    await life.act(_MET, OFFICER)
    await life.everybody_answers(e.Purpose.INFORMATION)
    await life.refusal(e.OutcomeDecided(reasons="Far too early."))
    await life.act(e.NoteAdded(text="All accounts are in."), OFFICER)


STORIES: tuple[tuple[str, int, Story], ...] = (
    ("kent-district", 3, to_closure),
    ("kent-district", 2, refused),
    ("dover", 3, silent),
    ("kent-district", 3, sent_back),
)
"""A council, the number of reports, and how the case goes."""


async def _appealed(life: Life, decision: Decision) -> None:
    await life.to_outcome("police")
    await life.answer("R1", "police")
    grounds = "You left out my diary."
    await life.act(e.AppealLodged(subject=Subject.OUTCOME, grounds=grounds, consent_to_transfer=True))
    await life.after(3)
    decided = e.AppealDecided(decision=decision, reasons="We read the diary.", heard_on=await life.today())
    await life.act(decided, APPEAL_BODY)


async def lived(life: Stubborn, story: Story) -> Stubborn:
    await life.settled()
    await story(life)
    await life.settled()
    return life
