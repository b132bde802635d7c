"""Cases told to their end under every council's policy, with every letter each of them causes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import policies
from domain import events as e
from domain.application import Application, FurtherPerson, Incident, Person
from domain.calendar import LONDON, Calendar, ClosedDay
from domain.deadlines import plan
from domain.fold import fold
from domain.letters import letters_for
from domain.messages import LetterOrder
from domain.policy import Decision, Milestone, Policy, Rung, StepId, Subject
from domain.terms import LinkPurpose
from letters.letter_context import LetterContext, letter_context
from letters.rendering import Rendered, Renderer

REFERENCE = "CR-2026-0042"
COUNCILS = policies.ids()
CALENDAR = Calendar(
    source="England and Wales, written for a test",
    first=date(2025, 1, 1),
    horizon=date(2027, 12, 31),
    holidays=(
        ClosedDay(date=date(2026, 8, 31), name="Summer bank holiday"),  # Mon
        ClosedDay(date=date(2026, 12, 25), name="Christmas Day"),  # Fri
        ClosedDay(date=date(2026, 12, 28), name="Boxing Day (substitute day)"),  # Mon
        ClosedDay(date=date(2027, 1, 1), name="New Year's Day"),  # Fri
    ),
)
MADE = date(2026, 6, 1)  # Mon
HOSTILE = "<script>alert(1)</script> | **bold** [x](http://evil.example.org) {{ 7 * 7 }}\r\n\r\n# Heading\n- a & b"
IMPACT = "I cannot sleep and I am afraid to go out."
ROOT = Path(__file__).parents[2]
RENDERER = Renderer(ROOT / "templates", ROOT / "policies")
ROSE = Person(name="Rose Applicant", email="rose@example.org", address=("1 High Street", "Dover", "CT16 1DG"))
SAM = Person(name="Sam Friend", email="sam@example.org")
KIM = Person(name="Kim Neighbour", email="kim@example.org")
IDA = FurtherPerson(name="Ida Downstairs", email="ida@example.org", needs="She is ninety.")
PERSONS: Mapping[str, Person] = {"P1": ROSE, "P2": SAM, "P3": KIM, "P4": IDA}


def incident(number: int, occurred: date, reported: date, what: str = "Loud music until three") -> Incident:
    return Incident(
        id=f"I{number}",
        occurred=occurred,
        reported=reported,
        reported_to="police",
        what=what,
        reference=f"KP{number}",
    )


THREE = (
    incident(1, date(2026, 4, 3), date(2026, 4, 4)),  # Fri, Sat
    incident(2, date(2026, 4, 20), date(2026, 4, 21)),  # Mon, Tue
    incident(3, date(2026, 5, 8), date(2026, 5, 9)),  # Fri, Sat
)
ONE_OF_TWO = (
    incident(1, date(2025, 10, 1), date(2025, 10, 2)),  # Wed, Thu: eight months before
    incident(2, date(2026, 5, 8), date(2026, 5, 9)),  # Fri, Sat
)


def application(incidents: tuple[Incident, ...] = THREE, **changes: object) -> Application:
    base = Application(applicant="P1", consent_to_share=True, incidents=incidents, impact=IMPACT)
    return base.model_copy(update=changes)


@dataclass(frozen=True)
class Letter:
    """A letter as it left: its order, its context and what was written, and the day."""

    order: LetterOrder
    context: LetterContext
    rendered: Rendered
    on: date

    @property
    def text(self) -> str:
        return f"{self.rendered.subject}\n{self.rendered.text}".replace("\u00a0", " ")

    @property
    def flat(self) -> str:
        return " ".join(self.text.split())


@dataclass
class Story:
    """A case told event by event; each letter is written at its event and accepted at once."""

    policy: Policy
    persons: Mapping[str, Person] = field(default_factory=lambda: PERSONS)
    events: list[e.Event] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def tell(self, on: date, *bodies: e.Body, by: e.Actor = e.CLOCK) -> "Story":
        for body in bodies:
            self._tell(datetime.combine(on, time(10), tzinfo=LONDON), body, by)
        return self

    def _tell(self, at: datetime, body: e.Body, by: e.Actor) -> None:
        event = e.Event(id=f"E{len(self.events)}", at=at, by=by, what=body)  # type: ignore[arg-type]
        self.events.append(event)
        case = fold(self.policy, CALENDAR, self.events)
        for order in letters_for(REFERENCE, case, event):
            letter = self.write(order, at)
            self.letters.append(letter)
            posted = e.LetterPosted(
                key=order.key,
                letter=order.letter,
                to=order.to.words,
                event=order.event,
                state=e.LetterState.ACCEPTED,
                told=letter.rendered.told,
            )
            self.events.append(e.Event(id=f"{order.key}=accepted", at=at, by=e.CLOCK, what=posted))

    def write(self, order: LetterOrder, at: datetime) -> Letter:
        context = letter_context(self.policy, CALENDAR, self.events, order, at, self.persons)
        rendered = RENDERER.render(order.letter, context.context)
        return Letter(order, context, rendered, at.astimezone(LONDON).date())

    def last(self, kind: str) -> Letter:
        return next(letter for letter in reversed(self.letters) if letter.order.letter == kind)

    def due(self, key: str, on: date) -> date:
        now = datetime.combine(on, time(12), tzinfo=LONDON)
        return next(d.due for d in plan(self.policy, CALENDAR, self.events, now) if d.key == key)


@cache
def _lived(live: Callable[[Policy], Story], policy: Policy) -> Story:
    return live(policy)


def _as_lived(live: Callable[[Policy], Story], policy: Policy) -> Story:
    """The case that everybody's stories have in common, to be told on from there; its letters are written once."""
    common = _lived(live, policy)
    return Story(policy, common.persons, list(common.events), list(common.letters))


def begun(policy: Policy, applied: Application | None = None, persons: Mapping[str, Person] = PERSONS) -> Story:
    if applied is None and persons is PERSONS:
        return _as_lived(_begun, policy)
    return _begun(policy, applied, persons)


def _begun(policy: Policy, applied: Application | None = None, persons: Mapping[str, Person] = PERSONS) -> Story:
    story = Story(policy, persons)
    made = e.ApplicationMade(application=applied or application(), made_at=datetime(2026, 6, 1, 10, tzinfo=LONDON))
    return story.tell(MADE, made, e.Acknowledged(), e.PassedOn())


def asked(purpose: e.Purpose, agency: str) -> e.EnquirySent:
    return e.EnquirySent(enquiry=f"{purpose}:{agency}", purpose=purpose, agency=agency)


def answer(purpose: e.Purpose, agency: str, account: str = "We went there twice.") -> e.EnquiryAnswered:
    return e.EnquiryAnswered(enquiry=f"{purpose}:{agency}", account=account)


def chased(rung: Rung, step: StepId, key: str, due: date) -> e.Chased:
    return e.Chased(rung=rung, deadline=key, step=step, due=due, to="x")


def panel(on: date, text: str = "") -> e.PanelArranged:
    members = (
        e.Seat(
            name=f"Bo {' '.join(text.split())}".strip(),
            organisation="Kent Police",
            email="bo@example.org",
            agency="police",
        ),
        e.Seat(name="Cy Member", agency="landlord"),
    )
    chair = e.Seat(name="Ann Chair", organisation="The partnership", email="chair@example.org")
    return e.PanelArranged(on=on, place="Civic Centre", chair=chair, members=members)


def held(on: date, text: str = "") -> e.PanelHeld:
    return e.PanelHeld(
        on=on,
        findings=f"The noise was reported and not measured. {text}",
        recommendations=(
            e.Recommendation(to="police", text=f"Visit every week. {text}", reason="It stopped when they did."),
            e.Recommendation(to="landlord", text="Fit a quiet door.", due=date(2026, 9, 30)),  # Wed
        ),
    )


VERIFY, INFORM = e.Purpose.VERIFICATION, e.Purpose.INFORMATION
ACCEPTED, DECLINED = e.Response.ACCEPTED, e.Response.DECLINED
REFUSAL = e.ThresholdDecided(
    met=False,
    decided_by="Dee Officer",
    approved_by="Eve Manager",
    persistence="Once in eight months.",
    harm="You lost a night of sleep.",
    adequacy="The police came the same night.",
    alternative_action="The landlord will write to the household.",
)


def to_panel(policy: Policy, applied: Application | None = None, text: str = "") -> Story:
    """Met, gathered with one agency silent, and the panel arranged and put off for two days."""
    return _to_panel(policy, applied, text) if applied or text else _as_lived(_to_panel, policy)


def _to_panel(policy: Policy, applied: Application | None = None, text: str = "") -> Story:
    story = begun(policy, applied)
    story.tell(date(2026, 6, 2), asked(VERIFY, "police"))  # Tue
    story.tell(date(2026, 6, 5), answer(VERIFY, "police"))  # Fri
    story.tell(
        date(2026, 6, 8), e.ThresholdDecided(met=True), asked(INFORM, "police"), asked(INFORM, "landlord")
    )  # Mon
    story.tell(
        date(2026, 6, 11),
        chased(Rung.REMINDER, StepId.INFORMATION, "information:landlord", date(2026, 6, 15)),
    )  # Thu, for Mon
    story.tell(date(2026, 6, 12), answer(INFORM, "police", f"We went there twice. {text}"))  # Fri
    story.tell(
        date(2026, 6, 16),
        chased(Rung.ESCALATION, StepId.INFORMATION, "information:landlord", date(2026, 6, 15)),
    )  # Tue, for Mon
    story.tell(
        date(2026, 6, 17), e.EnquiryClosed(enquiry="information:landlord"), panel(date(2026, 6, 24), text)
    )  # Wed
    story.tell(date(2026, 6, 18), e.AttendanceChosen(mode="by telephone", statement=f"I am tired. {text}"))  # Thu
    story.tell(date(2026, 6, 22), e.PapersSent(documents=("chronology",)))  # Mon
    return story.tell(
        date(2026, 6, 23), e.PanelAdjourned(until=date(2026, 6, 26), reason=f"The chair is ill. {text}")
    )  # Tue


def to_outcome(policy: Policy, applied: Application | None = None, text: str = "") -> Story:
    return _to_outcome(policy, applied, text) if applied or text else _as_lived(_to_outcome, policy)


def _to_outcome(policy: Policy, applied: Application | None = None, text: str = "") -> Story:
    story = to_panel(policy, applied, text)
    story.tell(date(2026, 6, 26), held(date(2026, 6, 26), text), e.PlanPut())  # Fri
    story.tell(date(2026, 6, 30), e.PlanCommented(comments=f"Please come at night. {text}"))  # Tue
    return story.tell(date(2026, 7, 2), e.OutcomeDecided(reasons=f"Nobody had measured the noise. {text}"))  # Thu


def to_the_end(policy: Policy, applied: Application | None = None, text: str = "") -> Story:
    story = to_outcome(policy, applied, text)
    story.tell(date(2026, 7, 6), e.RecommendationAnswered(recommendation="R1", response=ACCEPTED))  # Mon
    story.tell(
        date(2026, 7, 7),  # Tue
        e.RecommendationAnswered(recommendation="R2", response=DECLINED, reasons=f"The door is not ours. {text}"),
    )
    story.tell(date(2026, 8, 3), e.AppealWindowShut())  # Mon
    story.tell(
        date(2026, 8, 5),  # Wed
        e.AppealRefused(
            subject=Subject.HANDLING,
            on=date(2026, 8, 4),  # Tue
            reasons=f"It came after the last day. {text}",
            decided_by="Gil Head",
        ),
    )
    story.tell(date(2026, 9, 24), chased(Rung.REMINDER, StepId.ACTION, "action:R1", date(2026, 9, 28)))  # Thu, Mon
    story.tell(date(2026, 9, 28), chased(Rung.REMINDER, StepId.FOLLOW_UP, "follow_up", date(2026, 12, 29)))  # Mon, Tue
    story.tell(
        date(2026, 9, 29),  # Tue
        chased(Rung.ESCALATION, StepId.ACTION, "action:R1", date(2026, 9, 28)),
        e.ActionDone(recommendation="R1", on=date(2026, 9, 29), evidence=f"Twelve visits logged. {text}"),
    )
    story.tell(
        date(2026, 10, 5),
        e.FollowUpHeld(on=date(2026, 10, 5), behaviour_stopped=False, findings=f"Still loud. {text}"),
    )  # Mon
    story.tell(date(2026, 10, 7), e.ClosureNotified(reason=text))  # Wed
    return story.tell(date(2026, 10, 26), e.Closed())  # Mon


def to_refusal(policy: Policy, applied: Application | None = None) -> Story:
    return _to_refusal(policy, applied) if applied else _as_lived(_to_refusal, policy)


def _to_refusal(policy: Policy, applied: Application | None = None) -> Story:
    return begun(policy, applied or application(ONE_OF_TWO)).tell(date(2026, 6, 9), REFUSAL)  # Tue


def appealed(policy: Policy, decision: Decision, subject: Subject, text: str = "") -> Story:
    story = to_refusal(policy) if subject is Subject.THRESHOLD else to_outcome(policy)
    start = date(2026, 6, 15) if subject is Subject.THRESHOLD else date(2026, 7, 8)  # Mon, Wed
    lodged = e.AppealLodged(subject=subject, grounds=f"You left out May. {text}", consent_to_transfer=True)
    story.tell(start, lodged)
    story.tell(start.replace(day=start.day + 1), e.BundleSent(documents=("application", "decision")))
    hearing = story.due("appeal_hearing", start)
    story.tell(
        start.replace(day=start.day + 2),
        chased(Rung.REMINDER, StepId.APPEAL_HEARING, "appeal_hearing", hearing),
    )
    day = start.replace(day=start.day + 8)  # Tue, Thu
    story.tell(start.replace(day=start.day + 3), e.HearingArranged(on=start.replace(day=start.day + 9)))
    story.tell(
        start.replace(day=start.day + 4),
        e.HearingArranged(on=day, time="2pm", place="The council chamber", reason=f"The room is free. {text}"),
    )
    story.tell(start.replace(day=start.day + 8), e.AppealHeard(on=start.replace(day=start.day + 8)))
    decided = e.AppealDecided(decision=decision, reasons=f"May counts. {text}", directions="Look at May again.")
    return story.tell(start.replace(day=start.day + 9), decided)


def with_changes(policy: Policy) -> Story:
    """Delays, a pause, a new contact, a correction, a further report, people who act and cease to."""
    story = begun(policy, application(representative="P2", victim_consents=True))
    story.tell(date(2026, 6, 3), e.OfficerAssigned(officer="Fay Officer", email="fay@example.org"))  # Wed
    story.tell(date(2026, 6, 4), e.DetailsRequested(missing=("the landlord's name",)))  # Thu
    story.tell(date(2026, 6, 5), chased(Rung.REMINDER, StepId.COMPLETION, "completion", date(2026, 6, 18)))  # Fri, Thu
    story.tell(date(2026, 6, 8), e.DetailsReceived(text="It is Orbit."))  # Mon
    story.tell(date(2026, 6, 9), e.IncidentAdded(incident=incident(4, date(2026, 6, 6), date(2026, 6, 8))))  # Tue
    story.tell(
        date(2026, 6, 10),
        e.HoldStarted(until=date(2026, 6, 24), reason="In hospital.", at_victims_request=True),
    )
    story.tell(date(2026, 6, 15), e.HoldEnded(), e.PersonJoined(person="P4"))  # Mon
    story.tell(date(2026, 6, 16), e.RepresentativeChanged(representative="P3", victim_consents=True))  # Tue
    story.tell(date(2026, 6, 17), e.RepresentativeChanged(), e.RepresentativeChanged(representative="P2"))  # Wed
    story.tell(
        date(2026, 6, 18),
        e.DateCorrected(milestone=Milestone.RECEIVED, to=date(2026, 5, 29), reason="It came on Friday."),
    )  # Thu, Fri
    story.tell(date(2026, 6, 22), chased(Rung.WARNING, StepId.RESPONSE, "response", date(2026, 7, 6)))  # Mon, Mon
    story.tell(date(2026, 6, 23), asked(INFORM, "police"))  # Tue
    of_the_police = e.LinkRenewed(
        link="7KQ29MXT", purpose=LinkPurpose.ENQUIRY, holder="police", about="information:police"
    )
    story.tell(date(2026, 6, 24), of_the_police)  # Wed
    story.tell(
        date(2026, 7, 2),
        e.Extended(step="response", working_days=5, reason="We wait for records.", approved_by="Gil Head"),
    )  # Thu
    story.tell(
        date(2026, 7, 3),
        e.Extended(step="information:police", working_days=2, reason="Their system is down."),
    )  # Fri
    story.tell(date(2026, 7, 3), e.Extended(step="papers", working_days=2, reason="One paper is late."))  # Fri
    story.tell(date(2026, 7, 20), chased(Rung.ESCALATION, StepId.RESPONSE, "response", date(2026, 7, 13)))  # Mon, Mon
    story.tell(
        date(2026, 7, 21),  # Tue
        e.LetterPosted(
            key="CR-1/001/L-01/applicant",
            letter="L-01",
            to="applicant",
            event="E1",
            state=e.LetterState.REFUSED,
            words="550",
        ),
        e.LetterPosted(
            key="CR-1/001/L-08/applicant", letter="L-08", to="applicant", event="E1", state=e.LetterState.UNCERTAIN
        ),
        e.ActRefused(refused="hold-follow-up", sentence="The follow-up opens later."),
    )
    return story


def hostile(policy: Policy) -> Story:
    bad = tuple(i.model_copy(update={"what": HOSTILE, "reference": "<b>|x"}) for i in THREE)
    persons = {"P1": Person(name="<b>O'Neil</b> | {{ x }}", email="o@example.org")}
    story = to_the_end(policy, application(bad, impact=HOSTILE, needs=HOSTILE, wanted=HOSTILE), HOSTILE)
    assert len(story.letters) > 20
    again = begun(policy, application(bad, impact=HOSTILE), persons)
    story.letters += again.letters
    return story


def withdrawn(policy: Policy) -> Story:
    return begun(policy).tell(date(2026, 6, 10), e.Withdrawn(reason="It stopped."))  # Wed
