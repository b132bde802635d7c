"""What the council says of its own doing, unasked: that a case goes on, that something went wrong, whom it told."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Line, Text
from domain.happenings.body import ActKind, Body, Reasons
from domain.stage import ALIVE, ANY_STAGE


class ProgressTold(Body):
    """Nothing was written to the applicant for as long as the policy allows, so they hear how the case stands."""

    kind: Literal["progress.told"] = "progress.told"


class Apologised(Body):
    """Something went wrong, and the council says so: what it was, how it is put right, what it learns from it.

    ``deadline`` is the key of the date that was missed, empty where it was something else.
    """

    kind: Literal["apology.made"] = "apology.made"
    does: ClassVar[ActKind | None] = ActKind(
        "apologise", turn=ALIVE, any_time=True,
        title="Apologise for what went wrong", done="The apology is on its way",
        lead="For a date that was missed, or anything else that went wrong. The applicant is sent it as you write it.",
        letters=("L-22",),
    )  # fmt: skip
    deadline: Line = ""
    wrong: Reasons
    remedy: Reasons
    learning: Reasons


class DisclosureMade(Body):
    """Something about the case was given to somebody in another way than by a letter of the service.

    ``basis`` is the ground in law or the consent, ``withheld`` what was kept back and why.
    """

    kind: Literal["disclosure.made"] = "disclosure.made"
    does: ClassVar[ActKind | None] = ActKind(
        "record-disclosure", turn=ANY_STAGE, any_time=True,
        title="Record what was shared with somebody", done="The disclosure is recorded",
        lead="For what was shared by phone, in a meeting or by hand. Letters and papers that the service sends are in "
        "the disclosure log already.",
        words="Shared with {to} on {on}",
    )  # fmt: skip
    to: Annotated[Line, Field(min_length=1)]
    on: date
    what: Reasons
    basis: Reasons
    withheld: Text = ""


CandourHappening = ProgressTold | Apologised | DisclosureMade
