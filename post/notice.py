"""A short e-mail that is no letter of a case: handed over once, kept nowhere."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from html import escape

from connection.settings import Settings
from domain.application import Means
from domain.events import LetterState
from post.carrier import Mail, Misconfigured, TryLater, message_id
from post.gateways import carriers

_ADDRESS = re.compile(r"https?://\S+")


async def by_email(
    settings: Settings, to: str, subject: str, paragraphs: Sequence[str], *, to_name: str = "", reply_to: str = ""
) -> bool:
    """Hand it to whoever takes the council's e-mail; whether it was taken."""
    told = [paragraph for paragraph in paragraphs if paragraph]
    mail = Mail(
        message_id=message_id(uuid.uuid4().hex, settings.mail_domain), to=to, to_name=to_name, subject=subject,
        text="\n\n".join(told), html="".join(map(_html, told)), reply_to=reply_to,
    )  # fmt: skip

    async def leaving() -> None:
        return None

    try:
        async with carriers(settings)[Means.EMAIL].line() as line:
            return (await line.send(mail, about_to_send=leaving)).state is LetterState.ACCEPTED
    except (TryLater, Misconfigured):
        return False


def _html(paragraph: str) -> str:
    """A paragraph whose addresses can be followed."""
    followed = _ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(paragraph))
    return f"<p>{followed.replace(chr(10), '<br>')}</p>"
