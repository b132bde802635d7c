"""What is typed by a link and not sent: kept for its reader by whatever link, and for nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from register import drafts, tables, unfinished, users
from register.database import Database
from register.drafts import Begun
from register.links import Link, LinkPurpose
from register.users import StaffRole
from tests.register.test_links import case, issued

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # Mon
AFTER = NOW + timedelta(days=28)  # Mon 21 December 2026


async def link(database: Database) -> Link:
    return await issued(database, await case(database))


async def test_what_is_kept_is_found_by_a_newer_link_of_the_same_reader_and_by_no_other(database: Database) -> None:
    own = await link(database)
    await unfinished.keep(database, own, "answer", {"account": "We visited."}, NOW)
    await unfinished.keep(database, own, "answer", {"account": "We visited twice."}, NOW)
    newer = replace(own, id="ANOTHER1", number=2)
    assert await unfinished.typed(database, newer, "answer") == {"account": "We visited twice."}
    assert await unfinished.begun(database, newer) == {"answer"}
    strangers = (replace(own, holder="x"), replace(own, about="x"), replace(own, purpose=LinkPurpose.APPEAL))
    for other in (*strangers, replace(own, reference="DOV-2026-0009")):
        assert await unfinished.typed(database, other, "answer") is None
        assert await unfinished.begun(database, other) == frozenset()
        await unfinished.discard(database, other, "answer")
    assert await unfinished.typed(database, own, "decision") is None
    await unfinished.discard(database, newer, "answer")
    assert await unfinished.typed(database, own, "answer") is None


async def test_what_is_not_touched_for_28_days_is_deleted_and_what_was_touched_since_is_not(database: Database) -> None:
    own = await link(database)
    await unfinished.keep(database, own, "answer", {"account": "We visited."}, NOW)
    await unfinished.keep(database, own, "decision", {"reasons": "Late."}, NOW + timedelta(seconds=1))
    assert await unfinished.forget(database, AFTER - timedelta(seconds=1)) == 0
    assert await unfinished.forget(database, AFTER) == 1
    assert await unfinished.begun(database, own) == {"decision"}


async def test_of_staff_s_drafts_applications_go_and_a_proposal_only_once_its_case_is_over(database: Database) -> None:
    reference = await case(database)
    user = await users.add(
        database, name="Maya Ellis", email="maya@example.org", role=StaffRole.OFFICER, council="dover", hash="x",
        now=NOW,
    )  # fmt: skip
    for kind, about in ((Begun.APPLICATION, ""), (Begun.PROPOSAL, reference)):
        await drafts.begin(database, kind, user, council="dover", body="{}", now=NOW, reference=about, id=kind.value)
    assert await drafts.forget(database, AFTER - timedelta(seconds=1)) == 0
    assert await drafts.forget(database, AFTER) == 1
    assert await drafts.with_id(database, Begun.APPLICATION.value) is None
    assert await drafts.with_id(database, Begun.PROPOSAL.value)
    async with database.writing() as session:
        row = await session.get(tables.Case, reference)
        assert row
        row.closed_at = AFTER
        session.add(row)
    assert await drafts.forget(database, AFTER) == 1
