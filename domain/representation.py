"""Who acts for a victim, and who therefore reads what is written to the applicant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain import events as e
from domain.case import Case
from domain.messages import Party, Recipient


def applicants_side(case: Case) -> Recipient:
    """Who reads the applicant's letters: the representative if the victim consents, else the applicant."""
    application = case.application
    acts = application.representative and application.victim_consents
    return Recipient(party=Party.REPRESENTATIVE if acts else Party.APPLICANT)


def lapses(case: Case) -> date | None:
    """The last day on which whoever acts for the victim may; None where there is none, or nobody acts."""
    application = case.application
    return application.acts_until if application.representative and application.victim_consents else None


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
            case e.AuthorityLapsed():
                person, consents = "", False
    return person if consents else ""


def formerly_acting(case: Case) -> str:
    """Who acted for the victim, with consent, before the case's last event: a person id, or empty."""
    return acting(case.events[:-1])
