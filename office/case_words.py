"""What stands on a case's page, in words: what a letter is about, whose a link is, which days differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from domain.case import Case
from domain.seats import seat_id, seats
from domain.span import Span
from office.case_view import CaseView
from office.timeline import LINKS, party
from register.letter_rows import LetterRow
from register.links import Link, LinkPurpose

_ASKED = {"verification": ", to confirm the reports", "information": ", for the full account"}


def subject(letter: LetterRow) -> str:
    """A letter's subject without the case's reference, which all of them end in."""
    return letter.subject.removesuffix(f"({letter.reference})").rstrip()


def called(view: CaseView, link: Link) -> str:
    """Whose a link is, also when they have no part in the case any more."""
    case = view.case
    match link.purpose:
        case LinkPurpose.PROGRESS:
            person = next((known.details.name for known in view.stored.persons if known.id == link.holder), link.holder)
            return person if link.holder == case.application.applicant else f"{person}, who acts for the applicant"
        case LinkPurpose.ENQUIRY | LinkPurpose.RECOMMENDATIONS:
            agency = view.policy.agency(link.holder)
            return agency.name if agency else link.holder
        case LinkPurpose.CHAIR:
            return next((seat.name for seat in seats(case) if seat_id(seat) == link.holder), "a former chair")
        case LinkPurpose.APPEAL:
            appeals = {str(number): appeal for number, appeal in enumerate(case.appeals, start=1)}
            body = appeals[link.holder].body if link.holder in appeals else None
            return body.name if body else "the appeal body"


def other_days(case: Case) -> Iterator[tuple[str, tuple[str, date]]]:
    """The reports of which a body's record has another day than the case: each id, with the body and its day."""
    held = {incident.id: incident.reported_on for incident in case.incidents}
    seen: set[tuple[str, str, date]] = set()
    for enquiry, said in case.confirmations:
        day, name = said.reported, party(enquiry.agency, case.policy)
        if day is None or said.incident not in held or held[said.incident] == Span(day, day):
            continue
        if (said.incident, name, day) not in seen:
            seen.add((said.incident, name, day))
            yield said.incident, (name, day)


def purpose(link: Link) -> str:
    """What a link is for; of an enquiry, which."""
    return f"{LINKS[link.purpose]}{_ASKED.get(link.about.partition(':')[0], '')}"
