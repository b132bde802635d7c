"""A referral for somebody's safety, by an agency or a panel's chair at their own link."""

from __future__ import annotations

from pydantic import BaseModel

from console.questions.choices import protectors
from console.questions.questionnaire import Page, questions
from console.visitors.tasks import Task, in_words
from console.visitors.visitor import Visitor
from domain.application import Carried, Line, Text
from domain.events import Reasons, SafetyReferred

_FIRST = (
    "If somebody is in danger now, call 999 first.",
    "What you write goes out at once, whatever the hour. The council’s officer is told. The applicant is not written "
    "to about it.",
)


class Referral(Carried):
    """A referral as somebody outside the council makes it."""

    to: Line
    danger: Reasons
    done: Text = ""
    consent: bool = False
    basis: Text = ""


def referral(visitor: Visitor) -> Task:
    """The form of a safety referral."""
    asked = questions(
        Referral, in_words("refer-safety"), {"to": protectors(visitor.view.policy)}, danger={"needed": True}
    )
    page = Page("danger", "Somebody may be in danger", ("to", "danger", "done"), _FIRST)
    basis = Page("basis", "Why this is shared", ("consent", "basis"))
    return Task(
        slug="safety",
        act="refer-safety",
        title="Tell us that somebody may be in danger",
        check="Check the referral before you send it",
        button="Send it at once",
        done="The referral is on its way",
        follows=("It goes out now. The council’s officer is told, and rings you if more is needed.",),
        model=Referral,
        fields=asked,
        pages=lambda form: (page, basis),
        make=_made,
        open="refer-safety" in visitor.view.possible,
    )


def _made(given: BaseModel) -> SafetyReferred:
    return SafetyReferred.model_validate(given.model_dump())
