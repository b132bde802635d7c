"""Cases that one panel reviews: what is done in one of them and must be done in the other too.

A link stands in both cases, and so does its end. A meeting that is arranged, moved or adjourned in one is in every case
linked with it, where that case allows it; where it does not, its own page shows that its panel stands otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.case import Case, Stage
from domain.events import Actor, Body, CasesLinked, CasesParted, PanelAdjourned, PanelArranged
from domain.fold import fold
from office import whatif
from office.case_view import viewed
from register import queries
from register.database import Database
from register.queries import StoredCase

OF_BOTH = (CasesLinked, CasesParted, PanelArranged, PanelAdjourned)
"""What happens in linked cases at once."""


@dataclass(frozen=True)
class LinkedCase:
    """A case that is linked with the one shown; ``panel`` is the day its panel meets, if one is arranged."""

    reference: str
    stage: Stage
    reason: str
    panel: date | None
    same_meeting: bool


@dataclass(frozen=True)
class AlsoDone:
    """What is to be done in a linked case too, or, where that case does not allow it, why not."""

    reference: str
    what: Body
    refusal: str = ""


async def barred(database: Database, stored: StoredCase, what: Body) -> str | None:
    """What stands against a link beside the case's own rules: there must be another running case of this council."""
    if not isinstance(what, CasesLinked):
        return None
    if what.other == stored.reference:
        return "a case is not linked with itself; give the other case’s reference"
    other = await queries.case_row(database, what.other)
    if other is None or other.council != stored.row.council:
        return f"this council has no case {what.other}; give the reference of one that it has"
    if other.stage.over:
        return f"{what.other} is over, so nothing of it can be reviewed together with this case"
    return None


async def also(database: Database, before: StoredCase, what: Body, by: Actor) -> Sequence[AlsoDone]:
    """What an act that was done in a case, as it stood ``before``, means for the cases it is linked with."""
    match what:
        case CasesLinked(other=other) | CasesParted(other=other):
            return [AlsoDone(other, what.model_copy(update={"other": before.reference}))]
        case PanelArranged() | PanelAdjourned():
            case = before.folded()
            found = [await _meets_too(database, case, other, what, by) for other in case.linked]
            return [met for met in found if met]
        case _:
            return []


async def linked(database: Database, case: Case) -> list[LinkedCase]:
    """The cases that a case is linked with, as they stand."""
    found = []
    for reference, link in case.linked.items():
        stored = await queries.case(database, reference)
        if stored is not None:
            other = fold(stored.policy, stored.calendar, stored.events)
            panel = other.panel
            found.append(
                LinkedCase(
                    reference, other.stage, link.reason, panel.on if panel else None,
                    bool(panel and case.panel and _meeting(panel) == _meeting(case.panel)),
                )
            )  # fmt: skip
    return found


async def _meets_too(database: Database, case: Case, reference: str, what: Body, by: Actor) -> AlsoDone | None:
    """None where the other case has this meeting already, or one of its own that is not put off."""
    stored = await queries.case(database, reference)
    if stored is None:
        return None
    view = viewed(stored)
    now, theirs = case.panel, view.case.panel
    if isinstance(what, PanelArranged) and theirs and _meeting(theirs) == _meeting(what):
        return None
    if isinstance(what, PanelAdjourned) and not (now and theirs and _meeting(now) == _meeting(theirs)):
        return None
    return AlsoDone(reference, what, whatif.refused(view, what, by) or "")


def _meeting(panel: PanelArranged) -> tuple[object, ...]:
    return panel.on, panel.time, panel.place, panel.chair, panel.members
