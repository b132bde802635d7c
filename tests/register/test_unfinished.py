"""What is typed by a link and not sent: kept for its reader by whatever link, and for nobody else."""

from dataclasses import replace
from datetime import UTC, datetime

from register import unfinished
from register.database import Database
from register.links import Link, Purpose
from tests.register.test_links import case, issued

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # Mon


async def link(database: Database) -> Link:
    return await issued(database, await case(database))


async def test_what_is_kept_is_found_by_a_newer_link_of_the_same_reader_and_by_no_other(database: Database) -> None:
    own = await link(database)
    await unfinished.keep(database, own, "answer", {"account": "We visited."}, NOW)
    await unfinished.keep(database, own, "answer", {"account": "We visited twice."}, NOW)
    newer = replace(own, id="ANOTHER1", number=2)
    assert await unfinished.one(database, newer, "answer") == {"account": "We visited twice."}
    assert await unfinished.begun(database, newer) == {"answer"}
    strangers = (replace(own, holder="x"), replace(own, about="x"), replace(own, purpose=Purpose.APPEAL))
    for other in (*strangers, replace(own, reference="DOV-2026-0009")):
        assert await unfinished.one(database, other, "answer") is None
        assert await unfinished.begun(database, other) == frozenset()
        await unfinished.discard(database, other, "answer")
    assert await unfinished.one(database, own, "decision") is None
    await unfinished.discard(database, newer, "answer")
    assert await unfinished.one(database, own, "answer") is None
