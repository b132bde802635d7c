"""Cases that one panel reviews together: linked, and parted again."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from domain.application import Line
from domain.happenings.body import ActKind, Body, Reasons
from domain.stage import ALIVE

Reference = Annotated[Line, Field(min_length=1), AfterValidator(str.upper)]


class CasesLinked(Body):
    """Two cases are linked, so that one panel reviews both. No applicant hears of the other's case.

    ``other`` is the other case's reference; the same happens in that case, with this one's.
    """

    kind: Literal["case.linked"] = "case.linked"
    does: ClassVar[ActKind | None] = ActKind(
        "link-case", turn=ALIVE, any_time=True,
        title="Link the case with another", done="The two cases are linked",
        lead="Both cases then show the link, and a panel that is arranged in one is arranged in the other. Nobody who "
        "applied hears of another’s case: no letter to them, and no page of theirs, says anything of the link.",
        words="Linked with {other}: {reason}",
    )  # fmt: skip
    other: Reference
    reason: Reasons


class CasesParted(Body):
    """Two linked cases go on by themselves again."""

    kind: Literal["case.parted"] = "case.parted"
    does: ClassVar[ActKind | None] = ActKind(
        "unlink-case", turn=ALIVE, any_time=True,
        title="End a link with another case", done="The link is ended",
        lead="Each case goes on by itself. A meeting that was arranged for both stands in each.",
        words="Link with {other} ended: {reason}",
    )  # fmt: skip
    other: Reference
    reason: Reasons


TogetherHappening = CasesLinked | CasesParted
