"""The kinds of fault that a run can have.

Whatever a kind does is done in ``Service.strike``, which leaves the service as it was but for what it mends by itself.
Where one half is lost for good, register or Temporal, somebody has to act: ``make test-faults`` goes on to
``test_register_behind.py`` and ``test_workflow_lost.py`` in ``tests/workflows``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    """What happens: a part is killed where it stands, with SIGKILL, or what it needs cannot be had for a while."""

    WORKER = "the worker is killed"
    TEMPORAL = "Temporal is killed"
    MAIL = "the mail server is killed"
    CONSOLE = "the console is killed"
    POSTGRES = "PostgreSQL is killed"
    NO_KEYS = "the key file is gone and the worker begins anew"
    OTHER_KEYS = "another key file lies there and the worker begins anew"
    READ_ONLY = "the register cannot be written for a while"


def drawn(number: int, kinds: tuple[Kind, ...], chance: Random) -> Iterator[Kind]:
    """So many faults, every kind about as often, in an order by chance."""
    whole = [kinds[place % len(kinds)] for place in range(number)]
    chance.shuffle(whole)
    yield from whole
