"""The post room: each letter rendered once, kept as sent, handed over once, and its state told honestly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain.application import Means
from domain.calendar import BeyondHorizon
from domain.events import (
    CLOCK,
    AgencyCorrected,
    CaseEnded,
    CaseRestored,
    Cause,
    Event,
    LetterPosted,
    LetterState,
    LinkRenewed,
)
from domain.messages import LetterOrder
from domain.policy import Policy
from domain.ways import is_held_back, reads_no_more
from letters.letter_context import LetterDesk, Unaddressed
from letters.letterhead import Unrenderable
from letters.pdf import Postal
from letters.rendering import Renderer
from letters.text_message import text_message
from post.carrier import (
    Carrier,
    Delivery,
    Mail,
    Misconfigured,
    Sender,
    TryLater,
    message_id,
)
from post.link_desk import LinkDesk
from register import letter_rows, queries
from register.cases import UnknownCase
from register.database import Database
from register.letter_rows import LetterDraft, LetterError, LetterFile, LetterProgress, LetterRow
from register.links import Held
from register.queries import StoredCase

_NO_WAY = (
    "There is no safe address to write to, or none with a postcode: ask how they can be reached and correct that, or "
    "tell them another way; then settle the letter with how they had it."
)
_LATER = "The mail server is slow just now, so the letter was not handed over yet: it is tried again by itself."
_PERHAPS = "The service stopped while the letter was being handed over: ask whether it arrived before sending it again."
_TAKEN = "It has the letter: it was asked, after a hand-over that had no answer."
_ASKED = "Nobody answered when the letter was handed over: it is asked after again before it is sent again."
_CLOSED = "Letters do not go this way any more: the settings changed after the letter was written."
_READS_NO_MORE = "It was made out to somebody who does not act for the applicant any more: it goes to who does."
_SURVEY = "L-24"
_HELD = "The applicant has died: nothing is sent to them."
_IN_DOUBT = timedelta(minutes=10)
"""How long a request that had no answer may still be on its way."""

Lines = Mapping[Means, Sender]


@dataclass(frozen=True)
class KeptLetter:
    """A letter as it is kept, with the files that go with it."""

    row: LetterRow
    files: tuple[LetterFile, ...]


class Contended(RuntimeError):
    """Another process had the same letter in its hands; the next attempt finds out what became of it."""

    def __init__(self, order: LetterOrder) -> None:
        super().__init__(
            f"Letter {order.summary} is in the hands of another process: look again for what became of it."
        )


class PostRoom:
    """Gateways: the register, the templates, whoever carries letters, by each way. ``domain`` is of message ids.

    ``links`` issues what letters print of their readers' own pages; None: letters print no links.
    """

    def __init__(
        self,
        database: Database,
        renderer: Renderer,
        carriers: Mapping[Means, Carrier],
        domain: str,
        links: LinkDesk | None = None,
    ) -> None:
        self._database = database
        self._renderer = renderer
        self._carriers = carriers
        self._domain = domain
        self._links = links
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")

    async def case(self, reference: str) -> StoredCase:
        """The case whose letters are to be sent, read once for all of a turn. Raises UnknownCase."""
        case = await queries.case(self._database, reference)
        if case is None:
            raise UnknownCase(reference)
        return case

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Lines]:
        """A line to each carrier, for the letters of one turn."""
        async with AsyncExitStack() as lines:
            yield {way: await lines.enter_async_context(carrier.line()) for way, carrier in self._carriers.items()}

    async def renew_links(self, reference: str, events: Iterable[Event]) -> None:
        """Make the links that these events of a case say are new, each once; letters then print them."""
        desk = self._links
        for event in events if desk else ():
            match event.what:
                case LinkRenewed(link=link) if desk:
                    with suppress(KeyError):
                        await desk.renewed_once(link, by=event.by.name)
                case AgencyCorrected(agency=agency, email=str(email)) if desk:
                    await desk.moved(reference, agency, by=f"{event.by.name}, now {email}")

    async def hold_back(self, reference: str, events: Iterable[Event]) -> None:
        """Where these events say that the applicant has died, send them nothing: what has not left stays here, and
        their link opens nothing any more, unless the case goes on after all."""
        for event in events:
            match event.what:
                case CaseEnded(cause=Cause.DIED):
                    await letter_rows.hold_back(self._database, reference, _HELD, now=event.at)
                    if self._links:
                        await self._links.shut(reference, await self._applicant(reference), by=event.by.name)
                case CaseRestored() if self._links:
                    await self._links.opened_again(reference, await self._applicant(reference), by=event.by.name)

    async def _applicant(self, reference: str) -> str:
        return (await self.case(reference)).folded().application.applicant

    async def write(
        self, case: StoredCase, orders: Sequence[LetterOrder], now: datetime
    ) -> dict[str, KeptLetter | str]:
        """Each letter as it is kept, by its key, the new ones rendered and kept at once; or words that say why not."""
        kept = await letter_rows.kept(self._database, [order.key for order in orders])
        drafts, unwritten = await self._drafted(case, [order for order in orders if order.key not in kept], now)
        kept |= await letter_rows.reserve_all(self._database, case.reference, drafts, now=now)
        files = await letter_rows.files(self._database, tuple(kept))
        return unwritten | {key: KeptLetter(row, files[key]) for key, row in kept.items()}

    async def send(
        self,
        case: StoredCase,
        order: LetterOrder,
        now: datetime,
        *,
        written: KeptLetter | str | None = None,
        line: Lines | None = None,
        hold_back: bool = False,
    ) -> Event:
        """See one letter through as far as it will go now; the event that says how far that was.

        ``written`` is what ``write`` found for the order, where it was asked before; ``line`` an open line to each
        carrier, for the letters of one turn.

        A letter that was handed over is never handed over again, whatever dies in between: a carrier that remembers is
        asked, and where nobody can know, its state says so and a person decides. ``hold_back`` leaves one that would be
        handed over now waiting. Raises Contended.
        """
        if written is None:
            written = (await self.write(case, (order,), now))[order.key]
        held = is_held_back(case.events, order)
        if isinstance(written, str):
            return _event(order, *((LetterState.REFUSED, _HELD) if held else (LetterState.WAITING, written)), now)
        if held:
            await letter_rows.hold_back(self._database, case.reference, _HELD, now=now)
            written = replace(written, row=await queries.letter(self._database, order.key) or written.row)
        if reads_no_more(case.events, order) and written.row.state in (LetterProgress.RENDERED, LetterProgress.WAITING):
            refused = LetterState.REFUSED
            row = await letter_rows.settle(self._database, order.key, refused, None, _READS_NO_MORE, now=now)
            written = replace(written, row=row)
        try:
            return _posted(order, await self._send(case.policy, written, now, line, hold_back or held), now)
        except LetterError:
            raise Contended(order) from None

    async def give_up(self, key: str, words: str, now: datetime) -> None:
        """The letter ``key`` is not tried any more; one that is settled already is left as it is."""
        row = await queries.letter(self._database, key)
        if row is not None and row.state in (LetterProgress.RENDERED, LetterProgress.WAITING):
            await letter_rows.settle(self._database, key, LetterState.REFUSED, None, words, now=now)

    async def _send(
        self, policy: Policy, written: KeptLetter, now: datetime, line: Lines | None, hold_back: bool
    ) -> LetterRow:
        row = written.row
        if row.state not in (LetterProgress.RENDERED, LetterProgress.WAITING, LetterProgress.HANDING_OVER):
            return row
        delivery = await self._known(row, now)
        if delivery is None and row.state is LetterProgress.HANDING_OVER:
            await letter_rows.settle(self._database, row.key, LetterState.WAITING, None, _ASKED, now=now)
        if delivery is None:
            delivery = _HELD_BACK if hold_back else await self._hand_over(written, policy, now, line or self._carriers)
        return await letter_rows.settle(self._database, row.key, delivery.state, delivery.code, delivery.words, now=now)

    async def _known(self, row: LetterRow, now: datetime) -> Delivery | None:
        """What is known of a letter that a carrier may have been given; None where it may be handed over."""
        if row.means is None or not row.attempts:
            return None
        carrier = self._carriers.get(row.means)
        if carrier is None or not carrier.remembers:
            perhaps = Delivery(LetterState.UNCERTAIN, None, _PERHAPS)
            return perhaps if row.state is LetterProgress.HANDING_OVER else None
        try:
            if await carrier.has(row.message_id):
                return Delivery(LetterState.ACCEPTED, None, _TAKEN)
        except (TryLater, Misconfigured) as error:
            return Delivery(LetterState.WAITING, None, str(error))
        late = row.handing_over_at is not None and now - row.handing_over_at >= _IN_DOUBT
        return None if late else Delivery(LetterState.WAITING, None, _ASKED)

    async def _drafted(
        self, case: StoredCase, orders: Sequence[LetterOrder], now: datetime
    ) -> tuple[list[tuple[LetterOrder, LetterDraft]], dict[str, KeptLetter | str]]:
        """The letters written, in a thread of their own, and words on those that cannot be.

        A turn's letters take long enough to be noticed by whoever has a page open or an answer due.
        """
        if not orders:
            return [], {}
        loop = asyncio.get_running_loop()
        desk = LetterDesk(case.policy, case.calendar, case.events, now, case.readers)
        pages: dict[str, Held] = {}
        if self._links:
            pages = await loop.run_in_executor(self._writer, _own_pages, case, desk, orders)
        links = await self._links.all_printed(case.reference, set(pages.values())) if self._links else {}
        surveys = {order.key: await self._survey(case) for order in orders if order.letter == _SURVEY}

        def drafts() -> list[tuple[LetterOrder, LetterDraft | str]]:
            return [
                (order, self._draft(case, desk, order, _link(links, pages.get(order.key)), surveys.get(order.key, "")))
                for order in orders
            ]

        results = await loop.run_in_executor(self._writer, drafts)
        written = [(order, draft) for order, draft in results if isinstance(draft, LetterDraft)]
        return written, {order.key: why for order, why in results if isinstance(why, str)}

    async def _survey(self, case: StoredCase) -> str:
        """The address of the questions after a case; it says nothing of the case."""
        if self._links is None:
            return ""
        return await self._links.survey(case.row.council, refused=case.folded().refusal, demo=case.row.demo)

    def _draft(
        self, case: StoredCase, desk: LetterDesk, order: LetterOrder, link: str, survey: str
    ) -> LetterDraft | str:
        """The letter, or words that say why it cannot be written."""
        try:
            return self._rendered(case, desk, order, link, survey)
        except (Unrenderable, Unaddressed, BeyondHorizon) as error:
            return str(error)

    def _rendered(self, case: StoredCase, desk: LetterDesk, order: LetterOrder, link: str, survey: str) -> LetterDraft:
        context = desk.context(
            _placed(case, order), link, [way for way in self._carriers if link or way.on_its_own], survey
        )
        rendered = self._renderer.render(order.letter, context.context)
        files = list(context.files) if context.by is Means.EMAIL else []
        if context.by is Means.TEXT:
            contact = case.policy.contact
            words = text_message(case.policy.identity.council, link, contact.phone if contact else "")
            files.append(LetterFile(letter_rows.MESSAGE, "text/plain; charset=utf-8", words.encode()))
        if context.large_print or context.by not in (Means.EMAIL, Means.TEXT):
            to = Postal(context.to_name, context.to_address)
            paper = self._renderer.pdf(rendered, to=to, large=context.large_print)
            files.append(LetterFile(letter_rows.PAPER, "application/pdf", paper))
        return LetterDraft(
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            template=rendered.template,
            template_version=rendered.template_version,
            policy_version=case.policy.version,
            to_name=context.to_name,
            address=context.goes_to,
            message_id=message_id(order.key, self._domain),
            told=rendered.told,
            means=context.by,
            next_means=context.then,
            files=files,
        )

    async def _hand_over(self, written: KeptLetter, policy: Policy, now: datetime, lines: Lines) -> Delivery:
        row = written.row
        if row.means is None:
            return Delivery(LetterState.REFUSED, None, _NO_WAY)
        if row.means not in lines:
            return Delivery(LetterState.REFUSED, None, _CLOSED)
        mail = Mail(
            message_id=row.message_id,
            to=row.address,
            to_name=row.to_name,
            subject=row.subject,
            text=row.text,
            html=row.html,
            reply_to=str(policy.contact.email) if policy.contact else "",
            attachments=written.files,
            reference=row.reference,
            date=now,
        )

        async def about_to_send() -> None:
            await letter_rows.handing_over(self._database, row.key, now=now)

        try:
            return await lines[row.means].send(mail, about_to_send=about_to_send)
        except TryLater as later:
            return Delivery(LetterState.WAITING, later.code, later.words)
        except Misconfigured as wrong:
            return Delivery(LetterState.WAITING, None, str(wrong))


_HELD_BACK = Delivery(LetterState.WAITING, None, _LATER)


def _own_pages(case: StoredCase, desk: LetterDesk, orders: Sequence[LetterOrder]) -> dict[str, Held]:
    """The pages that the letters' readers have of their own, by the letter's key."""
    pages = {}
    for order in orders:
        with suppress(Unaddressed, BeyondHorizon):
            pages[order.key] = desk.own_page(_placed(case, order))
    return {key: page for key, page in pages.items() if page}


def _link(links: Mapping[Held, str], page: Held | None) -> str:
    return links.get(page, "") if page else ""


def _placed(case: StoredCase, order: LetterOrder) -> LetterOrder:
    return order.model_copy(update={"upto": _up_to(case, order)})


def _up_to(case: StoredCase, order: LetterOrder) -> int:
    """How many events the letter is written from, the one it tells of last.

    The register may hold more than the workflow had counted: what became of other letters, not placed yet.
    """
    events = case.upto(order.upto)
    if order.current:
        return len(events)
    numbers = (number for number, event in enumerate(events, start=1) if event.id == order.event)
    return next(numbers, len(events))


def _posted(order: LetterOrder, row: LetterRow, now: datetime) -> Event:
    """The same event however often it is asked for: it happened when the letter was settled."""
    state = _handed_over(row)
    then = row.next_means if state is LetterState.REFUSED else None
    return _event(order, state, row.words, row.settled_at or now, by=row.means, then=then, told=row.told)


def _event(order: LetterOrder, state: LetterState, words: str, moment: datetime, **more: Any) -> Event:
    what = LetterPosted(
        key=order.key, letter=order.letter, to=order.to.words, event=order.event, state=state, words=words,
        upto=order.written_from, **more,
    )  # fmt: skip
    return Event(id=f"{order.key}={state}", at=moment, by=CLOCK, what=what)


def _handed_over(row: LetterRow) -> LetterState:
    """How a letter left our hands, whatever became of it since."""
    match row.state:
        case LetterProgress.POSTED | LetterProgress.RETURNED if row.posted_on:
            return LetterState.IN_TRAY
        case LetterProgress.BOUNCED | LetterProgress.RETURNED:
            return LetterState.ACCEPTED
        case state:
            return LetterState(state)
