"""What stands against an act of the review: the panel, the outcome, the recommendations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from domain import calendar
from domain import events as e
from domain.calendar import Direction, Unit, count
from domain.case import Case, Item, Stage
from domain.complaint import plain
from domain.deadlines import State
from domain.handlers import handlers, may_not_chair
from domain.policy import Milestone, Policy, StepId
from domain.powers import POWERS
from domain.refusals import later
from domain.refusals.circumstances import Circumstances, against, idle, listed
from domain.refusals.closure import closing
from domain.substance import says_something

_CLOCK = re.compile(r"(\d{1,3})[:.](\d{1,3})")


@against(e.PanelArranged)
def panel_arranged(circumstances: Circumstances, body: e.PanelArranged) -> str | None:
    if body.on < circumstances.today:
        passed, now = calendar.words(body.on), calendar.words(circumstances.today)
        return f"the panel's date {passed} has passed; give a day from {now} on"
    if not _hour(body.time):
        return f"{body.time!r} is no time of day; give one such as 14:00"
    if circumstances.case.panel is not None and not says_something(body.reason):
        return "the panel is arranged already; give the reason for re-arranging it, the applicant will be told"
    return (
        circumstances.in_a_hold(body.on)
        or _not_invited(circumstances, body)
        or _chair(circumstances.case, body.chair)
        or _handled(circumstances.case, body.members)
        or _members(circumstances.case.policy, body)
        or later.than_promised(circumstances, StepId.PANEL, body)
    )


def _not_invited(circumstances: Circumstances, body: e.PanelArranged) -> str | None:
    """A victim is invited unless the chair says in writing why not, in time to be answered, and how they are heard."""
    if body.invited:
        return None
    if not says_something(body.reasons_not_invited):
        return "the victim is invited unless there are reasons why not; give those reasons, the victim is sent them"
    if not says_something(body.heard_instead):
        return "say in heard_instead how a victim who is not invited is heard, such as by a call from the chair"
    case, period = circumstances.case, circumstances.case.policy.care.not_invited
    if period is None:
        return None
    last = count(case.calendar, body.on, period.working_days, Unit.WORKING_DAYS, direction=Direction.BEFORE).due
    if circumstances.today <= last:
        return None
    days = f"{period.working_days} working days before the panel"
    return (
        f"a victim who is not invited has the reasons {days}, for {calendar.words(body.on)} by "
        f"{calendar.words(last)}; invite them, or choose a later day"
    )


def _hour(time: str) -> bool:
    """Whether a time can be meant: 25:99 cannot, while "midday" or "after the school run" is left to people."""
    match = _CLOCK.fullmatch(time.strip())
    return match is None or (int(match[1]) < 24 and int(match[2]) < 60)


def _chair(case: Case, chair: e.Seat) -> str | None:
    if chair.conflict.strip():
        return f"the chair declared a conflict ({' '.join(chair.conflict.split())}); name another chair"
    if case.policy.panel.independent_chair and not chair.independent:
        return "this council's panel has an independent chair; name one who had no part in the case"
    if plain(chair.name) in may_not_chair(case):
        return f"{chair.name} has handled this case and may not chair its panel; name another chair"
    return None


def _handled(case: Case, members: Sequence[e.Seat]) -> str | None:
    """A member is screened as the chair is: whoever handled the case does not judge how it was handled."""
    handled = next((seat.name for seat in members if plain(seat.name) in handlers(case)), "")
    return f"{handled} has handled this case and may not sit on its panel; name another member" if handled else None


def _members(policy: Policy, body: e.PanelArranged) -> str | None:
    seats = (body.chair, *body.members)
    strange = [seat.agency for seat in seats if seat.agency and policy.agency(seat.agency) is None]
    if strange:
        known = listed(agency.id for agency in policy.agencies)
        return f"no body {listed(strange)} is in the directory; a seat's agency is one of {known}"
    services = {_service(policy, seat) for seat in seats if not seat.conflict.strip()} - {""}
    if len(services) < policy.panel.quorum:
        return (
            f"a panel needs {policy.panel.quorum} services without a conflict and this one has {len(services)}; "
            "add members from other bodies and give each one's organisation or agency"
        )
    return None


def _service(policy: Policy, seat: e.Seat) -> str:
    """The body a seat stands for, the same however it is named; empty where none is given."""
    name = plain(seat.agency or seat.organisation)
    known = (a.id for a in policy.agencies if name in (plain(a.id), plain(a.name), plain(a.role)))
    return next(known, name)


@against(e.PanelAdjourned)
def panel_adjourned(circumstances: Circumstances, body: e.PanelAdjourned) -> str | None:
    until = calendar.words(body.until)
    if body.until < circumstances.today:
        return f"the panel cannot go on on {until}, which has passed; give a day to come"
    if circumstances.case.panel is not None and body.until == circumstances.case.panel.on:
        return f"the panel meets on {until} already; give the day to which it is adjourned"
    return circumstances.in_a_hold(body.until)


@against(e.PanelHeld)
def panel_held(circumstances: Circumstances, body: e.PanelHeld) -> str | None:
    if late := circumstances.in_the_future("the panel's date", body.on):
        return late
    panel, rules = circumstances.case.panel, circumstances.case.policy.panel
    if panel is not None:
        if body.on < panel.on:
            told = f"the panel is arranged for {calendar.words(panel.on)} and the applicant was told so"
            if circumstances.by.role is e.Role.CHAIR:
                return f"{told}; adjourn-panel gives another day, and the council can move it"
            return f"{told}; arrange-panel with a reason moves it"
        chairs = circumstances.by.role is not e.Role.CHAIR or plain(circumstances.by.name) in (
            "",
            plain(panel.chair.name),
        )
        if not chairs:
            chair = panel.chair.name
            return (
                f"{circumstances.by.name} does not chair this panel; {chair} does, or arrange-panel names another chair"
            )
    present = {plain(name) for name in body.present}
    if present and len(present) < rules.quorum:
        return f"a panel needs {rules.quorum} services and {len(present)} took part; adjourn-panel is possible now"
    return unfit(circumstances.case.policy, body.recommendations, body.on)


def unfit(policy: Policy, made: Sequence[e.Recommendation], on: date) -> str | None:
    """The sentence against recommendations made on a day: to nobody there is, or to be done before it."""
    known = [agency.id for agency in policy.agencies]
    strange = sorted({r.to for r in made if r.to not in known})
    if strange:
        return f"no body {listed(strange)} is in the directory; recommend to one of {listed(known)}"
    if unknown := [r.power for r in made if r.power and r.power not in POWERS]:
        return f"{listed(unknown)} is no power of the menu; leave it empty, or give one of {listed(POWERS)}"
    early = [r.due for r in made if r.due and r.due < on]
    if early:
        due, made_on = calendar.words(min(early)), calendar.words(on)
        return f"an action cannot be due on {due}, before it was recommended on {made_on}; give a later day, or none"
    return None


@idle(e.OutcomeDecided)
def plan_open(case: Case) -> bool:
    """The outcome waits while the applicant may comment on the plan."""
    return case.stage is Stage.PLAN


@against(e.OutcomeDecided)
def outcome_decided(circumstances: Circumstances, body: e.OutcomeDecided) -> str | None:
    if circumstances.case.outcome is not None:
        return "the outcome was decided already and its letter is on its way; settle-letter helps where it is lost"
    if not circumstances.case.has(Milestone.PLAN_PUT):
        return "the draft plan must be put to the applicant before the outcome is final; its letter has not gone yet"
    plan = circumstances.running(StepId.PLAN)
    if plan is not None and not circumstances.case.has(Milestone.PLAN_SETTLED) and plan.state is State.OPEN:
        until = calendar.words(plan.due)
        return f"the applicant may comment on the draft plan until {until}; comment-on-plan is possible now"
    return _issues(circumstances.case, body)


def _issues(case: Case, body: e.OutcomeDecided) -> str | None:
    """An outcome that is told issue by issue leaves out nothing that was reported."""
    known, told = [incident.id for incident in case.incidents], {id for issue in body.issues for id in issue.reports}
    if strange := sorted(told - set(known)):
        return f"there is no report {listed(strange)} in this case; its reports are {listed(known)}"
    left_out = [id for id in known if id not in told]
    if body.issues and left_out:
        return f"say of {listed(left_out)} too what was found, or to which issue it belongs: the applicant raised it"
    return None


@against(e.ReceiptConfirmed)
def letter_received(circumstances: Circumstances, body: e.ReceiptConfirmed) -> str | None:
    sent = circumstances.case.reached.get(
        Milestone.THRESHOLD_TOLD if body.letter == "threshold" else Milestone.OUTCOME_SENT
    )
    if sent is None:
        return f"no {body.letter} letter has been sent yet, so none can have arrived"
    if body.on < sent.on:
        on = calendar.words(sent.on)
        return f"the {body.letter} letter was sent on {on}; it cannot have arrived before that"
    return circumstances.in_the_future("the day of receipt", body.on)


@idle(e.RecommendationAnswered, e.ActionDone)
def nothing_recommended(case: Case) -> bool:
    return not case.items


@against(e.RecommendationAnswered)
def recommendation_answered(circumstances: Circumstances, body: e.RecommendationAnswered) -> str | None:
    item = circumstances.case.items.get(body.recommendation)
    if item is None:
        return _no_item(circumstances.case, body.recommendation)
    if circumstances.by.role is e.Role.AGENCY and circumstances.by.name != item.recommendation.to:
        to = circumstances.case.policy.called(item.recommendation.to)
        return f"{item.id} was made to {to}; only they can answer it"
    if item.done is not None:
        return f"{item.id} is done already; add-note keeps what is new"
    if item.answer is not None and closing(circumstances.case):
        return (
            f"the applicant has been told that the case will close, and {item.id} was answered; "
            "it can be taken up again after an objection to the closure"
        )
    if body.response is not e.Response.ACCEPTED and not says_something(body.reasons):
        return f"to {'decline' if body.response is e.Response.DECLINED else 'accept in part'} give your reasons"
    if body.due is not None and body.due < circumstances.today:
        return f"the day the action is due, {calendar.words(body.due)}, has passed; give a day to come, or none"
    return None


@against(e.ActionDone)
def action_done(circumstances: Circumstances, body: e.ActionDone) -> str | None:
    item = circumstances.case.items.get(body.recommendation)
    if item is None:
        return _no_item(circumstances.case, body.recommendation)
    if circumstances.by.role is e.Role.AGENCY and circumstances.by.name != item.recommendation.to:
        to = circumstances.case.policy.called(item.recommendation.to)
        return f"{item.id} falls to {to}; only they can report it done"
    if not item.accepted:
        return f"{item.id} has not been accepted; answer-recommendation comes first"
    if item.done is not None:
        return f"{item.id} was done on {calendar.words(item.done.on)} already; add-note keeps what is new"
    made = _panel_day(circumstances.case, item)
    if body.on < made:
        return f"{item.id} was recommended on {calendar.words(made)}; it cannot have been done before that"
    return circumstances.in_the_future("the day it was done,", body.on)


def _no_item(case: Case, id: str) -> str:
    return f"there is no recommendation {id}; this case has {listed(case.items, 'none yet')}"


def _panel_day(case: Case, item: Item) -> date:
    """The day of the panel that made a recommendation, which may have been recorded later."""
    held = (event.what for event in case.events if event.id == item.made.event)
    return next((what.on for what in held if isinstance(what, e.PanelHeld)), item.made.on)
