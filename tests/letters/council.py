"""A register with one case taken in, and a mail server that does as it is told."""

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from domain import events as e
from domain.application import ApplicationForm
from domain.fold import apply, fold
from domain.letters import letters_for
from domain.messages import LetterOrder, Start, Turn
from letters.rendering import Renderer
from letters.sources import TEMPLATES
from post.carrier import by_default
from post.mail import Mailer
from post.post_room import PostRoom
from register import entries, queries
from register.database import Database
from register.letter_rows import LetterRow
from register.queries import StoredCase
from register.taking_in import take_in
from tests.register import examples
from tests.register.examples import CALENDAR, NOW, OFFICER, Story, policy

SENDER = "asb@council.example.org"
PERSONAL = ("ann.reed", "Ann Reed", "Castle Street", "bounce@", "vanish@", "greylist@", "slow@")


class Desk:
    """A mail server that does as it is told: ``data`` is its answer to a letter, or "wait" or "vanish"."""

    def __init__(self, data: str = "250 2.0.0 taken", rcpt: str = "") -> None:
        self.data = data
        self.rcpt = rcpt
        self.taken: list[Envelope] = []
        self.reading = asyncio.Event()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        self.reading.set()
        if self.data == "vanish":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return ""
        if self.data == "wait":
            await asyncio.sleep(60)
        return self.data


@dataclass
class Council:
    """A register with one case taken in and what its letters need."""

    database: Database
    start: Start
    story: Story

    def room(self, port: int, *, renderer: Renderer | None = None, timeout: float = 5, **login: Any) -> PostRoom:
        settings: dict[str, Any] = {"username": None, "password": None, "starttls": False}
        mailer = Mailer("127.0.0.1", port, timeout=timeout, sender=SENDER, **(settings | login))
        return PostRoom(self.database, renderer or sources(), by_default(mailer), "council.example.org")

    def turn(self) -> Turn:
        """Everything that has happened, with every letter it causes."""
        case = fold(self.start.policy, self.start.calendar, ())
        orders: list[LetterOrder] = []
        for numbered in self.story.numbered:
            apply(case, numbered.event)
            orders += letters_for(self.start.reference, case, numbered.event)
        return self.story.turn().model_copy(update={"letters": tuple(orders)})

    async def case(self) -> StoredCase:
        case = await queries.case(self.database, self.start.reference)
        assert case is not None
        return case

    async def order(self) -> LetterOrder:
        """The case's first letter, its event kept in the register."""
        turn = self.turn()
        await entries.record(self.database, turn)
        return turn.letters[0]

    async def row(self, order: LetterOrder) -> LetterRow:
        row = await queries.letter(self.database, order.key)
        assert row is not None
        return row


@cache
def sources() -> Renderer:
    return Renderer(TEMPLATES)


def applicant(**changes: Any) -> ApplicationForm:
    return examples.form(applicant=examples.person().model_copy(update=changes))


async def council_of(database: Database, form: ApplicationForm) -> Council:
    start = await take_in(database, form, policy(), CALENDAR, by=OFFICER, now=NOW)
    return Council(database, start, Story(start).happened(e.Acknowledged()))
