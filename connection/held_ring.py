"""The key ring as a process holds it: it learns new keys while it runs, and loses none."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from connection.keys import KeyRing, KeyRingError, NoKeyFile, UnknownKey
from connection.logs import Ours
from register.ring import Standing

ENVIRONMENT = "CASEREVIEW_KEYS"
_RESTORE = "restore it from the backup of your keys"
_log = logging.getLogger("casereview.keys")


class HeldRing:
    """The ring of a source: a file, or the text of `CASEREVIEW_KEYS`, which cannot change under a running process.

    Nothing is read before it is needed. Which key is active stands in the register once a ring is known there; the
    source's own word counts until then. A changed file is taken where it has every key that something may be encrypted
    with; otherwise the process keeps what it has and `fault` says why. A key that was held once stays held.
    """

    def __init__(self, source: Path | str) -> None:
        self._source = source
        self._ring: KeyRing | None = None
        self._found: KeyRing | KeyRingError | None = None
        self._stamp: tuple[int, int, int] | None = None
        self._known = Standing()
        self.fault = ""

    @property
    def path(self) -> Path | None:
        """The key file; None where the ring is in the environment."""
        return self._source if isinstance(self._source, Path) else None

    @property
    def words(self) -> str:
        """Where the ring is, as a sentence begins."""
        return f"The key file {self._source}" if self.path else ENVIRONMENT

    @property
    def active(self) -> str:
        """The id of the key that encrypts now. Raises `KeyRingError` where there is no ring."""
        ring = self.ring
        known = self._known.active
        return known if known and known in ring.keys else ring.active

    @property
    def ring(self) -> KeyRing:
        """Every key that is held. Raises `KeyRingError` where there is none."""
        return self._ring or self._first()

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """The fingerprints of the keys that this process would find again if it started now."""
        found = self._found if isinstance(self._found, KeyRing) else self.ring
        return found.fingerprints

    def key(self, key_id: str) -> bytes:
        """The 32 bytes of `key_id`, for which the source is read again where they are not held; raises `UnknownKey`."""
        if key_id not in self.ring.keys:
            self.look()
        try:
            return self.ring.keys[key_id]
        except KeyError:
            raise UnknownKey(key_id) from None

    def read(self) -> bool:
        """Read the source as a process does that starts; whether there is a ring. Raises `KeyRingError`."""
        self._ring, self._known, self.fault = None, Standing(), ""
        try:
            self._first()
        except NoKeyFile:
            return False
        return True

    def make(self) -> None:
        """Put a new ring where there is none."""
        if self.path:
            KeyRing.make(self.path)
        self.read()

    def save(self, ring: KeyRing) -> None:
        """Put a ring in place of the file's, and take it. Raises `KeyRingError`."""
        if self.path is None:
            raise KeyRingError(f"The ring in {ENVIRONMENT} cannot be changed from here; change it where it is set.")
        ring.save(self.path)
        self.look()

    def learn(self, standing: Standing) -> None:
        """Hold the ring against what the register knows now, and encrypt with what is active there."""
        self._known = standing
        self._judge()

    def look(self) -> bool:
        """Read the file again where it has changed since; whether it has."""
        stamp = self._stamped()
        if self.path is None or stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._found = KeyRing.load(self.path)
        except KeyRingError as error:
            self._found = error
        self._judge()
        return True

    def _first(self) -> KeyRing:
        self._stamp = self._stamped()
        ring = KeyRing.load(self._source) if isinstance(self._source, Path) else KeyRing.from_env(self._source)
        self._found = self._ring = ring
        return ring

    def _judge(self) -> None:
        fault = self._wrong()
        if fault and fault != self.fault:
            _log.error("%s This process goes on with the keys it has.", Ours(fault))
        self.fault = fault
        if not fault and isinstance(self._found, KeyRing):
            held = self._ring or self._found
            self._ring = KeyRing(active=self._found.active, keys={**held.keys, **self._found.keys})

    def _wrong(self) -> str:
        if isinstance(self._found, KeyRingError):
            return str(self._found)
        if self._found is None:
            return ""
        held = self._ring.keys if self._ring else {}
        for key_id, key in self._found.keys.items():
            if held.get(key_id, key) != key:
                return f"{self.words} has another key under the id {key_id} than before; {_RESTORE}."
        misfit = self._known.misfit(self._found.fingerprints)
        return f"{self.words} {misfit}; {_RESTORE}." if misfit else ""

    def _stamped(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat() if self.path else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_ino, found.st_size) if found else None


@cache
def held(source: Path | str) -> HeldRing:
    """The one ring of that source in this process."""
    return HeldRing(source)
