"""How often somebody may try a door: nothing is guessed, nobody floods, and nobody is kept out by what others try.

Every try is counted before it is looked at, and given back when it was right. What is tried too often is spaced out
and not shut: there is always a next moment. Counts are kept in this process's memory, under hashes, and are gone when
it ends; each console on the same register counts for itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import math
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from heapq import nsmallest
from typing import NamedTuple

from starlette.requests import Request


@dataclass(frozen=True)
class Limit:
    """``burst`` tries at once, and then one every ``every`` seconds; kept for each name apart."""

    name: str
    burst: int
    every: float


BROWSER = Limit("browser", 10, 60)
"""Of one browser in which somebody signed in before, for their own account."""
ACCOUNT_THERE = Limit("account and address", 5, 180)
ACCOUNT = Limit("account", 10, 15)
"""Of one account, from all browsers that never signed in to it."""
ADDRESS = Limit("address", 30, 30)
ANYWHERE = Limit("anywhere", 120, 0.25)
"""Of all accounts, from all such browsers: what checking passwords may cost."""
OWN = Limit("own", 5, 180)
"""Of who is signed in, for their own password."""
PROVIDER = Limit("provider", 60, 15)
LINKS = Limit("links", 30, 30)
CODE = Limit("code", 5, 180)
CODES = Limit("codes", 30, 30)
MAIL_TO = Limit("mail to", 5, 180)
MAIL_FROM = Limit("mail from", 30, 30)
BEGUN = Limit("begun", 60, 15)
PER_SOURCE = Limit("source", 60, 1)
WRONG_KEYS = Limit("wrong keys", 60, 15)
FILES = Limit("files", 60, 15)

PATIENCE = 30.0
"""Seconds that a try may wait for its turn here before it is told to come again."""
_MOST_WAITING = 40
_MOST_NAMES = 50_000


class Counted(NamedTuple):
    """What a try is counted under: a limit, and of what."""

    limit: Limit
    name: str


class TooOften(Exception):
    """A try that was not looked at; ``seconds`` until one would be."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"again in {seconds} seconds")

    @property
    def wait(self) -> str:
        """ "45 seconds", "3 minutes"."""
        if self.seconds < 60:
            return f"{self.seconds} second{'s' if self.seconds != 1 else ''}"
        minutes = math.ceil(self.seconds / 60)
        return f"{minutes} minute{'s' if minutes != 1 else ''}"


class Tallies:
    """When each name's tries are used up until: one number a name, of at most ``most`` names (GCRA).

    Where there are more, those go that would be used up least long.
    """

    def __init__(self, most: int = _MOST_NAMES) -> None:
        self._until: dict[bytes, float] = {}
        self._salt = secrets.token_bytes(16)
        self._most = most

    def __len__(self) -> int:
        return len(self._until)

    def wait(self, counted: Counted, now: float) -> float:
        """Seconds until one more may be made."""
        limit = counted.limit
        return max(0.0, self._until.get(self._key(counted), now) - now - (limit.burst - 1) * limit.every)

    def add(self, counted: Counted, now: float) -> None:
        if len(self._until) >= self._most:
            self._make_room(now)
        key = self._key(counted)
        self._until[key] = max(self._until.get(key, now), now) + counted.limit.every

    def take_back(self, counted: Counted) -> None:
        key = self._key(counted)
        if key in self._until:
            self._until[key] -= counted.limit.every

    def _make_room(self, now: float) -> None:
        self._until = {key: until for key, until in self._until.items() if until > now}
        for key in nsmallest(len(self._until) - self._most * 3 // 4, self._until, key=self._until.__getitem__):
            del self._until[key]

    def _key(self, counted: Counted) -> bytes:
        name = f"{counted.limit.name}\0{counted.name.strip().casefold()}"
        return hashlib.blake2b(name.encode(errors="replace"), digest_size=16, key=self._salt).digest()


class Turn:
    """A try that may be looked at."""

    def __init__(self, tallies: Tallies, counted: tuple[Counted, ...]) -> None:
        self._tallies, self._counted = tallies, counted

    def right(self) -> None:
        """It was no guess: it does not count."""
        for counted in self._counted:
            self._tallies.take_back(counted)
        self._counted = ()


class KeyTurn:
    """A key that may be looked at; one that was right before is not counted with what else comes from there."""

    def __init__(self, turn: Turn | None, key: bytes, known: set[bytes]) -> None:
        self._turn, self._key, self._known = turn, key, known

    def right(self) -> None:
        self._known.add(self._key)
        if self._turn:
            self._turn.right()

    def wrong(self) -> None:
        self._known.discard(self._key)


class Throttle:
    """Counts tries. ``per_source`` is how much another system may send, ``files`` how many files may come from one
    address without an account; ``clock`` gives seconds, ``sleep`` waits for some."""

    def __init__(
        self,
        per_source: Limit = PER_SOURCE,
        files: Limit = FILES,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.per_source, self.files = per_source, files
        self.tallies = Tallies()
        self._clock, self._sleep = clock, sleep
        self._waiting = 0
        self._keys: set[bytes] = set()

    async def sign_in(self, account: str, address: str, browser: str = "") -> Turn:
        """A turn to try an account's password. Raises TooOften.

        ``browser`` names one in which somebody signed in to this account before, if it is: it has tries of its own,
        so that whatever others try leaves its owner a way in. From any other the tries for one account are spaced
        out, and wait their turn here.
        """
        if browser:
            return self.take(Counted(BROWSER, browser))
        here = bucket(address)
        return await self.turn(
            Counted(ACCOUNT_THERE, f"{account.strip()}\0{here}"), Counted(ADDRESS, here), Counted(ACCOUNT, account),
            Counted(ANYWHERE, ""), patience=PATIENCE,
        )  # fmt: skip

    def take(self, *counted: Counted) -> Turn:
        """A turn at once: counted under all of these, or under none where one is used up. Raises TooOften."""
        self._enter(counted, 0.0)
        return Turn(self.tallies, counted)

    async def turn(self, *counted: Counted, patience: float) -> Turn:
        """The same, after waiting as long as it takes where that is at most ``patience`` seconds. Raises TooOften."""
        wait = self._enter(counted, patience if self._waiting < _MOST_WAITING else 0.0)
        if wait:
            self._waiting += 1
            try:
                await self._sleep(wait)
            finally:
                self._waiting -= 1
        return Turn(self.tallies, counted)

    def key(self, key: str, here: str) -> KeyTurn:
        """A turn to try another system's key from ``here``. Raises TooOften."""
        hash = hashlib.sha256(key.encode(errors="replace")).digest()
        known = hash in self._keys
        return KeyTurn(None if known else self.take(Counted(WRONG_KEYS, here)), hash, self._keys)

    def allows(self, *counted: Counted) -> bool:
        """Count one more; whether it may be."""
        try:
            self.take(*counted)
        except TooOften:
            return False
        return True

    def _enter(self, counted: tuple[Counted, ...], patience: float) -> float:
        """Looked at and counted with nothing between, so that of many at once no more get in than in a row."""
        now = self._clock()
        wait = max(self.tallies.wait(one, now) for one in counted)
        if wait > patience:
            raise TooOften(max(1, math.ceil(wait)))
        for one in counted:
            self.tallies.add(one, now)
        return wait


def came_from(request: Request) -> str:
    """The address a request came from, as the proxy says."""
    return request.client.host if request.client else ""


def bucket(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits that one household has."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
