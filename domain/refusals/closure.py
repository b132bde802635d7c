"""What stands against the follow-up and the closure (K04-28, K04-29)."""

from __future__ import annotations

from domain import calendar
from domain import events as e
from domain.case import Case, Stage
from domain.policy import Milestone, StepId
from domain.refusals.circumstances import Circumstances, against, listed
from domain.substance import says_something


@against(e.FollowUpHeld)
def follow_up_held(circumstances: Circumstances, body: e.FollowUpHeld) -> str | None:
    if late := circumstances.in_the_future("the follow-up", body.on):
        return late
    panel = circumstances.case.reached.get(Milestone.PANEL_HELD)
    if panel is not None and body.on < panel.on:
        return f"the panel met on {calendar.words(panel.on)}; the follow-up cannot have been before that"
    due = circumstances.latest(StepId.FOLLOW_UP)
    if due is not None and due.opens is not None and body.on < due.opens:
        opens = calendar.words(due.opens)
        return f"the follow-up opens on {opens}; before then add-note keeps what you learnt"
    if not body.behaviour_stopped and body.again is None:
        return "the behaviour goes on; say in again by which day it is looked at once more; the applicant is told"
    if body.behaviour_stopped and body.again is not None:
        return "the behaviour has stopped, so nothing is looked at once more; leave again out"
    if body.again is not None and body.again <= max(body.on, circumstances.today):
        return f"the further follow-up does not lie ahead on {calendar.words(body.again)}; give a later day"
    return None


def closing(case: Case) -> bool:
    """Notice of closure was given, and no objection, appeal or later receipt of the decision has come since."""
    return case.notice > 0


@against(e.ClosureNotified)
def closure_notified(circumstances: Circumstances, body: e.ClosureNotified) -> str | None:
    case = circumstances.case
    if case.open_items:
        ids = listed(
            f"{item.id} ({circumstances.case.policy.called(item.recommendation.to)})" for item in case.open_items
        )
        are = "is" if len(case.open_items) == 1 else "are"
        return f"the case cannot close while {ids} {are} open; answer-recommendation or complete-action comes first"
    if closing(case):
        return "the applicant's notice of closure is on its way; settle-letter helps where it is lost"
    if case.stage is Stage.FOLLOW_UP and not case.has(Milestone.FOLLOWED_UP):
        return "the case closes after its follow-up; hold-follow-up comes first"
    if case.follow_up and not case.follow_up.behaviour_stopped and not says_something(body.reason):
        return "the behaviour had not stopped at the follow-up; say in reason why the case closes all the same"
    if case.refusal and not case.window_shut:
        return "the applicant may still appeal; the closure notice goes by itself when the window has ended"
    if case.objection is not None and not says_something(body.reason):
        return "the applicant objected to the closure; say in reason how their objection was dealt with"
    return None
