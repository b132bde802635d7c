"""Where the review is, for the applicant or whoever acts for them, at the link in their letters."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from console.visitors import progress_words, visitor_documents
from console.visitors.applicant_acts import tasks
from console.visitors.visitor import Progress, Visitor, opened
from console.web import security
from console.web.desk import AtDesk, Desk
from domain.application import Means
from domain.case import local_date
from domain.messages import Party
from register import letter_rows, queries, unfinished
from register.letter_rows import LetterError, LetterRow
from register.letter_rows import LetterProgress as State

router = APIRouter()
_SENT = frozenset({State.ACCEPTED, State.POSTED, State.UNCERTAIN, State.BOUNCED, State.RETURNED})


@router.get("/progress/{link}")
async def show(request: Request, desk: AtDesk, visitor: Progress, done: str = "", saved: str = "") -> Response:
    await opened(desk, visitor, "how the case is going")
    view, case = visitor.view, visitor.view.case
    ahead, over = progress_words.promises(view)
    sent = await _sent(desk, visitor)
    known = {task.slug: task for task in tasks(visitor)}
    offered = [task for task in known.values() if task.open]
    files = await visitor_documents.own(desk, visitor)
    return desk.pages.public(
        request,
        "progress",
        visitor.council,
        visitor=visitor,
        now=progress_words.now(view),
        ended=case.stage.over,
        steps=progress_words.steps(case),
        ahead=ahead,
        over=over,
        panel=case.panel if case.panel and case.panel.on >= view.today and not case.held else None,
        officer=case.officer.officer if case.officer else "",
        call=case.call,
        missing=case.missing,
        letters=[
            {
                "number": number,
                "subject": letter_row.subject,
                "on": local_date(letter_row.rendered_at),
                "way": _way(letter_row),
            }
            for number, letter_row in list(enumerate(sent, start=1))[::-1]
        ],
        tasks=[task for task in offered if not task.grave],
        last=[task for task in offered if task.grave],
        begun=await unfinished.begun(desk.database, visitor.link),
        done=known[done].done if done in known else visitor_documents.said(done),
        saved=saved in known,
        files=files,
    )


@router.get("/progress/{link}/letters/{number}")
async def letter(request: Request, desk: AtDesk, visitor: Progress, number: str) -> Response:
    letter_row = await _letter(desk, visitor, number)
    return desk.pages.public(
        request, "progress_letter", visitor.council, letter=letter_row, number=number, home=visitor.home,
        on=local_date(letter_row.rendered_at), post=_by_post(letter_row), way=_way(letter_row),
    )  # fmt: skip


@router.get("/progress/{link}/letters/{number}/page")
async def letter_page(desk: AtDesk, visitor: Progress, number: str) -> Response:
    """The letter as it was sent, shut into a sandbox of its own."""
    letter_row = await _letter(desk, visitor, number)
    return HTMLResponse(letter_row.html, headers=security.LETTER_HEADERS)


@router.get("/progress/{link}/letters/{number}/paper")
async def letter_paper(desk: AtDesk, visitor: Progress, number: str) -> Response:
    letter_row = await _letter(desk, visitor, number)
    try:
        content = await letter_rows.paper(desk.database, letter_row.key)
    except LetterError:
        raise HTTPException(404) from None
    name = f"letter-{int(number)}.pdf"
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": f"attachment; filename={name}"}
    )


async def _sent(desk: Desk, visitor: Visitor) -> Sequence[LetterRow]:
    """The letters to this person that left our hands, in the order they were written."""
    own = Party.APPLICANT if visitor.link.holder == visitor.view.case.application.applicant else Party.REPRESENTATIVE
    every = await queries.letters(desk.database, visitor.reference)
    return [
        letter_row
        for letter_row in every
        if letter_row.to_party is own and letter_row.to_name == visitor.name and letter_row.state in _SENT
    ]


async def _letter(desk: Desk, visitor: Visitor, number: str) -> LetterRow:
    await opened(desk, visitor, f"letter {number[:6]} of theirs")
    sent = await _sent(desk, visitor)
    if not (number.isascii() and number.isdecimal() and 0 < int(number) <= len(sent)):
        raise HTTPException(404)
    return sent[int(number) - 1]


def _way(letter_row: LetterRow) -> str:
    return letter_row.means.words if letter_row.means else ""


def _by_post(letter_row: LetterRow) -> bool:
    return letter_row.means is Means.POST
