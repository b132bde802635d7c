"""A body is asked to explain itself, because it declined a recommendation or did not answer, and what it says."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Line
from domain.happenings.body import ActKind, Body, Reasons, Role
from domain.stage import ALIVE, BEFORE_DECISION


class ExplanationAsked(Body):
    """A body is asked why: letter A-22, and the applicant is told (FOL-24).

    ``about`` is the recommendation it declined or did not answer, ``R1``, or the enquiry it did not answer,
    ``information:police``.
    """

    kind: Literal["explanation.asked"] = "explanation.asked"
    does: ClassVar[ActKind | None] = ActKind(
        "ask-to-explain", turn=ALIVE - BEFORE_DECISION, any_time=True,
        title="Ask a body to explain itself", done="The body is asked, and the applicant is told",
        lead="For a recommendation that it declined, or something that it did not answer. What it says is sent to the "
        "applicant.",
        words="Asked to explain {about} by {answer_by}",
        letters=("A-22", "L-12e"),
    )  # fmt: skip
    about: Annotated[Line, Field(min_length=1)]
    question: Reasons
    answer_by: date


class ExplanationGiven(Body):
    """What the body says for itself; the applicant is sent it as it stands."""

    kind: Literal["explanation.given"] = "explanation.given"
    does: ClassVar[ActKind | None] = ActKind(
        "give-explanation", who=Role.AGENCY, turn=ALIVE - BEFORE_DECISION, any_time=True,
        title="Record how a body explains itself", done="The explanation is recorded, and the applicant is told",
        lead="The applicant is sent it as it stands.",
        words="Explained {about}",
        letters=("L-12e",),
    )  # fmt: skip
    about: Annotated[Line, Field(min_length=1)]
    explanation: Reasons


ExplanationHappening = ExplanationAsked | ExplanationGiven
