"""What a case adds to a council's figures: how dates were kept, what was decided and on what ground, reviews held.

Each is an event with its day, never a cohort: a review may be held in the year after its application (s.104(9)).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain import events as e
from domain.assessment import assessment
from domain.calendar import Calendar, working_days
from domain.case import Case, local_date
from domain.complaint import in_time
from domain.deadlines import Deadline
from domain.fold import fold
from domain.policy import Milestone
from domain.report import reports_of
from domain.threshold import statutory_route


class Ground(StrEnum):
    """Why an application did not reach the number of reports, as far as the dates of its reports say."""

    TOO_FEW = "too_few"
    LATE = "late"
    OLD = "old"
    AFTER = "after"
    ONCE = "once"


@dataclass(frozen=True)
class ThresholdDecision:
    """A decision on the threshold; ``ground`` is None where it was met."""

    on: date
    met: bool
    ground: Ground | None = None


@dataclass
class ReviewHeld:
    """A panel that met and decided, and how many recommendations it made."""

    on: date
    recommendations: int


def decisions(case: Case) -> tuple[ThresholdDecision, ...]:
    """The decisions on the threshold, one for each time it was before the relevant bodies; those of a case that is the
    same as another are counted there.

    One that was replaced before anybody appealed against it counts as what it became; an appeal's own is not one.
    """
    if case.same_as:
        return ()
    taken: list[ThresholdDecision] = []
    fresh = True
    for number, event in enumerate(case.events, start=1):
        match event.what:
            case e.AppealLodged():
                fresh = True
            case e.ThresholdDecided(met=met):
                decision = ThresholdDecision(local_date(event.at), met, None if met else ground(case, number))
                taken = [*taken, decision] if fresh else [*taken[:-1], decision]
                fresh = False
    return tuple(taken)


def ground(case: Case, number: int) -> Ground:
    """Why the reports known by the event of that number were too few: what kept most of them from counting."""
    then = fold(case.policy, case.calendars[0], case.events[:number])
    route, grounds = statutory_route(case.policy), Counter[Ground]()
    ended = {report.incident.id: report.happened.last for report in reports_of(case.policy, then.incidents)}
    for complaint in assessment(then).complaints:
        if complaint.counted:
            continue
        began = min(ended[complaint.incident], complaint.on)
        if complaint.on > then.made_on:
            grounds[Ground.AFTER] += 1
        elif route.report_within and not in_time(began, route.report_within, complaint.on):
            grounds[Ground.LATE] += 1
        elif not in_time(complaint.on, route.apply_within, then.made_on):
            grounds[Ground.OLD] += 1
        else:
            grounds[Ground.ONCE] += 1
    return max(grounds, key=lambda reason: (grounds[reason], -list(Ground).index(reason)), default=Ground.TOO_FEW)


def reviews(case: Case) -> tuple[ReviewHeld, ...]:
    """The panels that met and decided, on the days they did, as corrected; an adjourned one did not."""
    held: list[ReviewHeld] = []
    for event in case.events:
        match event.what:
            case e.PanelHeld(on=on, recommendations=recommendations):
                held.append(ReviewHeld(on, len(recommendations)))
            case e.DateCorrected(milestone=Milestone.PANEL_HELD, to=to) if held:
                held[-1].on = to
    return tuple(held)


def spare(calendar: Calendar, deadline: Deadline) -> int | None:
    """The working days that were left when a duty was done in time, 0 on its last day; None where it was not."""
    if deadline.ended_on is None or deadline.ended_on > deadline.due:
        return None
    return working_days(calendar, deadline.ended_on, deadline.due)
