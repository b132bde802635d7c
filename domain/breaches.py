"""Dates that were missed, and whether the applicant has had an apology for them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.case import Case
from domain.deadlines import Deadline
from domain.letters import was_told


def missed(case: Case, deadlines: Sequence[Deadline]) -> tuple[Deadline, ...]:
    """The dates that the council or a body missed and that nobody has apologised for, the earliest first."""
    settled = {apology.deadline for apology in case.apologies}
    return tuple(deadline for deadline in deadlines if deadline.breached and deadline.key not in settled)


def owed(case: Case, deadlines: Sequence[Deadline]) -> tuple[Deadline, ...]:
    """Those of them that the applicant was promised or told."""
    return tuple(deadline for deadline in missed(case, deadlines) if deadline.public or was_told(case, deadline.key))
