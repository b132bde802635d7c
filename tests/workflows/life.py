"""A case's life in a test: people act, working days pass on the server's own clock, letters arrive."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter as readable

import policies
import worker
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from connection.time_travel import fast_forward
from domain import events as e
from domain.application import ApplicationForm
from domain.calendar import LONDON, Calendar, Unit, count
from domain.deadlines import Deadline
from domain.events import Actor, Body, Event, Role
from domain.messages import Accepted, Situation
from domain.policy import Policy
from office import acting, taking_in
from office.acting import NotAllowed
from office.bank_holidays import snapshot
from office.connected import Office
from register import letter_rows, queries
from register.database import Database
from starter.inbox import Inbox
from starter.pigeonhole import StoredMail
from tests.register.fresh import with_tables
from tests.support import clock
from workflows.attributes import registration

OFFICER = Actor(role=Role.OFFICER, name="Sam Officer")
APPLICANT = Actor(role=Role.APPLICANT)
CHAIR = Actor(role=Role.CHAIR, name="Pat Chair")
APPEAL_BODY = Actor(role=Role.APPEAL_BODY, name="appeal panel")


@dataclass
class Desk:
    """What every test of this process shares."""

    office: Office
    inbox: Inbox


@asynccontextmanager
async def desk_in(home: Path, plain: bool = False, **settings: Any) -> AsyncIterator[tuple[Desk, LocalServer]]:
    """Temporal's own server, a register, a mail server and a worker, all real, in a folder of their own.

    ``plain``: payloads stay readable and nothing names this machine, for histories that are committed. Letters carry
    links where ``public_url`` is among the settings.
    """
    async with (
        LocalServer.of(Settings(home=home, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(home / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        given = Settings(home=home, smtp_host=host, smtp_port=port, **settings)
        given.key_ring().make()
        client = await connect(given, address=server.address, identity="asb-case-review" if plain else None)
        if plain:
            client = Client(**client.config() | {"data_converter": readable})
        async with (
            Database(with_tables(given.register_url)) as database,
            worker.running(client, database, given),
        ):
            yield Desk(Office(given, client, database), inbox), server


def form(incidents: int = 3, **changes: Any) -> ApplicationForm:
    """An application with this many reports that count, the newest of them two weeks old."""
    today = clock.today()
    reports = [
        {
            "occurred": today - timedelta(days=20 * number - 4),
            "reported": today - timedelta(days=20 * number - 6),
            "reported_to": "police" if number % 2 else "council",
            "what": f"shouting and banging, time {number}",
        }
        for number in range(1, incidents + 1)
    ]
    whole = {
        "applicant": {"name": "Asha Example", "email": "asha@example.org"},
        "consent_to_share": True,
        "incidents": reports,
    }
    return ApplicationForm.model_validate(whole | changes)


@dataclass
class Life:
    """One case, moved on by its test."""

    desk: Desk
    reference: str
    calendar: Calendar

    @classmethod
    async def begin(
        cls, desk: Desk, policy: str | Policy = "dover", application: ApplicationForm | None = None
    ) -> Life:
        calendar = snapshot()
        rules = policies.load(policy) if isinstance(policy, str) else policy
        office, made = desk.office, application or form()
        start = await taking_in.kept(office, made, rules, by=OFFICER, calendar=calendar, demo=True)
        await office.begin(start)
        reference = start.reference
        life = cls(desk, reference, calendar)
        await life.settled()
        return life

    async def situation(self) -> Situation:
        return await self.desk.office.situation(self.reference)

    async def settled(self) -> Situation:
        """The case once everything that happened is kept and its letters are handed over."""
        pause = 0.01
        async with asyncio.timeout(30):
            while not (now := await self.situation()).settled:  # noqa: ASYNC110
                await asyncio.sleep(pause := min(pause * 1.5, 0.1))
        return now

    async def until(self, true: Callable[[Situation], bool]) -> Situation:
        async with asyncio.timeout(30):
            while not true(now := await self.settled()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return now

    async def stage(self) -> str:
        return (await self.settled()).stage

    async def today(self) -> date:
        return (await self.desk.office.today(self.reference)).astimezone(LONDON).date()

    async def working_days(self, days: int) -> date:
        """The day this many working days on, by the case's own calendar."""
        return count(self.calendar, await self.today(), days, Unit.WORKING_DAYS).due

    async def after(self, working_days: int) -> date:
        """Ten o'clock that many working days later."""
        return await self.on(await self.working_days(working_days))

    async def on(self, day: date) -> date:
        """Ten o'clock on a day to come."""
        then = datetime.combine(day, time(10), LONDON)
        delta = then - await self.desk.office.today(self.reference)
        if delta > timedelta():
            await fast_forward(self.desk.office.client, self.desk.office.handle(self.reference), delta)
        await self.settled()
        return day

    async def to_the_end(self, working_days: int) -> None:
        """Let time pass until the case ends of itself, at most that many working days on."""
        try:
            await self.after(working_days)
        except Exception as error:
            if "ended" not in str(error):
                raise

    async def act(self, what: Body, by: Actor | None = None, id: str | None = None) -> Accepted:
        outcome = await acting.act(self.desk.office, self.reference, what, by or Actor(role=what.who), id=id or "")
        accepted = acting.certain(outcome)
        await self.settled()
        return accepted

    async def refusal(self, what: Body, by: Actor | None = None) -> str:
        """The sentence with which an act is refused; fails where it is not."""
        outcome = await acting.act(self.desk.office, self.reference, what, by or Actor(role=what.who))
        await self.settled()
        assert isinstance(outcome, NotAllowed), f"{what.act} was accepted"
        return outcome.sentence

    async def deadline(self, key: str) -> Deadline:
        found = {d.key: d for d in (await self.settled()).deadlines}
        assert key in found, f"{key} is not among {sorted(found)}"
        return found[key]

    async def kinds(self) -> list[str]:
        return [event.kind for event in (await self.settled()).events]

    async def letters(self) -> Counter[str]:
        """How many letters of each kind the register holds as accepted."""
        await self.settled()
        rows = await queries.letters(self.desk.office.database, self.reference)
        return Counter(row.kind for row in rows if row.state is letter_rows.LetterProgress.ACCEPTED)

    def mails(self, to: str = "") -> list[StoredMail]:
        """The letters as they arrived in the inbox."""
        letter_rows, own = self.desk.inbox.letters, self.reference.encode()
        ids = sorted((one.stem for one in letter_rows.folder.glob("*.eml") if own in one.read_bytes()), reverse=True)
        found = filter(None, map(letter_rows.mail, ids))
        return [mail for mail in found if mail.reference == self.reference and to.casefold() in mail.to.casefold()]

    async def event(self, kind: str) -> Event:
        """The newest event of a kind."""
        return next(event for event in reversed((await self.settled()).events) if event.kind == kind)

    async def everybody_answers(self, purpose: e.Purpose, but: tuple[str, ...] = ()) -> None:
        """Every agency that still has an enquiry of this purpose answers it, all at once."""
        now = await self.settled()
        answered = {event.what.enquiry for event in now.events if isinstance(event.what, e.EnquiryAnswered)}
        asked = [event.what for event in now.events if isinstance(event.what, e.EnquirySent)]
        waiting = [q for q in asked if q.purpose is purpose and q.enquiry not in answered and q.agency not in but]
        await asyncio.gather(
            *(
                acting.act(
                    self.desk.office,
                    self.reference,
                    e.EnquiryAnswered(enquiry=q.enquiry, account="We visited twice and wrote once."),
                    Actor(role=Role.AGENCY, name=q.agency),
                )
                for q in waiting
            )
        )
        await self.settled()

    async def to_threshold(self) -> None:
        if (await self.stage()) == "verifying reports":
            await self.everybody_answers(e.Purpose.VERIFICATION)
        assert await self.stage() == "deciding the threshold"

    async def to_panel(self, ahead: int = 3) -> None:
        """Threshold met, information in, a panel arranged so many working days ahead."""
        await self.to_threshold()
        await self.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
        await self.collated_panel(ahead)

    async def collated_panel(self, ahead: int = 3) -> None:
        await self.everybody_answers(e.Purpose.INFORMATION)
        await self.act(panel(await self.working_days(ahead)))
        assert await self.stage() == "panel arranged"

    async def hold_panel(self, *to: str) -> None:
        now = await self.settled()
        arranged = [event.what for event in now.events if isinstance(event.what, e.PanelArranged)]
        await self.on(arranged[-1].on)
        await self.act(decision(arranged[-1].on, *to), CHAIR)

    async def to_outcome(self, *to: str) -> None:
        await self.to_panel()
        await self.hold_panel(*to)
        await self.outcome()

    async def outcome(self) -> None:
        await self.act(e.PlanCommented(comments="I agree."))
        await self.act(e.OutcomeDecided(reasons="The reports were not joined up."))
        assert await self.stage() == "appeal window"

    async def answer(self, item: str, by: str, response: e.Response = e.Response.ACCEPTED, reasons: str = "") -> None:
        agency = Actor(role=Role.AGENCY, name=by)
        await self.act(e.RecommendationAnswered(recommendation=item, response=response, reasons=reasons), agency)

    async def done(self, item: str, by: str) -> None:
        what = e.ActionDone(recommendation=item, on=await self.today(), evidence="visit log")
        await self.act(what, Actor(role=Role.AGENCY, name=by))

    async def follow_up(self, stopped: bool = True) -> None:
        opens = (await self.deadline("follow_up")).opens
        assert opens is not None
        await self.on(opens)
        await self.act(e.FollowUpHeld(on=opens, behaviour_stopped=stopped, findings="It has been quiet."))

    async def refused_threshold(self) -> None:
        await self.to_threshold()
        await self.act(refusal(), OFFICER)
        assert await self.stage() == "threshold not met"


def panel(on: date, **changes: Any) -> e.PanelArranged:
    whole = {
        "on": on,
        "place": "Town Hall, Room 2",
        "chair": e.Seat(name="Pat Chair", organisation="Independent", email="chair@example.org"),
        "members": (
            e.Seat(name="A. Police", organisation="Police", email="police.member@example.org"),
            e.Seat(name="B. Housing", organisation="Housing", email="housing.member@example.org"),
        ),
    }
    return e.PanelArranged.model_validate(whole | changes)


def decision(on: date, *to: str) -> e.PanelHeld:
    """What a panel found, with a recommendation to each of these."""
    text, reason = "Visit weekly for three months.", "to stop the noise"
    return e.PanelHeld(
        on=on,
        present=("Pat Chair", "A. Police", "B. Housing"),
        findings="The noise was reported six times and nobody joined the reports up.",
        recommendations=tuple(e.Recommendation(to=body, text=text, reason=reason) for body in to),
    )


def refusal(**changes: Any) -> e.ThresholdDecided:
    whole = {
        "met": False,
        "decided_by": OFFICER.name,
        "approved_by": "Robin Second",
        "persistence": "Two reports in six months.",
        "harm": "The applicant sleeps badly.",
        "adequacy": "Both reports were answered within a week.",
        "alternative_action": "The housing officer visits and keeps a diary with you.",
    }
    return e.ThresholdDecided.model_validate(whole | changes)
