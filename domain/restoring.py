"""How long a council lets an applicant take a withdrawal back."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.application import Written
from domain.source import Source


class Restoring(Written):
    """The working days after a withdrawal in which it can be taken back, so that the same case goes on."""

    working_days: Annotated[int, Field(ge=1, le=60)]
    source: Source
