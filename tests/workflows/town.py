"""A council of one test's own on the shared Temporal server, with a mail server that does as it is told."""

import asyncio
import contextlib
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from functools import cache
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from sqlalchemy import text
from temporalio.worker import Worker

import worker
from activities.case_work import CaseWork
from connection.ports import LOOPBACK, free_port
from letters.rendering import Renderer
from letters.sources import TEMPLATES
from post.carrier import by_default
from post.mail import Mailer
from post.post_room import PostRoom
from register import queries
from register.database import Database
from register.letter_rows import LetterProgress, LetterRow
from tests.post.mail_server import listening
from tests.workflows.gate import sandbox
from tests.workflows.life import Desk, Life


@dataclass
class Post:
    """The council's mail server, up inside ``open``; what it does with an address is the test's to say."""

    port: int = field(default_factory=free_port)
    put_off: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    vanishing: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    taken: Counter[str] = field(default_factory=Counter)

    @contextlib.asynccontextmanager
    async def open(self, password: bytes | None = None) -> AsyncIterator[None]:
        guard: dict[str, Any] = {"auth_required": True, "auth_require_tls": False} if password else {}

        def authenticate(*asked: Any) -> AuthResult:
            return AuthResult(success=asked[-1].password == password, handled=False)

        async with listening(self, self.port, authenticator=authenticate, **guard):
            yield

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.slow:
            await asyncio.sleep(1)
        if address in self.put_off:
            return f"451 4.7.1 {address} later"
        if address in self.refused:
            return f"550 5.1.1 {address} unknown"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken[message_from_bytes(envelope.content)["Message-ID"]] += 1
        if self.vanishing & set(envelope.rcpt_tos) and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 2.0.0 taken"


@dataclass
class Town:
    """A council of one test's own on the shared Temporal server: register, mail server, task queue."""

    desk: Desk
    post: Post
    home: Path

    @property
    def database(self) -> Database:
        return self.desk.office.database

    @contextlib.asynccontextmanager
    async def working(
        self, templates: Path = TEMPLATES, timeout: float = 2, login: str | None = None
    ) -> AsyncIterator[None]:
        """The worker as ``worker.running`` builds it, with a mail server that is waited for less long."""
        user = None if login is None else "csu"
        mailer = Mailer(LOOPBACK, self.post.port, user, login, False, timeout, "asb@example.org")
        work = CaseWork(self.database, PostRoom(self.database, renderer(templates), by_default(mailer), "example.org"))
        async with Worker(
            self.desk.office.client,
            task_queue=self.desk.office.settings.task_queue,
            workflows=worker.WORKFLOWS,
            activities=[work.carry_out, work.send_letter],
            workflow_runner=sandbox(),
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
            graceful_shutdown_timeout=timedelta(seconds=2),
        ):
            yield

    async def rows(self, life: Life, kind: str = "") -> list[LetterRow]:
        found = await queries.letters(self.database, life.reference)
        return [row for row in found if row.kind == kind or not kind]

    async def states(self, life: Life, kind: str = "") -> Counter[LetterProgress]:
        return Counter(row.state for row in await self.rows(life, kind))

    async def all_sent(self, life: Life) -> None:
        """Every letter is accepted, and the mail server took each once."""

        async def sent() -> bool:
            return set(await self.states(life)) == {LetterProgress.ACCEPTED} and not await pending(life)

        await eventually(sent)
        rows = await self.rows(life)
        assert self.post.taken == Counter(row.message_id for row in rows)

    async def kept(self, life: Life) -> tuple[str, ...]:
        """The ids of the case's events, in the register's order."""
        case = await queries.case(self.database, life.reference)
        assert case is not None
        return tuple(event.id for event in case.events)


@cache
def renderer(templates: Path) -> Renderer:
    return Renderer(templates)


async def renumbered(database: Database) -> None:
    """References are unique on a Temporal server, and this register begins to count anew."""
    async with database.writing() as session:
        for name in ("DOV-2026", "DOV-2027"):
            values = {"name": name, "last": uuid.uuid4().int % 9_000_000_000 + 10_000}
            await (await session.connection()).execute(text("INSERT INTO counters VALUES (:name, :last)"), values)


async def eventually(true: Any, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def pending(life: Life) -> list[Any]:
    """The activities that are under way or waiting to be tried again."""
    described = await life.desk.office.handle(life.reference).describe()
    return list(described.raw_description.pending_activities)
