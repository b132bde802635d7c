"""The throttle: what is tried at once, from everywhere, for long; who gets in all the same; how much it remembers."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from console.web.throttle import (
    ACCOUNT,
    ACCOUNT_THERE,
    ADDRESS,
    ANYWHERE,
    BROWSER,
    LINKS,
    PATIENCE,
    Counted,
    Limit,
    Tallies,
    Throttle,
    TooOften,
    bucket,
)

HOUR = 3_600


class Hall:
    """A throttle on a clock of its own, and how often each who tried waited."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waited: list[float] = []
        self.throttle = Throttle(clock=lambda: self.now, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def looked_at(self, *tries: Callable[[], Awaitable[object]]) -> int:
        """How many of those made at once were looked at."""
        results = await asyncio.gather(*(one() for one in tries), return_exceptions=True)
        wrong = [result for result in results if isinstance(result, BaseException) and not isinstance(result, TooOften)]
        assert not wrong, wrong
        return sum(not isinstance(result, TooOften) for result in results)


def signing_in(hall: Hall, account: str, address: str, browser: str = "") -> Callable[[], Awaitable[object]]:
    return lambda: hall.throttle.sign_in(account, address, browser)


async def test_of_120_at_once_for_one_account_from_one_address_five_are_looked_at() -> None:
    hall = Hall()
    assert await hall.looked_at(*[signing_in(hall, "maya@example.org", "192.0.2.1")] * 120) == ACCOUNT_THERE.burst
    assert hall.waited == []


async def test_of_120_at_once_for_120_accounts_from_one_address_thirty_are_looked_at_and_one_more_in_its_turn() -> None:
    hall = Hall()
    tries = [signing_in(hall, f"{number}@example.org", "192.0.2.1") for number in range(120)]
    assert await hall.looked_at(*tries) == ADDRESS.burst + 1
    assert hall.waited == [ADDRESS.every]


async def test_of_120_at_once_for_one_account_from_120_addresses_ten_are_looked_at_and_two_in_their_turn() -> None:
    hall = Hall()
    tries = [signing_in(hall, "maya@example.org", f"192.0.2.{number}") for number in range(120)]
    assert await hall.looked_at(*tries) == ACCOUNT.burst + 2
    assert hall.waited == [ACCOUNT.every, 2 * ACCOUNT.every]


async def test_all_addresses_and_accounts_together_cost_no_more_than_the_console_can_check() -> None:
    hall = Hall()
    tries = [signing_in(hall, f"{number}@example.org", f"2001:db8:{number:x}::1") for number in range(1000)]
    assert await hall.looked_at(*tries) == ANYWHERE.burst + PATIENCE / ANYWHERE.every


async def test_the_attacked_account_s_owner_gets_in_from_a_browser_that_was_in_before_and_later_from_any() -> None:
    hall = Hall()
    attack = [signing_in(hall, "maya@example.org", f"192.0.2.{number}") for number in range(120)]
    await hall.looked_at(*attack)
    await hall.throttle.sign_in("maya@example.org", "198.51.100.7", "a browser of hers")
    assert hall.waited[2:] == []
    with pytest.raises(TooOften, match="in 45 seconds"):
        await hall.throttle.sign_in("maya@example.org", "198.51.100.7")
    hall.now = 20.0
    await hall.throttle.sign_in("maya@example.org", "198.51.100.7")
    assert hall.waited[2:] == [3 * ACCOUNT.every - 20]
    assert hall.waited[2] <= PATIENCE


async def test_a_known_browser_does_not_guess_for_ever_either() -> None:
    hall = Hall()
    tries = [signing_in(hall, "maya@example.org", "198.51.100.7", "stolen")] * 120
    assert await hall.looked_at(*tries) == BROWSER.burst


async def test_what_was_right_does_not_count() -> None:
    hall = Hall()
    for number in range(500):
        (await hall.throttle.sign_in(f"{number % 3}@example.org", "192.0.2.1")).right()
    assert hall.waited == []


async def test_over_an_hour_one_account_is_tried_so_often_and_never_shut() -> None:
    hall, tried = Hall(), 0
    for second in range(0, HOUR, 5):
        hall.now = float(second)
        tries = [signing_in(hall, "maya@example.org", f"2001:db8:{number:x}::1") for number in range(20)]
        tried += await hall.looked_at(*tries)
    assert HOUR / ACCOUNT.every <= tried <= HOUR / ACCOUNT.every + ACCOUNT.burst + 2


def test_one_account_is_one_however_its_address_is_typed() -> None:
    tallies = Tallies()
    tallies.add(Counted(Limit("one", 1, 10), " Maya@Example.org"), 0)
    assert tallies.wait(Counted(Limit("one", 1, 10), "maya@example.ORG "), 0) == 10


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_one_household_is_one_address(address: str, counted: str) -> None:
    assert bucket(address) == counted


def test_it_remembers_no_more_names_than_it_has_room_for_and_the_most_tried_longest() -> None:
    tallies, limit = Tallies(most=1000), Limit("links", 30, 30)
    often = Counted(limit, "tried often")
    for _ in range(limit.burst):
        tallies.add(often, 0)
    for number in range(100_000):
        tallies.add(Counted(limit, f"{number}"), 0)
    assert len(tallies) <= 1000
    assert tallies.wait(often, 0) == limit.every


def test_what_has_been_waited_out_is_forgotten_first() -> None:
    tallies, limit = Tallies(most=10), Limit("links", 30, 30)
    for number in range(10):
        tallies.add(Counted(limit, f"{number}"), 0)
    tallies.add(Counted(limit, "later"), 31)
    assert len(tallies) == 1


async def test_many_who_wait_do_not_fill_the_console() -> None:
    going_on = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await going_on.wait()

    throttle = Throttle(clock=lambda: 0.0, sleep=sleep)

    async def one(number: int) -> bool:
        counted = Counted(LINKS, f"192.0.2.{number}")
        throttle.allows(*[counted] * LINKS.burst)
        try:
            await throttle.turn(counted, patience=PATIENCE)
        except TooOften:
            return False
        return True

    tries = [asyncio.create_task(one(number)) for number in range(200)]
    await asyncio.sleep(0)
    going_on.set()
    assert sum(await asyncio.gather(*tries)) == 40


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 second"), (45, "45 seconds"), (60, "1 minute"), (180, "3 minutes")]
)
def test_the_wait_is_told_in_words(seconds: int, words: str) -> None:
    assert TooOften(seconds).wait == words
