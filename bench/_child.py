"""A process that stands beside what is measured."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class Child:
    """A process of its own that is spoken to in lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    @asynccontextmanager
    async def running(cls, *command: str, env: dict[str, str] | None = None) -> AsyncIterator[Child]:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=ROOT, stdin=pipe, stdout=pipe, limit=2**24, env={**os.environ, **(env or {})}
        )
        try:
            yield cls(process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()

    def say(self, line: str = "") -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n".encode())

    async def hear(self) -> str:
        assert self._process.stdout
        line = (await self._process.stdout.readline()).decode().strip()
        if not line:
            raise RuntimeError("A process of the measurement ended too early.")
        return line
