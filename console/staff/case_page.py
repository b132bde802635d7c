"""One case on a page: where it stands, what may be done, its dates with their working, its letters, its story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console.questions.labels import ACTS, plainly
from console.staff import case_links, operations, possible_acts, report_form
from console.staff.urgency import urgency
from console.staff.work_list import RISKS, who
from console.web import security
from console.web.desk import AtDesk, Desk, Doer, Overseer, Reader, opened
from console.web.posted_forms import posted
from console.web.stages import tasks
from domain import risk
from domain.assessment import assessment
from domain.breaches import owed
from domain.case import local_date
from domain.deadlines import Deadline, State, next_due
from domain.events import (
    ActRefused,
    Event,
    LetterPosted,
    LetterState,
    NoteAdded,
    OfficerAssigned,
    Purpose,
    SafetyReferred,
)
from domain.letters import ANSWERS, CATALOGUE
from office import case_words, permits, temporal_ui, timeline, together
from office.case_view import CaseView, viewed
from office.case_words import subject
from office.deadline_words import limit
from office.permits import Permit
from post.link_desk import masked, prints_a_link
from register import documents, drafts, letter_rows, likeness, pending_acts, queries, reads, unfinished
from register import links as link_rows
from register.drafts import Begun
from register.letter_rows import LetterProgress, LetterRow
from register.pending_acts import PendingAct
from register.unfinished import Officer
from register.users import User

router = APIRouter()

_SAFETY = ("A-12", "A-13")
"""Letters that say who may be in danger, and from what."""

_LETTER_TAGS = {
    LetterProgress.RENDERED: ("Written, not sent yet", "grey"),
    LetterProgress.HANDING_OVER: ("Being sent", "grey"),
    LetterProgress.ACCEPTED: ("Sent", "green"),
    LetterProgress.WAITING: ("Waiting for the mail server", "yellow"),
    LetterProgress.REFUSED: ("Refused by the mail server", "red"),
    LetterProgress.UNCERTAIN: ("May or may not have gone", "red"),
    LetterProgress.IN_TRAY: ("To be printed and posted", "yellow"),
    LetterProgress.POSTED: ("Posted", "green"),
    LetterProgress.BOUNCED: ("Came back by e-mail", "red"),
    LetterProgress.RETURNED: ("Came back by post", "red"),
}
_STATES = {
    State.OPEN: ("Open", "blue"),
    State.OVERDUE: ("Overdue", "red"),
    State.MET: ("Met", "green"),
    State.MET_LATE: ("Met late", "orange"),
    State.SHUT: ("Ended", "grey"),
    State.STOPPED: ("Stopped", "grey"),
}


@router.get("/cases/{reference}")
async def show(request: Request, desk: AtDesk, user: Reader, reference: str, done: str = "") -> Response:
    stored = await opened(desk, user, reference, "the case")
    sent = await queries.letters(desk.database, stored.reference)
    known = await link_rows.of_case(desk.database, stored.reference)
    waiting = [
        {
            "id": proposal.id,
            "title": ACTS[proposal.act].title,
            "name": proposal.name,
            "own": proposal.user_id == user.id,
        }
        for proposal in await drafts.of(desk.database, Begun.PROPOSAL, stored.row.council)
        if proposal.reference == stored.reference
    ]
    view = viewed(stored)
    context = _context(desk, user, view, sent, done) | {"links": case_links.listed(desk, view, known)}
    kept = await documents.of_case(desk.database, stored.reference)
    refused = await documents.refused(desk.database, stored.reference)
    left = [_left(view, act) for act in await pending_acts.of_case(desk.database, stored.reference)]
    alike = await likeness.of_case(desk.database, stored)
    begun = sorted(await unfinished.begun(desk.database, Officer(stored.reference, user.id)))
    return desk.pages.show(
        request, "case", **context, proposals=waiting, documents=kept, refused_documents=refused,
        left=left, alike=alike, linked=await together.linked(desk.database, view.case),
        begun=[(act, ACTS[act].title) for act in begun],
        still=None if view.case.stage.over else await operations.stands_still(desk, stored.reference),
    )  # fmt: skip


@router.post("/cases/{reference}/left")
async def seen(request: Request, desk: AtDesk, user: Doer, reference: str) -> Response:
    """Somebody has seen that the case did not take what was left for it."""
    stored = await opened(desk, user, reference, "what was left for the case")
    await pending_acts.seen(desk.database, stored.reference, (await posted(request)).raw("id"))
    return RedirectResponse(f"/cases/{stored.reference}?done=seen", 303)


@router.get("/cases/{reference}/letters/{number}")
async def letter(request: Request, desk: AtDesk, user: Reader, reference: str, number: str) -> Response:
    letter = await _letter(desk, user, reference, number)
    told: dict[str, Any] = {
        "title": _title(letter),
        "state": _LETTER_TAGS[letter.state],
        "to": _to(letter),
        "text": masked(letter.text),
    }
    to_post = letter.state is LetterProgress.IN_TRAY and permits.holds(user, Permit.ACT)
    to_print = permits.holds(user, Permit.LINKS) or not prints_a_link(letter.text)
    return desk.pages.show(
        request, "letter", **told, letter=letter, number=number, to_post=to_post, to_print=to_print,
        own_day=await _own_day(desk, letter.reference),
    )  # fmt: skip


@router.get("/cases/{reference}/letters/{number}/page")
async def letter_page(desk: AtDesk, user: Reader, reference: str, number: str) -> Response:
    """The letter as it was sent but for its reader's own link, shut into a sandbox of its own."""
    letter = await _letter(desk, user, reference, number)
    return HTMLResponse(masked(letter.html), headers=security.LETTER_HEADERS)


@router.get("/cases/{reference}/letters/{number}/paper")
async def letter_paper(desk: AtDesk, user: Doer, reference: str, number: str) -> Response:
    """A letter that is to be printed and posted, whole, with its reader's own link: for those who may make links, and
    recorded as what it is."""
    letter = await _letter(desk, user, reference, number)
    if letter.state is not LetterProgress.IN_TRAY:
        raise HTTPException(404)
    if prints_a_link(letter.text):
        if not permits.holds(user, Permit.LINKS):
            raise HTTPException(403)
        await opened(desk, user, reference, f"letter {number} to print, with its reader’s own link")
    name = f"{letter.reference}-letter-{int(number)}.pdf"
    return Response(
        await letter_rows.paper(desk.database, letter.key), media_type="application/pdf",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )  # fmt: skip


@router.get("/cases/{reference}/temporal")
async def in_temporal(desk: AtDesk, user: Reader, reference: str) -> Response:
    """To the case's words in the Temporal UI, whose address has the run in it."""
    stored = await opened(desk, user, reference, "where the Temporal UI has the case")
    if not desk.ui:
        raise HTTPException(404)
    run = await desk.office.run(stored.reference)
    return RedirectResponse(temporal_ui.case(desk.ui, desk.office.client.namespace, stored.reference, run), 303)


@router.get("/cases/{reference}/readers")
async def readers(request: Request, desk: AtDesk, user: Overseer, reference: str) -> Response:
    stored = await opened(desk, user, reference, "who read the case")
    looked = await reads.of_case(desk.database, stored.reference)
    return desk.pages.show(request, "readers", reference=stored.reference, looked=looked)


async def _own_day(desk: Desk, reference: str) -> date | None:
    row = await queries.case_row(desk.database, reference)
    return row.own_day if row else None


async def _letter(desk: Desk, user: User, reference: str, number: str) -> LetterRow:
    """A letter by its place among the case's letters; its key may say to whom it goes, so it is in no address."""
    stored = await opened(desk, user, reference, f"letter {number[:6]}")
    sent = await queries.letters(desk.database, stored.reference)
    if not (number.isascii() and number.isdecimal() and 0 < int(number) <= len(sent)):
        raise HTTPException(404)
    letter = sent[int(number) - 1]
    if letter.kind in _SAFETY and not permits.holds(user, Permit.SAFETY):
        raise HTTPException(403)
    return letter


def _context(desk: Desk, user: User, view: CaseView, sent: Sequence[LetterRow], done: str) -> dict[str, Any]:
    case, policy, row = view.case, view.policy, view.stored.row
    calendar = view.stored.current_calendar
    following = next_due(view.deadlines)
    near = urgency(calendar, following.due, view.today) if following and not case.stage.over else None
    first, later = possible_acts.offered(view, user)
    taken = next((event for event in case.events if done and event.id == done), None)
    return {
        "view": view,
        "row": row,
        "case": case,
        "policy": policy,
        "applicant": view.stored.readers.get(case.application.applicant),
        "representative": view.stored.readers.get(case.application.representative),
        "others": [(id, view.stored.readers.get(id), joined) for id, joined in case.others.items()],
        "reachable": "correct-contact" in (*first, *later),
        "correcting": f"/cases/{view.reference}/acts/{report_form.ACT}" if report_form.ACT in (*first, *later) else "",
        "who": who(view.waiting.must_act, policy),
        "urgency": near,
        "own_day": row.own_day,
        "tasks": tasks(case),
        "first": [(act, ACTS[act]) for act in first],
        "later": [(act, ACTS[act]) for act in later],
        "running": [_deadline(view, deadline) for deadline in view.deadlines if deadline.running],
        "settled": [_deadline(view, deadline) for deadline in view.deadlines if not deadline.running],
        "letters": [
            {
                "number": number,
                "title": _title(letter),
                "to": _to(letter),
                "it": letter,
                "state": _LETTER_TAGS[letter.state],
            }
            for number, letter in _newest(sent)
        ],
        **substance(view),
        "owed": owed(case, view.deadlines) if "apologise" in (*first, *later) else (),
        "risk_wanted": risk.wanted(case) if "assess-risk" in (*first, *later) else "",
        "risks": [(event, timeline.who(event.by, policy)) for event in reversed(case.risks)],
        "risk_tag": RISKS[case.risk.level] if case.risk else None,
        "referrals": [
            {"it": event, "who": timeline.who(event.by, policy), "to": timeline.party(event.what.to, policy)}
            for event in reversed(case.referrals)
            if isinstance(event.what, SafetyReferred)
        ],
        "notes": [event for event in reversed(case.events) if isinstance(event.what, NoteAdded)],
        "timeline": [_told(event, view) for event in reversed(case.events) if not _plain_letter(event)],
        "done": done,
        "taken": _done(taken, user) if taken and taken.what.act else "",
        "ui": f"/cases/{view.reference}/temporal" if desk.ui else "",
    }


def substance(view: CaseView) -> dict[str, Any]:
    """What is known of a case and what was decided, for whoever decides next (templates/console/substance.html.j2)."""
    case, policy = view.case, view.policy
    return {
        "case": case,
        "assessment": assessment(case) if case.incidents else None,
        "incidents": {incident.id: incident for incident in case.incidents},
        "corrections": _by_report((known.after.id, known) for known in case.corrections),
        "differences": _by_report(case_words.other_days(case)),
        "body": lambda name: timeline.body(name, policy),
        "enquiries": [_enquiry(view, key) for key in case.enquiries],
        "decided": any((case.threshold, case.attendance, case.appeals, case.follow_up, case.objection)),
        "items": [
            (item, timeline.party(item.recommendation.to, policy), _answer(item)) for item in case.items.values()
        ],
    }


def _by_report(known: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    """What is known of each report by its id."""
    found: dict[str, list[Any]] = {}
    for id, what in known:
        found.setdefault(id, []).append(what)
    return found


def _done(taken: Event, user: User) -> str:
    """What was done, in words; of a case that somebody took, that it is theirs."""
    if isinstance(taken.what, OfficerAssigned) and taken.what.officer == user.name:
        return "The case is yours now. The applicant is told"
    return ACTS[taken.what.act].done if taken.what.act else ""


def _deadline(view: CaseView, deadline: Deadline) -> dict[str, Any]:
    words, colour = _STATES[deadline.state]
    near = urgency(view.stored.current_calendar, deadline.due, view.today) if deadline.running else None
    on = timeline.party(deadline.agency, view.policy) if deadline.agency else who(deadline.owner.value, view.policy)
    return {
        "it": deadline,
        "moved": deadline.first is not None,
        "state": near.words if near else words,
        "colour": near.colour if near else colour,
        "on": on,
        "limit": limit(deadline),
        "skipped": sum(not day.counted for day in deadline.working[1:]),
    }


def _left(view: CaseView, act: PendingAct) -> dict[str, Any]:
    return {
        "id": act.id,
        "title": ACTS[act.what.act or ""].title,
        "who": timeline.who(act.by, view.policy),
        "at": act.kept_at,
        "refused": plainly(act.refused).rstrip("."),
    }


def _enquiry(view: CaseView, key: str) -> dict[str, Any]:
    enquiry = view.case.enquiries[key]
    checked = enquiry.purpose is Purpose.VERIFICATION
    return {
        "agency": timeline.party(enquiry.agency, view.policy),
        "asked": "Confirm the reports" if checked else "Give its full account",
        "it": enquiry,
    }


def _answer(item: Any) -> str:
    if item.done:
        return "Done"
    return ANSWERS[item.answer.response].capitalize() if item.answer else "Not answered yet"


def _told(event: Event, view: CaseView) -> dict[str, Any]:
    return {
        "at": event.at,
        "day": local_date(event.at),
        "who": timeline.who(event.by, view.policy),
        "words": _in_words(event, view),
    }


def _in_words(event: Event, view: CaseView) -> str:
    """The event's sentence with acts called as this console calls them."""
    words = timeline.words(event, view.policy, view.case.corrections)
    return plainly(words) if isinstance(event.what, ActRefused) else words


def _plain_letter(event: Event) -> bool:
    """A letter that went as it should stands among the letters; the story has those that did not."""
    return isinstance(event.what, LetterPosted) and event.what.state is LetterState.ACCEPTED


def _newest(sent: Sequence[LetterRow]) -> list[tuple[int, LetterRow]]:
    return list(enumerate(sent, start=1))[::-1]


def _title(letter: LetterRow) -> str:
    known = CATALOGUE.get(letter.kind)
    return subject(letter) or (known.title if known else letter.kind)


def _to(letter: LetterRow) -> str:
    return letter.to_name or letter.to_party.value.replace("_", " ")
