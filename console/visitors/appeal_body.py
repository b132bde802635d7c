"""The body that decides an appeal, at its link: the bundle, the hearing's day, the hearing, the decision."""

from __future__ import annotations

import asyncio
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.questions.choices import choices
from console.questions.fields import Choice, dated
from console.questions.questionnaire import Page, questions
from console.visitors import task_pages
from console.visitors.appeal_bundle import appeal_papers, grounds
from console.visitors.applicants_files import hand_out, listed, of_applicant, with_scan
from console.visitors.case_papers import applicant, letterhead
from console.visitors.tasks import Task, in_words
from console.visitors.visitor import AppealBody, Visitor, opened
from console.web.desk import AtDesk
from console.web.posted_forms import Posted
from domain import events as e
from domain.application import Carried, Line, Text
from domain.case import Appeal
from domain.policy import Decision, StepId, Subject
from letters.papers import pdf
from register import links, queries, unfinished

router = APIRouter()


class Hearing(Carried):
    on: date
    time: Line = "10:00"
    place: Line = ""
    reason: Text = ""


class HearingAdjournment(Carried):
    until: date
    reason: e.Reasons


class Heard(Carried):
    on: date


class Advice(Carried):
    """Something a body is to do because the appeal succeeded."""

    to: str
    text: e.Reasons
    due: date | None = None


class AppealOutcome(Carried):
    """A decision as its body gives it."""

    decision: Decision
    reasons: e.Reasons
    directions: Text = ""
    recommendations: tuple[Advice, ...] = ()
    heard_on: date | None = None


@router.get("/appeal/{link}")
async def show(request: Request, desk: AtDesk, visitor: AppealBody, done: str = "", saved: str = "") -> Response:
    await opened(desk, visitor, "the appeal")
    appeal, known = _appeal(visitor), tasks(visitor)
    running = {deadline.step: deadline for deadline in visitor.view.deadlines if deadline.running}
    current = _stands(visitor)
    return desk.pages.public(
        request, "appeal", visitor.council, **task_pages.shared(desk, visitor), appeal=appeal,
        grounds=list(grounds(appeal)), applicant=applicant(visitor.view.stored),
        taken=next((task for task in known if task.slug == done), None),
        offers=[task for task in known if task.open], saved=bool(saved),
        begun=await unfinished.begun(desk.database, visitor.link),
        needs=visitor.view.case.application.needs, files=with_scan(await of_applicant(desk, visitor.view.stored)),
        hear_by=running.get(StepId.APPEAL_HEARING) if current and not appeal.hearing else None,
        decide_by=running.get(StepId.APPEAL_DECISION) if current else None,
    )  # fmt: skip


@router.get("/appeal/{link}/bundle.pdf")
async def bundle(desk: AtDesk, visitor: AppealBody) -> Response:
    """The bundle is the same however often it is fetched."""
    stored = await opened(desk, visitor, "the papers of the appeal as a PDF")
    appeal = _appeal(visitor)
    files = listed(await of_applicant(desk, stored, until=stored.events[appeal.place - 1].at))
    papers = appeal_papers(stored, appeal, await queries.letters(desk.database, stored.reference), files)
    made = await asyncio.to_thread(pdf, papers, letterhead(stored.policy), desk.renderer)
    return task_pages.attachment(made, f"{stored.reference} appeal {visitor.link.holder}.pdf")


@router.get("/appeal/{link}/documents/{id}")
async def document(desk: AtDesk, visitor: AppealBody, id: str) -> Response:
    return await hand_out(desk, visitor, id)


def tasks(visitor: Visitor) -> tuple[Task, ...]:
    """What can be done in this appeal; in an earlier one nothing any more."""
    appeal = _appeal(visitor)
    return _hearing(visitor, appeal), _adjourn(visitor), _heard(visitor, appeal), _decide(visitor, appeal)


def _appeal(visitor: Visitor) -> Appeal:
    return visitor.view.case.appeals[int(visitor.link.holder) - 1]


def _stands(visitor: Visitor) -> bool:
    """Whether this link's appeal is the one still to be decided."""
    appeal = _appeal(visitor)
    return visitor.view.case.appeal is appeal and appeal.decided is None


def _open(visitor: Visitor, act: str) -> bool:
    return _stands(visitor) and act in visitor.view.possible


def _hearing(visitor: Visitor, appeal: Appeal) -> Task:
    again = appeal.hearing is not None
    asked = questions(Hearing, in_words("arrange-hearing"), time={"needed": True}, reason={"needed": again})
    day = Page("day", "The hearing", ("on", "time", "place"))
    reason = Page("reason", "Why the hearing is moved", ("reason",))
    return Task(
        slug="hearing",
        act="arrange-hearing",
        title="Change the day, the time or the place of the hearing" if again else "Tell us the day of the hearing",
        check="Check the hearing before you send it",
        button="Send it",
        done="The hearing is arranged",
        follows=("The applicant is told the day, the time and the place, and is invited.",),
        model=Hearing,
        fields=asked,
        pages=lambda form: (day, reason) if again else (day,),
        make=lambda given: e.HearingArranged(
            on=given.on,
            time=given.time,
            place=given.place,
            reason=given.reason,
            panel=appeal.hearing.panel if appeal.hearing else (),
        ),
        start={"time": appeal.hearing.time, "place": appeal.hearing.place} if appeal.hearing else {"time": "10:00"},
        open=_open(visitor, "arrange-hearing") and appeal.heard_on is None,
    )


def _adjourn(visitor: Visitor) -> Task:
    day = Page("day", "Put the hearing off", ("until",), ("The time and the place stay as they are.",))
    reason = Page("reason", "Why the hearing is put off", ("reason",))
    return Task(
        slug="adjournment",
        act="adjourn-hearing",
        title="Put the hearing off to a later day",
        check="Check before you put the hearing off",
        button="Put the hearing off",
        done="The hearing is put off",
        follows=(
            "The applicant is told the new day, and why.",
            "If the day is after the one the council promised, the council explains the delay to the applicant.",
        ),
        model=HearingAdjournment,
        fields=questions(HearingAdjournment, in_words("adjourn-hearing"), reason={"needed": True}),
        pages=lambda form: (day, reason),
        make=lambda given: e.HearingAdjourned(until=given.until, reason=given.reason),
        open=_open(visitor, "adjourn-hearing"),
    )


def _heard(visitor: Visitor, appeal: Appeal) -> Task:
    asked = questions(Heard, in_words("record-hearing"))
    day = Page("day", "The appeal was heard", ("on",))
    on = appeal.hearing.on if appeal.hearing else None
    return Task(
        slug="heard",
        act="record-hearing",
        title="Tell us that the appeal was heard",
        check="Check the day of the hearing",
        button="Send it",
        done="The hearing is recorded",
        follows=("When you have decided, come back to this page and tell us the decision with your reasons.",),
        model=Heard,
        fields=asked,
        pages=lambda form: (day,),
        make=lambda given: e.AppealHeard(on=given.on),
        start=dated("on", on) if on else {},
        open=_open(visitor, "record-hearing") and appeal.heard_on is None,
    )


def _decide(visitor: Visitor, appeal: Appeal) -> Task:
    view = visitor.view
    bodies = tuple(Choice(agency.id, agency.name) for agency in view.policy.agencies)
    shown = choices(view.case, view.deadlines, "decide-appeal", "decision")
    asked = questions(
        AppealOutcome, in_words("decide-appeal"), {"decision": shown, "recommendations.to": bodies},
        reasons={"needed": True}, heard_on={"needed": True},
    )  # fmt: skip
    heard = Page("heard", "The appeal was heard", ("heard_on",))
    result = Page("result", "The decision", ("decision",))
    reasons = Page("reasons", "The reasons", ("reasons",))
    directions = Page("directions", "What the council must do now", ("directions",))
    advice = Page(
        "recommendations", "Who is to do what", ("recommendations",),
        ("Each body you name must have regard to it and answer it (section 104(7)).",),
    )  # fmt: skip
    first = (heard,) if appeal.route.hearing and appeal.heard_on is None else ()
    return Task(
        slug="decision",
        act="decide-appeal",
        title="Tell us the decision",
        check="Check the decision before you send it",
        button="Send the decision",
        warning="It cannot be changed here afterwards. The applicant is told at once.",
        done="The decision is recorded",
        follows=("The council sends the applicant your decision and reasons, and does what you directed.",),
        model=AppealOutcome,
        fields=asked,
        pages=lambda form: (*first, result, reasons, directions, *((advice,) if _puts_right(appeal, form) else ())),
        make=lambda given: e.AppealDecided.model_validate(given.model_dump()),
        open=_open(visitor, "decide-appeal"),
    )


def _puts_right(appeal: Appeal, form: Posted) -> bool:
    """Whether an appeal succeeds that no new review follows."""
    return form.value("decision") == Decision.UPHELD and appeal.lodged.subject is not Subject.THRESHOLD


task_pages.routes(router, links.LinkPurpose.APPEAL, tasks)
