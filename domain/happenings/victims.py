"""Others whose application it also is, or who support the victim: they join it, and leave it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Line, Part
from domain.happenings.body import ActKind, Body, Reasons
from domain.stage import ALIVE


class PersonJoined(Body):
    """Somebody is part of the application: a further victim, or somebody who supports one.

    ``person`` is the id under which the register keeps them. ``consents``: they agree that the agencies who take part
    have their name and what they told; without it no agency has either. Given again for the same person it says what
    holds from now on.
    """

    kind: Literal["person.joined"] = "person.joined"
    does: ClassVar[ActKind | None] = ActKind(
        "add-person", turn=ALIVE, any_time=True,
        title="Add somebody who applies too, or a supporter", done="They are part of the application",
        lead="They are written to themselves, in the way that is safe for them. What they tell us goes to no agency "
        "without their agreement. It stays one application, and what each of them reported counts in it.",
        words="Somebody joined the application as {part}",
        letters=("L-02a",),
    )  # fmt: skip
    person: Annotated[Line, Field(min_length=1)]
    part: Part = Part.JOINT
    consents: bool = False


class PersonLeft(Body):
    """Somebody is part of the application no more, and is told so. What they reported stays in it."""

    kind: Literal["person.left"] = "person.left"
    does: ClassVar[ActKind | None] = ActKind(
        "end-person", turn=ALIVE, any_time=True,
        title="End somebody’s part in the application", done="They are part of the application no more",
        lead="They are told, and get no more letters. What was reported stays in the case.",
        words="Somebody left the application",
        letters=("L-02a",),
    )  # fmt: skip
    person: Annotated[Line, Field(min_length=1)]
    reason: Reasons


VictimHappening = PersonJoined | PersonLeft
