"""What stands against an act of an appeal (Sch.4 para.3): lodging, turning away, papers, hearing, decision."""

from __future__ import annotations

from datetime import date

from domain import calendar
from domain import events as e
from domain.case import Appeal, Case
from domain.catalogue import SUBJECTS
from domain.complaint import plain
from domain.handlers import had_part_so_far
from domain.policy import AppealRoute, Decision, Milestone, StepId, Subject
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
    routes = case.policy.appeals_on(on, (body.subject,))
    if body.subject not in _subjects(case) or not routes:
        return _wrong_subject(case, body.subject, on)
    return _route(case, routes[0], body, on) or _window(circumstances, body, on)


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
        routes = case.policy.appeals_on(on, (subject,))
        if routes and routes[0].body_on(on) and not _settled(case, routes[0], subject):
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
    if _settled(case, route, body.subject):
        return (
            f"an appeal against {SUBJECTS[body.subject]} has been decided and that is the last step of this procedure; "
            "the letter about it names the ombudsman"
        )
    if route.consent_to_transfer and not body.consent_to_transfer:
        return f"the applicant's consent to pass the papers to {hears.name} is needed"
    return None


def _settled(case: Case, route: AppealRoute, subject: Subject) -> bool:
    return route.final and any(_settles(appeal, route, subject) for appeal in _against_this(case))


def _settles(appeal: Appeal, route: AppealRoute, subject: Subject) -> bool:
    return appeal.told and appeal.route.id == route.id and appeal.lodged.subject is subject


def _against_this(case: Case) -> list[Appeal]:
    """The appeals against the decision that stands: those since an appeal last sent the review back."""
    appeals: list[Appeal] = []
    for appeal in case.appeals:
        appeals.append(appeal)
        if appeal.told and appeal.decided is not None and _starts_again(appeal, appeal.decided.decision):
            appeals.clear()
    return appeals


def _starts_again(appeal: Appeal, decision: Decision) -> bool:
    upheld = decision is Decision.UPHELD and appeal.lodged.subject is Subject.THRESHOLD
    return decision is Decision.REMITTED or upheld


def _window(circumstances: Circumstances, body: e.AppealLodged, on: date) -> str | None:
    window = circumstances.latest(StepId.APPEAL_WINDOW)
    if window is None or on <= window.due or says_something(body.good_cause):
        return None
    ended = calendar.words(window.due)
    return f"the appeal window ended on {ended}; give the good cause for accepting it late"


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
    if _closed_to(circumstances, body.subject, on):
        return None
    return "this appeal came in time and a route is open for it; lodge-appeal takes it, and the appeal body decides it"


def _closed_to(circumstances: Circumstances, subject: Subject, on: date) -> bool:
    """Whether an appeal of that day may be turned away: no route, decided for good, too late, or published grounds."""
    routes = circumstances.case.policy.appeals_on(on, (subject,))
    if subject not in _subjects(circumstances.case) or not routes or _settled(circumstances.case, routes[0], subject):
        return True
    window = circumstances.latest(StepId.APPEAL_WINDOW)
    return bool(routes[0].grounds) or (window is not None and on > window.due)


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
    if appeal.hearing is not None and not says_something(body.reason):
        return "the hearing is arranged already; give the reason for re-arranging it, the applicant will be told"
    return circumstances.in_a_hold(body.on) or circumstances.after_the_promise(StepId.APPEAL_HEARING, body.on)


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
    return _decided_already(circumstances.case) or _hearing_day(circumstances, body.on)


@against(e.AppealDecided)
def appeal_decided(circumstances: Circumstances, body: e.AppealDecided) -> str | None:
    appeal = circumstances.case.appeal
    if appeal is None or (decided := _decided_already(circumstances.case)):
        return decided if appeal else "there is no appeal to decide"
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
