"""Who reads a letter and whom it speaks of: names, safe addresses, the council's contact."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from domain import events as e
from domain.application import FurtherPerson, Means, Part, Person, Representative
from domain.messages import LetterOrder, Party, Recipient
from domain.parts import protector
from domain.policy import Contact, Rung
from domain.seats import seat_id, seats
from domain.ways import WITHOUT_TEXT, ways_left
from letters.case_at_event import CaseAtEvent
from letters.letterhead import Letterhead


class Unaddressed(LookupError):
    """A letter whose reader or date the case does not know; the text names the letter and the mend."""


@dataclass(frozen=True)
class Addressed:
    """Somebody a letter goes to or speaks of; ``email`` None, ``address`` and ``mobile`` empty, where there is none
    that is safe.

    ``ways`` are those a letter may go by, the first first.
    """

    name: str
    email: str | None = None
    greeting: str = "colleague"
    address: tuple[str, ...] = ()
    ways: tuple[Means, ...] = (Means.EMAIL,)
    large_print: bool = False
    language: str = "en"
    mobile: str = ""
    may_be_rung: bool = True


@dataclass(frozen=True)
class Other:
    """Somebody besides the applicant who is part of the application, and as what."""

    person: Person
    joined: e.PersonJoined

    @property
    def named(self) -> bool:
        """Whether an agency may have their name."""
        return self.joined.consents and self.joined.part is Part.JOINT


@dataclass
class Readers:
    """The people of one letter. ``persons`` maps person ids to people; ``open`` are the ways it may go at all."""

    at_event: CaseAtEvent
    order: LetterOrder
    persons: Mapping[str, Person]
    open: Collection[Means] = WITHOUT_TEXT

    @cached_property
    def event(self) -> e.Event:
        """What the letter tells of. Raises Unaddressed where the case does not have it."""
        told = next((event for event in reversed(self.at_event.events) if event.id == self.order.event), None)
        if told is None:
            raise Unaddressed(
                f"Letter {self.order.letter} tells of event {self.order.event!r}, which is not in the first "
                f"{self.order.upto} events: give those that its order was made from."
            )
        return told

    @cached_property
    def contact(self) -> Contact:
        policy = self.at_event.policy
        if policy.contact is None:
            raise Unaddressed(f"The policy {policy.id} names no point of contact for its letters: add [contact].")
        return policy.contact

    @property
    def letterhead(self) -> Letterhead:
        policy, contact = self.at_event.policy, self.contact
        return Letterhead(
            council=policy.identity.council,
            team=contact.team,
            role=contact.role,
            phone=contact.phone,
            email=contact.email,
            address=contact.address,
            colour=policy.letterhead.colour,
            logo=f"{policy.id}/{policy.letterhead.logo}" if policy.letterhead.logo else "",
        )

    @cached_property
    def officer(self) -> Addressed:
        """The case's officer; the team where nobody is named."""
        named, contact = self.at_event.case.officer, self.contact
        if named:
            return Addressed(named.officer, named.email or contact.email, named.officer)
        return Addressed(contact.team, contact.email)

    @cached_property
    def applicant(self) -> Person:
        return self._person(self.at_event.case.application.applicant)

    @property
    def acting(self) -> Representative | None:
        """Whoever is named to act for the applicant, if anybody is."""
        named = self.persons.get(self.at_event.case.application.representative)
        return named if isinstance(named, Representative) else None

    @cached_property
    def others(self) -> list[Other]:
        """Everybody who is part of the application besides the applicant and whoever acts for them."""
        joined = self.at_event.case.others
        return [Other(self._person(id), known) for id, known in joined.items() if id in self.persons]

    @property
    def further(self) -> Person | None:
        """The further person that a letter to one of them is about; None in any other letter."""
        return self._person(self.order.to.id) if self.order.to.party is Party.FURTHER else None

    @property
    def representing(self) -> bool:
        return self.order.to.party is Party.REPRESENTATIVE

    @cached_property
    def recipient(self) -> Addressed:
        to, case = self.order.to, self.at_event.case
        match to.party:
            case Party.APPLICANT:
                return self._reader(case.application.applicant)
            case Party.REPRESENTATIVE:
                return self._reader(to.id or case.application.representative)
            case Party.FURTHER:
                return self._further(to.id)
            case Party.AGENCY | Party.SENIOR:
                return self._at_agency(to)
            case Party.SAFETY:
                contact = protector(self.at_event.policy, to.id)
                return Addressed(contact.name, contact.email) if contact else Addressed(to.id)
            case Party.CHAIR if case.panel:
                return self._seated(case.panel.chair)
            case Party.CHAIR:
                return Addressed(self.at_event.policy.panel.chair)
            case Party.MEMBER:
                return next((self._seated(s) for s in seats(case) if seat_id(s) == to.id), Addressed(to.id))
            case Party.APPEAL_BODY:
                body = case.appeals[-1].body if case.appeals else None
                return Addressed(body.name, body.email) if body else Addressed("the appeal body")
            case Party.OFFICER:
                return self.manager() if self._escalated else self.officer
            case Party.MANAGER:
                return self.manager(to.id)

    @cached_property
    def by(self) -> Means | None:
        """The way this letter goes."""
        return next(iter(self._left), None)

    @property
    def then(self) -> Means | None:
        """The way it goes if that one fails."""
        return next(iter(self._left[1:]), None)

    @property
    def _left(self) -> tuple[Means, ...]:
        known = (way for way in self.recipient.ways if way is not Means.EMAIL or self.recipient.email)
        return ways_left(self.order, known, self.open)

    @property
    def _escalated(self) -> bool:
        body = self.event.what
        return isinstance(body, e.Chased) and body.rung is Rung.ESCALATION

    def manager(self, to: str = "") -> Addressed:
        """The council's manager or, by that name, their deputy; the team where the policy names nobody."""
        management = self.at_event.policy.management
        post = management.post(to) if management else None
        if post is None:
            return Addressed(f"The manager, {self.contact.team}", self.contact.email)
        return Addressed(post.title, post.email)

    def _person(self, id: str) -> Person:
        if id not in self.persons:
            raise Unaddressed(
                f"Letter {self.order.letter} needs the person {id!r}, who was not given: give every person of the case."
            )
        return self.persons[id]

    def _reader(self, id: str) -> Addressed:
        person = self._person(id)
        ways = person.ways
        return Addressed(
            person.name,
            person.email if Means.EMAIL in ways else None,
            person.name,
            person.address if Means.POST in ways else (),
            ways,
            person.large_print,
            person.language,
            person.mobile if Means.TEXT in ways else "",
            "phone" not in person.unsafe,
        )

    def _further(self, id: str) -> Addressed:
        """Where somebody acts for them, it is that person who reads."""
        person, reader = self._person(id), self._reader(id)
        acts = person.acted_for_by if isinstance(person, FurtherPerson) else ""
        return replace(reader, name=acts, greeting=acts) if acts else reader

    def _at_agency(self, to: Recipient) -> Addressed:
        agency = self.at_event.policy.agency(to.id)
        if agency is None:
            return Addressed(to.id)
        if to.party is Party.SENIOR:
            return Addressed(f"{agency.senior.title}, {agency.name}", agency.senior.email)
        return Addressed(agency.name, agency.email)

    def _seated(self, seat: e.Seat) -> Addressed:
        agency = self.at_event.policy.agency(seat.agency)
        return Addressed(seat.name, seat.email or (agency.email if agency else None), seat.name)
