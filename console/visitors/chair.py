"""The panel's chair at their link: the papers, then the panel's record, or another day for it."""

from __future__ import annotations

import asyncio
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.questions.fields import Choice, dated
from console.questions.questionnaire import Page, questions
from console.visitors import task_pages
from console.visitors.applicants_files import hand_out, listed, of_applicant, with_scan
from console.visitors.case_papers import letterhead, panel_papers, panel_record
from console.visitors.safety_referral import referral
from console.visitors.tasks import Task, in_words
from console.visitors.visitor import Chair, Visitor, opened
from console.web.desk import AtDesk
from console.web.posted_forms import Posted
from domain.application import Carried, Line, Text
from domain.events import PanelAdjourned, PanelArranged, PanelHeld, Reasons, Recommendation, Seat
from domain.parts import Stage
from domain.policy import Milestone
from domain.powers import POWERS
from domain.seats import seat_id
from letters.papers import pdf
from register import links, unfinished

router = APIRouter()

_NO = "Nobody declared one."
_OWN = (
    "If you have one yourself, do not record a decision. Ring the council: it names another chair. A conflict is to "
    "know the applicant or the people reported, or to have taken decisions in the case."
)


class Recommended(Carried):
    """One recommendation; its reason is needed, because the law asks bodies to have regard to it."""

    to: str
    text: Reasons
    reason: Reasons
    due: date | None = None
    power: Line = ""


class Record(Carried):
    """A panel's record as its chair gives it."""

    on: date
    seats: tuple[str, ...] = ()
    others: tuple[Line, ...] = ()
    conflict: bool
    conflicted: tuple[str, ...] = ()
    conflict_words: Text = ""
    findings: Reasons
    recommendations: tuple[Recommended, ...] = ()


class PanelAdjournment(Carried):
    until: date
    reason: Reasons


@router.get("/chair/{link}")
async def show(request: Request, desk: AtDesk, visitor: Chair, done: str = "", saved: str = "") -> Response:
    await opened(desk, visitor, "the panel’s papers")
    known = tasks(visitor)
    case = visitor.view.case
    return desk.pages.public(
        request, "chair", visitor.council, **task_pages.shared(desk, visitor), bundle=panel_papers(visitor.view),
        files=with_scan(await of_applicant(desk, visitor.view.stored)),
        record=panel_record(case.held, case.policy) if case.held else None, panel=case.panel,
        heard=next((task for task in known if task.slug == done), None), saved=bool(saved), decide=known[0],
        adjourn=known[1], refer=known[2], begun=await unfinished.begun(desk.database, visitor.link),
        early=bool(case.panel and visitor.view.today < case.panel.on), sent=case.reached.get(Milestone.PAPERS_SENT),
    )  # fmt: skip


@router.get("/chair/{link}/papers.pdf")
async def papers(desk: AtDesk, visitor: Chair) -> Response:
    await opened(desk, visitor, "the panel’s papers as a PDF")
    view = visitor.view
    bundle = panel_papers(view, listed(await of_applicant(desk, view.stored)))
    made = await asyncio.to_thread(pdf, bundle, letterhead(view.policy), desk.renderer)
    return task_pages.attachment(made, f"{view.reference} papers for the panel.pdf")


@router.get("/chair/{link}/documents/{id}")
async def document(desk: AtDesk, visitor: Chair, id: str) -> Response:
    return await hand_out(desk, visitor, id)


def tasks(visitor: Visitor) -> tuple[Task, ...]:
    panel = visitor.view.case.panel
    assert panel is not None
    return _record(visitor, panel), _adjourn(visitor), referral(visitor)


def _record(visitor: Visitor, panel: PanelArranged) -> Task:
    everybody = {seat_id(seat): seat for seat in (panel.chair, *panel.members)}
    seats = tuple(_choice(id, seat) for id, seat in everybody.items())
    bodies = tuple(Choice(agency.id, agency.name) for agency in visitor.view.policy.agencies)
    powers = (Choice("", "None of the menu"), *(Choice(power.id, power.words) for power in POWERS.values()))
    asked = questions(
        Record, in_words("record-panel-decision"),
        {"seats": seats, "conflicted": seats[1:], "recommendations.to": bodies,
         "recommendations.power": powers},
        seats={"needed": True}, conflicted={"needed": True}, conflict_words={"needed": True},
        findings={"needed": True},
    )  # fmt: skip
    meeting = Page("meeting", "The meeting", ("on", "seats", "others"))
    conflict = Page("conflicts", "Conflicts of interest", ("conflict",), (_OWN,))
    whose = Page("whose", "The conflict of interest", ("conflicted", "conflict_words"))
    findings = Page("findings", "What the panel found", ("findings",))
    advice = Page(
        "recommendations", "What the panel recommends", ("recommendations",),
        ("Each body you name must have regard to its recommendation and answer it (section 104(7)).",),
    )  # fmt: skip

    def pages(form: Posted) -> tuple[Page, ...]:
        between = (whose,) if form.value("conflict") == "yes" else ()
        return (meeting, conflict, *between, findings, advice)

    present = {f"seats.{id}": "yes" for id, seat in everybody.items() if not seat.conflict.strip()}
    return Task(
        slug="decision",
        act="record-panel-decision",
        title="Record what the panel decided",
        check="Check the panel’s record before you send it",
        button="Record the decision",
        warning="It cannot be changed here afterwards. The recommendations go out at once.",
        done="The panel’s decision is recorded",
        follows=(
            "Each recommendation goes to its body, which has to answer it.",
            "The applicant is sent the draft plan and can say what they think of it. Then the council writes to them.",
        ),
        model=Record,
        fields=asked,
        pages=pages,
        make=lambda given: _held(given, everybody),
        start=dated("on", panel.on) | present,
        open="record-panel-decision" in visitor.view.possible,
        powers="recommendations",
    )


def _held(given: Record, everybody: dict[str, Seat]) -> PanelHeld:
    """Whoever had a conflict was there and did not decide."""
    out = given.conflicted if given.conflict else ()
    present = (*(everybody[id].name for id in given.seats if id not in out), *given.others)
    names = ", ".join(everybody[id].name for id in out)
    return PanelHeld(
        on=given.on, present=present, conflicts=f"{names}: {given.conflict_words}" if given.conflict else _NO,
        findings=given.findings,
        recommendations=tuple(Recommendation.model_validate(advice.model_dump()) for advice in given.recommendations),
    )  # fmt: skip


def _adjourn(visitor: Visitor) -> Task:
    asked = questions(PanelAdjournment, in_words("adjourn-panel"), reason={"needed": True})
    day = Page("day", "Adjourn the panel", ("until",), ("The dates promised to the applicant do not move by this.",))
    reason = Page("reason", "Why the panel is adjourned", ("reason",))
    return Task(
        slug="adjournment",
        act="adjourn-panel",
        title="Adjourn to another day",
        check="Check before you adjourn the panel",
        button="Adjourn the panel",
        done="The panel is adjourned",
        follows=("The applicant and the members of the panel are told the new day, and why.",),
        model=PanelAdjournment,
        fields=asked,
        pages=lambda form: (day, reason),
        make=lambda given: PanelAdjourned(until=given.until, reason=given.reason),
        open="adjourn-panel" in visitor.view.possible and visitor.view.case.stage is Stage.PANEL,
    )


def _choice(id: str, seat: Seat) -> Choice:
    stands = f", {seat.organisation}" if seat.organisation else ""
    return Choice(id, f"{seat.name}{stands}{' (declared a conflict)' if seat.conflict.strip() else ''}")


task_pages.routes(router, links.LinkPurpose.CHAIR, tasks)
