"""The keeping of a case: dates moved, paused, corrected or chased, notes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Line, Text
from domain.happenings.body import Body, Reasons, Role
from domain.policy import Milestone, Rung, StepId
from domain.shared import SharedCalendar


class Extended(Body):
    """A promise moves, with a reason and a letter, before it lapses.

    ``step`` is a deadline's key and may name one item: ``action:R1``.
    """

    kind: Literal["deadline.extended"] = "deadline.extended"
    act: ClassVar[str | None] = "extend"
    step: Line
    working_days: Annotated[int, Field(ge=1, le=120)]
    reason: Reasons
    approved_by: Line = ""


class HoldStarted(Body):
    """The victim asked for a pause; nobody else may. ``until`` is its end unless it is ended sooner."""

    kind: Literal["hold.started"] = "hold.started"
    act: ClassVar[str | None] = "hold"
    until: date
    reason: Reasons
    at_victims_request: bool = False


class HoldEnded(Body):
    """The pause ends early."""

    kind: Literal["hold.ended"] = "hold.ended"
    act: ClassVar[str | None] = "resume"


class OfficerAssigned(Body):
    """The case has a new single point of contact, and the applicant is told.

    ``taken_from`` is who had it when somebody took it for themselves, empty for nobody: two who take it at once do not
    both get it. None where it is given to them.
    """

    kind: Literal["officer.assigned"] = "officer.assigned"
    act: ClassVar[str | None] = "assign-officer"
    officer: Annotated[Line, Field(min_length=1)]
    email: Line = ""
    taken_from: Line | None = None


class CallRequested(Body):
    """The applicant asks to be rung.

    ``when`` is when it is safe to ring, ``voicemail`` whether a message may be left.
    """

    kind: Literal["call.requested"] = "call.requested"
    act: ClassVar[str | None] = "ask-for-call"
    who: ClassVar[Role] = Role.APPLICANT
    phone: Annotated[Line, Field(min_length=1)]
    when: Reasons
    voicemail: bool = False
    about: Text = ""


class CallMade(Body):
    """Somebody rang the applicant. Where they did not speak, the call is still to be made."""

    kind: Literal["call.made"] = "call.made"
    act: ClassVar[str | None] = "record-call"
    spoke: bool
    note: Text = ""


class NoteAdded(Body):
    """Something the case file should hold."""

    kind: Literal["note.added"] = "note.added"
    act: ClassVar[str | None] = "add-note"
    text: Reasons


class DocumentAdded(Body):
    """A document came to the case; the register keeps its bytes, the case what it is.

    ``document`` is its id in the register, ``size`` in bytes, ``given_by`` whom it came from where another put it in.
    """

    kind: Literal["document.added"] = "document.added"
    act: ClassVar[str | None] = "add-document"
    document: Annotated[Line, Field(min_length=1)]
    name: Annotated[Line, Field(min_length=1)]
    media_type: Annotated[Line, Field(min_length=1)]
    size: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    given_by: Line = ""
    about: Line = ""


class DateCorrected(Body):
    """A date was recorded wrongly; every deadline is planned again, and promised dates do not move later."""

    kind: Literal["date.corrected"] = "date.corrected"
    act: ClassVar[str | None] = "correct-date"
    milestone: Milestone
    to: date
    reason: Reasons


class CalendarChanged(Body):
    """A bank holiday was declared or a closure changed; dates already promised do not move later."""

    kind: Literal["calendar.changed"] = "calendar.changed"
    act: ClassVar[str | None] = "change-calendar"
    who: ClassVar[Role] = Role.OPERATIONS
    calendar: SharedCalendar
    reason: Reasons


class Chased(Body):
    """A rung of the chasing ladder was reached: a reminder, a warning or an escalation went out."""

    kind: Literal["deadline.chased"] = "deadline.chased"
    rung: Rung
    deadline: str
    step: StepId
    due: date
    to: str


class ActRefused(Body):
    """A Signal that the rules do not allow: kept and shown, never swallowed."""

    kind: Literal["act.refused"] = "act.refused"
    refused: str
    sentence: str
