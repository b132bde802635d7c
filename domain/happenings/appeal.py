"""The appeal (Sch.4 para.3): lodged or turned away, its papers sent, its hearing arranged, heard, decided."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.application import Line, Text
from domain.happenings.body import ActKind, Body, Reasons, Role
from domain.happenings.review import Recommendation, Seat
from domain.policy import Decision, StepId, Subject
from domain.stage import Stage


class AppealLodged(Body):
    """The applicant appeals (Sch.4 para.3). ``good_cause`` is needed after the window.

    ``lodged_by`` says who does where the layer is not the applicant's to go to, as its ``who_may_lodge`` names them.
    """

    kind: Literal["appeal.lodged"] = "appeal.lodged"
    does: ClassVar[ActKind | None] = ActKind(
        "lodge-appeal", who=Role.APPLICANT,
        turn=frozenset({Stage.NOT_MET, Stage.APPEAL_WINDOW, Stage.FOLLOW_UP, Stage.CLOSING}),
        title="Record an appeal", done="The appeal is lodged",
        lead="The appeal body is sent the case.",
        letters=("L-18", "A-18"),
    )  # fmt: skip
    subject: Subject
    grounds: Reasons
    on: date | None = None
    consent_to_transfer: bool = False
    good_cause: Text = ""
    lodged_by: Line = ""


class AppealRefused(Body):
    """An appeal that cannot be taken is answered: it came too late, no route is open, or it is outside the grounds."""

    kind: Literal["appeal.refused"] = "appeal.refused"
    does: ClassVar[ActKind | None] = ActKind(
        "refuse-appeal", also=frozenset({Role.APPEAL_BODY}),
        turn=frozenset({Stage.NOT_MET, Stage.APPEAL_WINDOW, Stage.FOLLOW_UP, Stage.CLOSING}), any_time=True,
        title="Answer an appeal that cannot be taken", done="The appeal is answered",
        lead="It came too late without good cause, no route is open, or it is outside the grounds. The applicant hears"
        " why.",
        letters=("L-19",),
    )  # fmt: skip
    subject: Subject
    reasons: Reasons
    decided_by: Line = ""
    on: date | None = None


class AppealWindowShut(Body):
    """The last day to appeal passed. A late appeal still needs only good cause."""

    kind: Literal["appeal.window_shut"] = "appeal.window_shut"


class BundleSent(Body):
    """The appeal body has the case's papers."""

    kind: Literal["appeal.bundle_sent"] = "appeal.bundle_sent"
    does: ClassVar[ActKind | None] = ActKind(
        "send-bundle", turn=frozenset({Stage.APPEAL}),
        title="Send the papers to the appeal body", done="The papers are on their way to the appeal body",
        words="Papers sent to the appeal body",
        letters=("A-10",),
    )  # fmt: skip
    documents: tuple[Line, ...] = ()


class HearingArranged(Body):
    """The hearing's day, hour and place. Given again, it re-arranges the hearing and says why.

    ``panel`` are those who hear it, where they are known, each with the conflict they declared, if any.

    On a day after one that the applicant was promised, it moves that promise too: ``answer_by`` is the new day of the
    decision, ``reason`` why, and ``approved_by`` who agreed.
    """

    kind: Literal["appeal.hearing_arranged"] = "appeal.hearing_arranged"
    does: ClassVar[ActKind | None] = ActKind(
        "arrange-hearing", who=Role.APPEAL_BODY, turn=frozenset({Stage.APPEAL}), meeting=StepId.APPEAL_HEARING,
        title="Arrange the hearing of the appeal", done="The hearing is arranged",
        lead="The applicant is told. Arranged again, it is moved, and the applicant is told why.",
        words="Hearing of the appeal arranged for {on}",
        letters=("L-20", "A-10h"),
    )  # fmt: skip
    on: date
    time: Line = "10:00"
    place: Line = ""
    reason: Text = ""
    answer_by: date | None = None
    approved_by: Line = ""
    panel: tuple[Seat, ...] = ()


class HearingAdjourned(Body):
    """The appeal body puts its hearing off to a later day. The promised dates do not move."""

    kind: Literal["appeal.hearing_adjourned"] = "appeal.hearing_adjourned"
    does: ClassVar[ActKind | None] = ActKind(
        "adjourn-hearing", who=Role.APPEAL_BODY, turn=frozenset({Stage.APPEAL}), far_date=True,
        meeting=StepId.APPEAL_HEARING,
        title="Put the hearing of the appeal off", done="The hearing is put off",
        lead="The applicant is told the new day and why. If it is after the promised one, a letter explains the delay.",
        words="Hearing of the appeal put off to {until}",
        letters=("L-20", "A-10h"),
    )  # fmt: skip
    until: date
    reason: Reasons


class AppealHeard(Body):
    """The appeal body met."""

    kind: Literal["appeal.heard"] = "appeal.heard"
    does: ClassVar[ActKind | None] = ActKind(
        "record-hearing", who=Role.APPEAL_BODY, turn=frozenset({Stage.APPEAL}),
        title="Record that the appeal was heard", done="The hearing is recorded",
        words="Appeal heard on {on}",
    )  # fmt: skip
    on: date


class AppealDecided(Body):
    """The appeal's result with reasons. A remit sends the review back and its clocks start again.

    ``heard_on`` tells of the hearing too, where the appeal body reports both at once. ``recommendations`` say who is to
    do what by when, where an appeal succeeds that no new review follows: they are answered and done as a panel's are.
    Who brings it about may only have written it down; ``decided_by`` names the people who decided, where the body's own
    name does not say enough.
    """

    kind: Literal["appeal.decided"] = "appeal.decided"
    does: ClassVar[ActKind | None] = ActKind(
        "decide-appeal", who=Role.APPEAL_BODY, turn=frozenset({Stage.APPEAL}),
        title="Record the appeal’s decision", done="The appeal’s decision is recorded",
        lead="A remitted appeal sends the review back, and its clocks start again.",
        words="Appeal decided: {decision}",
        letters=("L-02a", "L-21", "A-08", "A-11"),
    )  # fmt: skip
    decision: Decision
    reasons: Reasons
    directions: Text = ""
    recommendations: tuple[Recommendation, ...] = ()
    heard_on: date | None = None
    decided_by: Line = ""


AppealHappening = (
    AppealLodged
    | AppealRefused
    | AppealWindowShut
    | BundleSent
    | HearingArranged
    | HearingAdjourned
    | AppealHeard
    | AppealDecided
)
