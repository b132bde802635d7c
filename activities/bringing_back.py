"""A register that is behind, told by the case's own workflow what it lacks: each event once, however often."""

from __future__ import annotations

import hashlib
import logging
from datetime import UTC, datetime

from temporalio.client import Client

from activities.beginning import BegunForAnother, begun_with, same
from activities.comparing import told
from domain.events import Actor, NoteAdded, Role
from post.carrier import message_id
from register import brought_back, halves, pending_acts
from register.brought_back import BroughtBack
from register.database import Database
from workflows.file import CaseFile

_BY = Actor(role=Role.OPERATIONS, name="the register’s keeper")
_log = logging.getLogger(__name__)


class BringingBack:
    """Gateways: the client that reaches cases, the register. ``mail_domain`` is of Message-IDs."""

    def __init__(self, client: Client, database: Database, mail_domain: str) -> None:
        self._client = client
        self._database = database
        self._mail_domain = mail_domain

    async def case(self, reference: str) -> BroughtBack:
        """Give the register what it lacks of one case, or the whole case; what could not be had again is left as a note
        to it. Raises BegunForAnother, and RPCError or TimeoutError where Temporal or the case does not answer."""
        start = await begun_with(self._client, reference)
        kept = await halves.start(self._database, reference)
        if kept is not None and not same(start, kept):
            raise BegunForAnother(reference)
        situation = await told(self._client, reference)
        file = CaseFile.brought_back(start, situation.events, situation.now)
        ids = {key: message_id(key, self._mail_domain) for key in file.orders}
        back = await brought_back.keep(self._database, start, situation, file.orders, ids)
        if back.events:
            _log.warning("The register lacked %s events of %s and has them again.", back.events, reference)
        if back.words and not file.case.stage.over:
            id = f"brought-back-{hashlib.sha256(back.words.encode()).hexdigest()[:32]}"
            note = NoteAdded(text=back.words)
            await pending_acts.keep(self._database, reference, note, _BY, datetime.now(UTC), id=id)
            await pending_acts.leave(self._database, reference, id)
        return back
