"""A scenario lived on a server of its own, and every letter it sent as a file."""

from __future__ import annotations

import datetime as dt
import html
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict

import worker
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from domain.calendar import LONDON
from domain.case import local_date
from domain.events import Event, LetterPosted, LetterState
from domain.messages import Party
from domain.policy import Policy
from office import timeline
from office.connected import Office
from office.faults import WrongInput
from register import queries
from register.database import Database
from register.letter_rows import LetterRow
from starter.gate import Gate
from starter.inbox import Inbox
from starter.life import Lived, Say, live
from starter.output import day
from starter.pigeonhole import Pigeonhole
from starter.scenario import Scenario
from workflows.attributes import registration

_OURS = re.compile(r"\d{2,}-\d{4}-\d\d-\d\d-[A-Z]-.*\.(txt|html|eml)|index\.html")


class TimelineEntry(BaseModel):
    """One line of the case's story."""

    model_config = ConfigDict(frozen=True)

    date: dt.date
    what: str
    by: str
    words: str


class SentLetter(BaseModel):
    """A letter that went out; ``file`` is its name in the output folder, without the ending."""

    model_config = ConfigDict(frozen=True)

    kind: str
    to: str
    date: dt.date
    file: str


class Simulation(BaseModel):
    """What came of a scenario. ``seconds`` is how long living it took, the server's start left out."""

    model_config = ConfigDict(frozen=True)

    reference: str
    stage: str
    history_events: int
    seconds: float
    timeline: tuple[TimelineEntry, ...]
    letters: tuple[SentLetter, ...]


async def simulate(
    scenario: Scenario, *, out: Path, progress: Say = lambda _: None, now: dt.datetime | None = None
) -> Simulation:
    """Live a scenario to its end on a server, register and inbox of its own, and write its letters to ``out``.

    ``progress`` gets a sentence for each thing done. Nothing but ``out`` is kept. Raises ServerFailed,
    WrongInput where ``out`` cannot be written, and what ``life.live`` raises.
    """
    clear(out)
    progress("Starting a Temporal server, a worker and a mail inbox.")
    async with private_office() as (office, letters):
        lived = await live(scenario, office, say=progress, now=now)
        return await record(lived, office, letters, out)


@asynccontextmanager
async def private_office() -> AsyncIterator[tuple[Office, Pigeonhole]]:
    """An office with a Temporal server, a worker, a register and an inbox that end with the block."""
    with tempfile.TemporaryDirectory(prefix="casereview-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        server = LocalServer(None, search_attributes=registration(), headless=True)
        async with server, Inbox(home / "inbox", 0, 0) as inbox:
            settings = _private(home, inbox)
            settings.key_ring().make()
            client = await connect(settings, address=server.address)
            async with Database(settings.register_url) as database:
                await database.upgrade()
                behind, gate = Gate.before(client)
                async with worker.running(behind, database, settings):
                    yield Office(settings, client, database, held=gate.shut), inbox.letters


def _private(home: Path, inbox: Inbox) -> Settings:
    host, port = inbox.smtp_address
    apart = {
        "home": home, "database_url": "", "keys": None, "smtp_host": host, "smtp_port": port, "smtp_username": None,
        "smtp_password": None, "smtp_starttls": False, "namespace": "default",
    }  # fmt: skip
    return Settings.load().model_copy(update=apart)


def clear(out: Path) -> None:
    """Make ``out`` ready: an earlier simulation's files in it go, everything else stays. Raises WrongInput."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for old in out.iterdir():
            if _OURS.fullmatch(old.name):
                old.unlink()
    except OSError as error:
        raise WrongInput(
            f"The letters cannot be written to {out} ({error.strerror}); name a folder that may be written."
        ) from None


async def record(lived: Lived, office: Office, letters: Pigeonhole, out: Path) -> Simulation:
    """Write a lived case's letters to ``out`` and give its whole story."""
    rows = await queries.letters(office.database, lived.reference)
    sources = {mail.message_id: letters.source(mail.id) for mail in letters.mails()}
    sent = tuple(_write(out, number, row, sources) for number, row in enumerate(rows, start=1))
    simulation = Simulation(
        reference=lived.reference,
        stage=lived.situation.stage,
        history_events=lived.history_events,
        seconds=round(lived.seconds, 2),
        timeline=tuple(_happened(lived.situation.events, lived.policy)),
        letters=sent,
    )
    (out / "index.html").write_text(_index(simulation, rows), "utf-8")
    return simulation


def _happened(events: Iterable[Event], policy: Policy) -> Iterable[TimelineEntry]:
    """Everything but the letters that simply went out: those are listed by themselves."""
    for event in events:
        if isinstance(event.what, LetterPosted) and event.what.state is LetterState.ACCEPTED:
            continue
        yield TimelineEntry(
            date=local_date(event.at),
            what=event.kind,
            by=timeline.who(event.by, policy),
            words=timeline.words(event, policy),
        )


def _write(out: Path, number: int, row: LetterRow, sources: dict[str, bytes]) -> SentLetter:
    on = (row.settled_at or row.rendered_at).astimezone(LONDON).date()
    to = row.to_party.value if row.to_party is Party.MEMBER else row.to_id or row.to_party.value
    slug = re.sub(r"[^a-z0-9]+", "-", to.partition("@")[0].casefold()).strip("-")
    name = f"{number:02d}-{on.isoformat()}-{row.kind}-{slug}"
    (out / f"{name}.txt").write_text(row.text, "utf-8")
    (out / f"{name}.html").write_text(row.html, "utf-8")
    if row.message_id in sources:
        (out / f"{name}.eml").write_bytes(sources[row.message_id])
    return SentLetter(kind=row.kind, to=to, date=on, file=name)


def _index(simulation: Simulation, rows: Sequence[LetterRow]) -> str:
    lines = "\n".join(
        f'<tr><td>{day(sent.date)}</td><td><a href="{html.escape(sent.file)}.html">{sent.kind} '
        f"{html.escape(row.subject)}</a></td><td>{html.escape(sent.to)}</td>"
        f'<td><a href="{html.escape(sent.file)}.txt">text</a> '
        f'<a href="{html.escape(sent.file)}.eml">e-mail</a></td></tr>'
        for sent, row in zip(simulation.letters, rows, strict=True)
    )
    title = f"Letters of {simulation.reference}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width"><style>body{font:1rem/1.5 sans-serif;margin:2rem auto;'
        "max-width:60rem;padding:0 1rem}td,th{padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top}</style>"
        f"</head><body><h1>{title}</h1><p>{len(rows)} letters; the case is at: {html.escape(simulation.stage)}.</p>\n"
        "<table><thead><tr><th>Sent</th><th>Letter</th><th>To</th><th>As</th></tr></thead><tbody>\n"
        f"{lines}\n</tbody></table></body></html>\n"
    )
