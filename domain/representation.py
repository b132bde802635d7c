"""Who acts for a victim, and who therefore reads what is written to the applicant."""

from __future__ import annotations

from collections.abc import Sequence

from domain import events as e
from domain.case import Case, Letter
from domain.catalogue import Audience, kind_of
from domain.messages import LetterOrder, Party, Recipient


def applicants_side(case: Case) -> Recipient:
    """Who reads the applicant's letters: the representative if the victim consents, else the applicant."""
    application = case.application
    acts = application.representative and application.victim_consents
    return Recipient(party=Party.REPRESENTATIVE if acts else Party.APPLICANT)


def acting(events: Sequence[e.Event]) -> str:
    """Who acts for the victim, with consent, after these events of a case: a person id, or empty."""
    person, consents = "", False
    for event in events:
        match event.what:
            case e.ApplicationMade(application=application):
                person, consents = application.representative, application.victim_consents
            case e.DetailsReceived(victim_consents=given):
                consents = consents or given
            case e.RepresentativeChanged(representative=changed, victim_consents=given):
                person, consents = changed, given
    return person if consents else ""


def formerly_acting(case: Case) -> str:
    """Who acted for the victim, with consent, before the case's last event: a person id, or empty."""
    return acting(case.events[:-1])


def reads_no_more(events: Sequence[e.Event], order: LetterOrder) -> bool:
    """Whether a letter about the case is made out to a representative whose part has ended since it was ordered."""
    named = order.to.party is not Party.REPRESENTATIVE or not _of_the_case(order.letter)
    return not named and (order.to.id or acting(events[: order.upto])) != acting(events)


def made_out_to_nobody(case: Case, letter: Letter) -> bool:
    """The same of a letter that has been written, since it was."""
    about = _of_the_case(letter.posted.letter) and letter.posted.to == Party.REPRESENTATIVE.value
    return about and acting(case.events[: letter.left]) != acting(case.events)


def _of_the_case(letter: str) -> bool:
    """Whether it tells of the case, which is for whoever acts now; one that tells of acting is for the person named."""
    return kind_of(letter).reader is Audience.APPLICANT
