"""What a panel recommended to an agency, at the agency's link: accept it, in part or not, and say when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.questions.fields import Choice
from console.questions.questionnaire import Page, questions
from console.visitors import task_pages, visitor_documents
from console.visitors.safety_referral import referral
from console.visitors.tasks import Task, in_words
from console.visitors.visitor import Recommendations, Visitor, opened
from console.web.desk import AtDesk
from console.web.posted_forms import Posted
from domain.application import Carried, Text
from domain.case import Explanation, Item
from domain.deadlines import Deadline
from domain.events import ActionDone, ExplanationGiven, Reasons, RecommendationAnswered
from domain.events import Response as Said
from domain.letters import ANSWERS
from domain.policy import StepId
from register import links, unfinished

router = APIRouter()

DOCUMENTS = "documents"
"""The page of an action for the files that show that it is done."""
_DUTY = (
    "By law you must have regard to the recommendation (section 104(7)). You do not have to carry it out, but you need "
    "a good reason if you do not."
)


class Reply(Carried):
    """An addressee's answer as it gives it."""

    response: Said
    reasons: Text = ""
    due: date | None = None


class ActionReport(Carried):
    """An action as its body reports it done."""

    on: date
    evidence: Reasons


class Plea(Carried):
    """An explanation as a body gives it."""

    explanation: Reasons


@dataclass(frozen=True)
class Made:
    """One recommendation to this agency, with what it can do about it and the dates that run for it."""

    item: Item
    answer: Task
    complete: Task
    answer_by: Deadline | None
    done_by: Deadline | None

    @property
    def takes_files(self) -> bool:
        """Accepted: what shows that it is done can be sent, also after it was."""
        return self.item.accepted

    @property
    def said(self) -> str:
        """ "Accepted", "Declined" … or empty."""
        return ANSWERS[self.item.answer.response].capitalize() if self.item.answer else ""


@router.get("/recommendations/{link}")
async def show(
    request: Request, desk: AtDesk, visitor: Recommendations, done: str = "", saved: str = "", sent: str = ""
) -> Response:
    await opened(desk, visitor, "the recommendations")
    every = list(made(visitor))
    taken = next((task for task in tasks(visitor) if task.slug == done), None)
    explain = [(asked, _explain(visitor, asked)) for asked in to_explain(visitor)]
    return desk.pages.public(
        request, "recommendations", visitor.council, **task_pages.shared(desk, visitor), made=every, taken=taken,
        explain=explain,
        refer=referral(visitor),
        duty=_DUTY, saved=bool(saved), told=visitor_documents.said(sent),
        files=await visitor_documents.own(desk, visitor),
        begun=await unfinished.begun(desk.database, visitor.link), today=visitor.view.today,
    )  # fmt: skip


def tasks(visitor: Visitor) -> list[Task]:
    theirs = [task for advice in made(visitor) for task in (advice.answer, advice.complete)]
    return [*theirs, *(_explain(visitor, asked) for asked in to_explain(visitor)), referral(visitor)]


def to_explain(visitor: Visitor) -> list[Explanation]:
    """What this agency is asked to explain, or was."""
    return [asked for asked in visitor.view.case.explanations.values() if asked.agency == visitor.link.holder]


def _explain(visitor: Visitor, asked: Explanation) -> Task:
    fields = questions(Plea, in_words("give-explanation"), explanation={"needed": True})
    page = Page("explanation", "Your explanation", ("explanation",), (asked.asked.question,))
    return Task(
        slug=f"explain-{asked.about.replace(':', '-').replace('#', '-')}",
        act="give-explanation",
        title="Answer the question",
        check="Check your explanation",
        button="Send the explanation",
        done="Your explanation is with us",
        follows=("The applicant is sent it as it stands.",),
        model=Plea,
        fields=fields,
        pages=lambda form: (page,),
        make=lambda given: ExplanationGiven(about=asked.about, explanation=given.explanation),
        open="give-explanation" in visitor.view.possible and asked.given is None,
    )


def made(visitor: Visitor) -> Iterator[Made]:
    """What was recommended to this agency and to no other."""
    running = {(deadline.step, deadline.item): deadline for deadline in visitor.view.deadlines if deadline.running}
    for item in visitor.view.case.items.values():
        if item.recommendation.to == visitor.link.holder:
            yield Made(
                item, _answer(visitor, item), _done(visitor, item), running.get((StepId.RECOMMENDATION, item.id)),
                running.get((StepId.ACTION, item.id)),
            )  # fmt: skip


def _answer(visitor: Visitor, item: Item) -> Task:
    shown = tuple(
        Choice(answer.value, words, hint)
        for answer, words, hint in (
            (Said.ACCEPTED, "We accept it", ""),
            (Said.IN_PART, "We accept it in part", "You will be asked for your reasons."),
            (Said.DECLINED, "We decline it", "You will be asked for your reasons."),
        )
    )
    asked = questions(Reply, in_words("answer-recommendation"), {"response": shown}, reasons={"needed": True})
    answer = Page("response", f"Recommendation {item.id}", ("response",), (item.recommendation.text, _DUTY))
    reasons = Page("reasons", f"Your reasons on {item.id}", ("reasons",))
    due = Page("due", f"When {item.id} will be done", ("due",), ("You can leave this empty.",))

    def pages(form: Posted) -> tuple[Page, ...]:
        match form.value("response"):
            case Said.DECLINED:
                return (answer, reasons)
            case Said.IN_PART:
                return (answer, reasons, due)
            case _:
                return (answer, due)

    return Task(
        slug=f"{item.id}-answer",
        act="answer-recommendation",
        title=f"Change the answer to {item.id}" if item.answer else f"Answer {item.id}",
        check=f"Check your answer to {item.id}",
        button="Send the answer",
        done=f"Your answer to {item.id} is with us",
        follows=(
            "The applicant is told what you answered.",
            "If you accepted it, tell us here when it is done. The case cannot be closed before that.",
        ),
        model=Reply,
        fields=asked,
        pages=pages,
        make=lambda given: RecommendationAnswered(
            recommendation=item.id, response=given.response, reasons=given.reasons, due=given.due
        ),
        start={"response": item.answer.response.value} if item.answer else {},
        open="answer-recommendation" in visitor.view.possible and item.done is None,
    )


def _done(visitor: Visitor, item: Item) -> Task:
    """The evidence is words, and documents that go to the case on the page between (evidence.py)."""
    asked = questions(ActionReport, in_words("complete-action"), evidence={"needed": True})
    day = Page("day", f"{item.id} is done", ("on",), (item.recommendation.text,))
    evidence = Page("evidence", f"How it can be seen that {item.id} is done", ("evidence",))
    files = Page(DOCUMENTS, f"Files that show that {item.id} is done", ())
    return Task(
        slug=f"{item.id}-done",
        act="complete-action",
        title=f"Tell us that {item.id} is done",
        check=f"Check what you tell us of {item.id}",
        button="Send it",
        done=f"Thank you. {item.id} is recorded as done",
        follows=("The applicant hears of it from the council, and the follow-up of the review looks at it.",),
        model=ActionReport,
        fields=asked,
        pages=lambda form: (day, evidence, files),
        make=lambda given: ActionDone(recommendation=item.id, on=given.on, evidence=given.evidence),
        open="complete-action" in visitor.view.possible and item.accepted and item.done is None,
        evidence=f"Evidence that {item.id} is done",
    )


task_pages.routes(router, links.LinkPurpose.RECOMMENDATIONS, tasks)
