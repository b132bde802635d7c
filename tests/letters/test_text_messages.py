"""News of a letter by text message: what the telephone shows, to whom it goes, and what happens where it cannot."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from connection.settings import Settings
from domain import events as e
from domain.application import Means, Person
from domain.calendar import LONDON
from domain.events import LetterPosted, LetterState
from domain.messages import Party
from letters.letter_context import LetterDesk
from letters.text_message import LONGEST, text_message
from post.carrier import Carrier, PrintTray
from post.gateways import carriers
from post.notify import Notify, NotifyEmail, NotifyText
from post.post_room import KeptLetter, PostRoom
from register import entries, letter_rows
from register.database import Database
from register.letter_rows import LetterRow
from tests.letters.council import PERSONAL, Council, applicant, council_of, sources
from tests.letters.every_story import told
from tests.letters.stories import CALENDAR, PERSONS
from tests.letters.test_own_page import ADDRESS, desk
from tests.post.notify_server import KEY, TEMPLATE, Service, serving
from tests.register import examples
from tests.register.examples import NOW, policy
from tests.register.fresh import with_tables

NUMBER, E164 = "07700 900123", "+447700900123"
HOME = ("12 Castle Street", "Dover", "CT16 1PW")
ONLY_PHONE: dict[str, Any] = {
    "email": None,
    "address": (),
    "phone": NUMBER,
    "unsafe": frozenset(),
    "large_print": False,
}
ON_NO_SCREEN = ("asb", "anti-social", "antisocial", "appeal", "police", "complaint", "neighbour", "letter L-", "DOV-")


@pytest.fixture(scope="module")
def server() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture
def service(server: Service) -> Service:
    server.given.clear()
    server.behaves = []
    return server


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(with_tables(f"sqlite:///{tmp_path / 'register.db'}")) as opened:
        yield opened


@dataclass
class Texting:
    """A council that sends texts by Notify; ``address`` is where links lead, ``texts`` whether it still does."""

    council: Council
    service: Service
    address: str = ADDRESS
    texts: bool = True

    def room(self) -> PostRoom:
        notify = Notify(KEY, self.service.url, timeout=1)
        ways: dict[Means, Carrier] = {Means.EMAIL: NotifyEmail(notify, TEMPLATE), Means.POST: PrintTray()}
        if self.texts:
            ways[Means.TEXT] = NotifyText(notify, TEMPLATE)
        links = desk(self.council.database, self.address)
        return PostRoom(self.council.database, sources(), ways, "council.example.org", links)

    async def send(self, minutes: float = 0) -> LetterPosted:
        order = await self.council.order()
        event = await self.room().send(await self.council.case(), order, NOW + timedelta(minutes=minutes))
        assert isinstance(event.what, LetterPosted)
        assert not [word for word in (*PERSONAL, NUMBER, E164) if word in event.model_dump_json()]
        return event.what

    async def row(self) -> LetterRow:
        return await self.council.row(await self.council.order())


async def texting(database: Database, service: Service, **changes: Any) -> Texting:
    return Texting(await council_of(database, applicant(**(ONLY_PHONE | changes))), service)


async def test_somebody_who_has_only_a_mobile_is_told_once_that_there_is_news_and_where(
    database: Database, service: Service
) -> None:
    sent = await texting(database, service)
    posted = [await sent.send(minutes) for minutes in (0, 1)]
    assert {(one.state, one.by, one.then) for one in posted} == {(LetterState.ACCEPTED, Means.TEXT, None)}
    (given,) = service.given
    assert (given["type"], given["phone_number"], given["template_id"]) == ("sms", E164, TEMPLATE)
    row = await sent.row()
    assert (row.means, row.address) == (Means.TEXT, E164)
    assert given["reference"] == row.message_id.strip("<>").partition("@")[0]
    shown = given["personalisation"]["text"]
    (link,) = (line for line in shown.splitlines() if line.startswith(f"{ADDRESS}/l/"))
    assert link in row.text
    (kept,) = (await letter_rows.files(database, (row.key,)))[row.key]
    assert (kept.name, kept.content.decode()) == ("message.txt", shown)


async def test_a_strangers_glance_at_the_screen_learns_nothing(database: Database, service: Service) -> None:
    sent = await texting(database, service)
    await sent.send()
    shown = service.given[0]["personalisation"]["text"]
    words = shown.replace(ADDRESS, "").casefold()
    assert not [one for one in ON_NO_SCREEN if one.casefold() in words]
    row = await sent.row()
    assert row.to_name.casefold() not in words
    assert row.subject.casefold() not in words
    contact = policy().contact
    assert contact is not None
    assert contact.phone in shown
    assert policy().identity.council in shown
    assert len(shown) <= LONGEST


def test_a_refusal_told_of_by_text_prints_the_last_day_to_appeal_of_one_by_e_mail() -> None:
    story = told("dover", "refused")
    letter = story.last("L-04")
    at = datetime.combine(letter.on, time(10), tzinfo=LONDON)
    found = {}
    for way, person in {
        Means.EMAIL: Person(name="Rose", email="rose@example.org"),
        Means.TEXT: Person(name="Rose", phone=NUMBER),
        Means.POST: Person(name="Rose", address=HOME),
    }.items():
        context = LetterDesk(story.policy, CALENDAR, story.events, at, {**PERSONS, "P1": person}).context(
            letter.order, ADDRESS, tuple(Means)
        )
        rendered = sources().render("L-04", context.context)
        assert context.by is way
        found[way] = (context.context["received_on"], rendered.told["appeal_window"])
    assert found[Means.TEXT] == found[Means.EMAIL] == (date(2026, 6, 10), letter.rendered.told["appeal_window"])  # Wed
    assert found[Means.POST] > found[Means.TEXT]


def test_the_longest_names_still_make_one_text_message() -> None:
    assert len(text_message("C" * 200, f"https://{'h' * 250}/l/" + "A" * 29, "0" * 200)) <= LONGEST


@pytest.mark.parametrize(
    ("changes", "address", "by"),
    [
        ({}, "", None),
        ({"unsafe": frozenset({"phone"})}, ADDRESS, None),
        ({"unsafe": frozenset({"text"})}, ADDRESS, None),
        ({"phone": "01304 872220"}, ADDRESS, None),
        ({"unsafe": frozenset({"voicemail"})}, ADDRESS, Means.TEXT),
        ({"prefers": Means.TEXT, "email": "ann.reed@example.org"}, ADDRESS, Means.TEXT),
        ({"prefers": Means.TEXT, "email": "ann.reed@example.org"}, "", Means.EMAIL),
        ({"prefers": Means.TEXT, "address": HOME, "unsafe": frozenset({"text"})}, ADDRESS, Means.POST),
        ({"address": HOME}, ADDRESS, Means.POST),
    ],
)
async def test_a_text_goes_only_where_it_is_safe_and_has_a_link_to_give(
    database: Database, service: Service, changes: dict[str, Any], address: str, by: Means | None
) -> None:
    sent = await texting(database, service, **changes)
    sent.address = address
    assert (await sent.send()).by is by
    assert [one["type"] for one in service.given] == {Means.TEXT: ["sms"], Means.EMAIL: ["email"]}.get(by, [])  # type: ignore[arg-type]


async def test_whoever_stopped_acting_has_no_page_and_so_no_text(database: Database, service: Service) -> None:
    before = examples.representative().model_copy(update={**ONLY_PHONE, "victim_consents": True})
    form = applicant(**ONLY_PHONE).model_copy(update={"representative": before})
    sent = Texting(await council_of(database, form), service)
    sent.council.story.happened(e.RepresentativeChanged())
    turn = sent.council.turn()
    await entries.record(database, turn)
    found = await sent.room().write(await sent.council.case(), turn.letters, NOW)
    rows = [one.row for one in found.values() if isinstance(one, KeptLetter)]
    ways = {(one.kind, one.to_party): one.means for one in rows}
    assert ways["R-03", Party.REPRESENTATIVE] is None
    assert (ways["L-01", Party.REPRESENTATIVE], ways["R-03", Party.APPLICANT]) == (Means.TEXT, Means.TEXT)


async def test_a_text_that_notify_refuses_leaves_the_next_way_and_an_officer_where_there_is_none(
    database: Database, service: Service
) -> None:
    service.behaves = ["invalid"]
    posted = await (await texting(database, service, prefers=Means.TEXT, address=HOME)).send()
    assert (posted.state, posted.by, posted.then) == (LetterState.REFUSED, Means.TEXT, Means.POST)


async def test_a_text_without_an_answer_is_asked_after_and_goes_once(database: Database, service: Service) -> None:
    service.behaves = ["vanish"]
    sent = await texting(database, service)
    assert [(await sent.send(minutes)).state for minutes in (0, 30)] == [LetterState.ACCEPTED] * 2
    assert len(service.given) == 1


async def test_a_text_that_waits_when_texts_are_given_up_goes_the_next_way(
    database: Database, service: Service
) -> None:
    service.behaves = ["rate"]
    sent = await texting(database, service, prefers=Means.TEXT, address=HOME)
    assert (await sent.send()).state is LetterState.WAITING
    sent.texts = False
    posted = await sent.send(10)
    assert (posted.state, posted.then) == (LetterState.REFUSED, Means.POST)
    assert "do not go this way any more" in posted.words


def test_texts_are_sent_where_a_template_is_named_and_links_lead_somewhere(tmp_path: Path) -> None:
    given = {"home": tmp_path, "notify_key": KEY, "notify_text_template": TEMPLATE}
    settings = Settings.model_validate({**given, "public_url": ADDRESS})
    assert isinstance(carriers(settings)[Means.TEXT], NotifyText)
    assert Means.TEXT not in carriers(Settings(home=tmp_path))
    with pytest.raises(ValueError, match="set CASEREVIEW_PUBLIC_URL to the address applicants reach"):
        Settings.model_validate(given)
    with pytest.raises(ValueError, match="CASEREVIEW_NOTIFY_KEY is not set"):
        Settings.model_validate({"notify_text_template": TEMPLATE, "public_url": ADDRESS})
