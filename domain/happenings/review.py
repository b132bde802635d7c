"""The review itself: the panel, the plan, the outcome, the recommendations, the follow-up and the closure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Carried, Line, Text
from domain.happenings.body import ActKind, Body, Reasons, Role
from domain.policy import StepId
from domain.stage import AFTER_PANEL, ALIVE, BEFORE_DECISION, REVIEWING, Stage


class Seat(Carried):
    """Somebody on a panel. ``conflict``: what they declared, or empty; ``agency``: their body's id."""

    name: Line
    organisation: Line = ""
    email: Line = ""
    agency: str = ""
    independent: bool = True
    conflict: Text = ""


class PanelArranged(Body):
    """The panel's date, place, chair and members. Given again, it re-arranges the panel and says why.

    A victim who is not ``invited`` has the chair's reasons in writing, and is ``heard_instead`` in another way. On a
    day after one that the applicant was promised, it moves that promise too: ``answer_by`` is the new day of the full
    answer, ``reason`` why, and ``approved_by`` who agreed.
    """

    kind: Literal["panel.arranged"] = "panel.arranged"
    does: ClassVar[ActKind | None] = ActKind(
        "arrange-panel", also=frozenset({Role.CHAIR}), turn=REVIEWING, far_date=True, meeting=StepId.PANEL,
        title="Arrange the panel", done="The panel is arranged",
        lead="The applicant, the chair and the members are told. Arranged again, it is moved, and everybody is told "
        "why.",
        words="Panel arranged for {on}, chaired by {chair.name}",
        letters=("L-02a", "L-05", "L-06", "A-06", "A-06c"),
    )  # fmt: skip
    on: date
    time: Line = "10:00"
    place: Line = ""
    chair: Seat
    members: tuple[Seat, ...] = ()
    invited: bool = True
    reasons_not_invited: Text = ""
    heard_instead: Text = ""
    reason: Text = ""
    answer_by: date | None = None
    approved_by: Line = ""


class AttendanceChosen(Body):
    """How the applicant will be heard: in person, by a link, through somebody, by a statement, not at all.

    ``statement`` is what they want the panel to hear: what the behaviour does to them (an impact statement).
    ``news``: it was said on their own page, so the officer is told.
    """

    kind: Literal["attendance.chosen"] = "attendance.chosen"
    does: ClassVar[ActKind | None] = ActKind(
        "choose-attendance", who=Role.APPLICANT, turn=BEFORE_DECISION | REVIEWING,
        title="Record how the applicant will take part", done="How the applicant takes part is recorded",
        words="The applicant takes part {mode}",
        letters=("A-18",),
    )  # fmt: skip
    mode: Line
    statement: Text = ""
    news: bool = False


class PapersSent(Body):
    """The panel has its papers."""

    kind: Literal["papers.sent"] = "papers.sent"
    does: ClassVar[ActKind | None] = ActKind(
        "send-papers", also=frozenset({Role.CHAIR}), turn=frozenset({Stage.PANEL}),
        title="Send the papers to the panel", done="The papers are on their way to the panel",
        words="Papers sent to the panel",
        letters=("A-07",),
    )  # fmt: skip
    documents: tuple[Line, ...] = ()


class PanelAdjourned(Body):
    """The panel met, or could not, and goes on another day. The promised dates do not move."""

    kind: Literal["panel.adjourned"] = "panel.adjourned"
    does: ClassVar[ActKind | None] = ActKind(
        "adjourn-panel", who=Role.CHAIR, turn=frozenset({Stage.PANEL}), far_date=True, meeting=StepId.PANEL,
        title="Adjourn the panel", done="The panel is adjourned",
        lead="The dates promised to the applicant do not move.",
        words="Panel adjourned to {until}",
        letters=("L-02a", "L-05", "L-06", "A-06"),
    )  # fmt: skip
    until: date
    reason: Reasons


class Recommendation(Carried):
    """What the panel asks of a body that exercises public functions (s.104(7)); ``to`` is an agency's id.

    ``due`` is when the action it asks for should be done, if the panel named a day, and ``power`` the id of what is to
    be used, of the menu in ``domain.powers``.
    """

    id: str = ""
    to: str
    text: Reasons
    reason: Text = ""
    due: date | None = None
    power: Line = ""


class PanelHeld(Body):
    """The chair's decision: what was found, issue by issue, and what is recommended to whom.

    ``present`` are those who decided; ``conflicts`` says who declared a conflict of interest, and what was done then.
    """

    kind: Literal["panel.held"] = "panel.held"
    does: ClassVar[ActKind | None] = ActKind(
        "record-panel-decision", who=Role.CHAIR, turn=frozenset({Stage.PANEL}), far_date=True,
        title="Record the panel’s decision", done="The panel’s decision is recorded",
        lead="Each recommendation goes to its addressee, and the draft plan to the applicant.",
        letters=("A-08",),
    )  # fmt: skip
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
    does: ClassVar[ActKind | None] = ActKind(
        "comment-on-plan", who=Role.APPLICANT, turn=frozenset({Stage.PLAN}),
        title="Record what the applicant says of the plan", done="The applicant’s comments are recorded",
        words="Applicant commented on the plan",
        letters=("A-18",),
    )  # fmt: skip
    comments: Text = ""


class PlanWindowShut(Body):
    """The applicant's time to comment on the draft plan passed without a word."""

    kind: Literal["plan.window_shut"] = "plan.window_shut"


class IssueOutcome(Carried):
    """What one problem that was raised comes to (SDB-16).

    ``reports`` are the ids of the incidents it is about, ``done`` what each agency had done about it, ``finding`` what
    the panel found, ``next`` what will be done.
    """

    issue: Annotated[Line, Field(min_length=1)]
    reports: tuple[Line, ...] = ()
    done: Reasons
    finding: Reasons
    next: Reasons


class OutcomeDecided(Body):
    """The outcome and recommendations go to the applicant (s.104(8)), issue by issue.

    ``reasons`` are the panel's, in plain words.
    """

    kind: Literal["outcome.decided"] = "outcome.decided"
    does: ClassVar[ActKind | None] = ActKind(
        "send-outcome", turn=frozenset({Stage.PLAN, Stage.OUTCOME}),
        title="Write and send the outcome", done="The outcome letter is on its way",
        lead="The letter carries these reasons, the recommendations and how to appeal.",
        words="Outcome decided",
        letters=("L-02a", "L-11"),
    )  # fmt: skip
    reasons: Reasons
    issues: tuple[IssueOutcome, ...] = ()


class ReceiptConfirmed(Body):
    """The applicant (or the post) says when a decision letter arrived; it replaces the deemed date."""

    kind: Literal["letter.received"] = "letter.received"
    does: ClassVar[ActKind | None] = ActKind(
        "confirm-receipt", who=Role.APPLICANT, turn=ALIVE - BEFORE_DECISION, any_time=True,
        title="Record when a letter arrived", done="The day the letter arrived is recorded",
        lead="It replaces the day on which the letter counts as received, and the time to appeal runs from it.",
        words="The {letter} letter arrived on {on}",
    )  # fmt: skip
    letter: Literal["threshold", "outcome"] = "outcome"
    on: date


class Response(StrEnum):
    ACCEPTED = "accepted"
    IN_PART = "in_part"
    DECLINED = "declined"


class RecommendationAnswered(Body):
    """The addressee accepts, accepts in part, or declines with reasons (have-regard duty; FOL-24)."""

    kind: Literal["recommendation.answered"] = "recommendation.answered"
    does: ClassVar[ActKind | None] = ActKind(
        "answer-recommendation", who=Role.AGENCY, turn=AFTER_PANEL | REVIEWING, far_date=True,
        title="Record the answer to a recommendation", done="The answer is recorded",
        lead="A body may decline; its reasons then go to the applicant.",
        letters=("L-12", "A-09"),
    )  # fmt: skip
    recommendation: str
    response: Response
    reasons: Text = ""
    due: date | None = None


class ActionDone(Body):
    """What was recommended and accepted has been done; ``evidence`` says how anyone can see it."""

    kind: Literal["action.done"] = "action.done"
    does: ClassVar[ActKind | None] = ActKind(
        "complete-action", who=Role.AGENCY, turn=AFTER_PANEL | REVIEWING,
        title="Record that an action was done", done="The action is recorded as done",
        words="{recommendation} done on {on}",
        letters=("L-13",),
    )  # fmt: skip
    recommendation: str
    on: date
    evidence: Reasons


ReviewHappening = (
    PanelArranged
    | AttendanceChosen
    | PapersSent
    | PanelAdjourned
    | PanelHeld
    | PlanPut
    | PlanCommented
    | PlanWindowShut
    | OutcomeDecided
    | ReceiptConfirmed
    | RecommendationAnswered
    | ActionDone
)
