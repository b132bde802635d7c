"""A council's form platform: it sends applications with its key."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx
from fastapi import FastAPI

from console.api import example
from register.sending_systems import SendingSystem
from tests.console.office import House
from tests.support import clock

PATH = "/api/applications"


@dataclass
class Sender:
    """Requests with one source's key; nothing else comes with them."""

    source: SendingSystem
    key: str
    client: httpx.AsyncClient

    @classmethod
    def of(cls, app: FastAPI, source: SendingSystem, key: str) -> Sender:
        transport = httpx.ASGITransport(app, client=("192.0.2.7", 4711))
        return cls(source, key, httpx.AsyncClient(transport=transport, base_url="http://localhost"))

    async def send(
        self, content: object, key: str | None = None, path: str = PATH, **headers: str | None
    ) -> httpx.Response:
        """Send something as JSON, or bytes as they are; a header that is None is left out."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        given = {
            "Authorization": f"Bearer {self.key}", "Content-Type": "application/json",
            "Idempotency-Key": key or str(uuid.uuid4()),
        } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
        kept = {name: value for name, value in given.items() if value is not None}
        return await self.client.post(path, content=body, headers=kept)

    async def ask(self, reference: str) -> httpx.Response:
        return await self.client.get(f"{PATH}/{reference}", headers={"Authorization": f"Bearer {self.key}"})


@dataclass
class Senders:
    house: House
    dover: Sender
    medway: Sender


def application(**changed: Any) -> dict[str, Any]:
    """Three reports of the last weeks, with other fields over them."""
    return example.application(clock.today()) | changed


def pointers(answer: httpx.Response) -> dict[str, str]:
    """Each field that is wrong, and the words about it."""
    assert answer.headers["content-type"] == "application/problem+json"
    return {one["pointer"]: one["detail"] for one in answer.json()["errors"]}
