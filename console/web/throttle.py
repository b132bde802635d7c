"""How often somebody may try to sign in or open a link, and a source may send: nothing is guessed, nobody floods."""

from __future__ import annotations

import hashlib
import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request

PER_ACCOUNT = RateLimitItemPerMinute(5, 15)
PER_ADDRESS = RateLimitItemPerMinute(30, 15)
BEGUN = RateLimitItemPerMinute(60, 15)
PER_SOURCE = RateLimitItemPerMinute(60)
WRONG_KEYS = RateLimitItemPerMinute(60, 15)
FILES = RateLimitItemPerMinute(60, 15)


class Throttle:
    """Counts tries, kept in memory, names only as hashes.

    ``per_source`` is how much another system may send, ``files`` how many files may come from one address without an
    account.
    """

    def __init__(self, per_source: RateLimitItem = PER_SOURCE, files: RateLimitItem = FILES) -> None:
        self.per_source, self.files = per_source, files
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def open(self, account: str, address: str) -> bool:
        """Count one more try for an account; whether it may be made. It counts before it is looked at, so that of
        many at once no more are looked at than one after the other."""
        return await self._limiter.test(PER_ADDRESS, "address", _key(address)) and await self._limiter.hit(
            PER_ACCOUNT, "account", _key(account)
        )

    async def failed(self, address: str) -> None:
        """A try from there was wrong."""
        await self._limiter.hit(PER_ADDRESS, "address", _key(address))

    async def may_open(self, address: str) -> bool:
        """Whether another link may be opened from there."""
        return await self._limiter.test(PER_ADDRESS, "link", _key(address))

    async def no_such_link(self, address: str) -> None:
        await self._limiter.hit(PER_ADDRESS, "link", _key(address))

    async def begin(self, address: str) -> bool:
        """Count one more application begun from an address; whether it may be."""
        return await self._limiter.hit(BEGUN, "begun", _key(address))

    async def may_mail(self, email: str, address: str) -> bool:
        """Count one more e-mail that somebody without an account asked for, to whom and from where; whether it may
        go."""
        return await self._limiter.hit(PER_ADDRESS, "mail from", _key(address)) and await self._limiter.hit(
            PER_ACCOUNT, "mail to", _key(email)
        )

    async def forget(self, account: str) -> None:
        """Somebody got in: their tries do not count any more."""
        await self._limiter.clear(PER_ACCOUNT, "account", _key(account))

    async def take(self, limit: RateLimitItem, name: str) -> int:
        """Count one more of what is limited; 0 if it may be, else the seconds until it may."""
        if await self._limiter.hit(limit, str(limit), _key(name)):
            return 0
        window = await self._limiter.get_window_stats(limit, str(limit), _key(name))
        return max(1, math.ceil(window.reset_time - time.time()))


def came_from(request: Request) -> str:
    """The address a request came from, as the proxy says."""
    return request.client.host if request.client else ""


def _key(name: str) -> str:
    return hashlib.sha256(name.strip().casefold().encode()).hexdigest()
