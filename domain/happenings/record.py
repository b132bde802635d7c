"""The keeping of a case: dates moved, paused, corrected or chased, notes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Incident, Line, Text
from domain.happenings.body import EVERYBODY, ActKind, Body, Ending, Reasons, Role
from domain.policy import Milestone, Rung, StepId
from domain.shared import SharedCalendar
from domain.stage import ALIVE, ANY_STAGE, Stage


class IncidentAdded(Body):
    """A further incident: logged with the case, acted on by the body it was reported to (K04-17, K04-22)."""

    kind: Literal["incident.added"] = "incident.added"
    does: ClassVar[ActKind | None] = ActKind(
        "add-incident", who=Role.APPLICANT, also=frozenset({Role.AGENCY}), turn=ALIVE, any_time=True,
        title="Add a further incident", done="The incident is added",
        lead="It counts towards the threshold on the day the application was made.",
        words="Incident of {incident.happened_on} added, reported {incident.reported_on}",
        letters=("L-17", "A-18"),
    )  # fmt: skip
    incident: Incident


class Withdrawn(Body):
    """The applicant withdrew, and is sent a confirmation."""

    kind: Literal["application.withdrawn"] = "application.withdrawn"
    does: ClassVar[ActKind | None] = ActKind(
        "withdraw", who=Role.APPLICANT, turn=ALIVE, any_time=True,
        title="Withdraw the application", done="The application is withdrawn",
        lead="Only when the applicant asks for it. The case ends, and the applicant gets a confirmation.",
        words="Application withdrawn",
        letters=("L-02a", "L-16", "A-06c", "A-18"),
        ends=Ending(
            Stage.WITHDRAWN, "withdrawn by the applicant",
            "You withdrew your application, so the case has ended. You can apply again.",
        ),
    )  # fmt: skip
    reason: Text = ""


class Extended(Body):
    """A promise moves, with a reason and a letter, before it lapses.

    ``step`` is a deadline's key and may name one item: ``action:R1``.
    """

    kind: Literal["deadline.extended"] = "deadline.extended"
    does: ClassVar[ActKind | None] = ActKind(
        "extend", turn=ALIVE, any_time=True, far_date=True,
        title="Move a promised date", done="The date is moved",
        lead="The applicant gets a letter with the reason and the new date. The date first promised stays on the case.",
        letters=("L-08", "A-18"),
    )  # fmt: skip
    step: Line
    working_days: Annotated[int, Field(ge=1, le=800)]
    reason: Reasons
    approved_by: Line = ""


class ExtensionUndone(Body):
    """An extension was not needed after all: the promise stands as it was first given.

    ``step`` is the deadline's key, as for an extension.
    """

    kind: Literal["extension.undone"] = "extension.undone"
    does: ClassVar[ActKind | None] = ActKind(
        "undo-extension", turn=ALIVE, any_time=True,
        title="Undo an extension", done="The date first promised stands again",
        lead="Only while the date first promised lies ahead. Whoever was told of the new date is told that the first "
        "one stands.",
        letters=("L-08u", "A-18"),
    )  # fmt: skip
    step: Line
    reason: Reasons


class HoldStarted(Body):
    """The victim asked for a pause; nobody else may. ``until`` is its end unless it is ended sooner."""

    kind: Literal["hold.started"] = "hold.started"
    does: ClassVar[ActKind | None] = ActKind(
        "hold", also=frozenset({Role.APPLICANT}), turn=ALIVE, any_time=True, far_date=True,
        title="Put the case on hold", done="The case is on hold",
        lead="Only at the victim’s request: an agency’s silence never stops a clock.",
        words="Put on hold until {until} at the victim's request",
        letters=("L-07h",),
    )  # fmt: skip
    until: date
    reason: Reasons
    at_victims_request: bool = False


class HoldEnded(Body):
    """The pause ends early."""

    kind: Literal["hold.ended"] = "hold.ended"
    does: ClassVar[ActKind | None] = ActKind(
        "resume", also=frozenset({Role.APPLICANT}), turn=ALIVE, any_time=True,
        title="Go on with the case", done="The case goes on",
        lead="The hold ends today.",
        words="Hold ended",
        letters=("L-07",),
    )  # fmt: skip


class OfficerAssigned(Body):
    """The case has a new single point of contact, and the applicant is told.

    ``taken_from`` is who had it when somebody took it for themselves, empty for nobody: two who take it at once do not
    both get it. None where it is given to them.
    """

    kind: Literal["officer.assigned"] = "officer.assigned"
    does: ClassVar[ActKind | None] = ActKind(
        "assign-officer", also=frozenset({Role.OPERATIONS}), turn=ALIVE, any_time=True,
        title="Give the case to an officer", done="The case has a new officer",
        lead="The applicant is told.",
        words="Case assigned to {officer}",
        letters=("L-07",),
    )  # fmt: skip
    officer: Annotated[Line, Field(min_length=1)]
    email: Line = ""
    taken_from: Line | None = None


class RepresentativeChanged(Body):
    """Who acts for the victim changes: ``representative`` is a person id, empty where nobody acts now.

    ``until`` is the last day on which they may act; None for as long as the victim consents.
    """

    kind: Literal["representative.changed"] = "representative.changed"
    does: ClassVar[ActKind | None] = ActKind(
        "change-representative", also=frozenset({Role.APPLICANT}), turn=ALIVE, any_time=True,
        title="Change who acts for the victim", done="Who acts for the victim is changed",
        lead="Letters then go to the new representative. Whoever acted before is told that it has ended.",
        letters=("R-01", "R-02", "R-03", "A-18"),
    )  # fmt: skip
    representative: Line = ""
    victim_consents: bool = False
    until: date | None = None


class CallRequested(Body):
    """The applicant asks to be rung.

    ``when`` is when it is safe to ring, ``voicemail`` whether a message may be left.
    """

    kind: Literal["call.requested"] = "call.requested"
    does: ClassVar[ActKind | None] = ActKind(
        "ask-for-call", who=Role.APPLICANT, turn=ALIVE, any_time=True,
        title="Record that the applicant asks for a call", done="It is recorded that the applicant asks for a call",
        lead="The case waits for it until somebody has spoken with them.",
        words="Asked for a call: {when}",
        letters=("A-18",),
    )  # fmt: skip
    phone: Annotated[Line, Field(min_length=1)]
    when: Reasons
    voicemail: bool = False
    about: Text = ""


class CallMade(Body):
    """Somebody rang the applicant. Where they did not speak, the call is still to be made."""

    kind: Literal["call.made"] = "call.made"
    does: ClassVar[ActKind | None] = ActKind(
        "record-call", turn=ALIVE, any_time=True,
        title="Record a call to the applicant", done="The call is recorded",
        lead="Where you did not reach them, it is still to be made.",
    )  # fmt: skip
    spoke: bool
    note: Text = ""


class NoteAdded(Body):
    """Something the case file should hold."""

    kind: Literal["note.added"] = "note.added"
    does: ClassVar[ActKind | None] = ActKind(
        "add-note", also=EVERYBODY, turn=ANY_STAGE, any_time=True,
        title="Add a note", done="The note is added",
        lead="Notes stay in the case and go to nobody.",
        words="Note: {text}",
    )  # fmt: skip
    text: Reasons


class DocumentAdded(Body):
    """A document came to the case; the register keeps its bytes, the case what it is.

    ``document`` is its id in the register, ``size`` in bytes, ``given_by`` whom it came from where another put it in.
    """

    kind: Literal["document.added"] = "document.added"
    does: ClassVar[ActKind | None] = ActKind(
        "add-document", also=EVERYBODY, turn=ANY_STAGE, any_time=True,
        title="Add a document", done="The document is added",
        lead="It stays in the case and goes to nobody.",
        letters=("A-18",),
    )  # fmt: skip
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
    does: ClassVar[ActKind | None] = ActKind(
        "correct-date", also=frozenset({Role.OPERATIONS}), turn=ALIVE, any_time=True, far_date=True,
        title="Correct a date", done="The date is corrected",
        lead="Every deadline is worked out again. Dates already promised in a letter do not move later.",
        letters=("L-22",),
    )  # fmt: skip
    milestone: Milestone
    to: date
    reason: Reasons


class CalendarChanged(Body):
    """A bank holiday was declared or a closure changed; dates already promised do not move later."""

    kind: Literal["calendar.changed"] = "calendar.changed"
    does: ClassVar[ActKind | None] = ActKind(
        "change-calendar", who=Role.OPERATIONS, turn=ALIVE, any_time=True, far_date=True,
        title="Add a closed day to the calendar", done="The case counts by the new calendar",
        lead="For a bank holiday that was declared, or days the council is closed. Promised dates do not move later.",
        words="Calendar changed: {reason}",
    )  # fmt: skip
    calendar: SharedCalendar
    reason: Reasons


class Chased(Body):
    """A rung of the chasing ladder was reached: a reminder, a warning or an escalation went out, or a promise needs a
    delay letter that only a person can write.

    ``reason`` is why a promise is not kept, where the applicant is told.
    """

    kind: Literal["deadline.chased"] = "deadline.chased"
    rung: Rung
    deadline: str
    step: StepId
    due: date
    to: str
    reason: str = ""


class ActRefused(Body):
    """Something sent to the case that the rules do not allow, or that nobody of the council sent: kept and shown, never
    swallowed. ``id`` is the one its sender gave it, so that it is not taken later either."""

    kind: Literal["act.refused"] = "act.refused"
    refused: str
    sentence: str
    id: str = ""


RecordHappening = (
    IncidentAdded
    | Withdrawn
    | Extended
    | ExtensionUndone
    | HoldStarted
    | HoldEnded
    | OfficerAssigned
    | RepresentativeChanged
    | CallRequested
    | CallMade
    | NoteAdded
    | DocumentAdded
    | DateCorrected
    | CalendarChanged
    | Chased
    | ActRefused
)
