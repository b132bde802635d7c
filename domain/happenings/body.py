"""Who brings an event about, and the shape its content has."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from domain.application import Carried

Reasons = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class Role(StrEnum):
    """Who acted. ``clock`` is the service itself, keeping a date."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    CHAIR = "chair"
    AGENCY = "agency"
    APPEAL_BODY = "appeal_body"
    OPERATIONS = "operations"
    CLOCK = "clock"


class Actor(Carried):
    """``name`` is a person, a post, or for an agency its id in the policy."""

    role: Role
    name: str = ""


CLOCK = Actor(role=Role.CLOCK, name="the service")


class Body(Carried):
    """The content of an event.

    ``act`` names the Update that brings it about, None where the service itself does; ``who`` says whose part
    it usually is.
    """

    act: ClassVar[str | None] = None
    who: ClassVar[Role] = Role.OFFICER
