"""Which letters an event causes, to whom, event kind by event kind."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from domain import events as e
from domain.application import Application, Incident, Means
from domain.calendar import LONDON, Calendar
from domain.case import Case
from domain.fold import fold
from domain.letters import CATALOGUE, letters_for
from domain.messages import LetterOrder, Party, Recipient
from domain.policy import AppealBody, Decision, Milestone, Policy, Rung, StepId, Subject
from domain.representation import applicants_side
from domain.seats import seat_id
from domain.terms import LinkPurpose
from domain.ways import sent_again
from policies import load

CALENDAR = Calendar(source="a test", first=date(2025, 1, 1), horizon=date(2027, 12, 31), holidays=())
MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=LONDON)  # Mon 1 June 2026
REFERENCE = "CR-2026-0001"
DOVER = load("dover")
BODIES = ("council", "police", "icb", "landlord")

POLICE = Incident(
    id="I1",
    occurred=date(2026, 5, 1),
    reported=date(2026, 5, 4),
    reported_to="police",
    what="Shouting",
)  # Fri, reported Mon
CHAIR = e.Seat(name="Ann Chair", email="chair@example.org")
MEMBERS = (e.Seat(name="Bo Member", email="bo@example.org", agency="police"), e.Seat(name="Cy Member"))
PANEL = e.PanelArranged(on=date(2026, 6, 24), chair=CHAIR, members=MEMBERS)  # Wed
HELD = e.PanelHeld(
    on=date(2026, 6, 24),
    findings="Found.",
    recommendations=(
        e.Recommendation(to="police", text="Patrol"),
        e.Recommendation(to="landlord", text="Lock the gate"),
        e.Recommendation(to="police", text="Visit"),
    ),
)
OUTCOME = e.OutcomeDecided(reasons="Because.")
APPEAL = e.AppealLodged(subject=Subject.HANDLING, grounds="Nobody heard me.", consent_to_transfer=True)
MET = e.ThresholdDecided(met=True)
REFUSED = e.ThresholdDecided(met=False, persistence="p", harm="h", adequacy="a", alternative_action="x")


def made(representative: str = "", consents: bool = True) -> e.ApplicationMade:
    application = Application(
        applicant="P1", representative=representative, victim_consents=consents, incidents=(POLICE,)
    )
    return e.ApplicationMade(application=application, made_at=MONDAY)


def case_of(*bodies: e.Body, policy: Policy = DOVER, first: e.ApplicationMade | None = None) -> Case:
    whats = (first or made(), *bodies)
    events = [
        e.Event(id=f"E{n}", at=MONDAY + timedelta(days=n), by=e.CLOCK, what=what)  # type: ignore[arg-type]
        for n, what in enumerate(whats)
    ]
    return fold(policy, CALENDAR, events)


def orders(*bodies: e.Body, policy: Policy = DOVER, first: e.ApplicationMade | None = None) -> Sequence[LetterOrder]:
    case = case_of(*bodies, policy=policy, first=first)
    return letters_for(REFERENCE, case, case.events[-1])


def seen(*bodies: e.Body, policy: Policy = DOVER, first: e.ApplicationMade | None = None) -> list[str]:
    return [
        f"{order.letter} {order.to.party}{':' if order.to.id else ''}{order.to.id}"
        for order in orders(*bodies, policy=policy, first=first)
    ]


def to_all(kind: str) -> list[str]:
    return [f"{kind} agency:{id}" for id in BODIES]


def asked(purpose: e.Purpose, agency: str = "police") -> e.EnquirySent:
    return e.EnquirySent(enquiry=f"{purpose}:{agency}", purpose=purpose, agency=agency)


def chased(rung: Rung, step: StepId, key: str = "", to: str = "x", due: date = date(2026, 7, 6)) -> e.Chased:  # Mon
    return e.Chased(rung=rung, deadline=key or str(step), step=step, due=due, to=to)


def answered(response: e.Response) -> e.RecommendationAnswered:
    return e.RecommendationAnswered(recommendation="R1", response=response, reasons="r")


def posted(state: e.LetterState, letter: str = "L-01") -> e.LetterPosted:
    return e.LetterPosted(key="CR-1/E0/L-01/applicant", letter=letter, to="applicant", event="E0", state=state)


def renewed(purpose: LinkPurpose, holder: str, about: str = "") -> e.LinkRenewed:
    return e.LinkRenewed(link="7KQ29MXT", purpose=purpose, holder=holder, about=about)


def extended(step: str) -> e.Extended:
    return e.Extended(step=step, working_days=5, reason="r")


def undone(step: str) -> e.ExtensionUndone:
    return e.ExtensionUndone(step=step, reason="r")


def ended(cause: str, **more: str) -> e.CaseEnded:
    return e.CaseEnded.model_validate({"cause": cause, **more})


def sent(letter: str, to: str, event: str) -> e.LetterPosted:
    key = f"CR-1/{event}/{letter}/{to}"
    return e.LetterPosted(key=key, letter=letter, to=to, event=event, state=e.LetterState.ACCEPTED)


HEARING = e.HearingArranged(on=date(2026, 6, 10), place="Civic Centre")  # Wed
TOLD = e.LetterPosted(
    key="CR-1/E0/L-01/applicant", letter="L-11", to="applicant", event="E2", state=e.LetterState.ACCEPTED
)
REFERRAL = e.SafetyReferred(to="marac", danger="A threat.", basis="To protect him.")
DEFERRED = e.ThresholdDeferred(agency="police", until=date(2026, 6, 10), reason="r")  # Wed
DONE = e.ActionDone(recommendation="R1", on=date(2026, 7, 1), evidence="x")  # Wed
AGREED = (HELD, OUTCOME, TOLD, answered(e.Response.ACCEPTED))
COUNCIL_ITSELF = AppealBody(name=DOVER.identity.council, kind="the council", email="appeals@example.org")
PANEL_A06 = ["A-06 chair", *(f"A-06 member:{seat_id(member)}" for member in MEMBERS)]
LONG_AGO = date(2026, 1, 5)  # Mon
AGAIN = chased(Rung.ESCALATION, StepId.ACTION, "action:R1", "senior:police")

WHY = e.ExplanationAsked(about="R1", question="Why not?", answer_by=date(2026, 7, 1))  # Wed
TABLE: list[tuple[str, tuple[e.Body, ...], list[str]]] = [
    ("application.made", (), []),
    ("application.acknowledged", (e.Acknowledged(),), ["L-01 applicant"]),
    ("details.requested", (e.DetailsRequested(missing=("the dates",)),), ["L-02 applicant"]),
    ("details.received", (e.DetailsReceived(consent_to_share=True),), []),
    (
        "agency.corrected",
        (e.AgencyCorrected(agency="police", email="new@police.example.org", reason="Said so."),),
        [],
    ),
    (
        "body.added",
        (e.PassedOn(), e.BodyAdded(name="Probation", part="Probation", email="p@example.org", reason="It knows him.")),
        ["A-01 agency:probation"],
    ),
    ("application.passed_on", (e.PassedOn(),), to_all("A-01")),
    ("enquiry.sent", (asked(e.Purpose.VERIFICATION),), ["A-02 agency:police"]),
    ("enquiry.sent", (asked(e.Purpose.INFORMATION),), ["A-03 agency:police"]),
    (
        "enquiry.answered",
        (asked(e.Purpose.VERIFICATION), e.EnquiryAnswered(enquiry="verification:police")),
        [],
    ),
    (
        "enquiry.proceeded",
        (asked(e.Purpose.VERIFICATION), e.EnquiryClosed(enquiry="verification:police")),
        [],
    ),
    ("threshold.decided", (MET,), ["L-03 applicant", *to_all("A-05")]),
    ("threshold.decided", (REFUSED,), ["L-04 applicant", *to_all("A-05")]),
    ("panel.arranged", (PANEL,), ["L-05 applicant", *PANEL_A06]),
    ("panel.arranged", (PANEL, PANEL), ["L-05 applicant", *PANEL_A06]),
    ("attendance.chosen", (e.AttendanceChosen(mode="in person"),), []),
    ("consent.asked", (e.ConsentAsked(why="The appeal."),), ["R-01 applicant"]),
    (
        "representative.lapsed",
        (
            e.RepresentativeChanged(representative="P2", victim_consents=True, until=date(2026, 6, 5)),  # Fri
            e.AuthorityLapsed(representative="P2", until=date(2026, 6, 5)),  # Fri
        ),
        ["R-03 representative:P2", "R-03 applicant"],
    ),
    ("person.joined", (e.PersonJoined(person="P4"),), ["L-02a further_person:P4"]),
    ("person.left", (e.PersonJoined(person="P4"), e.PersonLeft(person="P4", reason="r")), ["L-02a further_person:P4"]),
    ("case.linked", (e.CasesLinked(other="DOV-2026-0002", reason="r"),), []),
    ("case.parted", (e.CasesLinked(other="D-2", reason="r"), e.CasesParted(other="D-2", reason="r")), []),
    ("papers.sent", (PANEL, e.PapersSent()), [line.replace("A-06", "A-07") for line in PANEL_A06]),
    (
        "panel.adjourned",
        (PANEL, e.PanelAdjourned(until=date(2026, 6, 26), reason="ill")),  # Fri
        ["L-05 applicant", *PANEL_A06],
    ),
    ("panel.held", (PANEL, HELD), ["A-08 agency:police", "A-08 agency:landlord"]),
    ("plan.put", (HELD, e.PlanPut()), ["L-10 applicant"]),
    ("plan.window_shut", (HELD, e.PlanWindowShut()), []),
    ("plan.commented", (HELD, e.PlanCommented(comments="fine")), []),
    ("outcome.decided", (HELD, OUTCOME), ["L-11 applicant"]),
    ("letter.received", (e.ReceiptConfirmed(on=date(2026, 7, 1)),), []),  # Wed
    ("recommendation.answered", (HELD, answered(e.Response.DECLINED)), ["L-12 applicant"]),
    ("recommendation.answered", (HELD, answered(e.Response.ACCEPTED)), ["A-09 agency:police"]),
    ("recommendation.answered", (HELD, answered(e.Response.IN_PART)), ["A-09 agency:police"]),
    (
        "explanation.asked",
        (HELD, answered(e.Response.DECLINED), WHY),
        ["A-22 agency:police", "L-12e applicant"],
    ),
    (
        "explanation.given",
        (HELD, answered(e.Response.DECLINED), WHY, e.ExplanationGiven(about="R1", explanation="Nobody had the time.")),
        ["L-12e applicant"],
    ),
    (
        "chronology.sent",
        (e.ChronologySent(chronology="They called twice.", answer_by=date(2026, 5, 1)),),  # Fri
        ["L-09 applicant"],
    ),
    (
        "chronology.corrected",
        (
            e.ChronologySent(chronology="They called twice.", answer_by=date(2026, 5, 1)),  # Fri
            e.ChronologyCorrected(corrections="Nobody came in March."),
        ),
        [],
    ),
    ("action.done", (HELD, answered(e.Response.ACCEPTED), DONE), []),
    (
        "action.done",
        (*AGREED, e.ActionDone(recommendation="R1", on=date(2026, 7, 1), evidence="x")),
        ["L-13 applicant"],
    ),
    ("appeal.lodged", (APPEAL,), ["L-18 applicant"]),
    (
        "appeal.refused",
        (e.AppealRefused(subject=Subject.HANDLING, reasons="Late.", decided_by="Gil Head"),),
        ["L-19 applicant"],
    ),
    ("appeal.hearing_arranged", (APPEAL, HEARING), ["L-20 applicant", "A-10h appeal_body"]),
    (
        "appeal.hearing_adjourned",
        (APPEAL, HEARING, e.HearingAdjourned(until=date(2026, 6, 17), reason="Ill.")),  # Wed
        ["L-20 applicant", "A-10h appeal_body"],
    ),
    ("appeal.window_shut", (e.AppealWindowShut(),), []),
    ("appeal.bundle_sent", (APPEAL, e.BundleSent()), ["A-10 appeal_body"]),
    ("appeal.heard", (APPEAL, e.AppealHeard(on=date(2026, 6, 3))), []),  # Wed
    (
        "appeal.decided",
        (APPEAL, e.AppealDecided(decision=Decision.UPHELD, reasons="r")),
        ["L-21 applicant", "A-11 officer"],
    ),
    (
        "appeal.decided",
        (
            APPEAL,
            e.AppealDecided(
                decision=Decision.UPHELD, reasons="r", recommendations=(e.Recommendation(to="police", text="Patrol."),)
            ),
        ),
        ["L-21 applicant", "A-08 agency:police", "A-11 officer"],
    ),
    (
        "follow_up.held",
        (e.FollowUpHeld(on=date(2026, 6, 2), behaviour_stopped=True, findings="f"),),  # Tue
        ["L-14 applicant"],
    ),
    ("closure.notified", (e.ClosureNotified(),), ["L-15 applicant"]),
    ("closure.objected", (e.ClosureObjected(reason="r"),), []),
    ("case.closed", (e.Closed(),), ["L-15c applicant", "L-24 applicant"]),
    ("incident.added", (e.IncidentAdded(incident=POLICE),), ["L-17 applicant"]),
    ("application.withdrawn", (e.Withdrawn(),), ["L-16 applicant"]),
    (
        "application.withdrawn",
        (PANEL, e.Withdrawn()),
        ["L-16 applicant", *(line.replace("A-06", "A-06c") for line in PANEL_A06)],
    ),
    ("application.withdrawn", (APPEAL, HEARING, e.Withdrawn()), ["L-16 applicant", "A-06c appeal_body"]),
    ("application.withdrawn", (PANEL, HELD, e.Withdrawn()), ["L-16 applicant"]),
    ("case.ended", (ended("died"),), []),
    ("case.ended", (e.PassedOn(), ended("died")), to_all("A-06d")),
    (
        "case.ended",
        (PANEL, ended("died")),
        [line.replace("A-06", "A-06d") for line in PANEL_A06],
    ),
    ("case.ended", (APPEAL, ended("died")), ["A-06d appeal_body"]),
    (
        "case.ended",
        (e.RepresentativeChanged(representative="P2", victim_consents=True), HELD, ended("died", sees_to="Kit Lane")),
        ["L-16d representative", "A-06d agency:police", "A-06d agency:landlord", "A-18 officer"],
    ),
    ("case.ended", (ended("moved", council="Northbank"),), ["L-16m applicant"]),
    ("case.ended", (ended("duplicate", same_as="CR-2"),), ["L-16s applicant"]),
    ("case.ended", (ended("outside-area", council="Northbank"),), ["L-16o applicant"]),
    (
        "case.ended",
        (asked(e.Purpose.INFORMATION), ended("other", reason="r")),
        ["L-16e applicant", "A-06c agency:police"],
    ),
    ("case.restored", (e.Withdrawn(), e.CaseRestored(reason="r")), ["L-16r applicant"]),
    (
        "case.restored",
        (asked(e.Purpose.INFORMATION), e.Withdrawn(), sent("A-06c", "police", "E2"), e.CaseRestored(reason="r")),
        ["L-16r applicant", "A-06r agency:police"],
    ),
    ("case.restored", (MET, e.Closed(), e.CaseRestored(reason="r", found_by="x")), ["L-15r applicant"]),
    ("extension.undone", (extended("response"), undone("response")), ["L-08u applicant"]),
    ("extension.undone", (extended("papers"), undone("papers")), ["A-18 officer"]),
    (
        "panel.arranged",
        (PANEL, PANEL.model_copy(update={"members": MEMBERS[1:]})),
        ["L-05 applicant", PANEL_A06[0], PANEL_A06[2], PANEL_A06[1].replace("A-06", "A-06c")],
    ),
    ("deadline.extended", (extended("response"),), ["L-08 applicant"]),
    ("deadline.extended", (extended("appeal_decision"),), ["L-08 applicant"]),
    ("deadline.extended", (extended("papers"),), ["A-18 officer"]),
    ("deadline.extended", (HELD, extended("action:R2")), ["A-18 agency:landlord"]),
    (
        "deadline.extended",
        (asked(e.Purpose.INFORMATION), extended("information:police")),
        ["A-18 agency:police"],
    ),
    (
        "hold.started",
        (e.HoldStarted(until=date(2026, 7, 1), reason="r", at_victims_request=True),),
        ["L-07h applicant"],
    ),
    ("hold.ended", (e.HoldEnded(),), ["L-07 applicant"]),
    ("officer.assigned", (e.OfficerAssigned(officer="O"),), ["L-07 applicant"]),
    (
        "representative.changed",
        (e.RepresentativeChanged(representative="P2", victim_consents=True),),
        ["R-02 representative"],
    ),
    ("representative.changed", (e.RepresentativeChanged(),), ["R-03 applicant"]),
    (
        "representative.changed",
        (e.RepresentativeChanged(representative="P2"),),
        ["R-01 representative", "A-18 officer"],
    ),
    ("call.requested", (e.CallRequested(phone="1", when="w"),), ["A-18 officer"]),
    ("call.made", (e.CallRequested(phone="1", when="w"), e.CallMade(spoke=True)), []),
    ("contact.corrected", (e.ContactCorrected(person="P1", details="P2", changed=(e.Detail.EMAIL,), how="h"),), []),
    ("link.renewed", (renewed(LinkPurpose.PROGRESS, "P1"),), []),
    ("link.renewed", (renewed(LinkPurpose.ENQUIRY, "police", "verification:police"),), ["A-19 agency:police"]),
    ("link.renewed", (HELD, renewed(LinkPurpose.RECOMMENDATIONS, "landlord")), ["A-19 agency:landlord"]),
    ("link.renewed", (PANEL, renewed(LinkPurpose.CHAIR, "seat-1")), ["A-19 chair"]),
    ("link.renewed", (renewed(LinkPurpose.APPEAL, "1"),), ["A-19 appeal_body"]),
    ("note.added", (e.NoteAdded(text="n"),), []),
    ("document.added", (e.DocumentAdded(document="d", name="n", media_type="t/p", size=1, sha256="a" * 64),), []),
    (
        "date.corrected",
        (e.DateCorrected(milestone=Milestone.RECEIVED, to=date(2026, 5, 29), reason="r"),),  # Fri
        ["L-22 applicant"],
    ),
    ("report.corrected", (e.ReportCorrected(report="I1", reference="KP/1", reason="r"),), []),
    ("calendar.changed", (e.CalendarChanged(calendar=CALENDAR, reason="r"),), []),
    ("letter.posted", (posted(e.LetterState.ACCEPTED),), []),
    ("letter.posted", (posted(e.LetterState.WAITING),), []),
    ("letter.posted", (posted(e.LetterState.REFUSED),), ["A-18 officer"]),
    ("letter.posted", (posted(e.LetterState.UNCERTAIN),), ["A-18 officer"]),
    ("letter.posted", (posted(e.LetterState.REFUSED, "A-18"),), []),
    ("letter.posted", (posted(e.LetterState.IN_TRAY),), ["A-18 officer"]),
    ("letter.posted", (posted(e.LetterState.REFUSED).model_copy(update={"then": Means.POST}),), []),
    (
        "letter.dispatched",
        (posted(e.LetterState.IN_TRAY), e.LetterDispatched(key="CR-1/E0/L-01/applicant", on=date(2026, 6, 2))),  # Tue
        [],
    ),
    (
        "letter.undelivered",
        (posted(e.LetterState.ACCEPTED), e.LetterUndelivered(key="CR-1/E0/L-01/applicant", how=e.Failure.BOUNCED)),
        [],
    ),
    (
        "letter.undelivered",
        (
            posted(e.LetterState.ACCEPTED, "A-01").model_copy(update={"to": "police"}),
            e.LetterUndelivered(key="CR-1/E0/L-01/applicant", how=e.Failure.BOUNCED),
        ),
        ["A-18 officer"],
    ),
    (
        "letter.settled",
        (posted(e.LetterState.REFUSED), e.LetterSettled(key="CR-1/E0/L-01/applicant", arrived=True, how="by phone")),
        [],
    ),
    (
        "deadline.chased",
        (asked(e.Purpose.VERIFICATION), chased(Rung.REMINDER, StepId.VERIFICATION, "verification:police")),
        ["A-04 agency:police"],
    ),
    ("deadline.chased", (HELD, chased(Rung.REMINDER, StepId.ACTION, "action:R2")), ["A-04 agency:landlord"]),
    (
        "deadline.chased",
        (HELD, chased(Rung.REMINDER, StepId.RECOMMENDATION, "recommendation:R1")),
        ["A-04 agency:police"],
    ),
    ("deadline.chased", (APPEAL, chased(Rung.REMINDER, StepId.APPEAL_HEARING)), ["A-04 appeal_body"]),
    ("deadline.chased", (PANEL, chased(Rung.REMINDER, StepId.PANEL)), ["A-18 chair"]),
    ("deadline.chased", (chased(Rung.REMINDER, StepId.PANEL),), ["A-18 officer"]),
    ("deadline.chased", (chased(Rung.REMINDER, StepId.PAPERS),), ["A-18 officer"]),
    ("deadline.chased", (chased(Rung.REMINDER, StepId.FOLLOW_UP),), ["L-14i applicant", "A-18 officer"]),
    ("deadline.chased", (chased(Rung.REMINDER, StepId.COMPLETION),), ["L-02 applicant"]),
    ("deadline.chased", (chased(Rung.REMINDER, StepId.APPEAL_WINDOW),), []),
    ("deadline.chased", (chased(Rung.WARNING, StepId.RESPONSE),), ["A-18 officer"]),
    ("deadline.chased", (chased(Rung.DELAY_LETTER, StepId.RESPONSE),), []),
    ("deadline.chased", (chased(Rung.DELAY_LETTER, StepId.RESPONSE, to="applicant"),), ["L-08p applicant"]),
    ("deadline.chased", (chased(Rung.DELAY_LETTER, StepId.RESPONSE, to="officer"),), ["A-18 officer"]),
    ("deadline.chased", (chased(Rung.DELAY_LETTER, StepId.RESPONSE, to="manager"),), ["A-20 manager"]),
    ("deadline.chased", (chased(Rung.ESCALATION, StepId.THRESHOLD, to="manager"),), ["A-20 manager"]),
    ("deadline.chased", (chased(Rung.ESCALATION, StepId.THRESHOLD, to="deputy"),), ["A-20 manager:deputy"]),
    (
        "deadline.chased",
        (*AGREED, chased(Rung.ESCALATION, StepId.ACTION, "action:R1", "manager")),
        ["A-20 manager", "L-13 applicant"],
    ),
    ("deadline.chased", (*AGREED, AGAIN, AGAIN), ["A-04e senior:police"]),
    ("deadline.chased", (PANEL, chased(Rung.REMINDER, StepId.PANEL, due=LONG_AGO)), ["A-18 chair", "A-18 officer"]),
    ("deadline.chased", (chased(Rung.REMINDER, StepId.FOLLOW_UP, due=LONG_AGO),), ["A-18 officer"]),
    ("deadline.chased", (chased(Rung.PROCEED, StepId.PAPERS),), []),
    (
        "deadline.chased",
        (asked(e.Purpose.INFORMATION), chased(Rung.ESCALATION, StepId.INFORMATION, "information:police")),
        ["A-04e senior:police"],
    ),
    (
        "deadline.chased",
        (HELD, answered(e.Response.ACCEPTED), chased(Rung.ESCALATION, StepId.ACTION, "action:R1")),
        ["A-04e senior:police"],
    ),
    (
        "deadline.chased",
        (*AGREED, chased(Rung.ESCALATION, StepId.ACTION, "action:R1")),
        ["A-04e senior:police", "L-13 applicant"],
    ),
    ("safety.referred", (REFERRAL,), ["A-12 safety:marac"]),
    ("safety.referred", (REFERRAL.model_copy(update={"to": "victim-support"}),), ["A-13 safety:victim-support"]),
    ("risk.assessed", (e.RiskAssessed(level=e.RiskLevel.HIGH, reasons="r"),), []),
    ("progress.told", (e.ProgressTold(),), ["L-07 applicant"]),
    ("apology.made", (e.Apologised(wrong="w", remedy="r", learning="l"),), ["L-22 applicant"]),
    ("disclosure.made", (e.DisclosureMade(to="x", on=date(2026, 7, 1), what="w", basis="b"),), []),  # Wed
    ("threshold.deferred", (DEFERRED,), ["L-04b applicant"]),
    ("deferral.ended", (DEFERRED, e.DeferralEnded()), ["L-07 applicant", "A-18 officer"]),
    ("decision.insisted", (DEFERRED, e.DecisionInsisted()), ["L-07 applicant", "A-18 officer"]),
    (
        "panel.arranged",
        (PANEL.model_copy(update={"invited": False}),),
        ["L-06 applicant", *PANEL_A06],
    ),
    ("act.refused", (e.ActRefused(refused="lodge-appeal", sentence="Too early."),), ["A-18 officer"]),
]


@pytest.mark.parametrize(("kind", "bodies", "expected"), TABLE, ids=[f"{row[0]} {n}" for n, row in enumerate(TABLE)])
def test_an_event_causes_these_letters(kind: str, bodies: tuple[e.Body, ...], expected: list[str]) -> None:
    assert case_of(*bodies).events[-1].kind == kind
    assert seen(*bodies) == expected


def test_a_case_of_an_older_policy_has_its_team_told_as_before() -> None:
    rules = DOVER.chasing.model_copy(update={"overdue": None})
    older = DOVER.model_copy(update={"chasing": rules})
    assert seen(chased(Rung.ESCALATION, StepId.RESPONSE, to="manager"), policy=older) == ["A-18 officer"]


def test_the_table_has_every_event_kind() -> None:
    assert {row[0] for row in TABLE} == set(e.bodies())


def test_every_kind_of_letter_is_caused_by_some_event() -> None:
    rows = [line.split()[0] for _, _, lines in TABLE for line in lines]
    assert set(rows) == set(CATALOGUE)


def test_a_letter_is_keyed_by_case_event_kind_and_reader() -> None:
    (first, *_) = orders(e.PassedOn())
    assert first.key == "CR-2026-0001/E1/A-01/council"
    assert (first.event, first.upto) == ("E1", 2)


@pytest.mark.parametrize(("kind", "bodies", "expected"), TABLE)
def test_a_reader_has_one_letter_of_a_kind(kind: str, bodies: tuple[e.Body, ...], expected: list[str]) -> None:
    keys = [order.key for order in orders(*bodies)]
    assert len(keys) == len(set(keys))


def test_every_relevant_body_has_the_application_even_if_the_event_names_fewer() -> None:
    assert seen(e.PassedOn(bodies=("police",))) == to_all("A-01")


def test_an_agency_that_is_no_relevant_body_hears_the_decision_where_it_was_told_of_an_incident() -> None:
    housing = POLICE.model_copy(update={"reported_to": "housing"})
    application = Application(applicant="P1", incidents=(housing,))
    first = e.ApplicationMade(application=application, made_at=MONDAY)
    assert "A-05 agency:housing" in seen(MET, policy=load("south-derbyshire"), first=first)


def test_a_chair_who_is_also_listed_as_a_member_has_one_invitation() -> None:
    both = PANEL.model_copy(update={"members": (CHAIR, *MEMBERS)})
    assert seen(both) == ["L-05 applicant", *PANEL_A06]


def test_the_applicants_letters_go_to_a_representative_the_victim_consents_to() -> None:
    assert seen(e.Acknowledged(), first=made("P2")) == ["L-01 representative"]


def test_the_applicants_letters_go_to_the_applicant_while_the_victim_has_not_consented() -> None:
    first = made("P2", consents=False)
    assert seen(e.DetailsRequested(), first=first) == ["L-02 applicant", "R-01 representative"]
    consent = e.DetailsReceived(victim_consents=True)
    assert seen(consent, e.Acknowledged(), first=first) == ["L-01 representative"]
    assert applicants_side(case_of(consent, first=first)).party is Party.REPRESENTATIVE


def test_a_representative_who_is_replaced_hears_that_it_is_over() -> None:
    other = e.RepresentativeChanged(representative="P3", victim_consents=True)
    assert seen(other, first=made("P2")) == ["R-02 representative", "R-03 representative:P2"]


def test_when_nobody_acts_any_more_both_sides_hear_of_it() -> None:
    assert seen(e.RepresentativeChanged(), first=made("P2")) == ["R-03 representative:P2", "R-03 applicant"]


def test_a_representative_without_the_victims_consent_has_no_letter_about_the_case() -> None:
    change = e.RepresentativeChanged(representative="P3")
    assert seen(change, first=made("P2")) == [
        "R-03 representative:P2",
        "R-03 applicant",
        "R-01 representative",
        "A-18 officer",
    ]


def test_an_appeal_body_is_not_told_of_by_letter_what_an_officer_wrote_down() -> None:
    decided = e.AppealDecided(decision=Decision.UPHELD, reasons="r")
    case = case_of(APPEAL, decided)
    by_officer = case.events[-1].model_copy(update={"by": e.Actor(role=e.Role.OFFICER, name="O")})
    assert [order.letter for order in letters_for(REFERENCE, case, by_officer)] == ["L-21"]
    own = DOVER.model_copy(
        update={"appeals": tuple(route.model_copy(update={"bodies": (COUNCIL_ITSELF,)}) for route in DOVER.appeals)}
    )
    assert seen(APPEAL, decided, policy=own) == ["L-21 applicant"]


def test_a_promised_panel_that_moves_is_told_to_the_applicant_where_it_was_promised() -> None:
    assert seen(extended("panel"), policy=load("kent-district")) == ["L-08 applicant"]
    assert seen(extended("panel"), policy=DOVER) == ["A-18 officer"]


def test_a_date_that_a_letter_gave_the_applicant_does_not_move_in_silence() -> None:
    printed = e.LetterPosted(
        key="CR-1/E0/L-01/applicant",
        letter="L-11",
        to="applicant",
        event="E0",
        state=e.LetterState.ACCEPTED,
        told={"follow_up": date(2026, 12, 29), "action:R1": date(2026, 9, 30)},
    )  # Tue, Wed
    assert seen(printed, extended("follow_up"), policy=DOVER) == ["L-08 applicant"]
    assert seen(HELD, printed, extended("action:R1")) == ["L-08 applicant", "A-18 agency:police"]
    to_agency = printed.model_copy(update={"letter": "A-09"})
    assert seen(HELD, to_agency, extended("action:R1")) == ["A-18 agency:police"]


def test_the_letter_about_a_second_attempt_that_failed_is_sent_again_under_its_own_key() -> None:
    again = "CR-1/E0/L-01/applicant~2"
    about = f"CR-1/{again}=refused/A-18/officer"
    known = {
        key: LetterOrder(key=key, letter=letter, to=Recipient(party=party), event="E0", upto=1)
        for key, letter, party in (
            ("CR-1/E0/L-01/applicant", "L-01", Party.APPLICANT),
            (again, "L-01", Party.APPLICANT),
            (about, "A-18", Party.OFFICER),
        )
    }
    told = e.LetterPosted(key=about, letter="A-18", to="officer", event="E0", state=e.LetterState.REFUSED)
    case = case_of(told, e.LetterSettled(key=about, arrived=False, how="Nobody had it."))
    settled = sent_again(case, known, case.events[-1])
    assert settled is not None
    assert settled.key == f"{about}~2"
