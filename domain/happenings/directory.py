"""Where bodies are reached in a running case: an address corrected, a body added. The policy itself stays as it was."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Email, Line
from domain.happenings.body import ActKind, Body, Reasons
from domain.stage import ALIVE

_Name = Annotated[Line, Field(min_length=1)]


class AgencyCorrected(Body):
    """A body, its senior post, an appeal body or the council's own team is reached elsewhere from now on.

    ``agency`` is a body's id in the policy, an appeal body's name, ``team``, ``manager`` or ``deputy``. What was asked
    of it at the old address is asked again, and its time runs from then, unless ``arrived`` says that it came there
    all the same.
    """

    kind: Literal["agency.corrected"] = "agency.corrected"
    does: ClassVar[ActKind | None] = ActKind(
        "correct-agency", turn=ALIVE, any_time=True, far_date=True,
        title="Correct where a body is reached", done="Where it is reached is corrected",
        lead="It holds for this case. What it was asked at the old address and has not answered is sent again, and its "
        "time runs from today. The links sent there open no more.",
        letters=("A-08",),
    )  # fmt: skip
    agency: _Name
    email: Email | None = None
    senior_title: Line = ""
    senior_email: Email | None = None
    phone: Line = ""
    address_lines: tuple[Line, ...] = ()
    arrived: bool = False
    reason: Reasons


class BodyAdded(Body):
    """A body that the policy does not list takes part in this case (s.104(7)): a landlord, probation."""

    kind: Literal["body.added"] = "body.added"
    does: ClassVar[ActKind | None] = ActKind(
        "add-body", turn=ALIVE, any_time=True, far_date=True,
        title="Add a body to the case", done="The body takes part in the case",
        lead="It is sent the application and asked for what it knows, as the others were. The panel can make "
        "recommendations to it.",
        words="{name} takes part in the case",
        letters=("A-01",),
    )  # fmt: skip
    name: _Name
    part: _Name
    email: Email
    senior_title: Line = ""
    senior_email: Email | None = None
    reason: Reasons


DirectoryHappening = AgencyCorrected | BodyAdded
