"""Who brings an event about, the shape its content has, and what is known of the act that does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from domain.application import Carried
from domain.stage import Stage
from domain.substance import SUBSTANCE
from domain.terms import StepId

Reasons = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), SUBSTANCE]


class Role(StrEnum):
    """Who acted. ``clock`` is the service itself, keeping a date."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    CHAIR = "chair"
    AGENCY = "agency"
    APPEAL_BODY = "appeal_body"
    OPERATIONS = "operations"
    CLOCK = "clock"


EVERYBODY = frozenset(Role) - {Role.CLOCK}


class Actor(Carried):
    """``name`` is a person, a post, or for an agency its id in the policy."""

    role: Role
    name: str = ""


CLOCK = Actor(role=Role.CLOCK, name="the service")


@dataclass(frozen=True)
class Ending:
    """How a case ends: the stage it is in from then on, and the words for that, for staff and for the applicant.

    ``completed``: it had come to its end, so what it had no need of did not stop half way.
    """

    stage: Stage
    waiting: str
    told: str
    completed: bool = False


@dataclass(frozen=True)
class ActKind:
    """What is known of an act: its row, which stands beside the body it takes. Every table of acts is made of these.

    ``name`` is that of its Update. ``who`` says whose part it usually is and ``also`` who else may do it; an officer
    may do any, writing down what others say. ``turn`` are the stages in which it can have its turn, and ``any_time``
    says that it does not move a case on by itself, whatever its stage.

    ``title`` heads its form, ``done`` is said when it was taken, ``lead`` says what comes of it, and ``words`` what
    happened, with the body's fields in braces; empty where the timeline finds words for it. ``letters`` are the kinds
    it can send at once. ``far_date``: it leads to a date that may lie past the known bank holidays, so that it is
    counted before it is taken. ``meeting`` is the step whose meeting it gives a day. ``ends`` is how the case ends by
    it, None where it goes on.

    The sentence against it stands in ``domain.refusals``, under ``rule``.
    """

    name: str
    turn: frozenset[Stage]
    title: str
    done: str
    lead: str = ""
    words: str = ""
    who: Role = Role.OFFICER
    also: frozenset[Role] = frozenset()
    any_time: bool = False
    far_date: bool = False
    meeting: StepId | None = None
    letters: tuple[str, ...] = ()
    ends: Ending | None = None

    @property
    def may(self) -> frozenset[Role]:
        """The roles that may do it."""
        return frozenset({self.who, Role.OFFICER}) | self.also


class Body(Carried):
    """The content of an event.

    ``does`` is the act that brings it about, None where the service itself does. ``act`` is its name, and ``who`` says
    whose part it usually is.
    """

    does: ClassVar[ActKind | None] = None
    act: ClassVar[str | None] = None
    who: ClassVar[Role] = Role.OFFICER

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if cls.does is not None:
            cls.act, cls.who = cls.does.name, cls.does.who

    @property
    def ending(self) -> Ending | None:
        """How the case ends by this, None where it goes on."""
        return self.does.ends if self.does else None
