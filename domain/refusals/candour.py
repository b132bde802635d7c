"""What stands against an apology, and against the record of a disclosure."""

from __future__ import annotations

from domain import events as e
from domain.breaches import missed
from domain.refusals.circumstances import Circumstances, against, listed


@against(e.Apologised)
def apologised(circumstances: Circumstances, body: e.Apologised) -> str | None:
    if not body.deadline:
        return None
    if any(apology.deadline == body.deadline for apology in circumstances.case.apologies):
        return f"the applicant has an apology for {body.deadline} already; leave deadline empty for something else"
    known = missed(circumstances.case, circumstances.deadlines)
    if any(deadline.key == body.deadline for deadline in known):
        return None
    late = listed((f"“{deadline.title}” ({deadline.key})" for deadline in known), "no date")
    return f"{body.deadline} was not missed; missed was {late}; leave deadline empty for something else"


@against(e.DisclosureMade)
def disclosure_made(circumstances: Circumstances, body: e.DisclosureMade) -> str | None:
    return circumstances.in_the_future("the day it was shared,", body.on)
