"""Who holds a link in a case: as whom they act there, and what people call them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.case import Case
from domain.events import Actor, Role
from domain.seats import seat_id
from register.links import Link, LinkPurpose
from register.people import StoredPerson


def holder(case: Case, link: Link, persons: Sequence[StoredPerson]) -> tuple[Actor, str] | None:
    """As whom the holder of a link acts and what people call them; None for whoever has no part in the case any more.

    A representative who was replaced, or acts without the victim's consent, has none; nor has a chair who was replaced.
    """
    match link.purpose:
        case LinkPurpose.PROGRESS:
            application = case.application
            acting = application.representative if application.victim_consents else ""
            person = next((stored for stored in persons if stored.id == link.holder), None)
            if person is None or person.id not in (application.applicant, acting):
                return None
            return Actor(role=Role.APPLICANT, name=person.details.name), person.details.name
        case LinkPurpose.ENQUIRY:
            enquiry = case.enquiries.get(link.about)
            return _agency(case, link.holder) if enquiry and enquiry.agency == link.holder else None
        case LinkPurpose.RECOMMENDATIONS:
            asked = {explanation.agency for explanation in case.explanations.values()}
            asked.update(item.recommendation.to for item in case.items.values())
            return _agency(case, link.holder) if link.holder in asked else None
        case LinkPurpose.CHAIR:
            chair = case.panel.chair if case.panel else None
            if chair is None or seat_id(chair) != link.holder:
                return None
            return Actor(role=Role.CHAIR, name=chair.name), chair.name
        case LinkPurpose.APPEAL:
            numbered = {str(number): appeal for number, appeal in enumerate(case.appeals, start=1)}
            appeal = numbered.get(link.holder)
            if appeal is None:
                return None
            name = appeal.body.name if appeal.body else "the appeal body"
            return Actor(role=Role.APPEAL_BODY, name=name), name


def _agency(case: Case, id: str) -> tuple[Actor, str]:
    agency = case.policy.agency(id)
    return Actor(role=Role.AGENCY, name=id), agency.name if agency else id
