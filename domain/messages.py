"""What travels between a case's workflow, its activities and the people who act on it.

One model per call, every later field with a default, so that a running case outlives its code.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from pydantic import SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import from_json, to_json

from domain.application import Application, Carried, Means
from domain.deadlines import Deadline
from domain.events import Actor, Body, Event
from domain.keys import LetterKey
from domain.shared import SharedCalendar, SharedPolicy


class Party(StrEnum):
    """To whom a letter goes. ``officer`` is the case's officer or the team, ``senior`` an agency's named post,
    ``further_person`` somebody besides the applicant who is part of the application, ``safety`` whoever the policy
    names for safety referrals, ``manager`` the council's own, or with that id its deputy."""

    APPLICANT = "applicant"
    REPRESENTATIVE = "representative"
    AGENCY = "agency"
    SENIOR = "senior"
    CHAIR = "chair"
    MEMBER = "member"
    APPEAL_BODY = "appeal_body"
    OFFICER = "officer"
    FURTHER = "further_person"
    SAFETY = "safety"
    MANAGER = "manager"


class Recipient(Carried):
    """``id`` is an agency's or a safety contact's id, a panel member's seat, a person's id or ``deputy``; empty where
    the party says it all."""

    party: Party
    id: str = ""

    @property
    def words(self) -> str:
        """An agency by its id, anybody else by their part: no personal data."""
        agency = self.party in (Party.AGENCY, Party.SENIOR, Party.SAFETY, Party.MANAGER) and self.id
        return f"{self.id}" if agency else self.party.value.replace("_", " ")


class LetterOrder(Carried):
    """One letter to be rendered and sent once. ``key`` is made of the case, the event and the purpose; it is rendered
    from the case's first ``upto`` events, so that a later attempt says what the first would have said. A ``current``
    one tells of its event with what holds when it is written: ``upto`` is then every event of its turn.

    It goes by no way in ``failed``, and by one in ``avoid`` only where there is no other."""

    key: str
    letter: str
    to: Recipient
    event: str
    upto: int
    failed: tuple[Means, ...] = ()
    avoid: tuple[Means, ...] = ()
    current: bool = False

    def in_turn(self, events: int) -> LetterOrder:
        """The order as it is handed over with a turn, when the case has so many events."""
        return self.model_copy(update={"upto": events}) if self.current else self

    @property
    def written_from(self) -> int:
        """How many events it is written from; 0 for one that is written from those up to its own."""
        return self.upto if self.current else 0

    @property
    def reference(self) -> str:
        """The case it is of."""
        return LetterKey.read(self.key).reference

    @property
    def summary(self) -> str:
        return f"{self.letter} to {self.to.words}"


class Numbered(Carried):
    """An event and its place in the case, from 1."""

    seq: int
    event: Event


class NotTaken(Carried):
    """Stands where a message would that was not sealed for its reader; ``why`` is a sentence for who looks into it."""

    why: str


class Turn(Carried):
    """What one step of the story wants kept and sent: events for the register, then letters.

    ``id`` is its own in all of a case's life: what comes of it names it.
    """

    reference: str
    as_of: datetime
    events: tuple[Numbered, ...] = ()
    letters: tuple[LetterOrder, ...] = ()
    id: str = ""


class TurnDone(Carried):
    """The ``letter.posted`` events that came of the turn of this id, already in the register.

    ``turn`` is empty in the histories of 0.1.0 alone.
    """

    posted: tuple[Event, ...] = ()
    turn: str = ""


What = TypeVar("What", bound=Body)


class Act(Carried, Generic[What]):
    """What somebody does to a case: the one argument of its Update or Signal.

    ``id`` makes it count once, however often it is sent; an Update goes under the same one.
    """

    by: Actor
    what: What
    id: str = ""


def act_of(by: Actor, what: Body, id: str) -> Act[Any]:
    """An act of just this body's kind, as the Update or Signal of its name takes it."""
    kind = cast("type[Act[Any]]", Act.__class_getitem__(type(what)))
    return kind(by=by, what=what, id=id)


class Accepted(Carried):
    """An act was taken: the event it became, the stage the case is in, and what it waits for now."""

    event: str
    kind: str
    stage: str
    waiting: str


class Situation(Carried):
    """A case as its workflow sees it: the answer to the Query ``situation``.

    ``settled`` is False while something that happened is still being kept in the register or sent.
    """

    reference: str
    council: str
    stage: str
    waiting: str
    must_act: str
    now: datetime
    possible: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    events: tuple[Event, ...] = ()
    settled: bool = True


class CarriedOver(Carried):
    """Everything a case has come to, for a new run of it: its events, and what is still to be kept or sent.

    ``packed`` has it travel compressed, because Temporal takes no message of more than 2 MB. Its events are then one
    text, which a release that cannot unpack it refuses instead of beginning the case with nothing.
    """

    events: tuple[Event, ...] = ()
    unrecorded: tuple[int, ...] = ()
    unsent: tuple[LetterOrder, ...] = ()
    seen: Mapping[str, Accepted] = {}
    packed: bool = False

    @model_serializer(mode="wrap")
    def _pack(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        given: dict[str, Any] = whole(self)
        return {"events": b64encode(zlib.compress(to_json(given))).decode()} if self.packed else given

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, given: Any) -> Any:
        packed = given.get("events") if isinstance(given, Mapping) else None
        return from_json(zlib.decompress(b64decode(packed))) if isinstance(packed, str) else given


class Start(Carried):
    """A case's beginning. The policy and the calendar travel as data: an upgrade never moves a running case's dates."""

    reference: str
    policy: SharedPolicy
    calendar: SharedCalendar
    application: Application
    made_at: datetime
    by: Actor
    demo: bool = False
    progress: CarriedOver | None = None
