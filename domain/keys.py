"""How a deadline, an enquiry and a letter are named: each key is built and read here and nowhere else.

Their written form stands in histories, in the register and in what people type, and stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from domain.happenings.intake import Purpose
from domain.policy import StepId

_DEADLINE = re.compile(r"(?P<step>[^:#]*)(?::(?P<item>[^#]*))?(?:#(?P<round>[1-9][0-9]*))?")
_LETTER = re.compile(r"(?P<reference>[^/]+)/(?P<event>.+)/(?P<kind>[^/]+)/(?P<to>[^/~]+)(?:~(?P<attempt>[1-9][0-9]*))?")


@dataclass(frozen=True, slots=True)
class DeadlineKey:
    """``response``, ``verification:police``, ``action:R1``; those of a later round or appeal end in ``#2``."""

    step: StepId
    item: str = ""
    round: int = 1

    @classmethod
    def read(cls, text: str) -> DeadlineKey | None:
        """The key of that name, also as people type it (``appeal-window``); None where it names no step there is."""
        match = _DEADLINE.fullmatch(text)
        step = match["step"].replace("-", "_") if match else ""
        if match is None or step not in StepId._value2member_map_:
            return None
        return cls(StepId(step), match["item"] or "", int(match["round"] or 1))

    def __str__(self) -> str:
        item = f":{self.item}" if self.item else ""
        return f"{self.step}{item}{'' if self.round == 1 else f'#{self.round}'}"


@dataclass(frozen=True, slots=True)
class EnquiryKey:
    """``information:police#2``: what an agency is asked in a round, named as the deadline of its answer is."""

    purpose: Purpose
    agency: str
    round: int = 1

    def __str__(self) -> str:
        return str(DeadlineKey(StepId(self.purpose.value), self.agency, self.round))


@dataclass(frozen=True, slots=True)
class LetterKey:
    """``DOV-2026-0001/012-threshold.decided/L-04/applicant``; ``attempt`` counts from 1, a later one ends in ``~2``.

    ``event`` may hold any character: the id of a letter's own event is made of that letter's key. ``to`` is the
    reader's id, or their part in the case.
    """

    reference: str
    event: str
    kind: str
    to: str
    attempt: int = 1

    @classmethod
    def read(cls, text: str) -> LetterKey:
        """The key of that name. Raises ValueError where it is none."""
        match = _LETTER.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no letter's key: give one as the case's letters have it")
        return cls(match["reference"], match["event"], match["kind"], match["to"], int(match["attempt"] or 1))

    @property
    def first(self) -> LetterKey:
        """The key under which the same letter was sent first."""
        return replace(self, attempt=1)

    def __str__(self) -> str:
        first = f"{self.reference}/{self.event}/{self.kind}/{self.to}"
        return first if self.attempt == 1 else f"{first}~{self.attempt}"
