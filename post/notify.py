"""GOV.UK Notify, the government's own service for e-mail, letters on paper and text messages
(docs.notifications.service.gov.uk).

Its client is the extra ``notify`` of this package. It is synchronous and not safe among threads, so each call has one
of its own in a thread. Notify remembers every letter for seven days by the reference we give it, a hash of the letter's
key, so a letter that may have reached it is asked after and never sent twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from typing import Any, Self

from domain.events import LetterState
from post.carrier import Delivery, Mail, Misconfigured, TryLater
from register.letter_rows import MESSAGE, PAPER

TIMEOUT = 15.0  # seconds
_CLIENT = "notifications_python_client"
_NAME = "GOV.UK Notify"
_KIND = re.compile(r"[A-Za-z]{1,40}")
_TAKEN = f"{_NAME} took the letter."

logging.getLogger(_CLIENT).setLevel(logging.ERROR)  # its warnings repeat the service's text, which may echo an address


class Notify:
    """The service. ``key`` is "name-service id-secret", ``url`` where it is.

    Raises Misconfigured where its client is not installed.
    """

    def __init__(self, key: str, url: str, timeout: float = TIMEOUT) -> None:
        try:
            self._module: Any = import_module(_CLIENT)
            self._errors: Any = import_module(f"{_CLIENT}.errors")
        except ModuleNotFoundError:
            words = f"The client of {_NAME} is not installed (it is the extra asb-case-review[notify])"
            raise Misconfigured("NOTIFY_KEY", words) from None
        self._key, self._url, self._timeout = key, url, timeout

    async def ask(self, call: Callable[[Any], Any]) -> Any:
        """What the client answers to a question. Raises TryLater, Misconfigured."""
        try:
            return await self._call(call)
        except Refused as refused:
            raise Misconfigured("NOTIFY_URL", f"{_NAME} did not understand a question ({refused.code})") from None

    async def _call(self, call: Callable[[Any], Any]) -> Any:
        try:
            return await asyncio.to_thread(self._once, call)
        except self._errors.InvalidResponse:
            raise Misconfigured("NOTIFY_URL", f"What answers there is not {_NAME}") from None
        except self._errors.HTTPError as error:
            raise _judged(error.status_code if error.response is not None else None, _kind(error)) from None

    async def has(self, message_id: str) -> bool:
        """Whether it was given the letter in the last seven days. Raises TryLater, Misconfigured."""
        reference = reference_of(message_id)
        listed = await self.ask(lambda client: client.get_all_notifications(reference=reference))
        return bool(listed["notifications"])

    async def give(self, message_id: str, call: Callable[[Any], Any]) -> Delivery:
        """Hand one letter over; where no answer comes, ask at once whether it arrived."""
        try:
            await self._call(call)
        except Refused as refused:
            return Delivery(LetterState.REFUSED, refused.code, str(refused))
        except TryLater as later:
            with contextlib.suppress(TryLater, Misconfigured):
                if later.code is None and await self.has(message_id):
                    return Delivery(LetterState.ACCEPTED, None, _TAKEN)
            raise
        return Delivery(LetterState.ACCEPTED, 201, _TAKEN)

    def upload(self, content: bytes, name: str) -> Any:
        """A file as the placeholder of a template takes it; ValueError where it is over 2 MB."""
        return self._module.prepare_upload(io.BytesIO(content), filename=name, confirm_email_before_download=False)

    def _once(self, call: Callable[[Any], Any]) -> Any:
        return call(self._module.NotificationsAPIClient(self._key, base_url=self._url, timeout=self._timeout))


class Refused(Exception):
    """Notify will never take this letter."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


class _Way:
    """What e-mail, paper and text messages have in common."""

    remembers = True

    def __init__(self, notify: Notify) -> None:
        self._notify = notify

    @contextlib.asynccontextmanager
    async def line(self) -> AsyncIterator[Self]:
        yield self

    async def has(self, message_id: str) -> bool:
        return await self._notify.has(message_id)


class NotifyEmail(_Way):
    """Letters by e-mail, in a template whose subject is ((subject)) and whose text is ((text)), then ((file)).

    A PDF that goes with the letter becomes a link; a calendar file is left out, because Notify sends none.
    """

    def __init__(self, notify: Notify, template: str) -> None:
        super().__init__(notify)
        self._template = template

    async def send(self, mail: Mail, *, about_to_send: Callable[[], Awaitable[None]]) -> Delivery:
        paper = _file(mail, PAPER)
        try:
            file = self._notify.upload(paper, PAPER) if paper else ""
        except ValueError:
            return Delivery(LetterState.REFUSED, None, f"The letter is over the 2 MB that {_NAME} sends.")
        words = {"subject": mail.subject, "text": mail.text, "file": file}
        await about_to_send()
        return await self._notify.give(
            mail.message_id,
            lambda client: client.send_email_notification(
                mail.to, self._template, personalisation=words, reference=reference_of(mail.message_id)
            ),
        )


class NotifyPost(_Way):
    """Letters on paper: Notify prints the PDF as it is and posts it second class the next working day."""

    async def send(self, mail: Mail, *, about_to_send: Callable[[], Awaitable[None]]) -> Delivery:
        paper = _file(mail, PAPER)
        if not paper:
            return Delivery(LetterState.REFUSED, None, "The letter has no form on paper: print its text and post it.")
        await about_to_send()
        return await self._notify.give(
            mail.message_id,
            lambda client: client.send_precompiled_letter_notification(
                reference_of(mail.message_id), io.BytesIO(paper), postage="second"
            ),
        )


class NotifyText(_Way):
    """News of letters by text message, in a template whose text is ((text)); `to` is a mobile number."""

    def __init__(self, notify: Notify, template: str) -> None:
        super().__init__(notify)
        self._template = template

    async def send(self, mail: Mail, *, about_to_send: Callable[[], Awaitable[None]]) -> Delivery:
        message = _file(mail, MESSAGE)
        if not message:
            return Delivery(LetterState.REFUSED, None, "The letter has no text message: ring its reader.")
        words = {"text": message.decode()}
        await about_to_send()
        return await self._notify.give(
            mail.message_id,
            lambda client: client.send_sms_notification(
                mail.to, self._template, personalisation=words, reference=reference_of(mail.message_id)
            ),
        )


def reference_of(message_id: str) -> str:
    """What Notify knows a letter by: the hash of its key."""
    return message_id.strip("<>").partition("@")[0]


def _file(mail: Mail, name: str) -> bytes | None:
    return next((file.content for file in mail.attachments if file.name == name), None)


def _kind(error: Any) -> str:
    """The type of an error, which Notify promises not to change; never its text."""
    listed = error.message
    first = listed[0] if isinstance(listed, list) and listed else None
    kind = str(first.get("error", "")) if isinstance(first, dict) else ""
    return kind if _KIND.fullmatch(kind) else ""


def _judged(code: int | None, kind: str) -> Exception:
    shown = f"{code} {kind}".strip()
    match code:
        case None:
            return TryLater(f"{_NAME} gave no answer.")
        case 400 if kind == "ValidationError":
            return Refused(400, f"{_NAME} refused the letter ({shown}): its address or its form is not valid.")
        case 400:
            return Misconfigured("NOTIFY_KEY", f"{_NAME} does not send this as its service is set up ({shown})")
        case 403:
            return Misconfigured("NOTIFY_KEY", f"{_NAME} did not let us in ({shown}); this machine's time may be wrong")
        case 404:
            return Misconfigured("NOTIFY_URL", f"{_NAME} is not there ({shown})")
        case 429:
            return TryLater(f"{_NAME} has had as many letters as it takes for now ({shown}).", code)
        case _:
            return TryLater(f"{_NAME} could not answer ({shown}).")
