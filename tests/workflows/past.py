"""Cases with a past: lived by the rules alone on the working days before today, then taken up by a workflow.

A running case comes to a new run in the same way, with its events and what is still to be kept or sent. Letters of
the past are events only: the register has no text of them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, datetime, time

import policies
from activities.beginning import start_case
from connection.time_travel import travelling
from domain import events as e
from domain.application import ApplicationForm
from domain.calendar import LONDON, Calendar, Direction, Unit, count
from domain.events import Actor, Body
from domain.messages import CarriedOver, Numbered, Turn
from domain.policy import Policy
from domain.rehearsal import Rehearsal
from office.bank_holidays import snapshot
from register import entries
from register.taking_in import mark_started, take_in
from tests.support import clock
from tests.workflows.life import CHAIR, OFFICER, Desk, Life, decision, form, panel, refusal

Story = Callable[[Rehearsal], None]


def ago(calendar: Calendar, working_days: int) -> datetime:
    """Ten o'clock this many working days before today."""
    today = clock.today()
    day = count(calendar, today, working_days, Unit.WORKING_DAYS, direction=Direction.BEFORE).due
    return datetime.combine(day, time(10), LONDON)


async def lived(
    desk: Desk, story: Story, *, days: int, policy: str | Policy = "dover", application: ApplicationForm | None = None
) -> Life:
    """A case that was applied for so many working days ago and went as ``story`` tells."""
    calendar, database, now = snapshot(), desk.office.database, clock.now()
    rules = policies.load(policy) if isinstance(policy, str) else policy
    applied = (application or form()).model_copy(update={"made_at": ago(calendar, days)})
    start = await take_in(database, applied, rules, calendar, by=OFFICER, now=now, demo=True)
    past = Rehearsal(rules, calendar, start.application, start.made_at, reference=start.reference, by=OFFICER)
    story(past)
    assert past.now < now
    events = tuple(past.case.events)
    numbered = tuple(Numbered(seq=seq, event=event) for seq, event in enumerate(events, start=1))
    await entries.record(database, Turn(reference=start.reference, as_of=now, events=numbered))
    resumed = start.model_copy(update={"progress": CarriedOver(events=events)})
    await start_case(travelling(desk.office.client), resumed, desk.office.settings.task_queue)
    await mark_started(database, start.reference)
    life = Life(desk, start.reference, calendar)
    await life.settled()
    return life


async def at_threshold(desk: Desk, policy: str | Policy = "dover", application: ApplicationForm | None = None) -> Life:
    """Every report verified; whether the threshold is met is still to be decided."""
    return await lived(desk, _verified, days=1, policy=policy, application=application)


async def at_refusal(desk: Desk, policy: str | Policy = "dover") -> Life:
    """The threshold was decided not to be met."""

    def story(past: Rehearsal) -> None:
        _verified(past)
        _must(past, refusal(), OFFICER)

    return await lived(desk, story, days=1, policy=policy, application=form(2))


async def at_arranging(desk: Desk, policy: str | Policy = "dover", application: ApplicationForm | None = None) -> Life:
    """Threshold met and information in: a panel is to be arranged."""
    return await lived(desk, _collated, days=1, policy=policy, application=application)


async def at_panel(
    desk: Desk, policy: str | Policy = "dover", *, ahead: int = 3, application: ApplicationForm | None = None
) -> Life:
    """Threshold met, information in, a panel arranged so many working days ahead."""
    on = count(snapshot(), clock.today(), ahead, Unit.WORKING_DAYS).due
    return await lived(desk, functools.partial(_arranged, on=on), days=1, policy=policy, application=application)


async def at_plan(
    desk: Desk, *to: str, policy: str | Policy = "dover", application: ApplicationForm | None = None
) -> Life:
    """The panel was held, with a recommendation to each of these; the plan is with the applicant."""
    return await lived(desk, functools.partial(_held, to=to), days=4, policy=policy, application=application)


async def at_outcome(
    desk: Desk, *to: str, policy: str | Policy = "dover", application: ApplicationForm | None = None
) -> Life:
    """The outcome was told; the applicant may appeal."""

    def story(past: Rehearsal) -> None:
        _held(past, to)
        _must(past, e.PlanCommented(comments="I agree."))
        _must(past, e.OutcomeDecided(reasons="The reports were not joined up."))

    return await lived(desk, story, days=4, policy=policy, application=application)


def _verified(past: Rehearsal) -> None:
    _answered(past)
    assert past.stage == "deciding the threshold"


def _answered(past: Rehearsal) -> None:
    for key, enquiry in list(past.case.enquiries.items()):
        if not enquiry.settled:
            agency = Actor(role=e.Role.AGENCY, name=enquiry.agency)
            _must(past, e.EnquiryAnswered(enquiry=key, account="We visited twice and wrote once."), agency)


def _collated(past: Rehearsal) -> None:
    _verified(past)
    _must(past, e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    _answered(past)


def _arranged(past: Rehearsal, on: date) -> None:
    _collated(past)
    _must(past, panel(on))


def _held(past: Rehearsal, to: tuple[str, ...]) -> None:
    on = ago(past.case.calendar, 1).date()
    _arranged(past, on)
    past.wait_until(on)
    _must(past, decision(on, *to), CHAIR)


def _must(past: Rehearsal, what: Body, by: Actor | None = None) -> None:
    sentence = past.act(what, by or Actor(role=what.who))
    assert sentence is None, sentence
