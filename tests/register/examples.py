"""A victim in Dover, a council's policy, and a case from its application to an appeal."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

import policies
from domain import events as e
from domain.application import ApplicationForm, Person, Representative, WrittenIncident
from domain.calendar import Calendar, ClosedDay
from domain.messages import Numbered, Start, Turn
from domain.policy import Policy, Subject
from register.letter_rows import LetterDraft

NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)  # Thu
OFFICER = e.Actor(role=e.Role.OFFICER, name="Jo Ward")
APPLICANT = e.Actor(role=e.Role.APPLICANT, name="the applicant")
CALENDAR = Calendar(
    source="by hand",
    first=date(2025, 1, 1),  # Wed
    horizon=date(2028, 12, 31),  # Sun
    holidays=(
        ClosedDay(date=date(2026, 4, 3), name="Good Friday"),  # Fri
        ClosedDay(date=date(2026, 4, 6), name="Easter Monday"),  # Mon
        ClosedDay(date=date(2026, 5, 4), name="Early May bank holiday"),  # Mon
        ClosedDay(date=date(2026, 5, 25), name="Spring bank holiday"),  # Mon
        ClosedDay(date=date(2026, 8, 31), name="Summer bank holiday"),  # Mon
        ClosedDay(date=date(2026, 12, 25), name="Christmas Day"),  # Fri
        ClosedDay(date=date(2026, 12, 28), name="Boxing Day (substitute day)"),  # Mon
    ),
)

DRAFT = LetterDraft(
    subject="We have your application",
    text="Dear Ann Reed, we will write by Thursday 16 April 2026.",
    html="<p>Dear Ann Reed, we will write by Thursday 16 April 2026.</p>",
    template="L-01.md.j2",
    template_version="0123456789ab",
    policy_version="2026.1",
    to_name="Ann Reed",
    address="ann.reed@example.org",
    message_id="<1@example.org>",
    told={"threshold": date(2026, 4, 16)},  # Thu
)


@cache
def policy(name: str = "dover") -> Policy:
    return policies.load(name)


def incident(
    reported: date = date(2026, 3, 9), what: str = "Shouting and banging on the door at night."
) -> WrittenIncident:
    return WrittenIncident(occurred=reported, reported=reported, reported_to="police", what=what)


def person(name: str = "Ann Reed") -> Person:
    return Person(
        name=name,
        email="ann.reed@example.org",
        phone="01304 000000",
        address=("1 Castle Street", "Dover CT16 1AA"),
        large_print=True,
        unsafe=frozenset({"voicemail", "post"}),
    )


def representative() -> Representative:
    return Representative(
        name="Sam Cole", email="sam.cole@example.org", relation="support worker", victim_consents=True
    )


def form(**changed: object) -> ApplicationForm:
    known: dict[str, object] = {
        "made_at": datetime(2026, 4, 1, 10, 30),  # Wed  # noqa: DTZ001
        "applicant": person(),
        "consent_to_share": True,
        "incidents": (
            incident(date(2026, 1, 12)),  # Mon
            incident(date(2026, 2, 10)),  # Tue
            incident(date(2026, 3, 9)),  # Mon
        ),
        "impact": "We cannot sleep.",
    }
    return ApplicationForm.model_validate({**known, **changed})


class Story:
    """Events of one case, each an hour after the one before, numbered from 1."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.at = start.made_at
        self.numbered: list[Numbered] = []
        self.happened(e.ApplicationMade(application=start.application, made_at=start.made_at), by=start.by)

    def happened(self, *bodies: e.What, by: e.Actor = e.CLOCK, days: int = 0) -> "Story":
        for body in bodies:
            self.at += timedelta(hours=1)
            event = e.Event(id=f"e{len(self.numbered) + 1}", at=self.at, by=by, what=body)
            self.numbered.append(Numbered(seq=len(self.numbered) + 1, event=event))
        self.at += timedelta(days=days)
        return self

    def letter(self, kind: str, *, state: e.LetterState = e.LetterState.ACCEPTED) -> "Story":
        last = self.numbered[-1].event.id
        key = f"{self.start.reference}/{last}/{kind}"
        posted = e.LetterPosted(key=key, letter=kind, to="applicant", event=last, state=state)
        return self.happened(posted)

    def turn(self, first: int = 1, last: int | None = None) -> Turn:
        """The events from ``first`` to ``last``, both included, as of the last one."""
        told = tuple(self.numbered[first - 1 : last])
        as_of = told[-1].event.at if told else self.at
        return Turn(reference=self.start.reference, as_of=as_of, events=told)


def opening(start: Start) -> Story:
    """Received, acknowledged, passed on, and the first agencies asked."""
    story = Story(start)
    story.happened(e.Acknowledged()).letter("L-01")
    story.happened(e.PassedOn(bodies=tuple(a.id for a in start.policy.relevant_bodies)))
    for agency in start.policy.relevant_bodies[:2]:
        purpose = e.Purpose.VERIFICATION
        sent = e.EnquirySent(enquiry=f"verification:{agency.id}", purpose=purpose, agency=agency.id)
        story.happened(sent)
    return story


def whole(start: Start) -> Story:
    """From the application to an appeal, by way of a panel and two recommendations."""
    story = opening(start)
    asked = [one.event.what for one in story.numbered if isinstance(one.event.what, e.EnquirySent)]
    for sent in asked:
        by = e.Actor(role=e.Role.AGENCY, name=sent.agency)
        story.happened(e.EnquiryAnswered(enquiry=sent.enquiry, account="Reports confirmed. " * 40), by=by)
    story.happened(e.ThresholdDecided(met=True, decided_by="Jo Ward"), by=OFFICER).letter("L-03")
    for sent in asked:
        purpose = e.Purpose.INFORMATION
        story.happened(e.EnquirySent(enquiry=f"information:{sent.agency}", purpose=purpose, agency=sent.agency))
    for sent in asked:
        by = e.Actor(role=e.Role.AGENCY, name=sent.agency)
        account = e.EnquiryAnswered(enquiry=f"information:{sent.agency}", account="What was done. " * 80)
        story.happened(account, by=by, days=3)
    panel_day = date(2026, 4, 28)  # Tue
    story.happened(e.PanelArranged(on=panel_day, chair=e.Seat(name="Lee Hart")), by=OFFICER).letter("L-08")
    story.happened(e.PapersSent(documents=("chronology",)), by=OFFICER, days=10)
    recommendations = tuple(e.Recommendation(to=sent.agency, text="Visit weekly and report back.") for sent in asked)
    held = e.PanelHeld(on=panel_day, findings="Harm found. " * 60, recommendations=recommendations)
    story.happened(held, by=e.Actor(role=e.Role.CHAIR, name="Lee Hart"))
    story.happened(e.PlanPut()).letter("L-10").happened(e.PlanCommented(comments="Thank you."), by=APPLICANT)
    story.happened(e.OutcomeDecided(reasons="See the findings."), by=OFFICER).letter("L-11")
    for number, sent in enumerate(asked, start=1):
        by = e.Actor(role=e.Role.AGENCY, name=sent.agency)
        answer = e.RecommendationAnswered(recommendation=f"R{number}", response=e.Response.ACCEPTED)
        story.happened(answer, by=by)
    story.happened(e.AppealLodged(subject=Subject.HANDLING, grounds="The plan leaves out the parking."), by=APPLICANT)
    return story


def long(start: Start, events: int = 60) -> Story:
    """A whole case with as many notes as bring it to that many events."""
    story = whole(start)
    while len(story.numbered) < events:
        story.happened(e.NoteAdded(text="Rang the applicant; nothing new. " * 5), by=OFFICER)
    return story


def turns(story: Story) -> Iterator[Turn]:
    """The story told one event at a time."""
    for number in range(1, len(story.numbered) + 1):
        yield story.turn(number, number)
