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
from domain.happenings import (
    appeal,
    authority,
    candour,
    chronology,
    closure,
    correction,
    deferral,
    directory,
    ending,
    explanation,
    intake,
    post,
    protection,
    record,
    review,
    together,
    victims,
)
from domain.happenings.appeal import *
from domain.happenings.authority import *
from domain.happenings.body import CLOCK as CLOCK
from domain.happenings.body import ActKind as ActKind
from domain.happenings.body import Actor as Actor
from domain.happenings.body import Body as Body
from domain.happenings.body import Ending as Ending
from domain.happenings.body import Reasons as Reasons
from domain.happenings.body import Role as Role
from domain.happenings.candour import *
from domain.happenings.chronology import *
from domain.happenings.closure import *
from domain.happenings.correction import *
from domain.happenings.deferral import *
from domain.happenings.directory import *
from domain.happenings.ending import *
from domain.happenings.explanation import *
from domain.happenings.intake import *
from domain.happenings.post import *
from domain.happenings.protection import *
from domain.happenings.record import *
from domain.happenings.review import *
from domain.happenings.together import *
from domain.happenings.victims import *

What = Annotated[
    intake.IntakeHappening
    | chronology.ChronologyHappening
    | review.ReviewHappening
    | explanation.ExplanationHappening
    | appeal.AppealHappening
    | closure.ClosureHappening
    | ending.EndingHappening
    | record.RecordHappening
    | directory.DirectoryHappening
    | correction.CorrectionHappening
    | protection.ProtectionHappening
    | post.PostHappening
    | together.TogetherHappening
    | victims.VictimHappening
    | authority.AuthorityHappening
    | candour.CandourHappening
    | deferral.DeferralHappening,
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
    return {body.does.name: body for body in bodies().values() if body.does}


@cache
def kinds() -> Mapping[str, ActKind]:
    """What is known of every act, by its name."""
    return {body.does.name: body.does for body in bodies().values() if body.does}
