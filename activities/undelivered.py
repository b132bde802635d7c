"""Telling a case that a letter of its did not arrive: once, whoever found out and however often."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from temporalio.client import Client

from connection import updates
from connection.updates import ANSWER_WITHIN, Done, Missing, NotAllowed, Over, Unanswered
from domain.events import Actor, Body, Failure, LetterSettled, LetterUndelivered, Role
from domain.keys import LetterKey
from domain.messages import Party
from register import queries
from register.database import Database
from register.letter_rows import LetterProgress, LetterRow

_BY = Actor(role=Role.OPERATIONS, name="delivery reports")
_KNOWN = (LetterProgress.BOUNCED, LetterProgress.RETURNED, LetterProgress.REFUSED)
_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What was done about a letter that came back.

    ``reported``: its case knows now; ``known``: it knew; ``closed``: the case is over; ``not_yet``: the case did not
    answer, or cannot take it as things stand, so it is tried again.
    """

    REPORTED = "reported"
    KNOWN = "known"
    CLOSED = "closed"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class ReturnedLetter:
    """One letter that came back. ``letter`` is its kind, ``reason`` why in our words, ``words`` what hinders."""

    reference: str
    letter: str
    key: str
    reason: str
    outcome: Outcome
    words: str = ""

    @property
    def reported(self) -> bool:
        return self.outcome is Outcome.REPORTED

    @property
    def dealt_with(self) -> bool:
        return self.outcome is not Outcome.NOT_YET


async def report(
    client: Client, database: Database, row: LetterRow, how: Failure, reason: str, within: timedelta = ANSWER_WITHIN
) -> ReturnedLetter:
    """Tell the letter's case that it came back, by an Update whose id is the letter's, and wait so long for its answer.

    One that nobody knew the fate of is settled by it as not arrived. Of a notice that could not be read the officer is
    told, once for each letter.
    """
    if row.state in _KNOWN or row.arrived is False:
        return _returned(row, reason, Outcome.KNOWN)
    unclear = how is Failure.UNCLEAR
    officers = how is Failure.BOUNCED and LetterKey.read(row.key).to == Party.OFFICER
    what: Body = LetterUndelivered(key=row.key, how=how, reason=reason, address=row.address if officers else "")
    if row.state is LetterProgress.UNCERTAIN and row.arrived is None and not unclear:
        what = LetterSettled(key=row.key, arrived=False, how=f"It came back: {reason}.")
    id = f"{'unclear' if unclear else 'undelivered'}-{hashlib.sha256(row.message_id.encode()).hexdigest()[:32]}"
    about = {"case": row.reference, "act": what.act}
    match await updates.send(client, row.reference, what, _BY, id=id, within=within):
        case Done():
            return _returned(row, reason, Outcome.REPORTED)
        case Missing(words) if await _is_open(database, row.reference):
            _log.warning("A letter of %s came back and its case is not in Temporal just now.", row.reference)
            return _returned(row, reason, Outcome.NOT_YET, words)
        case Over() | Missing():
            _log.warning("A letter of %s came back after its case was over.", row.reference, extra=about)
            return _returned(row, reason, Outcome.CLOSED)
        case NotAllowed(words) | Unanswered(words):
            _log.warning("A letter of %s came back and its case could not take that now.", row.reference, extra=about)
            return _returned(row, reason, Outcome.NOT_YET, words)


async def _is_open(database: Database, reference: str) -> bool:
    case = await queries.case_row(database, reference)
    return case is not None and not case.stage.over


def _returned(row: LetterRow, reason: str, outcome: Outcome, words: str = "") -> ReturnedLetter:
    return ReturnedLetter(row.reference, row.kind, row.key, reason, outcome, words)
