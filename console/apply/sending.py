"""Checking an application, sending it, and what its applicant is told then."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from activities.documents import tell_all
from console.apply import browser
from console.apply.browser import Applicant, Visitor
from console.apply.form import before, closed, kept, shown
from console.apply.pages import REPORTS, Form, Question, report_faults
from console.questions.assessment import assessed
from console.questions.fields import answers
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, Posted, posted
from domain.application import ApplicationForm
from domain.calendar import LONDON
from domain.deadlines import Deadline
from domain.events import Actor, Role
from domain.terms import StepId
from office.taking_in import first_dates, taken_in
from register import documents, intake, queries, unsent
from register.database import RegisterError

TELL_WITHIN = 3.0
"""Seconds that the page waits for the case to hear of its documents; the sweep tells it of the others."""
CONSENT = "consent_to_share"
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
        return RedirectResponse(f"{applicant.at}/check", 303)
    return _declaration(request, desk, applicant, applicant.form, [], 200)


@router.post("/apply/{council}/declaration")
async def send(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    """Sent twice, by a double click or the back button, it is one application."""
    sent = await posted(request)
    if applicant.unsent is None:
        return closed(request, desk, applicant, "check", sent)
    form = await kept(desk, applicant, sent, [CONSENT])
    if form is None:
        return RedirectResponse(f"{applicant.at}/sent", 303)
    if sent.one("_press") == "save":
        return RedirectResponse(f"{applicant.at}/save", 303)
    if not sent.one(CONSENT):
        return _declaration(request, desk, applicant, form, [Fault(CONSENT, "Select yes if we may share this")], 422)
    made, _ = form.application
    if made is None or _missing(desk, form):
        return await _check(request, desk, applicant, form, [], 422)
    return await _sent(request, desk, applicant, form, made)


@router.get("/apply/{council}/sent")
async def told(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    """The reference and the dates, for as long as the browser is open; nothing that was typed is shown."""
    if applicant.unsent is None or not applicant.unsent.reference:
        return browser.onward(applicant) or RedirectResponse(f"{applicant.at}/check", 303)
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
    kept = (one for one in dates if one.running and (one.public or one.step is StepId.ACKNOWLEDGEMENT))
    known = [(_TOLD[one.step], one) for one in kept if one.step in _TOLD]
    return sorted(known, key=lambda pair: pair[1].due)


async def _sent(request: Request, desk: Desk, applicant: Applicant, form: Form, made: ApplicationForm) -> Response:
    assert applicant.unsent is not None
    try:
        taken = await taken_in(desk.office, made, applicant.policy, by=_BY, key=applicant.unsent.id)
    except intake.NotTakenIn as error:
        return await _check(request, desk, applicant, form, [Fault("send", words) for words in error.sentences], 422)
    await unsent.sent(desk.database, applicant.unsent.id, taken.reference, desk.now)
    with suppress(TimeoutError, RegisterError):
        async with asyncio.timeout(TELL_WITHIN):
            await tell_all(desk.office.client, desk.database, taken.reference)
    return RedirectResponse(f"{applicant.at}/sent", 303)


def _missing(desk: Desk, form: Form) -> list[tuple[str, str]]:
    """What must be mended before it can be sent: the page it stands on, and the sentence."""
    today = desk.now.astimezone(LONDON).date()
    found: list[tuple[str, str]] = []
    for question in form.questions:
        if question.slug == "reports":
            found += [
                (f"reports/{number}", f"Report {place}: {fault.words}")
                for place, number in enumerate(form.rows, start=1)
                for fault in report_faults(form, number, today)
            ]
            found += [] if form.rows else [("reports", "Add at least one report")]
        else:
            found += [(question.slug, fault.words) for fault in question.faults(form)]
    return found


async def _check(
    request: Request, desk: Desk, applicant: Applicant, form: Form, faults: list[Fault], status: int
) -> Response:
    assert applicant.unsent is not None
    attached = [one.name for one in await documents.of_unsent(desk.database, applicant.unsent.id)]
    return shown(
        request, desk, applicant, "check", status, faults=faults, missing=_missing(desk, form),
        parts=[_part(form, one, attached) for one in form.questions],
        assessment=assessed(applicant.policy, form.fields, form.posted, desk.now.astimezone(LONDON).date()),
        back=before(applicant, form, "check"),
    )  # fmt: skip


def _declaration(
    request: Request, desk: Desk, applicant: Applicant, form: Form, faults: list[Fault], status: int
) -> Response:
    return shown(
        request, desk, applicant, "declaration", status, faults=faults, form=Posted(dict(form.values)),
        field=form.field(CONSENT), other=form.other, back=f"{applicant.at}/check",
    )  # fmt: skip


def _part(form: Form, question: Question, attached: list[str]) -> dict[str, Any]:
    """One page's answers, label by label, those left empty too; the reports each on their own."""
    if question.slug == "documents":
        names = [(question.title, "\n".join(attached))]
        return {"slug": question.slug, "title": form.title(question), "answers": names}
    if question.slug == "reports":
        inside = form.field(REPORTS).inside
        groups = [answers(inside, form.posted, f"{REPORTS}.{number}.") for number in form.rows]
        return {"slug": question.slug, "title": form.title(question), "reports": groups}
    found: list[tuple[str, str]] = []
    for path in question.asks:
        field = form.field(path)
        said = answers((field,), form.posted, f"{path.rpartition('.')[0]}." if "." in path else "")
        found += said or [(field.label.removesuffix(" (optional)"), "")]
    return {"slug": question.slug, "title": form.title(question), "answers": found}
