"""The kinds of fault that a run can have, each a part that is killed where it stands and started again.

A fault of another kind (a key ring that is gone, a register that is older) has its place here: a name, when it can be
had, and in ``Service.kill`` what it does to the service.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    """What is killed with SIGKILL."""

    WORKER = "the worker"
    TEMPORAL = "Temporal"
    MAIL = "the mail server"
    CONSOLE = "the console"
    POSTGRES = "PostgreSQL"


def drawn(number: int, kinds: tuple[Kind, ...], chance: Random) -> Iterator[Kind]:
    """So many faults, every kind about as often, in an order by chance."""
    whole = [kinds[place % len(kinds)] for place in range(number)]
    chance.shuffle(whole)
    yield from whole
