"""What GOV.UK Notify says became of the letters it was given, read back for its cases."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.client import Client

from activities.undelivered import ReturnedLetter, report
from domain.application import Means
from domain.events import Failure
from post.notify import Notify
from register import queries
from register.database import Database

_REASONS: Mapping[Means, Mapping[str, str]] = {
    Means.EMAIL: {
        "permanent-failure": "there is no such mailbox",
        "temporary-failure": "the mailbox was full or its filter turned the letter away",
        "technical-failure": "GOV.UK Notify could not send it",
    },
    Means.POST: {
        "returned-letter": "the post brought it back",
        "permanent-failure": "the printers could not print it",
        "technical-failure": "GOV.UK Notify could not hand it to the printers",
        "validation-failed": "a page does not fit the printers' margins",
        "virus-scan-failed": "the virus scan stopped it",
        "cancelled": "somebody cancelled it in GOV.UK Notify",
    },
    Means.TEXT: {
        "permanent-failure": "there is no such number, or its network does not take text messages",
        "temporary-failure": "the telephone was off, out of reach or full",
        "technical-failure": "GOV.UK Notify could not send it",
    },
}
_ASKED_FOR = ("failed", "returned-letter", "validation-failed", "virus-scan-failed", "cancelled")
_HOW = {Means.EMAIL: Failure.BOUNCED, Means.TEXT: Failure.BOUNCED, Means.POST: Failure.RETURNED}


class Receipts:
    """What Notify says of one letter, told to the letter's case: once, however often it is said and whoever hears it.

    Gateways: the register, the client that reaches cases. ``domain`` is of message ids.
    """

    def __init__(self, database: Database, client: Client, domain: str) -> None:
        self._database = database
        self._client = client
        self._domain = domain

    async def take(self, reference: str, status: str) -> ReturnedLetter | None:
        """What was done about a letter that did not arrive; None of one that did, and of what is no letter of ours."""
        row = await queries.letter_of_mail(self._database, [f"<{reference}@{self._domain}>"])
        if row is None or row.means is None or status not in _REASONS[row.means]:
            return None
        return await report(
            self._client, self._database, row, _HOW[row.means], f"{_REASONS[row.means][status]} ({status})"
        )


class NotifyStatus:
    """The service asked what became of the letters it was given in the last seven days."""

    def __init__(self, notify: Notify, receipts: Receipts) -> None:
        self._notify = notify
        self._receipts = receipts
        self._dealt_with: set[str] = set()

    async def read(self) -> list[ReturnedLetter]:
        """Each letter of ours that did not arrive, and what was done about it.

        One that was delivered, or is on its way, changes nothing. Raises TryLater, Misconfigured.
        """
        reports: list[ReturnedLetter] = []
        listed = await self._notify.ask(lambda client: list(client.get_all_notifications_iterator(status=_ASKED_FOR)))
        for notification in listed:
            reference, status = notification.get("reference") or "", notification.get("status") or ""
            if not reference or reference in self._dealt_with:
                continue
            taken = await self._receipts.take(reference, status)
            if taken is None:
                continue
            reports.append(taken)
            if taken.dealt_with:
                self._dealt_with.add(reference)
        return reports
