"""Codes of an app and recovery codes: as RFC 6238 makes them, each taken once, half a minute early or late."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connection.held_ring import held
from connection.keys import KeyRing
from connection.settings import Settings, SettingsError
from office import second_factor
from office.second_factor import App, step_at
from register import account_record, second_factors, users
from register.account_record import AccountDeed, Keeper
from register.database import Database
from register.users import StaffRole, User
from tests.register.fresh import with_tables

NOW = datetime(2026, 4, 2, 9, 0, 10, tzinfo=UTC)  # Thu
HALF_MINUTE = timedelta(seconds=30)


async def somebody(database: Database, email: str = "jo@example.org") -> User:
    return await users.add(database, name="Jo Ward", email=email, role=StaffRole.OFFICER, council="dover", now=NOW)


async def set_up(database: Database, settings: Settings, user: User, now: datetime = NOW) -> tuple[App, list[str]]:
    app, sealed = await second_factor.being_set_up(database, settings, user, "here")
    codes = await second_factor.set_up(database, settings, app, sealed, user, app.code(step_at(now)), now, stays="here")
    return app, list(codes)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path)
    with_tables(made.register_url)
    KeyRing.fresh().save(made.keys_path)
    return made


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    app = App(b"12345678901234567890", "jo@example.org")
    assert app.code(step_at(datetime.fromtimestamp(seconds, UTC))) == code


def test_the_app_is_told_who_and_what_it_is_for_and_the_key_can_be_typed() -> None:
    app = App(b"12345678901234567890", "jo+asb@example.org")
    assert app.key == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert app.address.startswith("otpauth://totp/ASB%20Case%20Review:jo%2Basb%40example.org?")
    assert {"digits=6", "period=30", "algorithm=SHA1", "issuer=ASB%20Case%20Review"} <= set(
        app.address.partition("?")[2].split("&")
    )
    assert "GEZD" not in repr(app)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_phone_s_clock_may_be_half_a_minute_off_and_no_more(
    settings: Settings, steps: int, right: bool
) -> None:
    async with Database(settings.register_url) as database:
        user = await somebody(database)
        app, _ = await set_up(database, settings, user)
        later = NOW + timedelta(hours=1)
        typed = app.code(step_at(later) + steps)
        assert await second_factor.right_code(database, settings, user, typed, later) is right


async def test_a_code_is_taken_once_and_none_before_it_afterwards(settings: Settings) -> None:
    async with Database(settings.register_url) as database:
        user = await somebody(database)
        app, _ = await set_up(database, settings, user)
        assert not await second_factor.right_code(database, settings, user, app.code(step_at(NOW)), NOW)
        later = NOW + 10 * HALF_MINUTE
        code, before = app.code(step_at(later)), app.code(step_at(later) - 1)
        spaced = f" {code[:3]} {code[3:]} "
        assert await second_factor.right_code(database, settings, user, spaced, later)
        for typed in (code, before, "", "abcdef", code + "0"):
            assert not await second_factor.right_code(database, settings, user, typed, later)


async def test_of_one_code_sent_many_times_at_once_one_is_taken(settings: Settings) -> None:
    async with Database(settings.register_url) as database:
        user = await somebody(database)
        app, codes = await set_up(database, settings, user)
        later = NOW + 10 * HALF_MINUTE
        typed = app.code(step_at(later))
        tries = (second_factor.right_code(database, settings, user, typed, later) for _ in range(8))
        assert sorted(await asyncio.gather(*tries)) == [False] * 7 + [True]
        again = (second_factor.right_recovery_code(database, user, codes[0], later) for _ in range(8))
        assert sorted(await asyncio.gather(*again)) == [False] * 7 + [True]


async def test_ten_recovery_codes_work_once_each_however_they_are_typed(settings: Settings) -> None:
    async with Database(settings.register_url) as database:
        user, other = await somebody(database), await somebody(database, "kim@example.org")
        _, codes = await set_up(database, settings, user)
        _, others = await set_up(database, settings, other)
        assert len({*codes, *others}) == 20
        assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", code) for code in codes)
        assert await second_factor.right_recovery_code(database, user, codes[0].upper().replace("-", " "), NOW)
        for typed in (codes[0], others[1], "", "wrong"):
            assert not await second_factor.right_recovery_code(database, user, typed, NOW)
        kept = await second_factors.of(database, user)
        assert kept
        assert kept.codes == 9
        renewed = await second_factor.new_codes(database, user, NOW)
        assert not await second_factor.right_recovery_code(database, user, codes[1], NOW)
        assert await second_factor.right_recovery_code(database, user, renewed[1], NOW)
        deeds = [entry.deed for entry in await account_record.listed(database, user_id=user.id)]
        assert deeds.count(AccountDeed.CODE_USED) == 2


async def test_the_register_has_neither_the_secret_nor_a_code(settings: Settings) -> None:
    async with Database(settings.register_url) as database:
        user = await somebody(database)
        app, codes = await set_up(database, settings, user)
    files = list(settings.home.glob("register.db*"))
    kept = b"".join(path.read_bytes() for path in files)
    for secret in (app.secret, app.key.replace(" ", "").encode(), *(code.encode() for code in codes)):
        assert secret not in kept


async def test_a_wrong_first_code_sets_nothing_up_and_the_same_key_stays_on_offer(settings: Settings) -> None:
    async with Database(settings.register_url) as database:
        user = await somebody(database)
        first, sealed = await second_factor.being_set_up(database, settings, user, "here")
        wrong = first.code(step_at(NOW) + 5)
        assert await second_factor.set_up(database, settings, first, sealed, user, wrong, NOW, stays="") == ()
        assert await second_factors.of(database, user) is None
        again, _ = await second_factor.being_set_up(database, settings, user, "here")
        assert again.secret == first.secret


async def test_after_a_rotation_the_next_code_puts_the_secret_under_the_new_key(settings: Settings) -> None:
    async with Database(settings.register_url) as database:
        user = await somebody(database)
        app, _ = await set_up(database, settings, user)
        old = settings.key_ring().active
        assert await second_factors.keys_in_use(database) == {old}
        KeyRing.load(settings.keys_path).rotate().save(settings.keys_path)
        held.cache_clear()  # as a process that starts then has it
        later = NOW + 10 * HALF_MINUTE
        assert await second_factor.right_code(database, settings, user, app.code(step_at(later)), later)
        assert await second_factors.keys_in_use(database) == {settings.key_ring().active} != {old}


async def test_where_the_key_is_gone_recovery_codes_still_work_and_a_new_app_can_be_set_up(settings: Settings) -> None:
    async with Database(settings.register_url) as database:
        user = await somebody(database)
        app, codes = await set_up(database, settings, user)
        other = await somebody(database, "kim@example.org")
        await second_factor.being_set_up(database, settings, other, "here")
        KeyRing.fresh().save(settings.keys_path)
        held.cache_clear()
        later = NOW + 10 * HALF_MINUTE
        with pytest.raises(second_factor.Unopened, match="not in the key ring"):
            await second_factor.right_code(database, settings, user, app.code(step_at(later)), later)
        assert await second_factor.right_recovery_code(database, user, codes[0], later)
        _, made = await set_up(database, settings, other, later)
        assert len(made) == 10


def test_it_is_optional_or_required_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().second_factor == "optional"
    monkeypatch.setenv("CASEREVIEW_SECOND_FACTOR", "sometimes")
    with pytest.raises(SettingsError, match="CASEREVIEW_SECOND_FACTOR cannot be used: input should be 'optional' or"):
        Settings.load()


async def test_a_reset_takes_everything_away_and_is_refused_where_there_is_nothing(settings: Settings) -> None:
    boss = Keeper("", "the command line")
    async with Database(settings.register_url) as database:
        user = await somebody(database)
        _, codes = await set_up(database, settings, user)
        await users.sign_in(database, user, "browser", NOW)
        await second_factors.reset(database, user.email, NOW, boss)
        assert await second_factors.of(database, user) is None
        assert not await second_factor.right_recovery_code(database, user, codes[0], NOW)
        assert await users.signed_in(database, "browser", NOW, HALF_MINUTE, HALF_MINUTE) is None
        with pytest.raises(users.AccountError, match="Jo Ward has no second factor here"):
            await second_factors.reset(database, user.email, NOW, boss)
