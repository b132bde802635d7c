"""A case at every stage, reached through the rules, and what people may plausibly want to do to it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

from domain import events as e
from domain.application import Incident
from domain.calendar import Calendar, ClosedDay, Unit, count
from domain.case import Case, Stage
from domain.meetings import later, promised
from domain.policy import Decision, Milestone, Policy, StepId, Subject
from domain.seats import seat_id
from domain.terms import LinkPurpose
from tests.domain.history import council
from tests.domain.service import Service

MET = e.ThresholdDecided(met=True, decided_by="Jo Ward")
REFUSED = e.ThresholdDecided(
    met=False,
    decided_by="Jo Ward",
    approved_by="Kit Lane",
    persistence="Two evenings in six months.",
    harm="Slight, and no sign of worse to come.",
    adequacy="Both reports were answered within a week.",
    alternative_action="A housing officer visits.",
)
OUTCOME = e.OutcomeDecided(reasons="The reports were not joined up.")
CHAIR = e.Seat(name="Lee Hart", organisation="Community Safety Partnership")
MEMBERS = (e.Seat(name="Bo Day", agency="police"), e.Seat(name="Cy Orr", agency="council"))


def working_days(service: Service, days: int) -> date:
    return count(service.case.calendar, service.today, days, Unit.WORKING_DAYS).due


def panel(on: date, **changed: object) -> e.PanelArranged:
    return e.PanelArranged.model_validate({"on": on, "chair": CHAIR, "members": MEMBERS, **changed})


def held(on: date, *to: str) -> e.PanelHeld:
    asked = tuple(e.Recommendation(to=body, text="Visit weekly.") for body in to)
    return e.PanelHeld(on=on, findings="Nobody joined the reports up.", recommendations=asked)


def answer(id: str, response: e.Response = e.Response.ACCEPTED) -> e.RecommendationAnswered:
    return e.RecommendationAnswered(recommendation=id, response=response, reasons="As we said.")


def done(id: str, on: date) -> e.ActionDone:
    return e.ActionDone(recommendation=id, on=on, evidence="The visits are in our log.")


def subject(policy: Policy, refused: bool = False) -> Subject:
    """What the council's first route for the decision can be asked to look at."""
    wanted = [s for s in Subject if (s is Subject.THRESHOLD) is refused]
    return next(s for s in wanted for route in policy.appeals if s in route.subjects)


def appeal(service: Service, **changed: object) -> e.AppealLodged:
    given = {
        "subject": subject(service.policy, service.case.refusal),
        "grounds": "I was not heard.",
        "consent_to_transfer": True,
    }
    return e.AppealLodged.model_validate(given | changed)


def decision(on: date, what: Decision = Decision.DISMISSED) -> e.AppealDecided:
    return e.AppealDecided(decision=what, reasons="We read the papers.", heard_on=on)


def follow_up(on: date) -> e.FollowUpHeld:
    return e.FollowUpHeld(on=on, behaviour_stopped=True, findings="All quiet.")


def all_answer(service: Service) -> Service:
    """Every agency that still owes an answer gives it."""
    for key in [key for key, enquiry in service.case.enquiries.items() if not enquiry.settled]:
        service.must(e.EnquiryAnswered(enquiry=key, account="We visited twice."))
    return service


def to_panel(service: Service) -> Service:
    """From the threshold's decision to a panel three working days ahead."""
    return all_answer(service).must(agreed(service, working_days(service, 3)))


def agreed(service: Service, on: date) -> e.PanelArranged:
    """A panel on a day, with what was promised for an earlier one moved in the same step."""
    more: dict[str, object] = {}
    answer = promised(service.deadlines, StepId.RESPONSE)
    if later(service.deadlines, StepId.PANEL, panel(on)):
        more = {"reason": "Nobody was free.", "approved_by": "Sam Reeve"}
    if answer and answer.due < on:
        more["answer_by"] = count(service.case.calendar, on, 4, Unit.WORKING_DAYS).due
    return panel(on, **more)


def to_outcome(service: Service) -> Service:
    """From an arranged panel to the outcome's letter."""
    assert service.case.panel
    service.wait_until(service.case.panel.on)
    service.must(held(service.today, "police", "council"), e.PlanCommented(comments="Good."), OUTCOME)
    return service


@cache
def _at(stage: Stage, policy: str) -> Service:
    match stage:
        case Stage.RECEIVED:
            return Service(policy, idle=True)
        case Stage.AWAITING_DETAILS:
            return Service(policy, consent=False)
        case Stage.VERIFYING:
            return Service(policy)
        case Stage.THRESHOLD:
            return all_answer(Service(policy))
        case Stage.NOT_MET:
            return all_answer(Service(policy, complaints=2)).must(REFUSED)
        case Stage.GATHERING:
            return at(Stage.THRESHOLD, policy).must(MET)
        case Stage.ARRANGING:
            return all_answer(at(Stage.GATHERING, policy))
        case Stage.PANEL:
            return to_panel(at(Stage.GATHERING, policy))
        case Stage.PLAN:
            service = at(Stage.PANEL, policy)
            service.wait_until(service.case.panel.on if service.case.panel else service.today)
            return service.must(held(service.today, "police", "council"))
        case Stage.OUTCOME:
            return at(Stage.PLAN, policy).must(e.PlanCommented(comments="Good."))
        case Stage.APPEAL_WINDOW:
            return at(Stage.OUTCOME, policy).must(OUTCOME)
        case Stage.APPEAL:
            service = at(Stage.APPEAL_WINDOW, policy).wait(2)
            return service.must(appeal(service))
        case Stage.FOLLOW_UP:
            service = at(Stage.APPEAL_WINDOW, policy)
            return service.wait_until(service.due("appeal_window").due + timedelta(days=1))
        case Stage.CLOSING:
            service = at(Stage.FOLLOW_UP, policy).must(answer("R1"), answer("R2", e.Response.DECLINED))
            service.must(done("R1", service.today))
            service.wait_until(service.due("follow_up").opens or service.today)
            return service.must(follow_up(service.today))
        case Stage.CLOSED:
            service = at(Stage.CLOSING, policy)
            return service.wait_until(service.due("closure").due + timedelta(days=1))
        case Stage.WITHDRAWN:
            return at(Stage.GATHERING, policy).must(e.Withdrawn())
        case Stage.ENDED:
            return at(Stage.GATHERING, policy).must(e.CaseEnded(cause=e.Cause.DIED))


def at(stage: Stage, policy: str = "dover") -> Service:
    """A case at a stage, the first time it comes there."""
    service = _at(stage, policy).copy()
    assert service.stage is stage, f"{service.stage} instead of {stage}"
    return service


@cache
def _remitted(policy: str) -> Service:
    service = at(Stage.APPEAL, policy)
    return service.must(decision(service.today, Decision.REMITTED))


def remitted(policy: str = "dover") -> Service:
    """A review that an appeal sent back: its second round begins, the first's recommendations are still open."""
    service = _remitted(policy).copy()
    assert service.stage is Stage.GATHERING
    return service


def plausible(service: Service, act: str) -> Iterator[e.Body]:
    """What somebody might want to do: sensible and less sensible bodies of an act, as the case stands."""
    case, today = service.case, service.today
    soon, later = working_days(service, 1), working_days(service, 12)
    bodies: dict[str, Callable[[], tuple[e.Body, ...]]] = {
        "request-details": lambda: (e.DetailsRequested(missing=("your tenancy agreement",)),),
        "supply-details": lambda: (e.DetailsReceived(consent_to_share=True), e.DetailsReceived(text="My diary.")),
        "answer-enquiry": lambda: tuple(
            e.EnquiryAnswered(enquiry=key, account="We visited.") for key in (*case.enquiries, "information:nobody")
        ),
        "decide-threshold": lambda: (
            MET,
            MET.model_copy(update={"discretion": "The harm is great."}),
            REFUSED,
            REFUSED.model_copy(update={"approved_by": "jo  ward"}),
        ),
        "arrange-panel": lambda: tuple(
            panel(day, reason="A larger room.", **more)
            for day in (today, soon, later)
            for more in (
                {},
                {"invited": False, "reasons_not_invited": "A threat.", "heard_instead": "By a call."},
                {"approved_by": "Sam Reeve"},
                {"approved_by": "Sam Reeve", "answer_by": later},
            )
        ),
        "ask-consent": lambda: (e.ConsentAsked(why="The appeal."),),
        "add-person": lambda: (e.PersonJoined(person="P99"),),
        "end-person": lambda: tuple(e.PersonLeft(person=id, reason="They moved.") for id in (*case.others, "P98")),
        "link-case": lambda: (e.CasesLinked(other="DOV-2026-0099", reason="One flat troubles two."),),
        "unlink-case": lambda: (
            tuple(e.CasesParted(other=other, reason="Two flats after all.") for other in case.linked)
            or (e.CasesParted(other="DOV-2026-0099", reason="Two flats after all."),)
        ),
        "correct-agency": lambda: (
            e.AgencyCorrected(agency="police", email="new@police.example.org", reason="It wrote from there."),
        ),
        "add-body": lambda: (
            e.BodyAdded(name="Probation", part="Probation", email="p@example.org", reason="It knows him."),
        ),
        "choose-attendance": lambda: (e.AttendanceChosen(mode="in person"),),
        "send-papers": lambda: (e.PapersSent(),),
        "adjourn-panel": lambda: (e.PanelAdjourned(until=soon, reason="The chair is ill."),),
        "record-panel-decision": lambda: (held(today, "police"), held(today), held(today, "council", "nobody")),
        "send-chronology": lambda: tuple(
            e.ChronologySent(chronology="We visited in March.", answer_by=day) for day in (today, soon, later)
        ),
        "correct-chronology": lambda: (e.ChronologyCorrected(corrections="Nobody came in March."),),
        "ask-to-explain": lambda: tuple(
            e.ExplanationAsked(about=about, question="Why not?", answer_by=day)
            for about in (*case.items, *case.enquiries, "R99")
            for day in (today, later)
        ),
        "give-explanation": lambda: tuple(
            e.ExplanationGiven(about=about, explanation="We have too few people.")
            for about in (*case.explanations, "R99")
        ),
        "comment-on-plan": lambda: (e.PlanCommented(comments="Good."),),
        "send-outcome": lambda: (OUTCOME,),
        "confirm-receipt": lambda: tuple(
            e.ReceiptConfirmed.model_validate({"letter": letter, "on": today}) for letter in ("threshold", "outcome")
        ),
        "answer-recommendation": lambda: tuple(
            answer(id, response) for id in (*case.items, "R99") for response in e.Response
        ),
        "complete-action": lambda: tuple(done(id, today) for id in (*case.items, "R99")),
        "lodge-appeal": lambda: tuple(
            appeal(service, subject=kind, good_cause=cause) for kind in Subject for cause in ("", "I was ill.")
        ),
        "refuse-appeal": lambda: tuple(
            e.AppealRefused(subject=kind, reasons="It came too late.", decided_by=who, on=today)
            for kind in Subject
            for who in ("Pat Moss", "Jo Ward", "")
        ),
        "send-bundle": lambda: (e.BundleSent(),),
        "arrange-hearing": lambda: tuple(
            e.HearingArranged(on=day, reason="A larger room.", approved_by=agreed)
            for day in (today, soon, later)
            for agreed in ("", "Sam Reeve")
        ),
        "adjourn-hearing": lambda: tuple(
            e.HearingAdjourned(until=day, reason="A member is ill.") for day in (today, soon, later)
        ),
        "record-hearing": lambda: (e.AppealHeard(on=today),),
        "decide-appeal": lambda: (
            *(decision(today, what) for what in Decision),
            decision(today, Decision.UPHELD).model_copy(
                update={"recommendations": (e.Recommendation(to="police", text="Visit weekly.", due=later),)}
            ),
        ),
        "hold-follow-up": lambda: (
            follow_up(today),
            e.FollowUpHeld(on=today, behaviour_stopped=False, findings="Every night.", again=later),
        ),
        "notify-closure": lambda: (e.ClosureNotified(), e.ClosureNotified(reason="We visited and it has stopped.")),
        "object-to-closure": lambda: (e.ClosureObjected(reason="It goes on."),),
        "add-incident": lambda: tuple(
            e.IncidentAdded(incident=_incident(today, to))
            for to in ("police", *(agency.id for agency in case.policy.agencies), "a warden")
        ),
        "withdraw": lambda: (e.Withdrawn(),),
        "end-case": lambda: (
            e.CaseEnded(cause=e.Cause.DIED, sees_to="Kit Lane", note="A niece rang."),
            e.CaseEnded(cause=e.Cause.MOVED, council="Northbank Borough Council"),
            e.CaseEnded(cause=e.Cause.DUPLICATE, same_as="CR-2"),
            e.CaseEnded(cause=e.Cause.OUTSIDE_AREA, council="Northbank Borough Council"),
            e.CaseEnded(cause=e.Cause.OTHER, reason="The path is closed.", approved_by="Kit Lane"),
            e.CaseEnded(cause=e.Cause.OTHER),
        ),
        "restore-case": lambda: (
            e.CaseRestored(reason="They think otherwise."),
            e.CaseRestored(reason="Nobody asked the landlord.", found_by="the Ombudsman"),
        ),
        "undo-extension": lambda: tuple(
            e.ExtensionUndone(step=key, reason="The account came.") for key in (*case.extensions, "nothing")
        ),
        "extend": lambda: tuple(
            e.Extended(step=key, working_days=5, reason="An account is late.", approved_by="Sam Reeve")
            for key in (*(d.key for d in service.deadlines), "nothing")
        ),
        "hold": lambda: (e.HoldStarted(until=later, reason="In hospital.", at_victims_request=True),),
        "resume": lambda: (e.HoldEnded(),),
        "assign-officer": lambda: (e.OfficerAssigned(officer="Kit Lane"),),
        "change-representative": lambda: (e.RepresentativeChanged(representative="P2", victim_consents=True),),
        "ask-for-call": lambda: (e.CallRequested(phone="01632 960111", when="After six."),),
        "record-call": lambda: (e.CallMade(spoke=False), e.CallMade(spoke=True, note="She is well.")),
        "correct-contact": lambda: tuple(
            e.ContactCorrected(person=who, details="P9", changed=(e.Detail.EMAIL,), how="We rang.")
            for who in ("P1", "P8")
        ),
        "refer-safety": lambda: (
            e.SafetyReferred(
                to="police", danger="He said that he will come back tonight.", basis="To prevent a crime."
            ),
        ),
        "assess-risk": lambda: tuple(e.RiskAssessed(level=level, reasons="She lives alone.") for level in e.RiskLevel),
        "apologise": lambda: tuple(
            e.Apologised(
                deadline=key, wrong="Nobody wrote.", remedy="You have the answer now.", learning="A second look."
            )
            for key in ("", *(d.key for d in service.deadlines), "nothing")
        ),
        "record-disclosure": lambda: tuple(
            e.DisclosureMade(to="The school", on=day, what="That a review is held.", basis="Consent.")
            for day in (today, later)
        ),
        "defer-threshold": lambda: tuple(
            e.ThresholdDeferred(agency=agency, until=day, reason="It visits on Friday.")
            for agency in ("police", "nobody")
            for day in (today, soon, later)
        ),
        "insist": lambda: (e.DecisionInsisted(),),
        "add-note": lambda: (e.NoteAdded(text="Rang the applicant."),),
        "add-document": lambda: (document(f"d{len(case.events)}"), document("d0")),
        "correct-date": lambda: tuple(
            e.DateCorrected(milestone=milestone, to=today - timedelta(days=days), reason="Misread.")
            for milestone in Milestone
            for days in (0, 1)
        ),
        "correct-report": lambda: tuple(_corrections(case, today)),
        "change-calendar": lambda: (e.CalendarChanged(calendar=_mourning(case.calendar, later), reason="declared"),),
        "renew-link": lambda: tuple(_renewals(case)),
        "settle-letter": lambda: tuple(
            e.LetterSettled(key=key, arrived=arrived, how="We rang.")
            for key in (*case.letters, "no-such-letter")
            for arrived in (True, False)
        ),
        "post-letter": lambda: tuple(
            e.LetterDispatched(key=key, on=today) for key in (*case.letters, "no-such-letter")
        ),
        "report-undelivered": lambda: tuple(
            e.LetterUndelivered(key=key, how=how, reason="5.1.1")
            for key in (*case.letters, "no-such-letter")
            for how in e.Failure
        ),
    }
    yield from bodies[act]()


def _corrections(case: Case, today: date) -> Iterator[e.ReportCorrected]:
    for known in (*case.incidents[:2], case.incidents[0].model_copy(update={"id": "I99"})):
        for wrong in (
            {"reported": known.reported - timedelta(days=1), "occurred": known.reported - timedelta(days=40)},
            {"reported_until": today, "occurred_unsure": True},
            {"reference": "KP/1", "reported_to": "101"},
            {"reported": today + timedelta(days=1)},
            {},
        ):
            yield e.ReportCorrected.model_validate({"report": known.id, "reason": "Misheard.", **wrong})


def _renewals(case: Case) -> Iterator[e.LinkRenewed]:
    """A new link for each who may hold one, and for somebody who never did."""
    chair = [seat_id(case.panel.chair)] if case.panel else []
    asked = [(enquiry.agency, key) for key, enquiry in case.enquiries.items()]
    holders = {
        LinkPurpose.PROGRESS: [("P1", ""), ("P8", "")],
        LinkPurpose.ENQUIRY: [*asked, ("nobody", "nothing")],
        LinkPurpose.RECOMMENDATIONS: [(item.recommendation.to, "") for item in case.items.values()],
        LinkPurpose.CHAIR: [(id, "") for id in (*chair, "seat-0")],
        LinkPurpose.APPEAL: [(str(number), "") for number in range(1, len(case.appeals) + 2)],
    }
    for purpose, known in holders.items():
        for holder, about in known:
            yield e.LinkRenewed(link="7KQ29MXT", purpose=purpose, holder=holder, about=about)


@cache
def _incident(today: date, to: str) -> Incident:
    return Incident(occurred=today, reported=today, reported_to=to, what="It happened again.")


def _mourning(calendar: Calendar, on: date) -> Calendar:
    return calendar.with_holidays(ClosedDay(date=on, name="a day of mourning"))


def document(id: str) -> e.DocumentAdded:
    """A document as the register would tell of it."""
    return e.DocumentAdded(document=id, name="diary.pdf", media_type="application/pdf", size=1, sha256="a" * 64)


def extendable(policy: str) -> Policy:
    """The council's policy as if every step could be extended."""
    known = council(policy)
    steps = tuple({*(step.id for step in known.steps), *known.extensions.steps, StepId.APPEAL_WINDOW})
    return known.model_copy(update={"extensions": known.extensions.model_copy(update={"steps": steps})})
