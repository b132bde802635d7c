"""A connection that stalls is closed: while its request comes, and while its answer is not fetched.

Uvicorn bounds only the time between two requests. The bounds are those of Apache's mod_reqtimeout: so many seconds for
a head and for a body, and one more for every so many bytes that came.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20.0
"""Seconds for the head of a request, and again for its body."""
RATE = 1_000
"""Bytes that earn a second more; slower than any telephone network."""
UNFETCHED = 60.0
"""Seconds in which some of an answer must be fetched, where more of it waits than the system holds."""
LONGEST = 1_100_000_000
"""Bytes of one body, more than any file that a council may have taken: one that was refused is read and dropped up to
here, so that a browser comes to read its answer."""


class PromptProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a bound for whoever is slow. What the service itself is slow at counts for
    nobody."""

    patience: ClassVar[float] = PATIENCE
    unfetched: ClassVar[float] = UNFETCHED
    _phase: object = None
    _since = 0.0
    _came = 0
    _expiry: asyncio.TimerHandle | None = None
    _fetching: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._expiry, self._fetching):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._came += len(data)
        super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._fetching = self.loop.call_later(self.unfetched, self.transport.abort)

    def resume_writing(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
        super().resume_writing()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self.loop.call_later(self.unfetched, self.transport.abort)

    def _look(self) -> None:
        """Begin to count anew where a head or a body begins."""
        phase = self.conn.their_state
        if phase is not self._phase:
            self._phase, self._since, self._came = phase, self.loop.time(), 0
        if self._expiry is None and phase in (h11.IDLE, h11.SEND_BODY):
            self._expiry = self.loop.call_at(self._due, self._expire)
        if self._came > LONGEST:
            self.transport.abort()

    @property
    def _due(self) -> float:
        return self._since + self.patience + self._came / RATE

    def _expire(self) -> None:
        self._expiry = None
        if self._phase not in (h11.IDLE, h11.SEND_BODY) or self.transport.is_closing():
            return
        if self.flow.read_paused:
            self._since, self._came = self.loop.time(), 0
        if self.loop.time() >= self._due:
            self.transport.abort()
        else:
            self._expiry = self.loop.call_at(self._due, self._expire)
