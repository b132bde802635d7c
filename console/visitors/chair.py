"""The panel's chair at their link: the papers, then the panel's record, or another day for it."""

from __future__ import annotations

import asyncio
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.questions.fields import Choice, Wording, dated
from console.visitors import task_pages
from console.visitors.case_papers import letterhead, panel_papers, panel_record
from console.visitors.tasks import Step, Task, questions
from console.visitors.visitor import Chair, Visitor, opened
from console.web.desk import AtDesk
from console.web.posted_forms import Posted
from domain.application import Carried, Line, Text
from domain.events import PanelAdjourned, PanelArranged, PanelHeld, Reasons, Recommendation, Seat
from domain.letters import seat_id
from domain.parts import Stage
from domain.policy import Milestone
from letters.papers import pdf
from register import links, unfinished

router = APIRouter()

_NO = "Nobody declared one."
_OWN = (
    "If you have one yourself, do not record a decision. Ring the council: it names another chair. A conflict is to "
    "know the applicant or the people reported, or to have taken decisions in the case."
)
_RECORD = {
    "on": Wording("On which day did the panel meet?", "For example, 27 3 2026.", "the day the panel met"),
    "seats": Wording("Who was there?", "Tick everybody who took part.", "who was there"),
    "others": Wording("Who else was there? (optional)", "One name on each line.", "who else was there"),
    "conflict": Wording(
        "Did any member have a conflict of interest?", called="whether any member had a conflict of interest"
    ),
    "conflicted": Wording(
        "Who?", "Whoever had a conflict does not count among those who decided.", "who had a conflict of interest"
    ),
    "conflict_words": Wording("What was it, and what was done about it?", called="what it was, and what was done"),
    "findings": Wording(
        "What did the panel find?",
        "Issue by issue, in plain words: what each body did and whether it was enough, how persistent the behaviour "
        "is, what harm it does. The applicant reads this.",
        "what the panel found",
    ),
    "recommendations": Wording(
        "Recommendations", "Leave this empty if the panel recommends nothing.", called="recommendation"
    ),
    "recommendations.to": Wording("To whom?", called="to whom the recommendation is made"),
    "recommendations.text": Wording("What is recommended?", called="what is recommended"),
    "recommendations.reason": Wording("Why?", "The reason is sent with it.", "the reason"),
    "recommendations.due": Wording(
        "By which day should it be done? (optional)", "For example, 27 3 2026.", "the day it should be done"
    ),
}  # fmt: skip
_ADJOURN = {
    "until": Wording("To which day is the panel adjourned?", "For example, 27 3 2026.", "the day the panel goes on"),
    "reason": Wording("Why?", "The applicant and the members are told.", "the reason"),
}


class Advice(Carried):
    """One recommendation; its reason is needed, because the law asks bodies to have regard to it."""

    to: str
    text: Reasons
    reason: Reasons
    due: date | None = None


class Record(Carried):
    """A panel's record as its chair gives it."""

    on: date
    seats: tuple[str, ...] = ()
    others: tuple[Line, ...] = ()
    conflict: bool
    conflicted: tuple[str, ...] = ()
    conflict_words: Text = ""
    findings: Reasons
    recommendations: tuple[Advice, ...] = ()


class Adjournment(Carried):
    until: date
    reason: Reasons


@router.get("/chair/{link}")
async def show(request: Request, desk: AtDesk, visitor: Chair, done: str = "", saved: str = "") -> Response:
    await opened(desk, visitor, "the panel’s papers")
    known = tasks(visitor)
    case = visitor.view.case
    return desk.pages.public(
        request, "chair", visitor.council, **task_pages.shared(desk, visitor), bundle=panel_papers(visitor.view),
        record=panel_record(case.held, case.policy) if case.held else None, panel=case.panel,
        heard=next((one for one in known if one.slug == done), None), saved=bool(saved), decide=known[0],
        adjourn=known[1], begun=await unfinished.begun(desk.database, visitor.link),
        early=bool(case.panel and visitor.view.today < case.panel.on), sent=case.reached.get(Milestone.PAPERS_SENT),
    )  # fmt: skip


@router.get("/chair/{link}/papers.pdf")
async def papers(desk: AtDesk, visitor: Chair) -> Response:
    await opened(desk, visitor, "the panel’s papers as a PDF")
    view = visitor.view
    made = await asyncio.to_thread(pdf, panel_papers(view), letterhead(view.policy), desk.renderer)
    return task_pages.attachment(made, f"{view.reference} papers for the panel.pdf")


def tasks(visitor: Visitor) -> tuple[Task, ...]:
    panel = visitor.view.case.panel
    assert panel is not None
    return _record(visitor, panel), _adjourn(visitor)


def _record(visitor: Visitor, panel: PanelArranged) -> Task:
    everybody = {seat_id(one): one for one in (panel.chair, *panel.members)}
    seats = tuple(_choice(id, one) for id, one in everybody.items())
    bodies = tuple(Choice(one.id, one.name) for one in visitor.view.policy.agencies)
    asked = questions(
        Record, _RECORD, {"seats": seats, "conflicted": seats[1:], "recommendations.to": bodies},
        seats={"needed": True}, conflicted={"needed": True}, conflict_words={"needed": True},
        findings={"needed": True},
    )  # fmt: skip
    meeting = Step("meeting", "The meeting", (asked["on"], asked["seats"], asked["others"]))
    conflict = Step("conflicts", "Conflicts of interest", (asked["conflict"],), (_OWN,))
    whose = Step("whose", "The conflict of interest", (asked["conflicted"], asked["conflict_words"]))
    findings = Step("findings", "What the panel found", (asked["findings"],))
    advice = Step(
        "recommendations", "What the panel recommends", (asked["recommendations"],),
        ("Each body you name must have regard to its recommendation and answer it (section 104(7)).",),
    )  # fmt: skip

    def steps(form: Posted) -> tuple[Step, ...]:
        between = (whose,) if form.one("conflict") == "yes" else ()
        return (meeting, conflict, *between, findings, advice)

    present = {f"seats.{id}": "yes" for id, one in everybody.items() if not one.conflict.strip()}
    return Task(
        slug="decision",
        act="record-panel-decision",
        offer="Record what the panel decided",
        check="Check the panel’s record before you send it",
        button="Record the decision",
        warning="It cannot be changed here afterwards. The recommendations go out at once.",
        done="The panel’s decision is recorded",
        follows=(
            "Each recommendation goes to its body, which has to answer it.",
            "The applicant is sent the draft plan and can say what they think of it. Then the council writes to them.",
        ),
        model=Record,
        steps=steps,
        body=lambda given: _held(given, everybody),
        start=dated("on", panel.on) | present,
        open="record-panel-decision" in visitor.view.possible,
    )


def _held(given: Record, everybody: dict[str, Seat]) -> PanelHeld:
    """Whoever had a conflict was there and did not decide."""
    out = given.conflicted if given.conflict else ()
    present = (*(everybody[id].name for id in given.seats if id not in out), *given.others)
    names = ", ".join(everybody[id].name for id in out)
    return PanelHeld(
        on=given.on, present=present, conflicts=f"{names}: {given.conflict_words}" if given.conflict else _NO,
        findings=given.findings,
        recommendations=tuple(Recommendation.model_validate(one.model_dump()) for one in given.recommendations),
    )  # fmt: skip


def _adjourn(visitor: Visitor) -> Task:
    asked = questions(Adjournment, _ADJOURN, reason={"needed": True})
    day = Step(
        "day", "Adjourn the panel", (asked["until"],), ("The dates promised to the applicant do not move by this.",)
    )
    reason = Step("reason", "Why the panel is adjourned", (asked["reason"],))
    return Task(
        slug="adjournment",
        act="adjourn-panel",
        offer="Adjourn to another day",
        check="Check before you adjourn the panel",
        button="Adjourn the panel",
        done="The panel is adjourned",
        follows=("The applicant and the members of the panel are told the new day, and why.",),
        model=Adjournment,
        steps=lambda form: (day, reason),
        body=lambda given: PanelAdjourned(until=given.until, reason=given.reason),
        open="adjourn-panel" in visitor.view.possible and visitor.view.case.stage is Stage.PANEL,
    )


def _choice(id: str, one: Seat) -> Choice:
    stands = f", {one.organisation}" if one.organisation else ""
    return Choice(id, f"{one.name}{stands}{' (declared a conflict)' if one.conflict.strip() else ''}")


task_pages.routes(router, links.Purpose.CHAIR, tasks)
