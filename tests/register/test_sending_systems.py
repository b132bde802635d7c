"""Sources and identities on either database: a key finds its source, one delivery and one subject count once."""

import asyncio
from datetime import timedelta

import pytest

from register import identities, sending_systems, taking_in, users
from register.database import Database
from register.sending_systems import SentApplication, SourceError
from register.users import StaffRole, User
from tests.register import examples
from tests.register.examples import CALENDAR, NOW, OFFICER, policy


async def test_a_key_finds_its_source_until_it_is_revoked_and_its_use_is_written_down(database: Database) -> None:
    made, key = await sending_systems.add(database, "Web forms", "dover", NOW)
    assert await sending_systems.by_key(database, f"{key}x", NOW) is None
    later = NOW + timedelta(minutes=5)
    assert (await sending_systems.by_key(database, key, later)) is not None
    [kept] = await sending_systems.listed(database)
    assert (kept.id, kept.used_at) == (made.id, later)
    await sending_systems.revoke(database, "Web forms", later)
    assert await sending_systems.by_key(database, key, later) is None
    with pytest.raises(SourceError, match="already"):
        await sending_systems.add(database, "Web forms", "dover", NOW)


async def test_deliveries_of_one_key_at_once_are_one_case_with_the_first_one_s_content(database: Database) -> None:
    made, _ = await sending_systems.add(database, "Web forms", "dover", NOW)
    starts = await asyncio.gather(
        *(
            taking_in.take_in(
                database, examples.form(), policy(), CALENDAR, by=OFFICER, now=NOW, intake_key="one",
                delivery=SentApplication(made.id, f"content {number}"),
            )
            for number in range(4)
        )
    )  # fmt: skip
    [reference] = {start.reference for start in starts}
    sent = await sending_systems.sent(database, reference)
    assert sent is not None
    assert (sent.source, sent.began) == (made.id, False)
    assert sent.fingerprint in {f"content {number}" for number in range(4)}
    assert await sending_systems.sent(database, "DOV-2026-9999") is None


async def test_one_subject_at_once_is_one_account(database: Database) -> None:
    async def enter() -> User | identities.NotLetIn:
        try:
            return await identities.enter(
                database, issuer="https://sso.example.org", subject="s1", name="Kim", email="Kim@example.org",
                role=StaffRole.OFFICER, council="dover", now=NOW,
            )  # fmt: skip
        except identities.NotLetIn as error:
            return error

    answers = await asyncio.gather(*(enter() for _ in range(4)))
    assert len({answer.id for answer in answers if isinstance(answer, User)}) == 1
    assert [one.email for one in await users.listed(database)] == ["kim@example.org"]
