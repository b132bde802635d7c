"""What GOV.UK Notify says became of the letters it was given, read back for its cases."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.client import Client

from activities.notify import Notify
from activities.undelivered import Found, report
from domain.application import Means
from domain.events import Failure
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


class NotifyStatus:
    """Gateways: the register, the client that reaches cases, the service. ``domain`` is of message ids."""

    def __init__(self, database: Database, client: Client, notify: Notify, domain: str) -> None:
        self._database = database
        self._client = client
        self._notify = notify
        self._domain = domain
        self._dealt_with: set[str] = set()

    async def read(self) -> list[Found]:
        """Each letter of ours that did not arrive, of the last seven days, and what was done about it.

        One that was delivered, or is on its way, changes nothing. Raises TryLater, Misconfigured.
        """
        found: list[Found] = []
        listed = await self._notify.ask(lambda client: list(client.get_all_notifications_iterator(status=_ASKED_FOR)))
        for one in listed:
            reference, status = one.get("reference") or "", one.get("status") or ""
            if not reference or reference in self._dealt_with:
                continue
            row = await queries.letter_of_mail(self._database, [f"<{reference}@{self._domain}>"])
            if row is None or row.means is None or status not in _REASONS[row.means]:
                continue
            reason = f"{_REASONS[row.means][status]} ({status})"
            found.append(await report(self._client, row, _HOW[row.means], reason))
            if found[-1].dealt_with:
                self._dealt_with.add(reference)
        return found
