"""A case's history as a test tells it: each line one thing that happened, on a day, and what follows from it.

    History(kent()).applied("2026-12-07").acknowledged().on("2026-12-10").threshold_met().due("response")

Days are written as ISO dates and times as London's clock. Everything happens on the day last named by ``on``, a
minute after what happened before it. A line that sends a letter in real life sends it here too, and the mail server
takes it; ``but`` says what becomes of it otherwise, and ``telling`` which dates it prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

import policies
from domain import events as e
from domain.application import Application, Incident
from domain.calendar import LONDON, Calendar, ClosedDay
from domain.case import Case, local_date
from domain.deadlines import Deadline, plan
from domain.fold import fold
from domain.policy import Decision, Milestone, Policy, Subject

OFFICER = e.Actor(role=e.Role.OFFICER, name="Jo Ward")
APPLICANT = e.Actor(role=e.Role.APPLICANT, name="the applicant")
CHAIR = e.Actor(role=e.Role.CHAIR, name="Lee Hart")
APPEAL_BODY = e.Actor(role=e.Role.APPEAL_BODY, name="the appeal body")
OPERATIONS = e.Actor(role=e.Role.OPERATIONS, name="the duty engineer")
REFERENCE = "CR-1"

Telling = Iterable[str] | Mapping[str, str]

_HOLIDAYS = {
    "New Year's Day": ("2026-01-01", "2027-01-01", "2028-01-03"),  # Thu, Fri, Mon
    "Good Friday": ("2026-04-03", "2027-03-26", "2028-04-14"),  # Fri
    "Easter Monday": ("2026-04-06", "2027-03-29", "2028-04-17"),  # Mon
    "Early May bank holiday": ("2026-05-04", "2027-05-03", "2028-05-01"),  # Mon
    "Spring bank holiday": ("2026-05-25", "2027-05-31", "2028-05-29"),  # Mon
    "Summer bank holiday": ("2026-08-31", "2027-08-30", "2028-08-28"),  # Mon
    "Christmas Day": ("2026-12-25", "2027-12-27", "2028-12-25"),  # Fri, Mon, Mon
    "Boxing Day": ("2026-12-28", "2027-12-28", "2028-12-26"),  # Mon, Tue, Tue
}
ENGLAND = Calendar(
    source="written out by hand for 2026 to 2028",
    first=date(2025, 1, 1),  # Wed
    horizon=date(2028, 12, 31),  # Sun
    holidays=tuple(
        ClosedDay(date=date.fromisoformat(day), name=name) for name, days in _HOLIDAYS.items() for day in days
    ),
)
CHRISTMAS_CLOSURE = tuple(
    ClosedDay(date=date(2026, 12, day), name="Christmas closure")
    for day in (29, 30, 31)  # Tue, Wed, Thu
)


@cache
def council(id: str) -> Policy:
    """The packaged policy with this id."""
    return policies.load(id)


def day(iso: date | str) -> date:
    return date.fromisoformat(iso) if isinstance(iso, str) else iso


class History:
    """The events of one case so far. Each method adds to it and gives it back."""

    def __init__(self, policy: Policy | str = "kent-district", calendar: Calendar = ENGLAND) -> None:
        self.policy = council(policy) if isinstance(policy, str) else policy
        self.calendar = calendar
        self.events: list[e.Event] = []
        self.now = datetime(2026, 1, 5, 10, tzinfo=LONDON)  # Mon

    def __len__(self) -> int:
        return len(self.events)

    def copy(self) -> History:
        """The same history, to go on from in another way."""
        other = History(self.policy, self.calendar)
        other.events, other.now = list(self.events), self.now
        return other

    # What follows from it

    @property
    def case(self) -> Case:
        return fold(self.policy, self.calendar, self.events)

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Every deadline as it stands at the moment the history has come to."""
        return plan(self.policy, self.calendar, self.events, self.now)

    @property
    def by_key(self) -> dict[str, Deadline]:
        return {deadline.key: deadline for deadline in self.deadlines}

    def deadline(self, key: str) -> Deadline:
        """Raises KeyError where the case has no such deadline yet."""
        return self.by_key[key]

    def due(self, key: str) -> date:
        return self.deadline(key).due

    def last(self, kind: str) -> e.Event:
        """The latest event of this kind."""
        return next(event for event in reversed(self.events) if event.kind == kind)

    # When

    def on(self, iso: date | str, at: str = "10:00") -> History:
        """What follows happens on this day."""
        moment = datetime.combine(day(iso), time.fromisoformat(at), tzinfo=LONDON)
        if self.events and moment < self.events[-1].at:
            raise ValueError(f"{iso} {at} comes before what happened last; tell the history in order.")
        self.now = moment
        return self

    def happened(self, *bodies: e.Body, by: e.Actor = e.CLOCK) -> History:
        """Any event at all, by anybody."""
        for what in bodies:
            if self.events:
                self.now = max(self.now, self.events[-1].at + timedelta(minutes=1))
            id = f"{len(self.events) + 1:03d}-{type(what).model_fields['kind'].default}"
            self.events.append(e.Event(id=id, at=self.now, by=by, what=what))  # type: ignore[arg-type]
        return self

    def letter(
        self,
        letter: str,
        *,
        telling: Telling = (),
        but: e.LetterState = e.LetterState.ACCEPTED,
        to: str = "applicant",
    ) -> History:
        """A letter about what happened last, printing the dates of the deadlines named in ``telling``, or these."""
        event = next(event.id for event in reversed(self.events) if not event.kind.startswith("letter."))
        if isinstance(telling, Mapping):
            told = {key: day(iso) for key, iso in telling.items()}
        else:
            known = self.by_key if telling else {}
            told = {key: known[key].due for key in telling}
        key = f"{REFERENCE}/{event}/{letter}/{to}"
        posted = e.LetterPosted(key=key, letter=letter, to=to, event=event, state=but, told=told)
        return self.happened(posted)

    def tried_again(self, letter: str, *, but: e.LetterState = e.LetterState.ACCEPTED) -> History:
        """A letter that waited, was refused or is uncertain is handed over once more, as it was."""
        return self.happened(self._posted(letter).model_copy(update={"state": but}))

    def settled(self, letter: str, *, arrived: bool) -> History:
        """Somebody found out what became of a letter."""
        key = self._posted(letter).key
        return self.happened(e.LetterSettled(key=key, arrived=arrived, how="We rang."), by=OFFICER)

    def dispatched(self, letter: str, on: str, post_class: e.PostClass = e.PostClass.SECOND) -> History:
        """A letter from the print tray was posted."""
        body = e.LetterDispatched(key=self._posted(letter).key, on=day(on), post_class=post_class)
        return self.happened(body, by=OFFICER)

    def came_back(self, letter: str, how: e.Failure = e.Failure.BOUNCED) -> History:
        """A letter that had left was not delivered."""
        return self.happened(e.LetterUndelivered(key=self._posted(letter).key, how=how), by=OPERATIONS)

    # From the application to the threshold

    def applied(
        self, iso: str, at: str = "10:00", *, consent: bool = True, to: tuple[str, ...] = ("police", "council")
    ) -> History:
        """Three complaints, 30, 20 and 10 days old, reported to the bodies in turn."""
        self.on(iso, at)
        incidents = tuple(
            Incident(
                id=f"I{number}",
                occurred=self.today - timedelta(days=days),
                reported=self.today - timedelta(days=days),
                reported_to=to[number % len(to)],
                what="Shouting at night.",
            )
            for number, days in enumerate((30, 20, 10), start=1)
        )
        application = Application(applicant="P1", consent_to_share=consent, incidents=incidents)
        return self.happened(e.ApplicationMade(application=application, made_at=self.now), by=APPLICANT)

    def acknowledged(self, *, telling: Telling = (), but: e.LetterState = e.LetterState.ACCEPTED) -> History:
        return self.happened(e.Acknowledged()).letter("L-01", telling=telling, but=but)

    def details_requested(self, *missing: str) -> History:
        return self.happened(e.DetailsRequested(missing=missing or ("consent",))).letter("L-02")

    def details_supplied(self) -> History:
        return self.happened(e.DetailsReceived(consent_to_share=True), by=APPLICANT)

    def passed_on(self) -> History:
        bodies = tuple(agency.id for agency in self.policy.relevant_bodies)
        return self.happened(e.PassedOn(bodies=bodies))

    def asked(self, *agencies: str, purpose: e.Purpose = e.Purpose.VERIFICATION) -> History:
        """Agencies are asked; all those involved if none is named."""
        for agency in agencies or tuple(agency.id for agency in self.case.involved):
            key = self._enquiry(agency, purpose)
            self.happened(e.EnquirySent(enquiry=key, purpose=purpose, agency=agency))
        return self

    def asked_for_information(self, *agencies: str) -> History:
        return self.asked(*agencies, purpose=e.Purpose.INFORMATION)

    def answered(self, *enquiries: str) -> History:
        """Agencies answer these enquiries; every one still unsettled if none is named."""
        for key in enquiries or self._unsettled():
            by = e.Actor(role=e.Role.AGENCY, name=self.case.enquiries[key].agency)
            self.happened(e.EnquiryAnswered(enquiry=key, account="What we did."), by=by)
        return self

    def proceeded_without(self, *enquiries: str) -> History:
        for key in enquiries or self._unsettled():
            self.happened(e.EnquiryClosed(enquiry=key))
        return self

    def threshold_met(self, *, telling: Telling = (), told: bool = True) -> History:
        self.happened(e.ThresholdDecided(met=True, decided_by="Jo Ward"), by=OFFICER)
        return self.letter("L-03", telling=telling) if told else self

    def threshold_refused(self, *, telling: Telling = (), told: bool = True) -> History:
        refused = e.ThresholdDecided(
            met=False,
            decided_by="Jo Ward",
            approved_by="Kit Lane",
            persistence="One evening.",
            harm="Slight.",
            adequacy="A visit was made.",
            alternative_action="A warning letter.",
        )
        self.happened(refused, by=OFFICER)
        return self.letter("L-04", telling=telling) if told else self

    # The review

    def information_gathered(self) -> History:
        """Every body involved is asked for its account and gives it the same day."""
        return self.asked_for_information().answered()

    def panel_arranged(self, iso: str, *, reason: str = "") -> History:
        chair = e.Seat(name="Lee Hart", organisation="Community Safety Partnership")
        members = (
            e.Seat(name="Bo Day", organisation="Police", agency="police"),
            e.Seat(name="Cy Orr", organisation="Council", agency="council"),
        )
        arranged = e.PanelArranged(on=day(iso), chair=chair, members=members, reason=reason)
        return self.happened(arranged, by=OFFICER).letter("L-05")

    def adjourned(self, until: str) -> History:
        return self.happened(e.PanelAdjourned(until=day(until), reason="The chair was ill."), by=CHAIR)

    def papers_sent(self) -> History:
        return self.happened(e.PapersSent(), by=OFFICER)

    def panel_held(self, *recommended_to: str, on: str = "", due: str = "") -> History:
        """The panel met, today if no day is given, and recommends one thing to each body named."""
        made = tuple(e.Recommendation(to=to, text="Patrol.", due=day(due) if due else None) for to in recommended_to)
        held = e.PanelHeld(on=day(on) if on else self.today, findings="Found.", recommendations=made)
        return self.happened(held, by=CHAIR)

    def plan_put(self) -> History:
        return self.happened(e.PlanPut()).letter("L-10")

    def plan_commented(self) -> History:
        return self.happened(e.PlanCommented(comments="Yes."), by=APPLICANT)

    def outcome_sent(
        self, *, telling: Telling = (), at: str = "", but: e.LetterState = e.LetterState.ACCEPTED
    ) -> History:
        if at:
            self.on(self.today, at)
        self.happened(e.OutcomeDecided(reasons="Because."), by=OFFICER)
        return self.letter("L-11", telling=telling, but=but)

    def letter_received(self, letter: str, on: str) -> History:
        """The applicant says when the ``threshold`` or ``outcome`` letter arrived."""
        confirmed = e.ReceiptConfirmed(letter=letter, on=day(on))  # type: ignore[arg-type]
        return self.happened(confirmed, by=APPLICANT)

    def reviewed(self) -> History:
        """All of a review in one day, up to the draft plan's answer: a panel with one thing for the police."""
        self.information_gathered().panel_arranged(self.today.isoformat()).papers_sent()
        return self.panel_held("police").plan_put().plan_commented()

    # After it

    def recommendation_answered(self, id: str, response: e.Response = e.Response.ACCEPTED, *, due: str = "") -> History:
        reasons = "" if response is e.Response.ACCEPTED else "Not ours."
        by = e.Actor(role=e.Role.AGENCY, name=self.case.items[id].recommendation.to)
        named = day(due) if due else None
        return self.happened(
            e.RecommendationAnswered(recommendation=id, response=response, reasons=reasons, due=named), by=by
        )

    def action_done(self, id: str, on: str = "") -> History:
        by = e.Actor(role=e.Role.AGENCY, name=self.case.items[id].recommendation.to)
        done = e.ActionDone(recommendation=id, on=day(on) if on else self.today, evidence="Log 12.")
        return self.happened(done, by=by)

    def follow_up_held(self, *, stopped: bool = True) -> History:
        held = e.FollowUpHeld(on=self.today, behaviour_stopped=stopped, findings="All quiet.")
        return self.happened(held, by=OFFICER)

    def closure_notified(self) -> History:
        return self.happened(e.ClosureNotified(reason="All done.")).letter("L-15")

    def closure_objected(self) -> History:
        return self.happened(e.ClosureObjected(reason="It goes on."), by=APPLICANT)

    def closed(self) -> History:
        return self.happened(e.Closed(reason="Nobody objected."))

    # Appeals

    def appeal_window_shut(self) -> History:
        return self.happened(e.AppealWindowShut())

    def appeal_lodged(self, subject: Subject = Subject.OUTCOME, *, on: str = "", good_cause: str = "") -> History:
        lodged = e.AppealLodged(
            subject=subject,
            grounds="I was not heard.",
            on=day(on) if on else None,
            consent_to_transfer=True,
            good_cause=good_cause,
        )
        return self.happened(lodged, by=APPLICANT)

    def bundle_sent(self) -> History:
        return self.happened(e.BundleSent(), by=OFFICER)

    def appeal_heard(self, on: str = "") -> History:
        return self.happened(e.AppealHeard(on=day(on) if on else self.today), by=APPEAL_BODY)

    def appeal_decided(self, decision: Decision, *, told: bool = True) -> History:
        self.happened(e.AppealDecided(decision=decision, reasons="Because."), by=APPEAL_BODY)
        return self.letter("L-21") if told else self

    # At any time

    def withdrawn(self) -> History:
        return self.happened(e.Withdrawn(reason="They moved."), by=APPLICANT)

    def extended(
        self, step: str, working_days: int, *, approved_by: str = "Sam Reeve", telling: Telling = ()
    ) -> History:
        """A promise moves; its delay letter goes out, printing the new date, where ``telling`` names it."""
        extended = e.Extended(
            step=step, working_days=working_days, reason="An account is late.", approved_by=approved_by
        )
        self.happened(extended, by=OFFICER)
        return self.letter("L-08", telling=telling) if telling else self

    def held(self, until: str) -> History:
        """A pause at the victim's request, from the day it is asked for."""
        hold = e.HoldStarted(until=day(until), reason="In hospital.", at_victims_request=True)
        return self.happened(hold, by=OFFICER)

    def resumed(self) -> History:
        return self.happened(e.HoldEnded(), by=OFFICER)

    def corrected(self, milestone: Milestone, to: str) -> History:
        corrected = e.DateCorrected(milestone=milestone, to=day(to), reason="The date stamp was misread.")
        return self.happened(corrected, by=OFFICER)

    def holiday_declared(self, iso: str, name: str = "a day of mourning") -> History:
        calendar = self.case.calendar.with_holidays(ClosedDay(date=day(iso), name=name))
        return self.happened(e.CalendarChanged(calendar=calendar, reason=f"{name} declared"), by=OPERATIONS)

    def _posted(self, letter: str) -> e.LetterPosted:
        posted = [event.what for event in self.events if isinstance(event.what, e.LetterPosted)]
        return next(what for what in reversed(posted) if what.letter == letter)

    def _enquiry(self, agency: str, purpose: e.Purpose) -> str:
        round = self.case.round
        return f"{purpose}:{agency}" + (f"#{round}" if round > 1 else "")

    def _unsettled(self) -> tuple[str, ...]:
        return tuple(key for key, enquiry in self.case.enquiries.items() if not enquiry.settled)
