"""One after the other: what is sent twice at once waits for itself, and the second finds what the first did."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

_turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()


def turn(kind: str, name: str) -> asyncio.Lock:
    """The lock of what has that name among its kind; gone once nobody holds or awaits it."""
    return _turns.setdefault((kind, name), asyncio.Lock())
