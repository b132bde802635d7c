"""How a date is counted, in words."""

from __future__ import annotations

from domain.dates import short
from domain.deadlines import Deadline


def limit(deadline: Deadline) -> str:
    """ "25 working days after application received; opens Thu 15 Apr 2027"."""
    extra = f" + {deadline.extended}" if deadline.extended else ""
    words = deadline.limit.replace(" after ", f"{extra} after ", 1) if extra else deadline.limit
    if deadline.opens:
        words += f"; opens {short(deadline.opens)}"
    if deadline.target:
        words += f", planned for {short(deadline.target)}"
    return words
