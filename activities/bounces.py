"""E-mail that came back, reported to the cases of its letters."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.notify_status import NotifyStatus
from activities.undelivered import ReturnedLetter, report
from connection.updates import ANSWER_WITHIN
from domain.application import Means
from domain.events import Failure
from post.bounce_box import BounceBox, BoxUnreadable
from post.carrier import Misconfigured, TryLater
from post.returned_mail import Bounce, bounce_in
from register import queries
from register.database import Database
from workflows.effects import READ_BOUNCES


class NotRead(RuntimeError):
    """What came back could not all be read; the text says what to mend."""


class Bounces:
    """Gateways: the register, the client that reaches cases, the mailbox where bounces arrive and the service that
    says what became of its letters, where there are any. ``within`` is how long a case may take to answer."""

    def __init__(
        self,
        database: Database,
        client: Client,
        box: BounceBox | None,
        notify: NotifyStatus | None = None,
        within: timedelta = ANSWER_WITHIN,
    ) -> None:
        self._database = database
        self._client = client
        self._box = box
        self._notify = notify
        self._within = within

    @activity.defn(name=READ_BOUNCES)
    async def read_bounces(self) -> int:
        """Report every letter that came back; how many were. Raises ApplicationError ``NotRead``."""
        try:
            reports = await self.read()
        except NotRead as error:
            raise ApplicationError(str(error), type=NotRead.__name__) from None
        return sum(letter.reported for letter in reports)

    async def read(self) -> list[ReturnedLetter]:
        """Each letter of ours that came back and what was done about it.

        Where one source cannot be read the other is all the same; then raises NotRead.
        """
        reports: list[ReturnedLetter] = []
        hindrances: list[str] = []
        for source in (self._from_box, self._from_notify):
            try:
                reports += await source()
            except (BoxUnreadable, TryLater, Misconfigured) as error:
                hindrances.append(str(error))
        if hindrances:
            raise NotRead(" ".join(hindrances))
        return reports

    async def _from_notify(self) -> list[ReturnedLetter]:
        return await self._notify.read() if self._notify else []

    async def _from_box(self) -> list[ReturnedLetter]:
        """A mail that was dealt with is marked as read; one that is about no letter of ours stays as it is, and so does
        one whose case did not answer."""
        if self._box is None:
            return []
        reports: list[ReturnedLetter] = []
        done: list[str] = []
        for name, bounce in await asyncio.to_thread(_bounces, self._box):
            row = await queries.letter_of_mail(self._database, bounce.message_ids)
            if row is None or row.means is not Means.EMAIL:
                continue
            how = Failure.BOUNCED if bounce.clear else Failure.UNCLEAR
            reports.append(await report(self._client, self._database, row, how, bounce.reason, self._within))
            if reports[-1].dealt_with:
                done.append(name)
        if done:
            await asyncio.to_thread(self._box.mark, done)
        return reports


def _bounces(box: BounceBox) -> list[tuple[str, Bounce]]:
    return [(name, bounce) for name, raw in box.unread() if (bounce := bounce_in(raw))]
