"""What every look for findings starts from, and the form that a look has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from temporalio.client import Client

from connection.settings import Settings
from office.operations.finding import Finding
from register.database import Database


@dataclass(frozen=True)
class Ground:
    """``now`` is the real time of the look."""

    settings: Settings
    client: Client
    database: Database
    now: datetime


Source = Callable[[Ground], Awaitable[Sequence[Finding]]]
"""One thing to look at. It may raise: then it is told that it could not be looked at."""
