"""What stands against a safety referral: very little, because it must never wait."""

from __future__ import annotations

from domain import events as e
from domain.care import SafetyContact
from domain.parts import protector
from domain.refusals.circumstances import Circumstances, against, listed
from domain.substance import says_something


@against(e.SafetyReferred)
def safety_referred(circumstances: Circumstances, body: e.SafetyReferred) -> str | None:
    policy = circumstances.case.policy
    contact = protector(policy, body.to)
    if contact is None:
        known = (*(c.id for c in policy.care.safety), *(agency.id for agency in policy.agencies))
        return f"no body {body.to} is known; a safety referral goes to one of {listed(dict.fromkeys(known))}"
    if body.consent:
        return None
    if isinstance(contact, SafetyContact) and contact.support:
        return f"{contact.name} is given what it needs to help only with consent; ask first, then record it"
    if not says_something(body.basis):
        return "without consent say in basis why it is shared all the same, such as to protect a child at risk"
    return None
