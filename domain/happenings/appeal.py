"""The appeal (Sch.4 para.3): lodged or turned away, its papers sent, its hearing arranged, heard, decided."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.application import Line, Text
from domain.happenings.body import Body, Reasons, Role
from domain.policy import Decision, Subject


class AppealLodged(Body):
    """The applicant appeals (Sch.4 para.3). ``good_cause`` is needed after the window."""

    kind: Literal["appeal.lodged"] = "appeal.lodged"
    act: ClassVar[str | None] = "lodge-appeal"
    who: ClassVar[Role] = Role.APPLICANT
    subject: Subject
    grounds: Reasons
    on: date | None = None
    consent_to_transfer: bool = False
    good_cause: Text = ""


class AppealRefused(Body):
    """An appeal that cannot be taken is answered: it came too late, no route is open, or it is outside the grounds."""

    kind: Literal["appeal.refused"] = "appeal.refused"
    act: ClassVar[str | None] = "refuse-appeal"
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
    act: ClassVar[str | None] = "send-bundle"
    documents: tuple[Line, ...] = ()


class HearingArranged(Body):
    """The hearing's day, hour and place. Given again, it re-arranges the hearing and says why."""

    kind: Literal["appeal.hearing_arranged"] = "appeal.hearing_arranged"
    act: ClassVar[str | None] = "arrange-hearing"
    who: ClassVar[Role] = Role.APPEAL_BODY
    on: date
    time: Line = "10:00"
    place: Line = ""
    reason: Text = ""


class AppealHeard(Body):
    """The appeal body met."""

    kind: Literal["appeal.heard"] = "appeal.heard"
    act: ClassVar[str | None] = "record-hearing"
    who: ClassVar[Role] = Role.APPEAL_BODY
    on: date


class AppealDecided(Body):
    """The appeal's result with reasons. A remit sends the review back and its clocks start again.

    ``heard_on`` tells of the hearing too, where the appeal body reports both at once.
    """

    kind: Literal["appeal.decided"] = "appeal.decided"
    act: ClassVar[str | None] = "decide-appeal"
    who: ClassVar[Role] = Role.APPEAL_BODY
    decision: Decision
    reasons: Reasons
    directions: Text = ""
    heard_on: date | None = None
