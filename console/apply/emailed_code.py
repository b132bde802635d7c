"""A code by e-mail, to an address its owner said is safe; nothing in it says what it is about."""

from __future__ import annotations

from datetime import datetime

from console.web.desk import Desk
from domain.calendar import LONDON, words
from domain.policy import Policy
from post import notice


async def by_email(desk: Desk, policy: Policy, to: str, code: str, until: datetime) -> bool:
    """Hand the code to whoever takes the council's e-mail, once; whether it was taken."""
    contact = policy.contact
    lines = (
        f"Your code is {code}.",
        f"With it and your last name you can go on with the form you began at {policy.identity.council}.",
        f"It works until {words(until.astimezone(LONDON).date())}. Keep it to yourself.",
        f"If you need help, ring {contact.phone}." if contact else "",
        "If you did not ask for a code, delete this e-mail.",
    )
    reply = contact.email if contact else ""
    return await notice.by_email(desk.office.settings, to, "Your code", lines, reply_to=reply)
