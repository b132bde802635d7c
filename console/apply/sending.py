"""Checking an application, sending it, and what its applicant is told then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from activities.document_news import tell_all
from console.apply import browser
from console.apply.browser import Applicant, Visitor
from console.apply.form import asking, before, closed, kept, shown
from console.apply.pages import CONSENT, DECLARATION, REPORTS, Form, report_faults
from console.questions.assessment import assessed
from console.questions.fields import answers
from console.questions.questionnaire import Page
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, posted
from domain.application import ApplicationForm
from domain.calendar import LONDON
from domain.deadlines import Deadline
from domain.events import Actor, Role
from domain.terms import StepId
from office.taking_in import first_dates, taken_in
from register import documents, queries, taking_in, unsent
from register.database import RegisterError

TELL_WITHIN = 3.0
"""Seconds that the page waits for the case to hear of its documents; the sweep tells it of the others."""
_TOLD = {
    StepId.ACKNOWLEDGEMENT: "We tell you that we have it",
    StepId.THRESHOLD: "We tell you if there will be a review",
    StepId.RESPONSE: "We tell you what came of it",
}
_BY = Actor(role=Role.APPLICANT)

router = APIRouter()


@router.get("/apply/{council}/check")
async def check(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    if away := browser.onward(applicant):
        return away
    return await _check(request, desk, applicant, applicant.form, [], 200)


@router.get("/apply/{council}/declaration")
async def declaration(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    if away := browser.onward(applicant):
        return away
    if _missing(desk, applicant.form):
        return RedirectResponse(f"{applicant.base}/check", 303)
    return _declaration(request, desk, applicant, applicant.form, [], 200)


@router.post("/apply/{council}/declaration")
async def send(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    """Sent twice, by a double click or the back button, it is one application."""
    sent = await posted(request)
    if applicant.unsent is None:
        return closed(request, desk, applicant, "check", sent)
    form = await kept(desk, applicant, sent, [CONSENT])
    if form is None:
        return RedirectResponse(f"{applicant.base}/sent", 303)
    if sent.value("_press") == "save":
        return RedirectResponse(f"{applicant.base}/save", 303)
    if faults := form.faults_of(DECLARATION):
        return _declaration(request, desk, applicant, form, faults, 422)
    made, _ = form.application
    if made is None or _missing(desk, form):
        return await _check(request, desk, applicant, form, [], 422)
    return await _sent(request, desk, applicant, form, made)


@router.get("/apply/{council}/sent")
async def told(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    """The reference and the dates, for as long as the browser is open; nothing that was typed is shown."""
    if applicant.unsent is None or not applicant.unsent.reference:
        return browser.onward(applicant) or RedirectResponse(f"{applicant.base}/check", 303)
    stored = await queries.case(desk.database, applicant.unsent.reference)
    if stored is None:
        raise HTTPException(404)
    start = stored.start
    dates = first_dates(start.policy, start.application, start.made_at, _BY, desk.now)
    return shown(
        request, desk, applicant, "sent", reference=stored.reference, dates=promised(dates),
        missing=start.application.missing, own_page=desk.links.is_open,
    )  # fmt: skip


def promised(dates: tuple[Deadline, ...]) -> list[tuple[str, Deadline]]:
    """What somebody who applied can wait for, in words, the next first: the receipt, and what the council promised."""
    kept = (
        deadline
        for deadline in dates
        if deadline.running and (deadline.public or deadline.step is StepId.ACKNOWLEDGEMENT)
    )
    known = [(_TOLD[deadline.step], deadline) for deadline in kept if deadline.step in _TOLD]
    return sorted(known, key=lambda pair: pair[1].due)


async def _sent(request: Request, desk: Desk, applicant: Applicant, form: Form, made: ApplicationForm) -> Response:
    assert applicant.unsent is not None
    try:
        taken = await taken_in(desk.office, made, applicant.policy, by=_BY, key=applicant.unsent.id)
    except taking_in.NotTakenIn as error:
        return await _check(request, desk, applicant, form, [Fault("send", words) for words in error.sentences], 422)
    await unsent.sent(desk.database, applicant.unsent.id, taken.reference, desk.now)
    with suppress(TimeoutError, RegisterError):
        async with asyncio.timeout(TELL_WITHIN):
            await tell_all(desk.office.client, desk.database, taken.reference)
    return RedirectResponse(f"{applicant.base}/sent", 303)


def _missing(desk: Desk, form: Form) -> list[tuple[str, str]]:
    """What must be mended before it can be sent: the page it stands on, and the sentence."""
    today = desk.now.astimezone(LONDON).date()
    missing: list[tuple[str, str]] = []
    for page in form.pages:
        if page.slug == "reports" and form.rows:
            missing += [
                (f"reports/{number}", fault.words)
                for number in form.rows
                for fault in report_faults(form, number, today)
            ]
        else:
            missing += [(page.slug, fault.words) for fault in form.faults_of(page)]
    return missing


async def _check(
    request: Request, desk: Desk, applicant: Applicant, form: Form, faults: list[Fault], status: int
) -> Response:
    assert applicant.unsent is not None
    attached = [document.name for document in await documents.of_unsent(desk.database, applicant.unsent.id)]
    missing = _missing(desk, form)
    return shown(
        request, desk, applicant, "questions/check", status, faults=faults, missing=missing, sheet=form.sheet,
        parts=list(_parts(form, applicant.base, attached)), counts=True, own=True, saved=f"{applicant.base}/save",
        assessment=assessed(applicant.policy, form.fields, form.posted, desk.now.astimezone(LONDON).date()),
        back=before(applicant, form, "check"), back_words="Back", later="Stop and come back later",
        onward="" if missing else f"{applicant.base}/declaration",
    )  # fmt: skip


def _declaration(
    request: Request, desk: Desk, applicant: Applicant, form: Form, faults: list[Fault], status: int
) -> Response:
    openly = " You also say that you tell us openly whether the person you apply for agrees." if form.other else ""
    closing = (
        f"By sending it you say that what you wrote is right as far as you know.{openly}",
        "We do not tell the people you complain about that you applied.",
    )
    return asking(
        request, desk, applicant, form, DECLARATION, faults, status, hidden={}, back=f"{applicant.base}/check",
        closing=closing, go="Send my application",
    )  # fmt: skip


def _parts(form: Form, base: str, attached: list[str]) -> Iterator[tuple[Page, str, list[tuple[str, str]]]]:
    """Each page's answers, label by label, those left empty too; the reports each on their own."""
    for page in form.pages:
        if page.slug == "reports":
            many = f"{len(form.rows)} {'report' if len(form.rows) == 1 else 'reports'}"
            yield page, f"{base}/reports?from=check", [(page.title, many if form.rows else "No report yet")]
            for place, number in enumerate(form.rows, start=1):
                said = answers(form.field(REPORTS).inside, form.posted, f"{REPORTS}.{number}.")
                yield Page(f"reports-{number}", f"Report {place}", ()), f"{base}/reports/{number}?from=check", said
        elif page.slug == "documents":
            yield page, f"{base}/documents?from=check", [(page.title, "\n".join(attached))]
        else:
            yield page, f"{base}/{page.slug}?from=check", form.sheet.said_on(page, form.posted, empty=True)
