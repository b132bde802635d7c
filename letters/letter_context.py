"""What a letter may say: the case as it stood at its event, its dates, the people, and the words for them.

A template sees facts (``case``, ``event``), people (``recipient``, ``officer``) and asks three things about a
date: ``ahead(key)``, is there one still to come; ``due(key)``, print it; ``deadline(key)``, all about it.
What it prints by ``due`` is promised: rendering returns it as ``Rendered.told``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import directory
from domain import events as e
from domain.application import Means, Person
from domain.calendar import Calendar
from domain.case import words
from domain.catalogue import SUBJECTS
from domain.handlers import had_none
from domain.messages import LetterOrder, Party
from domain.policy import Policy
from domain.powers import POWERS
from domain.reconsidered import reconsidered
from domain.ways import WITHOUT_TEXT
from letters.addressees import Addressed as Addressed
from letters.addressees import Readers
from letters.addressees import Unaddressed as Unaddressed
from letters.advice import Told
from letters.case_at_event import CaseAtEvent
from letters.invitation import invitations
from letters.letter_dates import Dates
from letters.own_page import own_page
from register.letter_rows import LetterFile
from register.links import Held


@dataclass
class LetterContext:
    """A letter's variables, its reader's address, the way it goes ``by`` and ``then``, the files that go with it."""

    context: Mapping[str, object]
    to_name: str
    to_email: str | None
    to_address: tuple[str, ...] = ()
    large_print: bool = False
    files: tuple[LetterFile, ...] = ()
    by: Means | None = Means.EMAIL
    then: Means | None = None
    to_mobile: str = ""

    @property
    def goes_to(self) -> str:
        """The e-mail address, the lines of the postal one or the number of the way it goes; empty where it has none."""
        match self.by:
            case Means.EMAIL:
                return self.to_email or ""
            case Means.TEXT:
                return self.to_mobile
            case _:
                return "\n".join(self.to_address)


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
        self._policy, self._calendar = directory.as_corrected(policy, events), calendar
        self._events = tuple(events)
        self._as_of, self._persons = as_of, persons
        self._at_events: dict[int, CaseAtEvent] = {}

    def own_page(self, order: LetterOrder) -> Held | None:
        """The page that the letter's reader has of their own. Raises Unaddressed for an unknown event."""
        at_event = self._case_at(order.upto)
        return own_page(at_event.case, order, Readers(at_event, order, self._persons).event)

    def context(
        self, order: LetterOrder, link: str = "", ways: Collection[Means] = WITHOUT_TEXT, survey: str = ""
    ) -> LetterContext:
        """Everything the letter ``order`` may print, from the case's first ``order.upto`` events.

        ``link`` is the address of the reader's own page, empty where they have none; ``ways`` those it may go at all;
        ``survey`` is that of the questions after a case.
        Dates that start when a letter goes out, such as the last day to appeal, are planned as if this one were
        accepted at ``as_of``. Raises Unaddressed for an unknown event or person.
        """
        at_event = self._case_at(order.upto)
        readers = Readers(at_event, order, self._persons, ways)
        dates = Dates(at_event, order, readers)
        to, files = readers.recipient, invitations(at_event, readers)
        variables = _variables(at_event, order, readers, dates)
        variables |= {"carries_calendar_file": bool(files), "survey_url": survey} | _links(order, link)
        return LetterContext(
            variables, to.name, to.email, to.address, to.large_print, files, readers.by, readers.then, to.mobile,
        )  # fmt: skip

    def _case_at(self, upto: int) -> CaseAtEvent:
        if upto not in self._at_events:
            self._at_events[upto] = CaseAtEvent(self._policy, self._calendar, self._events[:upto], self._as_of)
        return self._at_events[upto]


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


def _links(order: LetterOrder, link: str) -> dict[str, object]:
    """An applicant's page is shown by the layout of every letter, a body's where its letter asks for an answer."""
    theirs = order.to.party in (Party.APPLICANT, Party.REPRESENTATIVE)
    return {"progress_url": link if theirs else "", "link": "" if theirs else link}


def _variables(at_event: CaseAtEvent, order: LetterOrder, readers: Readers, dates: Dates) -> dict[str, object]:
    case, policy, body = at_event.case, at_event.policy, readers.event.what
    told = Told(policy, case, body, dates)
    appeal = case.appeals[-1] if case.appeals else None
    subject = getattr(body, "subject", None) or (appeal.lodged.subject if appeal else None)
    return {
        "letterhead": readers.letterhead,
        "language": readers.recipient.language,
        "reference": order.reference,
        "as_of": at_event.today,
        "policy": policy,
        "council": policy.identity.council,
        "contact": readers.contact,
        "officer": readers.officer,
        "manager": readers.manager(),
        "recipient": readers.recipient,
        "representing": readers.representing,
        "letter_to_chair": order.to.party is Party.CHAIR,
        "to_appeal_body": order.to.party is Party.APPEAL_BODY,
        "to_agency": order.to.party is Party.AGENCY,
        "to_officer": order.to.party is Party.OFFICER,
        "addressee": order.to.id,
        "applicant": readers.applicant,
        "acting": readers.acting,
        "others": readers.others,
        "further_person": readers.further,
        "case": case,
        "event": body,
        "by_the_clock": readers.event.by.role is e.Role.CLOCK and not getattr(body, "approved_by", ""),
        "incidents": told.incidents,
        "made_on": case.made_on,
        "applicants_files": told.applicants_files(person.name for person in readers.persons.values()),
        "assessment": told.assessment,
        "deadline": dates.deadline,
        "ahead": dates.ahead,
        "running": dates.running,
        "promised": dates.promised,
        "coming": dates.coming,
        "noun": dates.noun,
        "duty_title": dates.duty_title,
        "reminded": dates.reminded,
        "movable": dates.movable,
        "outstanding": told.outstanding,
        "news": told.news,
        "powers": tuple(POWERS.values()),
        "power_of": POWERS.get,
        "responsible": told.responsible,
        "extended_times": len(case.extensions.get(getattr(body, "step", ""), ())),
        "appeals": told.appeals,
        "further_layer": told.further,
        "appeal": appeal,
        "chair_had_no_part": case.panel is not None and had_none(case, case.panel.chair),
        "appeal_subject": SUBJECTS[subject] if subject else "",
        "received_on": dates.received_on,
        "redress": told.redress,
        "agency_name": told.agency_name,
        "agencies_named": told.names,
        "silent_agencies": told.names(case.silent),
        "all_advice": told.all_advice,
        "recommendations_for": told.recommendations_for,
        "recommendations_made": told.recommendations_made,
        "advice": told.advice,
        "answers": told.answers,
        "explained": case.explanations.get(getattr(body, "about", "")),
        "moved_from": dates.moved_from,
        "step_words": words,
        "undelivered": case.letters[body.key].posted if isinstance(body, e.LetterUndelivered) else None,
        "counts_from_completion": dates.counts_from_completion,
        "reconsidered": reconsidered(case, readers.event.id),
        "grounds": told.grounds,
        "restore_by": dates.restore_by,
        "taken_back": dates.taken_back,
    }
