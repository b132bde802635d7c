"""Keeping the accounts of others, on either database: what is refused, what is recorded, who comes second."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from register import account_keeping, account_record, assigned, drafts, identities, invitations, taking_in, users
from register.account_record import AccountDeed, Keeper
from register.database import Database
from register.drafts import Begun
from register.users import EVERY_COUNCIL, AccountError, StaffRole, User
from tests.register import examples

NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)  # Thu
IDLE, LONGEST = timedelta(minutes=60), timedelta(hours=10)


async def account(
    database: Database, name: str, role: StaffRole = StaffRole.MANAGER, council: str = EVERY_COUNCIL
) -> tuple[User, Keeper]:
    email = f"{name.lower()}@example.org"
    made = await users.add(database, name=name, email=email, role=role, council=council, hash="h", now=NOW)
    return made, Keeper(made.id, made.name)


async def active(database: Database) -> list[str]:
    return [one.name for one in await users.listed(database) if one.active]


async def changed(database: Database, user: User, by: Keeper, **changes: object) -> tuple[User, User]:
    given = {"name": user.name, "role": user.role, "council": user.council, **changes}
    return await account_keeping.change(database, user.email, now=NOW, by=by, **given)  # type: ignore[arg-type]


async def test_two_managers_who_close_each_other_at_once_leave_one(database: Database) -> None:
    ann, by_ann = await account(database, "Ann")
    bob, by_bob = await account(database, "Bob")
    await account(database, "Third")
    done = await asyncio.gather(
        account_keeping.disable(database, bob.email, NOW, by_ann),
        account_keeping.disable(database, ann.email, NOW, by_bob),
        return_exceptions=True,
    )
    [refused] = [one for one in done if isinstance(one, Exception)]
    assert str(refused) == "Your own account was closed or has another role by now, so nothing was done."
    assert len(await active(database)) == 2


async def test_closing_and_demoting_the_last_managers_at_once_leaves_one(database: Database) -> None:
    """From the command line, which is nobody's account."""
    ann, _ = await account(database, "Ann")
    bob, _ = await account(database, "Bob")
    done = await asyncio.gather(
        account_keeping.disable(database, ann.email, NOW, account_record.COMMAND_LINE),
        changed(database, bob, account_record.COMMAND_LINE, role=StaffRole.OFFICER),
        return_exceptions=True,
    )
    [refused] = [one for one in done if isinstance(one, Exception)]
    assert isinstance(refused, AccountError)
    assert "is the last manager of every council who can sign in" in str(refused)
    assert [one.name for one in await users.listed(database) if one.active and one.role is StaffRole.MANAGER]


async def test_a_manager_of_one_council_does_not_stand_in_for_every_council(database: Database) -> None:
    ann, _ = await account(database, "Ann")
    bob, _ = await account(database, "Bob", council="dover")
    with pytest.raises(AccountError, match="Ann is the last manager of every council"):
        await account_keeping.disable(database, ann.email, NOW)
    with pytest.raises(AccountError, match="Ann is the last manager of every council"):
        await changed(database, ann, account_record.COMMAND_LINE, council="dover")
    await account_keeping.disable(database, bob.email, NOW)
    assert await active(database) == ["Ann"]


async def test_a_manager_who_cannot_sign_in_yet_does_not_count(database: Database) -> None:
    ann, _ = await account(database, "Ann")
    await users.add(
        database, name="New", email="new@example.org", role=StaffRole.MANAGER, council=EVERY_COUNCIL, now=NOW
    )  # fmt: skip
    with pytest.raises(AccountError, match="last manager"):
        await account_keeping.disable(database, ann.email, NOW)
    await account(database, "Bob")
    await identities.join(database, "bob@example.org", NOW)
    with pytest.raises(AccountError, match="last manager"):
        await account_keeping.disable(database, ann.email, NOW)
    await identities.enter(
        database, issuer="https://sso", subject="b", name="Bob", email="bob@example.org", role=StaffRole.MANAGER,
        council=EVERY_COUNCIL, now=NOW,
    )  # fmt: skip
    await account_keeping.disable(database, ann.email, NOW)


async def test_nobody_closes_themselves_or_changes_their_own_role(database: Database) -> None:
    ann, by_ann = await account(database, "Ann")
    await account(database, "Bob")
    with pytest.raises(AccountError, match="cannot close your own account"):
        await account_keeping.disable(database, ann.email, NOW, by_ann)
    for change in ({"role": StaffRole.OFFICER}, {"council": "dover"}):
        with pytest.raises(AccountError, match="cannot change your own role or council"):
            await changed(database, ann, by_ann, **change)
    with pytest.raises(AccountError, match="Your account"):
        await account_keeping.end_password(database, ann.email, NOW, by_ann)
    _, after = await changed(database, ann, by_ann, name="Ann Other")
    assert after.name == "Ann Other"


async def test_who_is_no_manager_any_more_does_nothing(database: Database) -> None:
    _, by_ann = await account(database, "Ann")
    bob, by_bob = await account(database, "Bob")
    kim, _ = await account(database, "Kim", StaffRole.OFFICER, "dover")
    await changed(database, bob, by_ann, role=StaffRole.OFFICER)
    gone = "Your own account was closed or has another role by now, so nothing was done."
    for act in (
        account_keeping.disable(database, kim.email, NOW, by_bob),
        account_keeping.reopen(database, kim.email, NOW, by_bob),
        account_keeping.end_password(database, kim.email, NOW, by_bob),
        changed(database, kim, by_bob, role=StaffRole.MANAGER),
        identities.join(database, kim.email, NOW, by_bob),
        users.add(database, name="X", email="x@x.org", role=StaffRole.OFFICER, council="dover", now=NOW, by=by_bob),
    ):
        with pytest.raises(AccountError) as refused:
            await act
        assert str(refused.value) == gone
    assert len(await users.listed(database)) == 3


async def test_a_changed_role_holds_at_once_where_somebody_is_signed_in(database: Database) -> None:
    _, by_ann = await account(database, "Ann")
    kim, _ = await account(database, "Kim", StaffRole.OFFICER, "dover")
    await users.sign_in(database, kim, "browser", NOW)
    await changed(database, kim, by_ann, role=StaffRole.AUDITOR)
    found = await users.signed_in(database, "browser", NOW, IDLE, LONGEST)
    assert found
    assert found.user.role is StaffRole.AUDITOR


async def test_everything_is_written_down_with_who_and_what_was_before(database: Database) -> None:
    _, by_ann = await account(database, "Ann")
    kim, _ = await account(database, "Kim", StaffRole.OFFICER, "dover")
    await changed(database, kim, by_ann, role=StaffRole.APPROVER, name="Kim New")
    await changed(database, kim, by_ann, role=StaffRole.APPROVER, name="Kim New")
    await account_keeping.disable(database, kim.email, NOW, by_ann)
    await account_keeping.disable(database, kim.email, NOW, by_ann)
    await account_keeping.reopen(database, kim.email, NOW, by_ann)
    entries = await account_record.listed(database, user_id=kim.id)
    assert [(one.deed, one.words, one.by) for one in entries] == [
        (AccountDeed.OPENED, "", "Ann"),
        (AccountDeed.CLOSED, "", "Ann"),
        (AccountDeed.CHANGED, "name: Kim → Kim New, role: officer → approver", "Ann"),
        (AccountDeed.MADE, "officer of dover", "the service"),
    ]
    assert {one.whose for one in entries} == {"Kim New"}
    assert await account_record.listed(database, "medway") == []
    assert len(await account_record.listed(database, "dover")) == 4


async def test_what_the_provider_says_is_not_changed_here_and_is_written_down(database: Database) -> None:
    _, by_ann = await account(database, "Ann")

    async def enters(role: StaffRole) -> User:
        return await identities.enter(
            database, issuer="https://sso", subject="s", name="Ruth", email="ruth@example.org", role=role,
            council="dover", now=NOW,
        )  # fmt: skip

    ruth = await enters(StaffRole.OFFICER)
    with pytest.raises(AccountError, match="own provider"):
        await changed(database, ruth, by_ann, role=StaffRole.MANAGER)
    with pytest.raises(AccountError, match="has no password here"):
        await account_keeping.end_password(database, ruth.email, NOW, by_ann)
    with pytest.raises(AccountError, match="has an account already"):
        await account(database, "Ruth")
    await enters(StaffRole.OFFICER)
    await enters(StaffRole.APPROVER)
    assert [(one.deed, one.words, one.by) for one in await account_record.listed(database, user_id=ruth.id)] == [
        (AccountDeed.CHANGED, "role: officer → approver", "the council’s sign-in provider"),
        (AccountDeed.MADE, "officer of dover", "the council’s sign-in provider"),
    ]
    await account_keeping.disable(database, ruth.email, NOW, by_ann)
    with pytest.raises(identities.NotLetIn, match="is closed"):
        await enters(StaffRole.APPROVER)


async def test_an_invitation_works_once_and_not_after_its_end_nor_after_a_newer_one(database: Database) -> None:
    kim = await users.add(
        database, name="Kim", email="kim@example.org", role=StaffRole.OFFICER, council="dover", now=NOW
    )  # fmt: skip
    week = NOW + timedelta(days=7)
    await invitations.issue(database, kim, "first", NOW, week)
    await invitations.issue(database, kim, "second", NOW, week)
    assert await invitations.holder(database, "first", NOW) is None
    assert await invitations.holder(database, "second", week) is None
    assert await invitations.waiting(database, NOW) == {kim.id: week}
    taken = await asyncio.gather(*(invitations.take(database, "second", "hash", NOW) for _ in range(5)))
    assert sorted(one.name for one in taken if one) == ["Kim"]
    assert await users.by_email(database, kim.email) == (kim, "hash")
    await invitations.issue(database, kim, "third", NOW, week)
    await account_keeping.disable(database, kim.email, NOW)
    await account_keeping.reopen(database, kim.email, NOW)
    assert await invitations.take(database, "third", "other", NOW) is None


async def test_what_waits_for_somebody_is_named(database: Database) -> None:
    kim, _ = await account(database, "Kim", StaffRole.OFFICER, "dover")
    start = await taking_in.take_in(
        database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW
    )
    assert not await assigned.to(database, kim)
    await drafts.begin(
        database, Begun.PROPOSAL, kim, council="dover", body="{}", now=NOW, reference=start.reference, act="extend"
    )  # fmt: skip
    async with database.writing() as session:
        row = await session.get(account_keeping.tables.Case, start.reference)
        assert row
        row.officer = "Kim"
        session.add(row)
    waiting = await assigned.to(database, kim)
    assert (waiting.cases, waiting.proposals) == ((start.reference,), (start.reference,))
    other, _ = await account(database, "Lee", StaffRole.OFFICER, "dover")
    assert not await assigned.to(database, other)
