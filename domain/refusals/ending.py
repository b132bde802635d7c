"""What stands against ending a case for another cause, and against taking one up again (s.104(4), s.104(11))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain import calendar
from domain import events as e
from domain.assessment import assessment
from domain.calendar import Unit, count
from domain.case import Case, local_date
from domain.complaint import plain
from domain.events import Cause
from domain.policy import StepId
from domain.refusals.circumstances import Circumstances, against, idle, listed
from domain.substance import says_something

_OF_A_CAUSE: Mapping[str, frozenset[Cause]] = {
    "same_as": frozenset({Cause.DUPLICATE}),
    "counts_from": frozenset({Cause.DUPLICATE}),
    "council": frozenset({Cause.MOVED, Cause.OUTSIDE_AREA}),
    "council_address": frozenset({Cause.MOVED, Cause.OUTSIDE_AREA}),
    "consent": frozenset({Cause.MOVED}),
    "on": frozenset({Cause.MOVED, Cause.DIED}),
    "sees_to": frozenset({Cause.DIED}),
    "reason": frozenset(Cause) - {Cause.DIED},
}
"""What can be said of one cause and not of another."""


@against(e.CaseEnded)
def case_ended(circumstances: Circumstances, body: e.CaseEnded) -> str | None:
    if strange := [name for name, causes in _OF_A_CAUSE.items() if getattr(body, name) and body.cause not in causes]:
        kept = "; note keeps it in the file" if "reason" in strange else ""
        return f"{listed(strange)} says nothing of a case that ends as {body.cause}; leave it out{kept}"
    if body.on and (late := circumstances.in_the_future("the day", body.on)):
        return late
    return next(_against_the_cause(circumstances, body), None)


def _against_the_cause(circumstances: Circumstances, body: e.CaseEnded) -> Iterator[str]:
    case = circumstances.case
    if body.cause is Cause.DIED:
        if case.open_items and not says_something(body.sees_to):
            yield (
                f"{_open(case)} goes on for everybody else who lives with it; name in sees_to who sees that it is done"
            )
        return
    if case.open_items:
        yield f"the case cannot end while {_open(case)} is open; answer-recommendation or complete-action comes first"
    if case.appeal:
        yield "an appeal is under way and is decided first; an applicant who does not want it any more withdraws"
    if window := _time_to_appeal(circumstances):
        yield f"the applicant may still appeal against our decision, {window}; the notice of closure comes after that"
    if body.cause in (Cause.MOVED, Cause.OUTSIDE_AREA) and not says_something(body.council):
        yield "name in council whose area it is, so that the applicant is told whom to ask"
    if body.on and not (says_something(body.consent) and says_something(body.council_address)):
        yield (
            "a case is passed on with the applicant’s consent only, and they are told where to; say how they gave it "
            "in consent, and give council_address"
        )
    if body.consent and not body.on:
        yield "say in on which day the case was passed on, or leave consent out"
    if body.cause is Cause.DUPLICATE and not body.same_as:
        yield "name in same_as the case that goes on"
    if body.cause is Cause.OTHER:
        yield from _for_another_reason(circumstances, body)


def _for_another_reason(circumstances: Circumstances, body: e.CaseEnded) -> Iterator[str]:
    """Three qualifying reports are a right to a review (s.104(4)): nobody ends such a case alone."""
    if not says_something(body.reason):
        yield "say in reason why the case ends; the applicant reads it"
    case = circumstances.case
    owed = case.outcome is None and (case.threshold.met if case.threshold else assessment(case).met)
    if not owed:
        return
    alone = plain(body.approved_by) in ("", plain(circumstances.by.name))
    if alone:
        yield (
            "the applicant has a right to this review (section 104(4)), so nobody ends it alone; name in approved_by "
            "the second person who agrees, or let the applicant withdraw"
        )


def _time_to_appeal(circumstances: Circumstances) -> str:
    """Until when the applicant may appeal against a decision that was made; empty where they may not."""
    case = circumstances.case
    if case.window_shut or not (case.refusal or case.outcome):
        return ""
    window = circumstances.running(StepId.APPEAL_WINDOW)
    return f"until {calendar.words(window.due)}" if window else "once its letter has reached them"


def _open(case: Case) -> str:
    return listed(f"{item.id} ({case.policy.called(item.recommendation.to)})" for item in case.open_items)


@idle(e.CaseRestored)
def stays_withdrawn(case: Case) -> bool:
    """A policy that does not say how long a withdrawal can be taken back lets nobody take one back."""
    return case.ended is not None and isinstance(case.ended.what, e.Withdrawn) and case.policy.restoring is None


@against(e.CaseRestored)
def case_restored(circumstances: Circumstances, body: e.CaseRestored) -> str | None:
    case = circumstances.case
    if case.ended is None:
        return "the case goes on, so there is nothing to restore"
    if late := circumstances.in_the_future("the day", body.on) if body.on else None:
        return late
    ended_on = local_date(case.ended.at)
    if body.on and body.on < ended_on:
        return f"the case ended on {calendar.words(ended_on)}; nothing before that can take it up again"
    match case.ended.what:
        case e.Closed() if not says_something(body.found_by):
            return (
                "a closed case is opened again after a finding: name in found_by the ombudsman or the appeal body; "
                "an applicant with new reports applies again"
            )
        case e.Withdrawn() if not body.found_by:
            rule = case.policy.restoring
            if rule is None:
                return "this policy does not say that a withdrawal can be taken back; the applicant can apply again"
            last = count(case.calendar, ended_on, rule.working_days, Unit.WORKING_DAYS).due
            if (body.on or circumstances.today) > last:
                return (
                    f"a withdrawal of {calendar.words(ended_on)} could be taken back until {calendar.words(last)}; "
                    "the applicant can apply again"
                )
    return None
