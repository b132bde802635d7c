"""The tables of a case: ``events`` and ``letters`` are what happened, those from ``incidents`` to ``reviews``
follow from it."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field

from register.columns import RegisterTable, UtcDateTime

_CASE = "cases.reference"


class PolicyVersion(RegisterTable, table=True):
    """A policy as cases were started under it, by the SHA-256 of its content; never changed."""

    __tablename__ = "policies"

    hash: str = Field(primary_key=True)
    id: str
    version: str
    document: str = Field(sa_type=Text)
    kept_at: datetime = Field(sa_type=UtcDateTime)


class CalendarSnapshot(RegisterTable, table=True):
    """Bank holidays and closure days as cases were given them, by their hash; never changed."""

    __tablename__ = "calendars"

    hash: str = Field(primary_key=True)
    source: str
    horizon: date
    document: str = Field(sa_type=Text)
    kept_at: datetime = Field(sa_type=UtcDateTime)


class Agency(RegisterTable, table=True):
    """The directory of a policy version: whom its cases ask, and to whom silence is escalated."""

    __tablename__ = "agencies"

    policy_hash: str = Field(foreign_key="policies.hash", primary_key=True)
    id: str = Field(primary_key=True)
    role: str
    name: str
    email: str
    senior_title: str
    senior_email: str
    relevant_body: bool


class Counter(RegisterTable, table=True):
    """The last running number given, by what it is of: a council's references of a year, ``DOV-2026``, or a day's
    batches of the print tray, ``tray-2026-11-23``."""

    __tablename__ = "counters"

    name: str = Field(primary_key=True)
    last: int


class Case(RegisterTable, table=True):
    """A case: what its workflow is started with, and where it stands as of ``as_of``.

    ``calendar_hash`` is the calendar given at receipt, ``calendar_now_hash`` the one that counts today. ``same_as`` is
    the case that goes on in place of this one, None where it is not the same as another.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_started_created_at", "started", "created_at"),
        Index("ix_cases_work_list", "council", "stage", "next_due", "reference", "officer", "demo", "as_of", "risk"),
    )

    reference: str = Field(primary_key=True)
    council: str = Field(index=True)
    policy_version: str
    policy_hash: str = Field(foreign_key="policies.hash")
    calendar_hash: str = Field(foreign_key="calendars.hash")
    calendar_now_hash: str = Field(foreign_key="calendars.hash")
    application_json: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=UtcDateTime)
    by_role: str
    by_name: str
    demo: bool
    intake_key: str | None = Field(default=None, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    started: bool = False
    as_of: datetime = Field(sa_type=UtcDateTime)
    stage: str = Field(index=True)
    waiting: str = Field(sa_type=Text)
    must_act: str
    next_due: date | None = Field(default=None, index=True)
    next_kind: str = ""
    next_title: str = ""
    breached: bool = False
    risk: int = 3
    officer: str = ""
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    same_as: str | None = None
    deadlines_json: str = Field(default="[]", sa_type=Text)


class Person(RegisterTable, table=True):
    """Somebody letters of a case go to; the case itself carries only this ``id``."""

    __tablename__ = "people"

    id: str = Field(primary_key=True)
    reference: str = Field(foreign_key=_CASE, index=True)
    role: str
    name: str
    email: str | None = None
    phone: str = ""
    address_json: str = Field(default="[]", sa_type=Text)
    preferences_json: str = Field(default="{}", sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Event(RegisterTable, table=True):
    """One event, kept as it was first recorded; only its place in the case, ``seq``, may be corrected."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_reference_seq", "reference", "seq"),)

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    id: str = Field(primary_key=True)
    seq: int
    kind: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    role: str
    actor: str
    body: str = Field(sa_type=Text)


class Letter(RegisterTable, table=True):
    """One letter as it was rendered, and what became of it; ``arrived`` is what a person found out.

    ``means`` is the way it goes, empty where its reader has none that is safe, and ``next_means`` the one after that.
    ``batch`` and ``printed_at`` are of its printing, ``posted_on`` and ``post_class`` of its posting.
    """

    __tablename__ = "letters"

    key: str = Field(primary_key=True)
    reference: str = Field(foreign_key=_CASE, index=True)
    kind: str
    to_party: str
    to_id: str
    to_name: str
    address: str = Field(sa_type=Text)
    means: str = "email"
    next_means: str = ""
    event_id: str
    template: str
    template_version: str
    policy_version: str
    subject: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    html: str = Field(sa_type=Text)
    sha256: str
    message_id: str
    state: str = Field(index=True)
    code: int | None = None
    words: str = Field(default="", sa_type=Text)
    attempts: int = 0
    told_json: str = Field(default="{}", sa_type=Text)
    arrived: bool | None = None
    received_on: date | None = None
    batch: str = Field(default="", index=True)
    printed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    posted_on: date | None = None
    post_class: str = ""
    rendered_at: datetime = Field(sa_type=UtcDateTime)
    handing_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LetterFile(RegisterTable, table=True):
    """A file that goes with a letter, or is the letter on paper: its bytes as sent, for ever."""

    __tablename__ = "letter_files"

    key: str = Field(foreign_key="letters.key", primary_key=True)
    name: str = Field(primary_key=True)
    media_type: str
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str


class Incident(RegisterTable, table=True):
    """One complaint of the application, or added later; ``occurred_unsure`` and ``reported_unsure`` where nobody knows
    its days for sure."""

    __tablename__ = "incidents"

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    id: str = Field(primary_key=True)
    occurred: date
    occurred_until: date | None = None
    occurred_unsure: bool
    reported: date
    reported_until: date | None = None
    reported_unsure: bool
    reported_to: str
    agency_reference: str
    what: str = Field(sa_type=Text)
    category: str
    reporter: str
    premises: str


class Enquiry(RegisterTable, table=True):
    """What one agency was asked, and whether it answered; ``took`` are the working days from the one to the other."""

    __tablename__ = "enquiries"

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    key: str = Field(primary_key=True)
    purpose: str
    agency: str = Field(index=True)
    round: int
    asked_on: date
    answered_on: date | None = None
    proceeded_on: date | None = None
    took: int | None = None
    contact: str = ""


class Recommendation(RegisterTable, table=True):
    """A recommendation, its addressee's answer and the action it became; ``open`` keeps the case open."""

    __tablename__ = "recommendations"

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    id: str = Field(primary_key=True)
    addressee: str = Field(index=True)
    text: str = Field(sa_type=Text)
    round: int
    made_on: date
    response: str = ""
    answered_on: date | None = None
    due: date | None = None
    done_on: date | None = None
    open: bool


class Appeal(RegisterTable, table=True):
    """One appeal of a case, counted from 1."""

    __tablename__ = "appeals"

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    number: int = Field(primary_key=True)
    subject: str
    route: str
    body: str
    lodged_on: date
    late: bool
    heard_on: date | None = None
    decision: str = ""
    told: bool


class Deadline(RegisterTable, table=True):
    """One dated duty of a case as last planned; ``spare`` are the working days left when it was done in time."""

    __tablename__ = "deadlines"
    __table_args__ = (Index("ix_deadlines_running_due", "running", "due"),)

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    key: str = Field(primary_key=True)
    step: str
    owner: str
    agency: str = ""
    public: bool
    due: date
    promised: date
    state: str
    running: bool
    ended_on: date | None = Field(default=None, index=True)
    breached: bool
    spare: int | None = None


class Decision(RegisterTable, table=True):
    """One decision on the threshold of a case, counted from 1; ``ground`` is empty where it was met."""

    __tablename__ = "decisions"

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    number: int = Field(primary_key=True)
    decided_on: date = Field(index=True)
    met: bool
    ground: str = ""


class Review(RegisterTable, table=True):
    """One review that a case's panel carried out, counted from 1."""

    __tablename__ = "reviews"

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    number: int = Field(primary_key=True)
    held_on: date = Field(index=True)
    recommendations: int


class PendingAct(RegisterTable, table=True):
    """An act on its way to its case, by the id of its Update; gone as soon as the case answers.

    ``waits`` once nobody answered whoever sent it. ``refused`` is the sentence of a case that did not take it
    afterwards: such a row stays until somebody has seen it.
    """

    __tablename__ = "pending_acts"
    __table_args__ = (Index("ix_pending_acts_reference_kept_at", "reference", "kept_at"),)

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    id: str = Field(primary_key=True)
    act: str
    role: str
    actor: str
    body: str = Field(sa_type=Text)
    kept_at: datetime = Field(sa_type=UtcDateTime)
    waits: bool = False
    refused: str = ""
    refused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
