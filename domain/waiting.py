"""What a case waits for and who must act, in words: for the work list, the Temporal UI and the letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain import calendar
from domain.assessment import assessment, refusal_falls
from domain.calendar import Pause
from domain.case import Case, Stage
from domain.chasing import movable, unexplained
from domain.deadlines import Deadline, next_due
from domain.events import Purpose
from domain.policy import Milestone
from domain.refusals.closure import closing
from domain.ways import made_out_to_nobody


@dataclass(frozen=True)
class Waiting:
    """``words`` is one sentence without personal data.

    ``must_act`` is a role, an agency's id or "service", and empty when all is done.
    """

    words: str
    must_act: str


def describe(case: Case, deadlines: Sequence[Deadline], today: date) -> Waiting:
    """Why nothing more happens by itself just now."""
    if lost := case.lost:
        kind = lost.posted.letter
        if lost.in_tray and made_out_to_nobody(case, lost):
            words = (
                f"letter {kind} in the print tray is made out to somebody who does not act for the applicant any more"
            )
            return Waiting(
                f"{words}: do not post it, and settle it as not arrived, so that it goes to who does", "officer"
            )
        if lost.in_tray:
            return Waiting(f"letter {kind} is in the print tray: somebody must print and post it", "officer")
        return Waiting(f"letter {kind} did not certainly arrive: somebody must settle it", "officer")
    if case.call and not case.stage.over:
        asked = f"the applicant asked for a call on {calendar.words(case.call.on)}: ring them"
        return Waiting(f"{asked}; {cause(case, deadlines, today).words}", "officer")
    if not case.stage.over and (promise := unexplained(case, deadlines, today)):
        late = "was promised" if promise.due < today else "is promised"
        move = ", or move the date with a reason" if movable(case, promise.key) else ""
        asked = f"“{promise.title}” {late} by {calendar.words(promise.due)}: do it{move}"
        return Waiting(f"{asked}; {cause(case, deadlines, today).words}", "officer")
    return cause(case, deadlines, today)


def cause(case: Case, deadlines: Sequence[Deadline], today: date) -> Waiting:
    """What keeps the case itself from going on, whatever else somebody has to see to."""
    if not case.stage.over and (hold := case.on_hold(today)):
        return _on_hold(case, hold)
    words, must_act = _by_stage(case, deadlines, today)
    following = next_due(deadlines)
    if following and not case.stage.over:
        late = "was due" if following.due < today else "due"
        words += f"; next: {following.title}, {late} {calendar.words(following.due)}"
    return Waiting(words, must_act)


def _on_hold(case: Case, hold: Pause) -> Waiting:
    words = f"on hold at the victim's request until {calendar.words(hold.end)}"
    if case.stage is Stage.PANEL and case.panel and case.panel.on < hold.end:
        words += f"; the panel of {calendar.words(case.panel.on)} must be moved to a later day"
    return Waiting(words, "officer")


def _by_stage(case: Case, deadlines: Sequence[Deadline], today: date) -> tuple[str, str]:
    if ending := case.ending:
        return ending.waiting, ""
    match case.stage:
        case Stage.RECEIVED:
            return "the receipt letter is on its way", "service"
        case Stage.AWAITING_DETAILS:
            return f"waiting for the applicant: {_missing(case)}", "applicant"
        case Stage.VERIFYING:
            return _agencies(case, Purpose.VERIFICATION, "to confirm the reports")
        case Stage.THRESHOLD:
            if case.deferral:
                agency, until = case.deferral.body.agency, calendar.words(case.deferral.until)
                return f"the decision is put off until {until}, for {case.policy.called(agency)}", agency
            return "waiting for the threshold decision", "officer"
        case Stage.NOT_MET:
            return _not_met(case)
        case Stage.GATHERING:
            return _agencies(case, Purpose.INFORMATION, "for their account of the case")
        case Stage.ARRANGING:
            return "waiting for a panel to be arranged", "officer"
        case Stage.PANEL:
            return _panel(case, today)
        case Stage.PLAN:
            if not case.has(Milestone.PLAN_PUT):
                return "the draft plan is on its way to the applicant", "service"
            return "waiting for the applicant's answer on the draft plan", "applicant"
        case Stage.OUTCOME:
            if case.outcome is not None:
                return "the outcome letter is on its way", "service"
            return "waiting for the outcome to be written and sent", "officer"
        case Stage.APPEAL_WINDOW:
            return "outcome sent; the applicant may appeal", "applicant"
        case Stage.APPEAL:
            return _appeal(case, today)
        case Stage.FOLLOW_UP:
            return _follow_up(case, deadlines, today)
        case Stage.CLOSING if refusal_falls(case):
            return _falls()
        case _:
            return "closure notice sent; the applicant may object", "applicant"


def _missing(case: Case) -> str:
    """What is missing, without an officer's own words, which may name people."""
    known = [line for line in case.application.missing if line in case.missing]
    further = ["the further details asked for"] if len(known) < len(case.missing) else []
    return ", ".join((*known, *further))


def _agencies(case: Case, purpose: Purpose, what: str) -> tuple[str, str]:
    silent = [enquiry.agency for enquiry in case.of_round(purpose) if not enquiry.settled]
    *others, last = [case.policy.called(agency) for agency in silent] or ["the agencies"]
    names = f"{', '.join(others)} and {last}" if others else last
    return f"waiting for {names} {what}", silent[0] if silent else "agencies"


def _not_met(case: Case) -> tuple[str, str]:
    if not case.has(Milestone.THRESHOLD_TOLD):
        return "threshold not met; the letter with the reasons is on its way", "service"
    if case.window_shut and refusal_falls(case):
        return _falls()
    if not case.window_shut and assessment(case).met:
        return (
            "threshold refused, and what was added since meets it: decide-threshold can replace the refusal",
            "officer",
        )
    if not case.window_shut:
        return "threshold not met; the applicant may appeal", "applicant"
    return _before_closing(case, "threshold not met and the time to appeal has ended")


def _falls() -> tuple[str, str]:
    return "threshold refused, and with a corrected report it is met: decide-threshold replaces the refusal", "officer"


def _before_closing(case: Case, why: str) -> tuple[str, str]:
    """An objection is for a person to deal with; without one the service gives notice."""
    if closing(case):
        return f"{why}; the closure notice is on its way", "service"
    if case.objection is not None:
        return "the applicant objects to closing the case; deal with it, then give notice again", "officer"
    return f"{why}; the closure notice is next", "service"


def _panel(case: Case, today: date) -> tuple[str, str]:
    if case.panel is None:
        return "waiting for the panel", "chair"
    on = calendar.words(case.panel.on)
    if case.panel.on < today:
        return f"the panel was to meet on {on}; its decision is to be recorded", "chair"
    return f"waiting for the panel of {on}", "chair"


def _appeal(case: Case, today: date) -> tuple[str, str]:
    if case.has(Milestone.APPEAL_DECIDED):
        return "appeal decided; the letter is on its way", "service"
    if not case.has(Milestone.BUNDLE_SENT):
        return "appeal received; its papers are to be sent", "officer"
    heard = case.has(Milestone.APPEAL_HEARD)
    hearing = case.appeal.hearing if case.appeal else None
    if hearing is not None and not heard:
        on = calendar.words(hearing.on)
        if hearing.on < today:
            return f"the appeal was to be heard on {on}; the hearing is to be recorded", "appeal_body"
        return f"waiting for the appeal's hearing on {on}", "appeal_body"
    words = "waiting for the appeal decision" if heard else "waiting for the appeal to be heard"
    return words, "appeal_body"


def _follow_up(case: Case, deadlines: Sequence[Deadline], today: date) -> tuple[str, str]:
    unanswered = [item for item in case.items.values() if item.answer is None]
    undone = [item for item in case.open_items if item.answer is not None]
    for items, what in ((unanswered, "to answer"), (undone, "to be done")):
        if items:
            ids = ", ".join(f"{item.id} ({case.policy.called(item.recommendation.to)})" for item in items)
            return f"waiting for {ids} {what}", items[0].recommendation.to
    again = case.followed[-1].held.again if case.followed else None
    if again and case.objection is None and not closing(case):
        return f"the behaviour goes on; waiting for the further follow-up by {calendar.words(again)}", "officer"
    if case.has(Milestone.FOLLOWED_UP):
        if case.follow_up and not case.follow_up.behaviour_stopped and case.objection is None and not closing(case):
            return "the behaviour has not stopped: say what is done about it, or give notice of closure", "officer"
        return _before_closing(case, "all is done")
    opens = next((d.opens for d in deadlines if d.opens and d.running), None)
    since = f", open from {calendar.words(opens)}" if opens and opens > today else ""
    return f"waiting for the follow-up{since}", "officer"
