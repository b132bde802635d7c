"""What lies in the register and should have gone on, and how many there are of what: on either database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from sqlalchemy import text

from domain.events import CLOCK, Actor, ApplicationMade, Body, Event, LetterPosted, LetterState, NoteAdded, Role
from domain.messages import Numbered, Start, Turn
from register import backlog, documents, entries, gauges, pending_acts, taking_in
from register.database import Database
from register.shelf import Shelf
from tests.register import examples
from tests.register.examples import CALENDAR, NOW, policy

JO = Actor(role=Role.OFFICER, name="Jo Ward")
NOTE = NoteAdded(text="She rang.")
SHORT, LONG = timedelta(seconds=30), timedelta(hours=1)


@pytest_asyncio.fixture
async def start(database: Database) -> Start:
    return await taking_in.take_in(database, examples.form(), policy(), CALENDAR, by=JO, now=NOW)


async def test_a_case_is_unbegun_until_it_was_started_and_silent_until_its_first_event(
    database: Database, start: Start
) -> None:
    assert await backlog.unbegun(database, LONG, NOW + SHORT) == []
    (one,) = await backlog.unbegun(database, SHORT, NOW + SHORT)
    assert (one.reference, one.council, one.since) == (start.reference, start.policy.id, NOW)
    assert await backlog.silent(database, SHORT, NOW + LONG) == []
    await taking_in.mark_started(database, start.reference)
    assert await backlog.unbegun(database, SHORT, NOW + LONG) == []
    assert await backlog.silent(database, SHORT, NOW + LONG) == [start.reference]
    assert await backlog.newest(database, 2) == [start.reference]
    assert await backlog.councils(database, [start.reference, "DOV-1999-0001"]) == {start.reference: start.policy.id}
    (kept,) = await backlog.calendars(database)
    assert (kept.horizon, kept.cases) == (CALENDAR.horizon, 1)


async def test_a_letter_that_waits_without_a_row_is_unwritten_until_it_is_written_or_given_up(
    database: Database, start: Start
) -> None:
    key = f"{start.reference}/001-application.made/L-01/applicant"
    posted = LetterPosted(
        key=key, letter="L-01", to="the applicant", event="001-application.made", state=LetterState.WAITING,
        words="it cannot be written",
    )  # fmt: skip
    made = event(ApplicationMade(application=start.application, made_at=start.made_at), "001-application.made")
    waits = event(posted, f"{key}=waiting")
    await entries.record(database, turn(start, made, waits))
    (one,) = await backlog.unwritten(database, NOW + LONG)
    assert (one.reference, one.letter, one.words, one.since) == (start.reference, "L-01", "it cannot be written", NOW)
    assert await backlog.unwritten(database, NOW + timedelta(days=3)) == []
    lost = event(posted.model_copy(update={"state": LetterState.REFUSED}), "003-letter.posted")
    await entries.record(database, turn(start, made, waits, lost))
    assert await backlog.unwritten(database, NOW + LONG) == []


async def test_acts_and_documents_are_counted_by_their_case_with_since_when_they_wait(
    database: Database, start: Start, tmp_path: Path
) -> None:
    for number in range(2):
        await pending_acts.keep(database, start.reference, NOTE, JO, NOW + number * SHORT, id=f"act {number}")
    assert await backlog.acts_left(database, LONG, NOW) == []
    (left,) = await backlog.acts_left(database, LONG, NOW + 2 * LONG)
    assert (left.reference, left.number, left.since) == (start.reference, 2, NOW)
    await pending_acts.refuse(database, start.reference, "act 0", "the case is closed", NOW + LONG)
    (refused,) = await backlog.acts_refused(database)
    assert (refused.reference, refused.number, refused.since) == (start.reference, 1, NOW + LONG)
    assert await backlog.messages_refused(database, NOW) == []
    await documents.add(
        database, Shelf(tmp_path / "shelf"), b"She rang at nine.", "diary.txt", by=JO, now=NOW,
        reference=start.reference,
    )  # fmt: skip
    assert await backlog.documents_untold(database, LONG, NOW) == []
    (untold,) = await backlog.documents_untold(database, LONG, NOW + LONG)
    assert (untold.reference, untold.since) == (start.reference, NOW)


async def test_letters_that_wait_are_told_by_way_and_reason_and_everything_is_counted(
    database: Database, start: Start
) -> None:
    await taking_in.mark_started(database, start.reference)
    await pending_acts.keep(database, start.reference, NOTE, JO, NOW, id="one")
    async with database.writing() as session:
        connection = await session.connection()
        for number, state in enumerate(("waiting", "waiting", "rendered", "accepted")):
            await connection.execute(
                text(
                    "INSERT INTO letters (key, reference, kind, to_party, to_id, to_name, address, means, next_means,"
                    " event_id, template, template_version, policy_version, subject, text, html, sha256, message_id,"
                    " state, words, attempts, told_json, batch, post_class, rendered_at) VALUES (:key, :of, 'L-01',"
                    " 'applicant', 'P', 'n', 'a', 'email', '', 'e', 't', 'v', 'p', 's', 't', 'h', 'x', 'm', :state,"
                    " :words, 1, '{}', '', '', :at)"
                ),
                {"key": f"k{number}", "of": start.reference, "state": state, "at": NOW,
                 "words": "It is down." if state == "waiting" else ""},
            )  # fmt: skip
    found = await backlog.waiting(database, NOW + LONG)
    assert sorted((one.means, one.words, one.number) for one in found) == [
        ("email", "", 1),
        ("email", "It is down.", 2),
    ]
    assert {one.since for one in found} == {NOW}
    counted = await gauges.counted(database, NOW.date())
    assert sum(counted.open.values()) == 1
    assert counted.letters["waiting"] == 2
    assert counted.letters["accepted"] == 1
    assert counted.acts == {"waiting": 1, "refused": 0}
    assert counted.silent == 0
    assert set(counted.due) == {"overdue", "1d", "7d", "28d"}


def event(what: Body, id: str) -> Event:
    return Event(id=id, at=NOW, by=CLOCK, what=what)  # type: ignore[arg-type]


def turn(start: Start, *events: Event) -> Turn:
    numbered = tuple(Numbered(seq=seq, event=one) for seq, one in enumerate(events, start=1))
    return Turn(reference=start.reference, as_of=NOW, events=numbered)


async def test_an_application_that_cannot_be_read_holds_up_none_of_the_others(database: Database, start: Start) -> None:
    other = await taking_in.take_in(database, examples.form(), policy(), CALENDAR, by=JO, now=NOW)
    async with database.writing() as session:
        broken = text("UPDATE cases SET application_json = '{}' WHERE reference = :of")
        await (await session.connection()).execute(broken, {"of": start.reference})
    found = await taking_in.unstarted(database, SHORT, NOW + LONG)
    assert [one.reference for one in found] == [other.reference]
