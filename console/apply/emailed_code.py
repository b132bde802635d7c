"""A code by e-mail, to an address its owner said is safe; nothing in it says what it is about."""

from __future__ import annotations

import uuid
from datetime import datetime
from html import escape

from console.web.desk import Desk
from domain.application import Means
from domain.calendar import LONDON, words
from domain.events import LetterState
from domain.policy import Policy
from post.carrier import Mail, Misconfigured, TryLater, message_id
from post.gateways import carriers


async def by_email(desk: Desk, policy: Policy, to: str, code: str, until: datetime) -> bool:
    """Hand the code to whoever takes the council's e-mail, once; whether it was taken."""
    contact = policy.contact
    reply = contact.email if contact else ""
    lines = (
        f"Your code is {code}.",
        f"With it and your last name you can go on with the form you began at {policy.identity.council}.",
        f"It works until {words(until.astimezone(LONDON).date())}. Keep it to yourself.",
        f"If you need help, ring {contact.phone}." if contact else "",
        "If you did not ask for a code, delete this e-mail.",
    )
    told = [line for line in lines if line]
    mail = Mail(
        message_id=message_id(uuid.uuid4().hex, desk.office.settings.mail_domain), to=to, to_name="",
        subject="Your code", text="\n\n".join(told), html="".join(f"<p>{escape(line)}</p>" for line in told),
        reply_to=reply,
    )  # fmt: skip

    async def leaving() -> None:
        return None

    try:
        async with carriers(desk.office.settings)[Means.EMAIL].line() as line:
            return (await line.send(mail, about_to_send=leaving)).state is LetterState.ACCEPTED
    except (TryLater, Misconfigured):
        return False
