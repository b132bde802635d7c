"""The protection of whoever is in danger: how the risk is judged, and referrals for their safety."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Line, Text
from domain.happenings.body import ActKind, Body, Reasons, Role
from domain.stage import ALIVE, ANY_STAGE


class SafetyReferred(Body):
    """Somebody may be in danger, and a body that can protect them is told at once, outside every clock.

    ``to`` is the id of one of the policy's safety contacts, or of an agency. ``basis`` is why it is shared where the
    person at risk has not agreed. No letter to the applicant's side says anything of it.
    """

    kind: Literal["safety.referred"] = "safety.referred"
    does: ClassVar[ActKind | None] = ActKind(
        "refer-safety", also=frozenset({Role.CHAIR, Role.AGENCY}), turn=ANY_STAGE, any_time=True,
        title="Refer somebody who may be in danger", done="The safety referral is on its way",
        lead="If somebody is in danger now, call 999 first. The referral goes out at once, whatever the hour, and no "
        "date waits for it. The applicant is not written to about it.",
        letters=("A-12", "A-13", "A-18"),
    )  # fmt: skip
    to: Annotated[Line, Field(min_length=1)]
    danger: Reasons
    done: Text = ""
    consent: bool = False
    basis: Text = ""


class RiskLevel(StrEnum):
    """How great the risk to the victim is, the least first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


class RiskAssessed(Body):
    """The risk to the victim was judged: at intake, again before the panel, and whenever something changes.

    ``instrument`` is the tool it was judged by, the policy's own where none is named.
    """

    kind: Literal["risk.assessed"] = "risk.assessed"
    does: ClassVar[ActKind | None] = ActKind(
        "assess-risk", also=frozenset({Role.CHAIR}), turn=ALIVE, any_time=True,
        title="Assess the risk to the victim", done="The risk is recorded",
        lead="The work list puts the cases with the greatest risk first. The panel sees it; the applicant is sent "
        "nothing.",
        words="Risk assessed as {level.words}",
    )  # fmt: skip
    level: RiskLevel
    reasons: Reasons
    instrument: Line = ""


ProtectionHappening = SafetyReferred | RiskAssessed
