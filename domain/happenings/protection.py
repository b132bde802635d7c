"""The protection of whoever is in danger: referrals for their safety."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Line, Text
from domain.happenings.body import ActKind, Body, Reasons, Role
from domain.stage import ANY_STAGE


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


ProtectionHappening = SafetyReferred
