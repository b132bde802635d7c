"""One thing that the linter says of a policy, and the rule that it comes of."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """An ERROR keeps a policy from loading; a FINDING is shown beside it."""

    ERROR = "error"
    FINDING = "finding"


class Finding(BaseModel):
    """What is wrong with a policy, and what to write ``instead``.

    ``where`` is the path of the field (``steps[2].clocks[0].anchor``); ``source`` the section or guidance.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Severity
    where: str
    says: str
    instead: str
    source: str

    @property
    def words(self) -> str:
        return f"{self.where}: {self.says} {self.instead} ({self.source})"


class Rule(NamedTuple):
    """What a code says; ``{…}`` in ``says`` and ``instead`` is filled in where it is found."""

    severity: Severity
    says: str
    instead: str
    source: str


def error(says: str, instead: str, source: str) -> Rule:
    return Rule(Severity.ERROR, says, instead, source)


def doubt(says: str, instead: str, source: str) -> Rule:
    return Rule(Severity.FINDING, says, instead, source)
