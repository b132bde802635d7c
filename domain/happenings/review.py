"""The review itself: the panel, the plan, the outcome, the recommendations, the follow-up and the closure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal

from domain.application import Carried, Line, Text
from domain.happenings.body import Body, Reasons, Role


class Seat(Carried):
    """Somebody on a panel. ``conflict``: what they declared, or empty; ``agency``: their body's id."""

    name: Line
    organisation: Line = ""
    email: Line = ""
    agency: str = ""
    independent: bool = True
    conflict: Text = ""


class PanelArranged(Body):
    """The panel's date, place, chair and members. Given again, it re-arranges the panel and says why."""

    kind: Literal["panel.arranged"] = "panel.arranged"
    act: ClassVar[str | None] = "arrange-panel"
    on: date
    time: Line = "10:00"
    place: Line = ""
    chair: Seat
    members: tuple[Seat, ...] = ()
    reason: Text = ""


class AttendanceChosen(Body):
    """How the applicant will be heard: in person, by a link, through somebody, by a statement, not at all."""

    kind: Literal["attendance.chosen"] = "attendance.chosen"
    act: ClassVar[str | None] = "choose-attendance"
    who: ClassVar[Role] = Role.APPLICANT
    mode: Line
    statement: Text = ""


class PapersSent(Body):
    """The panel has its papers."""

    kind: Literal["papers.sent"] = "papers.sent"
    act: ClassVar[str | None] = "send-papers"
    documents: tuple[Line, ...] = ()


class PanelAdjourned(Body):
    """The panel met, or could not, and goes on another day. The promised dates do not move."""

    kind: Literal["panel.adjourned"] = "panel.adjourned"
    act: ClassVar[str | None] = "adjourn-panel"
    who: ClassVar[Role] = Role.CHAIR
    until: date
    reason: Reasons


class Recommendation(Carried):
    """What the panel asks of a body that exercises public functions (s.104(7)); ``to`` is an agency's id.

    ``due`` is when the action it asks for should be done, if the panel named a day.
    """

    id: str = ""
    to: str
    text: Reasons
    reason: Text = ""
    due: date | None = None


class PanelHeld(Body):
    """The chair's decision: what was found, issue by issue, and what is recommended to whom.

    ``present`` are those who decided; ``conflicts`` says who declared a conflict of interest, and what was done then.
    """

    kind: Literal["panel.held"] = "panel.held"
    act: ClassVar[str | None] = "record-panel-decision"
    who: ClassVar[Role] = Role.CHAIR
    on: date
    present: tuple[Line, ...] = ()
    conflicts: Text = ""
    findings: Reasons
    recommendations: tuple[Recommendation, ...] = ()


class PlanPut(Body):
    """The draft plan was put to the applicant before it is final (guidance 2025)."""

    kind: Literal["plan.put"] = "plan.put"


class PlanCommented(Body):
    """What the applicant says of the draft plan."""

    kind: Literal["plan.commented"] = "plan.commented"
    act: ClassVar[str | None] = "comment-on-plan"
    who: ClassVar[Role] = Role.APPLICANT
    comments: Text = ""


class PlanWindowShut(Body):
    """The applicant's time to comment on the draft plan passed without a word."""

    kind: Literal["plan.window_shut"] = "plan.window_shut"


class OutcomeDecided(Body):
    """The outcome and recommendations go to the applicant (s.104(8)).

    ``reasons`` are the panel's, in plain words.
    """

    kind: Literal["outcome.decided"] = "outcome.decided"
    act: ClassVar[str | None] = "send-outcome"
    reasons: Reasons


class ReceiptConfirmed(Body):
    """The applicant (or the post) says when a decision letter arrived; it replaces the deemed date."""

    kind: Literal["letter.received"] = "letter.received"
    act: ClassVar[str | None] = "confirm-receipt"
    who: ClassVar[Role] = Role.APPLICANT
    letter: Literal["threshold", "outcome"] = "outcome"
    on: date


class Response(StrEnum):
    ACCEPTED = "accepted"
    IN_PART = "in_part"
    DECLINED = "declined"


class RecommendationAnswered(Body):
    """The addressee accepts, accepts in part, or declines with reasons (have-regard duty; FOL-24)."""

    kind: Literal["recommendation.answered"] = "recommendation.answered"
    act: ClassVar[str | None] = "answer-recommendation"
    who: ClassVar[Role] = Role.AGENCY
    recommendation: str
    response: Response
    reasons: Text = ""
    due: date | None = None


class ActionDone(Body):
    """What was recommended and accepted has been done; ``evidence`` says how anyone can see it."""

    kind: Literal["action.done"] = "action.done"
    act: ClassVar[str | None] = "complete-action"
    who: ClassVar[Role] = Role.AGENCY
    recommendation: str
    on: date
    evidence: Reasons


class FollowUpHeld(Body):
    """The further review: has each action been done, has the behaviour stopped (K04-28)."""

    kind: Literal["follow_up.held"] = "follow_up.held"
    act: ClassVar[str | None] = "hold-follow-up"
    on: date
    behaviour_stopped: bool
    findings: Reasons


class ClosureNotified(Body):
    """The applicant was told why the case is about to close and how to object."""

    kind: Literal["closure.notified"] = "closure.notified"
    act: ClassVar[str | None] = "notify-closure"
    reason: Text = ""


class ClosureObjected(Body):
    """The applicant objects: the case stays open until the officer has dealt with it."""

    kind: Literal["closure.objected"] = "closure.objected"
    act: ClassVar[str | None] = "object-to-closure"
    who: ClassVar[Role] = Role.APPLICANT
    reason: Reasons


class Closed(Body):
    """The case is closed, and the applicant is told (K04-29)."""

    kind: Literal["case.closed"] = "case.closed"
    reason: Text = ""
