"""Where documents' bytes lie: one file for each content, named by its SHA-256, never opened by the service itself."""

from __future__ import annotations

import asyncio
import hashlib
import mmap
import os
import re
import tempfile
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from register.media import LARGEST, Content

_NAME = re.compile(r"[0-9a-f]{64}")
GRACE = timedelta(days=1)
"""How long a file that no document names may lie: whoever put it there is about to say what it is."""


class ShelfError(RuntimeError):
    """The folder of documents cannot be used; the text says why and how to mend it."""


class Shelf:
    """The folder ``CASEREVIEW_DOCUMENTS``; it is made when the first document comes. ``largest`` is the bytes of the
    largest file it takes."""

    def __init__(self, folder: Path, largest: int = LARGEST) -> None:
        self.folder = folder
        self.largest = largest

    @property
    def megabytes(self) -> int:
        """The size of the largest file, as people read it."""
        return self.largest // 1_000_000

    async def put(self, content: Content) -> str:
        """Keep a file's bytes, whole or not at all; their SHA-256. Raises ShelfError."""
        try:
            return await asyncio.to_thread(self._put, content)
        except OSError as error:
            raise ShelfError(
                f"Documents cannot be kept in {self.folder} ({error.strerror}); "
                "give a folder that may be written in CASEREVIEW_DOCUMENTS."
            ) from error

    def path(self, sha256: str) -> Path:
        """Where a content lies. Raises ValueError for what is no SHA-256."""
        if not _NAME.fullmatch(sha256):
            raise ValueError("a document is found by its SHA-256 only")
        return self.folder / sha256[:2] / sha256

    async def sweep(self, known: Collection[str], grace: timedelta = GRACE) -> int:
        """Delete what no document names any more and nobody touched within the grace; how many files."""
        return await asyncio.to_thread(self._sweep, frozenset(known), grace)

    def _put(self, content: Content) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        for folder in (self.folder, path.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            os.utime(path)
            return sha256
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".coming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
        return sha256

    def _sweep(self, known: frozenset[str], grace: timedelta) -> int:
        gone, before = 0, self._now() - grace.total_seconds()
        for path in self.folder.glob("??/*"):
            if path.name not in known and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _now(self) -> float:
        """The time by the clock that dates the files: a file server has its own."""
        if not self.folder.exists():
            return 0.0
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".now-") as file:
            return os.fstat(file.fileno()).st_mtime


def on_disk(path: Path) -> Content:
    """What a file holds, read from its disk as it is needed. Raises OSError."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
