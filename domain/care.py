"""How a council looks after the person a case is about, beside its dates: who protects them, and what they hear."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.application import Email, Line, Written
from domain.source import Source


class SafetyContact(Written):
    """One address for safety referrals. ``support``: it helps with the victim's consent and acts against no danger."""

    id: Annotated[Line, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    role: Line
    name: Line
    email: Email
    support: bool = False
    source: Source


class Period(Written):
    """So many working days, and where they come from."""

    working_days: Annotated[int, Field(ge=1, le=60)]
    source: Source


class RiskRules(Written):
    """The instrument by which the risk to the victim is assessed, by its name."""

    instrument: Line
    source: Source


class Care(Written):
    """What a policy may say of this; what it does not say is not done.

    ``heartbeat``: the applicant hears from the council after so many working days in which nothing else was written
    to them. ``not_invited``: so long before the panel a victim who is not invited has the reasons.
    """

    safety: tuple[SafetyContact, ...] = ()
    heartbeat: Period | None = None
    not_invited: Period | None = None
    risk: RiskRules | None = None

    def contact(self, id: str) -> SafetyContact | None:
        return next((contact for contact in self.safety if contact.id == id), None)
