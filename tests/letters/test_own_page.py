"""A letter prints its reader's own link: whose it is, the same one each time, on paper too, or none."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from connection.keys import KeyRing
from connection.settings import Settings
from connection.signature import Signer
from domain import events as e
from domain.application import Means
from domain.case import Stage
from domain.fold import apply, fold
from domain.letters import letters_for
from domain.messages import LetterOrder, Party, Recipient
from domain.policy import Rung, StepId
from domain.seats import seat_id
from letters.own_page import own_page
from post.carrier import by_default
from post.link_desk import LinkDesk, masked
from post.mail import Mailer
from post.post_room import KeptLetter, PostRoom
from register import entries, letter_rows, links
from register.database import Database
from register.letter_rows import LetterRow
from register.links import Held, LinkPurpose
from tests.domain.stages import at
from tests.letters.council import SENDER, Council, applicant, council_of, sources
from tests.letters.paper import below, squashed
from tests.register import examples
from tests.register.examples import NOW
from tests.register.fresh import with_tables
from tests.support import clock

ADDRESS = "https://asb.example.gov.uk"
POLICE = Recipient(party=Party.AGENCY, id="police")
SENIOR = Recipient(party=Party.SENIOR, id="police")


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(with_tables(f"sqlite:///{tmp_path / 'register.db'}")) as opened:
        yield opened


def desk(database: Database, address: str = ADDRESS) -> LinkDesk:
    signer = Signer(KeyRing(active="k1", keys={"k1": b"k" * 32}))
    return LinkDesk(database, signer, address, lasts=timedelta(days=180), after_end=timedelta(days=90))


def room(council: Council, links: LinkDesk | None) -> PostRoom:
    mailer = Mailer("127.0.0.1", 1, timeout=1, sender=SENDER, username=None, password=None, starttls=False)
    return PostRoom(council.database, sources(), by_default(mailer), "council.example.org", links)


async def written(council: Council, links: LinkDesk | None) -> list[LetterRow]:
    turn = council.turn()
    await entries.record(council.database, turn)
    found = await room(council, links).write(await council.case(), turn.letters, NOW)
    return [one.row for one in found.values() if isinstance(one, KeptLetter)]


async def test_the_letters_to_the_applicant_print_one_link_and_an_agency_s_the_link_of_its_enquiry(
    database: Database,
) -> None:
    council = await council_of(database, examples.form())
    asked = e.EnquirySent(enquiry="verification:police", purpose=e.Purpose.VERIFICATION, agency="police")
    council.story.happened(asked, e.OfficerAssigned(officer="Jo"))
    rows = await written(council, desk(database))
    tokens = {row.kind: set(re.findall(rf"{ADDRESS}/l/([0-9A-Z-]{{29}})", row.text)) for row in rows}
    assert tokens["L-01"] == tokens["L-07"]
    assert [len(found) for found in (tokens["L-01"], tokens["A-02"])] == [1, 1]
    assert tokens["A-02"].isdisjoint(tokens["L-01"])
    known = {one.purpose: (one.holder, one.about) for one in await links.of_case(database, council.start.reference)}
    applicant_id = council.start.application.applicant
    assert known == {
        LinkPurpose.PROGRESS: (applicant_id, ""),
        LinkPurpose.ENQUIRY: ("police", "verification:police"),
    }
    for row in rows:
        (token,) = tokens[row.kind]
        assert f'href="{ADDRESS}/l/{token}"' in row.html
        for form in (row.html, row.text):
            assert token[10:] not in masked(form)
            assert f"{ADDRESS}/l/{token[:9]}-…" in masked(form)


async def test_a_letter_written_again_is_the_letter_that_was_written_first(database: Database) -> None:
    council = await council_of(database, examples.form())
    first = {row.key: row.text for row in await written(council, desk(database))}
    one, *_ = await links.of_case(database, council.start.reference)
    await links.renew(database, one.id, by="Jo", key_id="k1", now=clock.now(), lasts=timedelta(days=1))
    again = {row.key: row.text for row in await written(council, desk(database))}
    assert first
    assert again == first


async def test_a_letter_on_paper_has_the_link_beside_its_code(database: Database) -> None:
    council = await council_of(database, applicant(prefers=Means.POST, unsafe=frozenset({"email"})))
    with_link = (await written(council, desk(database)))[0]
    paper = await letter_rows.paper(database, with_link.key)
    (address,) = set(re.findall(rf"{ADDRESS}/l/[0-9A-Z-]{{29}}", with_link.text))
    assert squashed(address) in below(paper)
    assert address.encode() in paper


@pytest.mark.parametrize("nowhere", [True, False])
async def test_without_an_address_or_after_it_was_ended_a_letter_prints_no_link(
    database: Database, nowhere: bool
) -> None:
    council = await council_of(database, examples.form())
    made = desk(database, "" if nowhere else ADDRESS)
    if not nowhere:
        person = council.start.application.applicant
        await made.printed(council.start.reference, LinkPurpose.PROGRESS, person)
        (one,) = await links.of_case(database, council.start.reference)
        await links.revoke(database, one.id, by="Jo", now=clock.now())
    rows = [row for row in await written(council, made) if nowhere or row.kind == "L-01"]
    assert rows
    for row in rows:
        assert "/l/" not in row.text
        assert "See how your case is going" not in row.text


async def test_a_link_whose_key_is_gone_is_made_anew(database: Database) -> None:
    council = await council_of(database, examples.form())
    reference = council.start.reference
    first = await desk(database).printed(reference, LinkPurpose.CHAIR, "seat-1")
    fresh = Signer(KeyRing.fresh())
    other = LinkDesk(database, fresh, ADDRESS, lasts=timedelta(days=1), after_end=timedelta(days=1))
    second = await other.printed(reference, LinkPurpose.CHAIR, "seat-1")
    assert second != first
    assert second == await other.printed(reference, LinkPurpose.CHAIR, "seat-1")


def pages_of(stage: Stage) -> dict[str, set[str]]:
    """Which pages the letters of a case's whole life up to a stage lead to, by kind and reader."""
    service = at(stage)
    case = fold(service.policy, service.case.calendars[0], ())
    found: dict[str, set[str]] = defaultdict(set)
    for event in service.case.events:
        apply(case, event)
        for order in letters_for("DOV-2026-0001", case, event):
            page = own_page(case, order, event)
            found[f"{order.letter} {order.to.party}"].add(f"{page.purpose} {page.holder} {page.about}" if page else "")
    return found


def test_each_letter_leads_to_what_it_is_about() -> None:
    found = pages_of(Stage.APPEAL) | pages_of(Stage.CLOSED)
    assert found["A-02 agency"] >= {"enquiry police verification:police"}
    assert found["A-03 agency"] >= {"enquiry police information:police"}
    assert found["A-08 agency"] >= {"recommendations police "}
    assert pages_of(Stage.APPEAL)["A-10 appeal_body"] == {"appeal 1 "}
    assert found["A-01 agency"] == found["A-05 agency"] == found["A-06 member"] == found["A-18 officer"] == {""}
    chair = at(Stage.CLOSED).case.panel
    assert chair is not None
    assert found["A-07 chair"] == found["A-06 chair"] == {f"chair {seat_id(chair.chair)} "}
    assert {purposes for kind, purposes in ((k, tuple(v)) for k, v in found.items()) if kind[0] == "L"} == {
        ("progress P1 ",)
    }


def test_reminders_and_new_dates_lead_to_the_same_page() -> None:
    service = at(Stage.VERIFYING)
    case, due = service.case, service.today
    enquiry = Held(LinkPurpose.ENQUIRY, "police", "verification:police")
    items = Held(LinkPurpose.RECOMMENDATIONS, "police")
    told: tuple[tuple[e.What, Held], ...] = (
        (chased(StepId.VERIFICATION, "verification:police", due), enquiry),
        (extended("verification:police"), enquiry),
        (chased(StepId.ACTION, "action:R1", due), items),
        (extended("recommendation:R1"), items),
    )
    for what, wanted in told:
        event = e.Event(id="last", at=case.events[-1].at, by=e.CLOCK, what=what)
        for to in (POLICE, SENIOR):
            order = LetterOrder(key="CR-1/001/L-01/applicant", letter="A-04", to=to, event="last", upto=1)
            assert own_page(case, order, event) == wanted


def test_whoever_acts_has_a_page_only_with_the_victim_s_consent_and_while_they_act() -> None:
    case = at(Stage.VERIFYING).case
    event = case.events[-1]

    def theirs(id: str, acting: str, consents: bool) -> Held | None:
        changed = {"representative": acting, "victim_consents": consents}
        case.application = case.application.model_copy(update=changed)
        to = Recipient(party=Party.REPRESENTATIVE, id=id)
        return own_page(
            case, LetterOrder(key="CR-1/001/L-01/applicant", letter="R-02", to=to, event=event.id, upto=1), event
        )

    assert theirs("", "P2", True) == theirs("P2", "P2", True) == Held(LinkPurpose.PROGRESS, "P2")
    assert theirs("", "P2", False) is None
    assert theirs("P2", "P3", True) is None
    assert theirs("P2", "", True) is None


def chased(step: StepId, deadline: str, due: date) -> e.Chased:
    return e.Chased(rung=Rung.REMINDER, deadline=deadline, step=step, due=due, to="police")


def extended(step: str) -> e.Extended:
    return e.Extended(step=step, working_days=2, reason="The post.", approved_by="Sam Reeve")


def test_the_public_address_is_its_own_else_the_console_s(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert Settings(home=home).public_address == ""
    assert Settings(home=home, console_url="https://staff.example/").public_address == "https://staff.example"
    both = Settings(home=home, console_url="https://staff.example", public_url="https://asb.example/")
    assert both.public_address == "https://asb.example"
