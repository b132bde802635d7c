"""What can happen to a case. A case is an append-only list of these; everything else is derived from them.

An ``Event`` is an envelope (id, instant, who) around a body. A body that a person may bring about carries the
name of its act: the Update (or Signal) of that name takes exactly this body, so what a person said is what is
kept. The bodies themselves stand in ``domain.happenings``; docs/events.md describes each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, get_args

from pydantic import Field

from domain.application import Carried
from domain.happenings.appeal import (
    AppealDecided,
    AppealHeard,
    AppealLodged,
    AppealRefused,
    AppealWindowShut,
    BundleSent,
    HearingArranged,
)
from domain.happenings.body import (
    CLOCK,
    Actor,
    Body,
    Reasons,
    Role,
)
from domain.happenings.intake import (
    Acknowledged,
    ApplicationMade,
    Confirmation,
    DetailsReceived,
    DetailsRequested,
    EnquiryAnswered,
    EnquiryClosed,
    EnquirySent,
    IncidentAdded,
    PassedOn,
    Purpose,
    RepresentativeChanged,
    ThresholdDecided,
    Withdrawn,
)
from domain.happenings.post import (
    Failure,
    LetterDispatched,
    LetterPosted,
    LetterSettled,
    LetterState,
    LetterUndelivered,
    PostClass,
)
from domain.happenings.record import (
    ActRefused,
    CalendarChanged,
    CallMade,
    CallRequested,
    Chased,
    DateCorrected,
    Extended,
    HoldEnded,
    HoldStarted,
    NoteAdded,
    OfficerAssigned,
)
from domain.happenings.review import (
    ActionDone,
    AttendanceChosen,
    Closed,
    ClosureNotified,
    ClosureObjected,
    FollowUpHeld,
    OutcomeDecided,
    PanelAdjourned,
    PanelArranged,
    PanelHeld,
    PapersSent,
    PlanCommented,
    PlanPut,
    PlanWindowShut,
    ReceiptConfirmed,
    Recommendation,
    RecommendationAnswered,
    Response,
    Seat,
)

__all__ = [
    "CLOCK",
    "Acknowledged",
    "ActRefused",
    "ActionDone",
    "Actor",
    "AppealDecided",
    "AppealHeard",
    "AppealLodged",
    "AppealRefused",
    "AppealWindowShut",
    "ApplicationMade",
    "AttendanceChosen",
    "Body",
    "BundleSent",
    "CalendarChanged",
    "CallMade",
    "CallRequested",
    "Chased",
    "Closed",
    "ClosureNotified",
    "ClosureObjected",
    "Confirmation",
    "DateCorrected",
    "DetailsReceived",
    "DetailsRequested",
    "EnquiryAnswered",
    "EnquiryClosed",
    "EnquirySent",
    "Event",
    "Extended",
    "Failure",
    "FollowUpHeld",
    "HearingArranged",
    "HoldEnded",
    "HoldStarted",
    "IncidentAdded",
    "LetterDispatched",
    "LetterPosted",
    "LetterSettled",
    "LetterState",
    "LetterUndelivered",
    "NoteAdded",
    "OfficerAssigned",
    "OutcomeDecided",
    "PanelAdjourned",
    "PanelArranged",
    "PanelHeld",
    "PapersSent",
    "PassedOn",
    "PlanCommented",
    "PlanPut",
    "PlanWindowShut",
    "PostClass",
    "Purpose",
    "Reasons",
    "ReceiptConfirmed",
    "Recommendation",
    "RecommendationAnswered",
    "RepresentativeChanged",
    "Response",
    "Role",
    "Seat",
    "ThresholdDecided",
    "What",
    "Withdrawn",
    "acts",
    "bodies",
]

What = Annotated[
    ApplicationMade
    | Acknowledged
    | DetailsRequested
    | DetailsReceived
    | PassedOn
    | EnquirySent
    | EnquiryAnswered
    | EnquiryClosed
    | ThresholdDecided
    | PanelArranged
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
    | AppealLodged
    | AppealRefused
    | AppealWindowShut
    | BundleSent
    | HearingArranged
    | AppealHeard
    | AppealDecided
    | FollowUpHeld
    | ClosureNotified
    | ClosureObjected
    | Closed
    | IncidentAdded
    | Withdrawn
    | Extended
    | HoldStarted
    | HoldEnded
    | OfficerAssigned
    | RepresentativeChanged
    | CallRequested
    | CallMade
    | NoteAdded
    | DateCorrected
    | CalendarChanged
    | LetterPosted
    | LetterDispatched
    | LetterUndelivered
    | LetterSettled
    | Chased
    | ActRefused,
    Field(discriminator="kind"),
]


class Event(Carried):
    """One thing that happened: ``id`` is unique within the case, ``at`` the aware instant it was recorded."""

    id: str
    at: datetime
    by: Actor
    what: What

    @property
    def kind(self) -> str:
        return self.what.kind


@cache
def bodies() -> Mapping[str, type[Body]]:
    """Every event kind and its body, in the order a case meets them."""
    union = get_args(What)[0]
    return {body.model_fields["kind"].default: body for body in get_args(union)}


@cache
def acts() -> Mapping[str, type[Body]]:
    """Every act a person may do, by its name, and the body it takes."""
    return {body.act: body for body in bodies().values() if body.act}
