"""What stands against an act of keeping the case: extensions, holds, corrections, the calendar."""

from __future__ import annotations

from collections.abc import Mapping

from domain import calendar
from domain import events as e
from domain.case import Case
from domain.complaint import plain
from domain.handlers import had_part
from domain.meetings import meeting
from domain.milestones import words
from domain.policy import Milestone, Owner
from domain.refusals.circumstances import Circumstances, against, idle, listed

CORRECTABLE: Mapping[Milestone, tuple[Milestone, ...]] = {
    Milestone.RECEIVED: (),
    Milestone.THRESHOLD_RECEIVED: (Milestone.THRESHOLD_TOLD,),
    Milestone.PANEL_HELD: (Milestone.THRESHOLD_DECIDED,),
    Milestone.OUTCOME_RECEIVED: (Milestone.OUTCOME_SENT,),
    Milestone.APPEAL_LODGED: (Milestone.THRESHOLD_DECIDED, Milestone.OUTCOME_SENT),
    Milestone.APPEAL_HEARD: (Milestone.APPEAL_LODGED,),
    Milestone.FOLLOWED_UP: (Milestone.PANEL_HELD,),
}
"""The dates that can be corrected, each with what must have come before it."""
_FOLLOWED_BY: Mapping[Milestone, tuple[Milestone, ...]] = {
    Milestone.RECEIVED: (Milestone.THRESHOLD_DECIDED,),
    Milestone.THRESHOLD_RECEIVED: (Milestone.APPEAL_LODGED,),
    Milestone.PANEL_HELD: (Milestone.PLAN_PUT, Milestone.OUTCOME_SENT),
    Milestone.OUTCOME_RECEIVED: (Milestone.APPEAL_LODGED,),
    Milestone.APPEAL_LODGED: (Milestone.APPEAL_HEARD,),
    Milestone.APPEAL_HEARD: (Milestone.APPEAL_DECIDED,),
}


@against(e.Extended)
def extended(circumstances: Circumstances, body: e.Extended) -> str | None:
    rules = circumstances.case.policy.extensions
    running = {d.key: d for d in circumstances.deadlines if d.running and d.step in rules.steps}
    deadline = running.get(body.step)
    if deadline is None:
        can = "; ".join(f"“{d.title}” ({d.key})" for d in running.values()) or "nothing"
        known = next((f"“{d.title}”" for d in circumstances.deadlines if d.key == body.step), body.step)
        return f"{known} cannot be extended now; what can: {can}"
    approved = [given for given in circumstances.case.extensions.get(body.step, ()) if given.approved_by]
    if len(approved) >= rules.times:
        return f"“{deadline.title}” was extended {rules.times} times, the most this policy allows"
    passed = calendar.working_days(circumstances.case.calendar, deadline.due, circumstances.today) or 0
    longest = rules.at_most + passed  # what has gone by already gives nobody time
    if body.working_days > longest:
        most = f"{longest} working days at a time"
        return f"“{deadline.title}” may be extended by {most}, not by {body.working_days}; give fewer"
    if not body.approved_by.strip():
        return f"an extension is approved by {rules.approver}; give their name"
    if deadline.owner is Owner.APPLICANT:
        return None
    due = next(d.due for d in circumstances.after(body) if d.key == body.step)
    if due <= circumstances.today:
        return f"the new date {calendar.words(due)} does not lie ahead; extend by more working days"
    if due <= deadline.due:
        return f"the date would stay {calendar.words(deadline.due)}; extend by more working days"
    return None


@idle(e.ExtensionUndone)
def nothing_extended(case: Case) -> bool:
    return not case.extensions


@against(e.ExtensionUndone)
def extension_undone(circumstances: Circumstances, body: e.ExtensionUndone) -> str | None:
    """Only what the council owes moves back, and not to a day that is over or before a meeting that is arranged."""
    moved = {d.key: d for d in circumstances.deadlines if d.running and d.key in circumstances.case.extensions}
    deadline = moved.get(body.step)
    if deadline is None:
        can = "; ".join(f"“{d.title}” ({d.key})" for d in moved.values()) or "nothing"
        return f"{body.step} has no extension to undo; what has: {can}"
    if deadline.owner is Owner.APPLICANT:
        return f"“{deadline.title}” is the applicant’s own time, and that is never made shorter"
    first = next(d.due for d in circumstances.after(body) if d.key == body.step)
    if first < circumstances.today:
        passed, stands = calendar.words(first), calendar.words(deadline.due)
        return f"the date first promised, {passed}, has passed, so it cannot be kept any more; {stands} stands"
    met = meeting(circumstances.case, deadline.step)
    if met is not None and met > first:
        on, promised = calendar.words(met), calendar.words(first)
        return f"the meeting is arranged for {on}, after the date first promised, {promised}; move the meeting first"
    return None


@against(e.HoldStarted)
def hold_started(circumstances: Circumstances, body: e.HoldStarted) -> str | None:
    if not body.at_victims_request:
        return "a case is held only at the victim's request; an agency's silence never stops a clock"
    if body.until <= circumstances.today:
        return f"the hold's end {calendar.words(body.until)} is not ahead; give the day the case goes on"
    if hold := circumstances.case.on_hold(circumstances.today):
        return f"the case is on hold until {calendar.words(hold.end)} already; resume ends it sooner"
    return None


@against(e.HoldEnded)
def hold_ended(circumstances: Circumstances, body: e.HoldEnded) -> str | None:
    return (
        None
        if circumstances.case.on_hold(circumstances.today)
        else "the case is not on hold, so nothing can be resumed"
    )


@against(e.DocumentAdded)
def document_added(circumstances: Circumstances, body: e.DocumentAdded) -> str | None:
    known = (event.what for event in circumstances.case.events)
    if any(isinstance(what, e.DocumentAdded) and what.document == body.document for what in known):
        return "the case has this document already; add another, or a note about this one"
    return None


@against(e.OfficerAssigned)
def officer_assigned(circumstances: Circumstances, body: e.OfficerAssigned) -> str | None:
    """Nobody looks after an appeal against what they had a part in; of two who take a case, one gets it."""
    now = circumstances.case.officer.officer if circumstances.case.officer else ""
    if body.taken_from is not None and plain(body.taken_from) != plain(now):
        return f"{now or 'nobody'} has the case by now; take another one"
    appeal = circumstances.case.appeal
    if appeal is not None and plain(body.officer) in had_part(circumstances.case, appeal):
        return f"{body.officer} had a part in what the appeal is against; give the case to somebody who had none"
    return None


@idle(e.CallMade)
def no_call_wanted(case: Case) -> bool:
    return case.call is None


@against(e.DateCorrected)
def date_corrected(circumstances: Circumstances, body: e.DateCorrected) -> str | None:
    which = body.milestone
    if which not in CORRECTABLE:
        return f"{which} is not a date to correct; these are: {listed(CORRECTABLE)}"
    name = f"“{words(which)}”"
    known = circumstances.case.reached.get(which)
    if known is None:
        return f"{name} has not happened yet, so its date cannot be wrong"
    if body.to == known.on:
        return f"{name} is recorded as {calendar.words(known.on)} already; give the day it should be"
    before = [circumstances.case.reached[m].on for m in CORRECTABLE[which] if m in circumstances.case.reached]
    if before and body.to < max(before):
        return f"{name} cannot have been before {calendar.words(max(before))}, when what led to it happened"
    if which is Milestone.RECEIVED and circumstances.case.round > 1:
        return f"an appeal began the review again on {calendar.words(known.on)}; add-note keeps what is known now"
    after = [circumstances.case.reached[m].on for m in _FOLLOWED_BY.get(which, ()) if m in circumstances.case.reached]
    if after and body.to > min(after):
        return f"{name} cannot have been after {calendar.words(min(after))}, when what followed from it happened"
    return circumstances.in_the_future("the corrected date", body.to)


@against(e.CalendarChanged)
def calendar_changed(circumstances: Circumstances, body: e.CalendarChanged) -> str | None:
    if body.calendar.hash == circumstances.case.calendar.hash:
        return "the case has this calendar already"
    if body.calendar.horizon < circumstances.case.calendar.horizon:
        end = calendar.words(body.calendar.horizon)
        return f"the new calendar ends on {end}, before the one in use; take a newer snapshot"
    return None
