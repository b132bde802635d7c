"""What a letter may say: the case as it stood at its event, its dates, the people, and the words for them.

A template sees facts (``case``, ``event``), people (``recipient``, ``officer``) and asks three things about a
date: ``ahead(key)``, is there one still to come; ``due(key)``, print it; ``deadline(key)``, all about it.
What ``due`` gives out is kept in ``told``: only what a letter prints is promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from activities.advice import Told
from activities.invitation import invitations
from activities.letter_dates import Dates
from activities.mail import Attachment
from activities.readers import Addressed as Addressed
from activities.readers import Readers
from activities.readers import Unaddressed as Unaddressed
from activities.standing import Standing
from domain import events as e
from domain.application import Means, Person
from domain.calendar import Calendar
from domain.case import words
from domain.catalogue import SUBJECTS
from domain.messages import LetterOrder, Party
from domain.policy import Policy


@dataclass
class LetterContext:
    """A letter's variables, its reader's address, the way it goes ``by`` and ``then``, and the files that go with it.

    ``told`` fills as its dates are printed: read it after rendering.
    """

    context: Mapping[str, object]
    to_name: str
    to_email: str | None
    to_address: tuple[str, ...] = ()
    large_print: bool = False
    told: dict[str, date] = field(default_factory=dict)
    files: tuple[Attachment, ...] = ()
    by: Means | None = Means.EMAIL
    then: Means | None = None


class LetterDesk:
    """Where the letters of one moment are put together; what the case comes to at an event is worked out once.

    ``events`` are all the case's events that are known, ``as_of`` is the aware instant of the letters' date, and
    ``persons`` maps person ids to people: the applicant, whoever acts, and whoever stopped acting.
    """

    def __init__(
        self,
        policy: Policy,
        calendar: Calendar,
        events: Sequence[e.Event],
        as_of: datetime,
        persons: Mapping[str, Person],
    ) -> None:
        self._policy, self._calendar, self._events = policy, calendar, tuple(events)
        self._as_of, self._persons = as_of, persons
        self._standings: dict[int, Standing] = {}

    def context(self, order: LetterOrder) -> LetterContext:
        """Everything the letter ``order`` may print, from the case's first ``order.upto`` events.

        Dates that start when a letter goes out, such as the last day to appeal, are planned as if this one were
        accepted at ``as_of``. Raises Unaddressed for an unknown event or person.
        """
        standing = self._at(order.upto)
        readers = Readers(standing, order, self._persons)
        dates = Dates(standing, order, readers)
        to, variables = readers.recipient, _variables(standing, order, readers, dates)
        files = invitations(standing, readers)
        return LetterContext(
            variables, to.name, to.email, to.address, to.large_print, dates.told, files, readers.by, readers.then
        )

    def _at(self, upto: int) -> Standing:
        if upto not in self._standings:
            self._standings[upto] = Standing(self._policy, self._calendar, self._events[:upto], self._as_of)
        return self._standings[upto]


def letter_context(
    policy: Policy,
    calendar: Calendar,
    events: Sequence[e.Event],
    order: LetterOrder,
    as_of: datetime,
    persons: Mapping[str, Person],
) -> LetterContext:
    """One letter's context by a desk of its own: see ``LetterDesk``."""
    return LetterDesk(policy, calendar, events, as_of, persons).context(order)


<<<<<<< HEAD
def _variables(standing: Standing, order: LetterOrder, readers: Readers, dates: Dates) -> dict[str, object]:
    case, policy, body = standing.case, standing.policy, readers.event.what
    told = Told(policy, case, body, dates)
    appeal = case.appeals[-1] if case.appeals else None
    subject = getattr(body, "subject", None) or (appeal.lodged.subject if appeal else None)
    return {
        "letterhead": readers.letterhead,
        "language": readers.recipient.language,
        "reference": order.key.split("/", 1)[0],
        "as_of": standing.today,
        "policy": policy,
        "council": policy.identity.council,
        "contact": readers.contact,
        "officer": readers.officer,
        "recipient": readers.recipient,
        "representing": readers.representing,
        "letter_to_chair": order.to.party is Party.CHAIR,
        "to_appeal_body": order.to.party is Party.APPEAL_BODY,
        "to_officer": order.to.party is Party.OFFICER,
        "addressee": order.to.id,
        "applicant": readers.applicant,
        "case": case,
        "event": body,
        "incidents": told.incidents,
        "made_on": case.made_on,
        "assessment": told.assessment,
        "deadline": dates.deadline,
        "ahead": dates.ahead,
        "due": dates.due,
        "promised": dates.promised,
        "coming": dates.coming,
        "noun": dates.noun,
        "duty_title": dates.duty_title,
        "reminded": dates.reminded,
        "outstanding": told.outstanding,
        "responsible": told.responsible,
        "extended_times": len(case.extensions.get(getattr(body, "step", ""), ())),
        "appeals": told.appeals,
        "appeal": appeal,
        "appeal_subject": SUBJECTS[subject] if subject else "",
        "received_on": dates.received_on,
        "redress": told.redress,
        "agency_name": told.agency_name,
        "agencies_named": told.names,
        "silent_agencies": told.names(case.silent),
        "all_advice": told.all_advice,
        "recommendations_for": told.recommendations_for,
        "advice": told.advice,
        "answers": told.answers,
        "moved_from": dates.moved_from,
        "step_words": words,
        "undelivered": case.letters[body.key].posted if isinstance(body, e.LetterUndelivered) else None,
        "counts_from_completion": dates.counts_from_completion,
    }
=======
@dataclass
class _Facts:
    policy: Policy
    calendar: Calendar
    events: tuple[e.Event, ...]
    order: LetterOrder
    as_of: datetime
    persons: Mapping[str, Person]
    told: dict[str, date] = field(default_factory=dict)

    def variables(self) -> dict[str, object]:
        case, contact, body = self.case, self.contact, self.event.what
        return {
            "letterhead": self.letterhead,
            "reference": self.reference,
            "as_of": self.today,
            "policy": self.policy,
            "council": self.policy.identity.council,
            "contact": contact,
            "officer": self.officer,
            "recipient": self.recipient,
            "representing": self.representing,
            "letter_to_chair": self.order.to.party is Party.CHAIR,
            "to_officer": self.order.to.party is Party.OFFICER,
            "addressee": self.order.to.id,
            "applicant": self.applicant,
            "case": case,
            "event": body,
            "incidents": self._asked_about,
            "made_on": case.made_on,
            "assessment": self.assessment,
            "deadline": self.deadline,
            "ahead": self.ahead,
            "due": self.due,
            "promised": self.promised,
            "coming": self.coming,
            "noun": self.noun,
            "duty_title": self.duty_title,
            "reminded": self.reminded,
            "outstanding": self.outstanding,
            "responsible": self.responsible,
            "extended_times": len(case.extensions.get(getattr(body, "step", ""), ())),
            "appeals": self.appeals,
            "appeal": case.appeals[-1] if case.appeals else None,
            "appeal_subject": SUBJECTS[case.appeals[-1].lodged.subject] if case.appeals else "",
            "received_on": self.received_on,
            "redress": self.redress,
            "agency_name": self.agency_name,
            "agencies_named": lambda ids: [self.agency_name(id) for id in ids],
            "silent_agencies": [self.agency_name(id) for id in case.silent],
            "all_advice": self.all_advice,
            "recommendations_for": self.recommendations_for,
            "advice": self.advice,
            "answers": self.answers,
            "moved_from": self.moved_from,
            "step_words": words,
            "counts_from_completion": self.counts_from_completion,
        }

    @property
    def today(self) -> date:
        return local_date(self.as_of)

    @property
    def reference(self) -> str:
        return self.order.key.split("/", 1)[0]

    @cached_property
    def event(self) -> e.Event:
        found = next((event for event in reversed(self.events) if event.id == self.order.event), None)
        if found is None:
            raise Unaddressed(
                f"Letter {self.order.letter} tells of event {self.order.event!r}, which is not in the first "
                f"{self.order.upto} events: give those that its order was made from."
            )
        return found

    @cached_property
    def case(self) -> Case:
        return fold(self.policy, self.calendar, self.events)

    @cached_property
    def after(self) -> Case:
        """The case once this letter is accepted."""
        return fold(self.policy, self.calendar, (*self.events, self._accepted))

    @property
    def _accepted(self) -> e.Event:
        posted = e.LetterPosted(
            key=self.order.key,
            letter=self.order.letter,
            to=self.order.to.words,
            event=self.order.event,
            state=e.LetterState.ACCEPTED,
        )
        return e.Event(id=f"{self.order.event}/posted", at=self._on_its_way, by=e.CLOCK, what=posted)

    @property
    def _on_its_way(self) -> datetime:
        """When the letter is handed over; one that must be printed has the days of the post before it."""
        if self.recipient.email:
            return self.as_of
        days = self.policy.service.post - self.policy.service.email
        later = count(self.case.calendar, self.today, max(days, 0), Unit.WORKING_DAYS).due
        return self.as_of + (later - self.today)

    # people

    @cached_property
    def contact(self) -> Contact:
        if self.policy.contact is None:
            raise Unaddressed(f"The policy {self.policy.id} names no point of contact for its letters: add [contact].")
        return self.policy.contact

    @property
    def letterhead(self) -> Letterhead:
        contact = self.contact
        return Letterhead(
            council=self.policy.identity.council,
            team=contact.team,
            role=contact.role,
            phone=contact.phone,
            email=contact.email,
            address=contact.address,
            colour=self.policy.letterhead.colour,
            logo=f"{self.policy.id}/{self.policy.letterhead.logo}" if self.policy.letterhead.logo else "",
        )

    @cached_property
    def officer(self) -> Addressed:
        """The case's officer; the team where nobody is named."""
        named, contact = self.case.officer, self.contact
        if named:
            return Addressed(named.officer, named.email or contact.email, named.officer)
        return Addressed(contact.team, contact.email)

    @cached_property
    def applicant(self) -> Person:
        return self._person(self.case.application.applicant)

    @property
    def representing(self) -> bool:
        return self.order.to.party is Party.REPRESENTATIVE

    @cached_property
    def recipient(self) -> Addressed:
        to, case = self.order.to, self.case
        match to.party:
            case Party.APPLICANT:
                return self._reader(case.application.applicant)
            case Party.REPRESENTATIVE:
                return self._reader(to.id or case.application.representative)
            case Party.AGENCY | Party.SENIOR:
                return self._at_agency(to)
            case Party.CHAIR if case.panel:
                return self._seated(case.panel.chair)
            case Party.CHAIR:
                return Addressed(self.policy.panel.chair)
            case Party.MEMBER:
                seats = case.panel.members if case.panel else ()
                return next((self._seated(s) for s in seats if seat_id(s) == to.id), Addressed(to.id))
            case Party.APPEAL_BODY:
                body = case.appeals[-1].body if case.appeals else None
                return Addressed(body.name, body.email) if body else Addressed("the appeal body")
            case Party.OFFICER:
                return self._manager if self._escalated else self.officer

    @property
    def _escalated(self) -> bool:
        body = self.event.what
        return isinstance(body, e.Chased) and body.rung is Rung.ESCALATION

    @property
    def _manager(self) -> Addressed:
        return Addressed(f"The manager, {self.contact.team}", self.contact.email)

    def _person(self, id: str) -> Person:
        if id not in self.persons:
            raise Unaddressed(
                f"Letter {self.order.letter} needs the person {id!r}, who was not given: give every person of the case."
            )
        return self.persons[id]

    def _reader(self, id: str) -> Addressed:
        person = self._person(id)
        email = None if "email" in person.unsafe else person.email
        address = () if "post" in person.unsafe else person.address
        return Addressed(person.name, email, person.name, address, person.large_print)

    def _at_agency(self, to: Recipient) -> Addressed:
        agency = self.policy.agency(to.id)
        if agency is None:
            return Addressed(to.id)
        if to.party is Party.SENIOR:
            return Addressed(f"{agency.senior.title}, {agency.name}", agency.senior.email)
        return Addressed(agency.name, agency.email)

    def _seated(self, seat: e.Seat) -> Addressed:
        agency = self.policy.agency(seat.agency)
        return Addressed(seat.name, seat.email or (agency.email if agency else None), seat.name)

    # dates

    @cached_property
    def deadlines(self) -> dict[str, Deadline]:
        return {d.key: d for d in planned(self.after, self.today, {})}

    def deadline(self, key: str) -> Deadline | None:
        """The deadline ``key`` of the round the case is in, or None."""
        return self.deadlines.get(f"{key}#{self.after.round}") or self.deadlines.get(key)

    def ahead(self, key: str) -> bool:
        """Whether a date for ``key`` is running and not yet past."""
        found = self.deadline(key)
        return found is not None and found.running and found.due >= self.today

    def due(self, key: str) -> date:
        """The date of a running deadline, which this letter promises by printing it."""
        found = self.deadline(key)
        if found is None or not found.running:
            raise Unaddressed(
                f"Letter {self.order.letter} prints a date for {key!r}, and none is running: "
                "ask ahead(key) first, or leave the sentence out."
            )
        self.told[found.key] = found.due
        return found.due

    def promised(self, key: str) -> date:
        """The first date ever promised for ``key``; it is never moved."""
        found = self.deadline(key)
        for deadline in plan(self.policy, self.calendar, self.events, self.as_of):
            if found and deadline.key == found.key:
                return deadline.promised
        raise Unaddressed(f"Letter {self.order.letter} prints a first date for {key!r}, and there is none.")

    def coming(self) -> list[Deadline]:
        """The promises to the applicant still to come, soonest first; what is not promised is not told."""
        public = (d for d in self.deadlines.values() if d.public and d.running and d.due >= self.today)
        return sorted(public, key=lambda d: d.due)

    def noun(self, step: str) -> str:
        """A step in words that fit into a sentence: "our full answer to you"."""
        return NOUNS[StepId(step)]

    @property
    def duty_title(self) -> str:
        """What the deadline that the event moves or chases is called in the policy."""
        key = getattr(self.event.what, "deadline", "") or getattr(self.event.what, "step", "")
        step = step_of(key)
        if step is None:
            return ""
        if found := self.deadlines.get(key):
            return found.title
        listed = self.policy.step(step)
        return listed.title if listed else NOUNS[step]

    @property
    def reminded(self) -> bool:
        """Whether a reminder of the deadline that the event chases went out."""
        key = getattr(self.event.what, "deadline", "")
        return any(sent.rung is Rung.REMINDER and sent.deadline == key for sent, _ in self.case.chased)

    @property
    def received_on(self) -> date:
        """When the decision letter that stands counts as received, once this one is accepted."""
        reached = self.after.reached
        milestones = (Milestone.OUTCOME_RECEIVED, Milestone.THRESHOLD_RECEIVED)
        return next((reached[m].on for m in milestones if m in reached), self.today)

    @property
    def moved_from(self) -> date | None:
        """The day the panel was to meet before this event, if it is another day now."""
        if not isinstance(self.event.what, (e.PanelArranged, e.PanelAdjourned)):
            return None
        before = fold(self.policy, self.calendar, self.events[:-1]).panel
        now = self.case.panel
        return before.on if before and now and before.on != now.on else None

    @property
    def counts_from_completion(self) -> bool:
        """Whether any of the council's own dates counts from a complete application."""
        return any(
            clock.anchor is Milestone.COMPLETED
            for step in self.policy.steps
            for clock in step.clocks
            if step.owner is not Owner.APPLICANT
        )

    # bodies, recommendations and rights

    def assessment(self) -> Assessment:
        return rules.assessment(self.case)

    def agency_name(self, id: str) -> str:
        agency = self.policy.agency(id)
        return agency.name if agency else id

    def outstanding(self) -> list[str]:
        """The agencies whose answer this round still lacks."""
        waiting = (q for q in self.case.enquiries.values() if q.round == self.case.round and not q.settled)
        return [self.agency_name(id) for id in dict.fromkeys(q.agency for q in waiting)]

    def responsible(self, key: str) -> str:
        """Who a late step falls on, by name: the agency, the panel, the appeal body, else the council."""
        agency, found = agency_of(self.case, key), self.deadline(key)
        if agency:
            return self.agency_name(agency)
        owner = found.owner if found else owner_of(self.case, StepId(key.partition("#")[0]))
        if owner is Owner.CHAIR:
            return "the chair of the panel"
        appeal = self.case.appeal
        if owner is Owner.APPEAL_BODY and appeal and appeal.body:
            return appeal.body.name
        return self.policy.identity.council

    @property
    def _asked_about(self) -> list[Incident]:
        """The incidents the event is about: those an enquiry names, else all."""
        body = self.event.what
        ids = body.incidents if isinstance(body, e.EnquirySent) else ()
        return [incident for incident in self.case.incidents if not ids or incident.id in ids]

    def answers(self) -> list[tuple[str, e.EnquiryAnswered]]:
        """Each agency's latest answer in this round, with its name."""
        found = {q.agency: q.answer for q in self.case.enquiries.values() if q.answer and q.round == self.case.round}
        return [(self.agency_name(id), answer) for id, answer in found.items()]

    @property
    def all_advice(self) -> list[Advice]:
        return [self._advice(item) for item in self.case.items.values()]

    def recommendations_for(self, agency: str) -> list[Advice]:
        """What the panel that was just held, or stands, recommended to one body."""
        ids = {r.id for r in self.case.held.recommendations if r.to == agency} if self.case.held else set()
        return [self._advice(item) for item in self.case.items.values() if item.id in ids]

    @property
    def advice(self) -> Advice | None:
        """The one recommendation that the event, or the deadline it chases, is about."""
        body = self.event.what
        id = getattr(body, "recommendation", "") or getattr(body, "deadline", "").partition(":")[2]
        item = self.case.items.get(id)
        return self._advice(item) if item else None

    def _advice(self, item: Item) -> Advice:
        name = self.agency_name(item.recommendation.to)
        return Advice(item, name, f"{StepId.RECOMMENDATION}:{item.id}", f"{StepId.ACTION}:{item.id}")

    @property
    def appeals(self) -> list[Layer]:
        """The ways to appeal against the decision that stands on the day its letter arrives."""
        subjects = (Subject.THRESHOLD,) if self.case.refusal else (Subject.OUTCOME, Subject.HANDLING)
        return [
            _layer(route, self.received_on, subjects) for route in self.policy.appeals_on(self.received_on, subjects)
        ]

    @property
    def redress(self) -> list[Redress]:
        """Whom to complain to about each body, and then which ombudsman, by the applicant's tenure."""
        tenure = self.case.application.tenure
        rows: Iterable[Redress] = self.policy.redress or REDRESS_BY_LAW
        return [row for row in rows if not row.tenures or tenure in row.tenures]


def _layer(route: AppealRoute, day: date, subjects: tuple[Subject, ...]) -> Layer:
    body = route.body_on(day)
    against = tuple(SUBJECTS[s] for s in subjects if s in route.subjects)
    return Layer(route, body.name if body else route.lodged_with, against)
>>>>>>> letters
