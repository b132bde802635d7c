"""What stands against an act of an appeal (Sch.4 para.3): lodging, turning away, papers, hearing, decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain import calendar
from domain import events as e
from domain.appeal_layers import is_the_applicants, layer_for, settled
from domain.case import Appeal, Case, Item
from domain.catalogue import SUBJECTS
from domain.complaint import plain
from domain.deadlines import Deadline
from domain.handlers import deciders, had_part, had_part_so_far
from domain.policy import AppealRoute, Decision, Milestone, StepId, Subject
from domain.refusals import later
from domain.refusals.circumstances import Circumstances, against, idle, listed
from domain.refusals.review import unfit
from domain.substance import says_something


@against(e.AppealLodged)
def appeal_lodged(circumstances: Circumstances, body: e.AppealLodged) -> str | None:
    case, on = circumstances.case, body.on or circumstances.today
    if late := circumstances.in_the_future("the day of the appeal", on):
        return late
    if early := _too_early(case, on):
        return early
    route = layer_for(case, body.subject, on) if body.subject in _subjects(case) else None
    if route is None:
        return _wrong_subject(case, body.subject, on)
    wrong = _lodger(circumstances, route, body) or _route(case, route, body, on)
    return wrong or _window(circumstances, route, body, on)


def _too_early(case: Case, on: date) -> str | None:
    decided = case.reached.get(Milestone.THRESHOLD_DECIDED if case.refusal else Milestone.OUTCOME_SENT)
    if decided is None or on >= decided.on:
        return None
    return f"the decision is of {calendar.words(decided.on)}; an appeal against it cannot have come before that"


def _subjects(case: Case) -> tuple[Subject, ...]:
    """What can be appealed against in the decision that stands."""
    if case.refusal:
        return (Subject.THRESHOLD,)
    return tuple(subject for subject in Subject if subject is not Subject.THRESHOLD)


def open_subjects(case: Case, on: date) -> tuple[Subject, ...]:
    """What can be appealed against on that day: a route leads there and its last word has not been said."""
    subjects = []
    for subject in _subjects(case):
        route = layer_for(case, subject, on)
        if route and is_the_applicants(route) and route.body_on(on) and not settled(case, route, subject):
            subjects.append(subject)
    return tuple(subjects)


def _wrong_subject(case: Case, subject: Subject, on: date) -> str:
    routes = case.policy.appeals_on(on, _subjects(case))
    open_now = [s for s in _subjects(case) if any(s in route.subjects for route in routes)]
    stands = "refusal of a review" if case.refusal else "outcome of the review"
    can = listed((SUBJECTS[subject] for subject in open_now), "nothing")
    return f"no appeal against {SUBJECTS[subject]} is open; the {stands} can be appealed as: {can}"


def _route(case: Case, route: AppealRoute, body: e.AppealLodged, on: date) -> str | None:
    hears = route.body_on(on)
    if hears is None:
        return f"no body hears appeals by {route.title} on {calendar.words(on)}; its successor must be named first"
    if settled(case, route, body.subject):
        return (
            f"an appeal against {SUBJECTS[body.subject]} has been decided and that is the last step of this procedure; "
            "the letter about it names the ombudsman"
        )
    if route.consent_to_transfer and not body.consent_to_transfer:
        return f"the applicant's consent to pass the papers to {hears.name} is needed"
    return None


def _lodger(circumstances: Circumstances, route: AppealRoute, body: e.AppealLodged) -> str | None:
    """The procedure may leave it to others than the applicant to take a case further, and to a plan its time."""
    who = body.lodged_by.strip().casefold() or "applicant"
    may = {name.casefold() for name in route.who_may_lodge}
    if who not in may or (circumstances.by.role is e.Role.APPLICANT and not is_the_applicants(route)):
        only = " or ".join(f"the {name}" for name in route.who_may_lodge)
        return f"only {only} may take a case to “{route.title}”; say who does, in lodged_by"
    if route.while_plan_live:
        return None
    live = [item.id for item in circumstances.case.open_items]
    if live:
        return f"there is no appeal by “{route.title}” while the agreed plan is live; open are {listed(live)}"
    return None


def window_of(circumstances: Circumstances, route: AppealRoute) -> Deadline | None:
    """The applicant's time to lodge an appeal by this layer, whatever became of it."""
    item = route.id if route.after else ""
    known = (d for d in reversed(circumstances.deadlines) if d.step is StepId.APPEAL_WINDOW)
    return next((d for d in known if d.item == item), None)


def _window(circumstances: Circumstances, route: AppealRoute, body: e.AppealLodged, on: date) -> str | None:
    window = window_of(circumstances, route)
    if window is None or on <= window.due or says_something(body.good_cause):
        return None
    if not route.while_plan_live and any(_live_on(item, window.due) for item in circumstances.case.items.values()):
        return None
    ended = calendar.words(window.due)
    return f"the appeal window ended on {ended}; give the good cause for accepting it late"


def _live_on(item: Item, day: date) -> bool:
    """Whether a recommendation still kept the plan live on that day, so that no appeal could be lodged then."""
    ended = item.done.on if item.done else item.answered.on if item.answered and not item.accepted else None
    return ended is None or ended >= day


@against(e.AppealRefused)
def appeal_refused(circumstances: Circumstances, body: e.AppealRefused) -> str | None:
    """Nobody turns away an appeal that can be taken, and not those whose decision it is against."""
    case, on = circumstances.case, body.on or circumstances.today
    if wrong := circumstances.in_the_future("the day of the appeal", on) or _too_early(case, on):
        return wrong
    if not body.decided_by.strip():
        return "say who decided that the appeal cannot be taken, in decided_by; the letter names them"
    if plain(body.decided_by) in had_part_so_far(case):
        return f"{body.decided_by} took part in the decision appealed against; another person must look at the appeal"
    if own := own_appeal(circumstances, None):
        return own
    if _closed_to(circumstances, body.subject, on):
        return None
    return "this appeal came in time and a route is open for it; lodge-appeal takes it, and the appeal body decides it"


def _closed_to(circumstances: Circumstances, subject: Subject, on: date) -> bool:
    """Whether an appeal of that day may be turned away: no route, decided for good, too late, or published grounds."""
    case = circumstances.case
    route = layer_for(case, subject, on) if subject in _subjects(case) else None
    if route is None or settled(case, route, subject) or not is_the_applicants(route):
        return True
    window = window_of(circumstances, route)
    return bool(route.grounds) or (window is not None and on > window.due)


def own_appeal(circumstances: Circumstances, appeal: Appeal | None) -> str | None:
    """Nobody handles an appeal against what they decided, not even to write down what others decide (invariant 15)."""
    who = circumstances.by.name
    if plain(who) not in deciders(circumstances.case, appeal):
        return None
    return (
        f"{who} had a part in what the appeal is against, so it is not theirs to handle; somebody who had none writes "
        "down what the appeal body says, or the appeal body does it by its own link"
    )


def _hears(circumstances: Circumstances, names: Sequence[str]) -> str | None:
    """Those who hear or decide an appeal had no part at all in what it is against."""
    appeal = circumstances.case.appeal
    taken = had_part(circumstances.case, appeal) if appeal else set()
    who = next((name for name in names if plain(name) in taken), "")
    return f"{who} had a part in what the appeal is against and may not hear or decide it; name others" if who else None


@against(e.BundleSent)
def bundle_sent(circumstances: Circumstances, body: e.BundleSent) -> str | None:
    return "the appeal body has its papers already" if circumstances.case.has(Milestone.BUNDLE_SENT) else None


@against(e.HearingArranged)
def hearing_arranged(circumstances: Circumstances, body: e.HearingArranged) -> str | None:
    appeal = circumstances.case.appeal
    if appeal is None or (decided := _decided_already(circumstances.case)):
        return decided if appeal else "there is no appeal to hear"
    if circumstances.case.has(Milestone.APPEAL_HEARD):
        return "the appeal was heard already; decide-appeal is possible now"
    if body.on < circumstances.today:
        passed, now = calendar.words(body.on), calendar.words(circumstances.today)
        return f"the hearing's date {passed} has passed; give a day from {now} on"
    if wrong := own_appeal(circumstances, appeal) or _panel(circumstances, body.panel):
        return wrong
    if appeal.hearing is not None and not says_something(body.reason):
        return "the hearing is arranged already; give the reason for re-arranging it, the applicant will be told"
    return circumstances.in_a_hold(body.on) or later.than_promised(circumstances, StepId.APPEAL_HEARING, body)


def _panel(circumstances: Circumstances, panel: Sequence[e.Seat]) -> str | None:
    """Whoever hears an appeal is screened as a panel's chair is."""
    for seat in panel:
        if seat.conflict.strip():
            return (
                f"{seat.name} declared a conflict ({' '.join(seat.conflict.split())}); name others to hear the appeal"
            )
    return _hears(circumstances, [seat.name for seat in panel])


@idle(e.HearingAdjourned)
def no_hearing_ahead(case: Case) -> bool:
    """Only a hearing that is arranged and has not been can be put off."""
    appeal = case.appeal
    return appeal is None or appeal.hearing is None or appeal.heard_on is not None or appeal.decided is not None


@against(e.HearingAdjourned)
def hearing_adjourned(circumstances: Circumstances, body: e.HearingAdjourned) -> str | None:
    """As with a panel that is adjourned: a day past the promised one is allowed, and explained to the applicant."""
    if circumstances.case.has(Milestone.APPEAL_HEARD):
        return "the appeal was heard already; decide-appeal is possible now"
    arranged = circumstances.case.appeal.hearing if circumstances.case.appeal else None
    if arranged is None:
        none = "no hearing is arranged that could be put off; arrange-hearing gives it a day"
        return _decided_already(circumstances.case) or none
    if own := own_appeal(circumstances, circumstances.case.appeal):
        return own
    until, on = calendar.words(body.until), calendar.words(arranged.on)
    if body.until < circumstances.today:
        return f"the hearing cannot be put off to {until}, which has passed; give a day to come"
    if body.until <= arranged.on:
        return f"the hearing is arranged for {on}, so {until} puts nothing off; give a later day or use arrange-hearing"
    return _decided_already(circumstances.case) or circumstances.in_a_hold(body.until)


@against(e.AppealHeard)
def appeal_heard(circumstances: Circumstances, body: e.AppealHeard) -> str | None:
    if circumstances.case.has(Milestone.APPEAL_HEARD):
        return "the hearing is recorded already; correct-date mends its day"
    own = own_appeal(circumstances, circumstances.case.appeal)
    return _decided_already(circumstances.case) or own or _hearing_day(circumstances, body.on)


@against(e.AppealDecided)
def appeal_decided(circumstances: Circumstances, body: e.AppealDecided) -> str | None:
    appeal = circumstances.case.appeal
    if appeal is None or (decided := _decided_already(circumstances.case)):
        return decided if appeal else "there is no appeal to decide"
    if wrong := own_appeal(circumstances, appeal) or _decider(circumstances, appeal, body):
        return wrong
    if appeal.route.hearing and appeal.heard_on is None and body.heard_on is None:
        return "the appeal is decided after its hearing; record-hearing is possible now, or give heard_on"
    if appeal.heard_on is not None and body.heard_on not in (None, appeal.heard_on):
        heard = calendar.words(appeal.heard_on)
        return f"the hearing is recorded as {heard}; leave heard_on empty, correct-date mends its day"
    if body.decision not in appeal.route.outcomes:
        return f"this appeal body may decide {listed(appeal.route.outcomes)}, not {body.decision}"
    if sentence := _directed(circumstances, appeal, body):
        return sentence
    return _hearing_day(circumstances, body.heard_on) if body.heard_on else None


def _decider(circumstances: Circumstances, appeal: Appeal, body: e.AppealDecided) -> str | None:
    """Who decided is the appeal body; where that is the council's own, an officer says which people it was."""
    council = appeal.body is None or appeal.body.name == circumstances.case.policy.identity.council
    if circumstances.by.role is e.Role.OFFICER and council and not body.decided_by.strip():
        return "say who decided the appeal, in decided_by: you write it down, and those who decided had no part before"
    return _hears(circumstances, [body.decided_by])


def _directed(circumstances: Circumstances, appeal: Appeal, body: e.AppealDecided) -> str | None:
    """An outcome that an appeal has found wrong is put right by somebody, by a day."""
    succeeds = body.decision is Decision.UPHELD and appeal.lodged.subject is not Subject.THRESHOLD
    if body.recommendations and not succeeds:
        return "recommendations go with an appeal that succeeds and leads to no new review; say the rest in directions"
    if succeeds and appeal.lodged.subject is Subject.OUTCOME and not body.recommendations:
        return "the appeal against the outcome succeeds; say in recommendations who puts it right, how and by when"
    return unfit(circumstances.case.policy, body.recommendations, circumstances.today)


def _decided_already(case: Case) -> str | None:
    if case.appeal is None or case.appeal.decided is None:
        return None
    return "this appeal is decided already and its letter is on its way"


def _hearing_day(circumstances: Circumstances, on: date) -> str | None:
    lodged = circumstances.case.reached.get(Milestone.APPEAL_LODGED)
    if lodged is not None and on < lodged.on:
        return f"the appeal came on {calendar.words(lodged.on)}; its hearing cannot have been before that"
    arranged = circumstances.case.appeal.hearing if circumstances.case.appeal else None
    if arranged is not None and on < arranged.on:
        return (
            f"the hearing is arranged for {calendar.words(arranged.on)} and the applicant was told so; "
            "arrange-hearing with a reason moves it"
        )
    return circumstances.in_the_future("the hearing of", on)
