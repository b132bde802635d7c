"""A short e-mail that is no letter of a case: handed over once, kept nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from html import escape

from connection.settings import Settings
from domain.application import Means
from domain.events import LetterState
from post.carrier import Mail, Misconfigured, TryLater, message_id
from post.gateways import carriers


async def by_email(
    settings: Settings, to: str, subject: str, paragraphs: Sequence[str], *, to_name: str = "", reply_to: str = ""
) -> bool:
    """Hand it to whoever takes the council's e-mail; whether it was taken."""
    told = [paragraph for paragraph in paragraphs if paragraph]
    mail = Mail(
        message_id=message_id(uuid.uuid4().hex, settings.mail_domain), to=to, to_name=to_name, subject=subject,
        text="\n\n".join(told), html="".join(f"<p>{escape(line)}</p>" for line in told), reply_to=reply_to,
    )  # fmt: skip

    async def leaving() -> None:
        return None

    try:
        async with carriers(settings)[Means.EMAIL].line() as line:
            return (await line.send(mail, about_to_send=leaving)).state is LetterState.ACCEPTED
    except (TryLater, Misconfigured):
        return False
