"""The work list: what is due first, why each case waits and who must act."""

from __future__ import annotations

import uuid
from collections.abc import Container
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.staff.urgency import NOTHING, urgency
from console.web.desk import AtDesk, Browser, Desk, Reader
from console.web.posted_forms import posted
from domain import risk
from domain.calendar import LONDON
from domain.case import Stage, local_date
from domain.events import RiskLevel
from domain.policy import Policy
from register import users, worklist
from register.queries import CaseRow
from register.users import EVERY_COUNCIL, SignedIn
from register.worklist import NOBODY, PAGE, Due, PageOfCases, Wanted

OPEN, EVERYTHING = "open", "all"
_DUE = (("", "Any day"), ("overdue", "Overdue"), ("week", "This week or overdue"))
_NONE_NEXT = {
    "none": "No case waits for an officer just now that nobody has and that you may take.",
    "down": "The service did not answer, so it is not certain whether you have a new case. Look at your cases first.",
}
_WHO = {
    "service": "The service itself", "officer": "An officer", "applicant": "The applicant", "chair": "The chair",
    "appeal_body": "The appeal body", "agencies": "The agencies", "operations": "Operations staff", "": "Nobody",
}  # fmt: skip

RISKS = {
    RiskLevel.LOW: ("Low risk", "green"), RiskLevel.MEDIUM: ("Medium risk", "yellow"),
    RiskLevel.HIGH: ("High risk", "orange"), RiskLevel.VERY_HIGH: ("Very high risk", "red"),
}  # fmt: skip
_NOT_ASSESSED = ("Risk not assessed", "grey")

router = APIRouter()


@router.get("/cases")
async def show(request: Request, desk: AtDesk, user: Reader, browser: Browser) -> Response:
    asked = dict(request.query_params)
    wanted = _wanted(asked, browser)
    today = desk.now.astimezone(LONDON).date()
    listed = await worklist.listed(desk.database, wanted, today)
    if wanted.page > 1 and not listed.rows:
        return RedirectResponse(_address(asked, page=""), 303)
    policies, stuck = desk.pages.policies, desk.lookout.last.stuck if desk.lookout.last else {}
    return desk.pages.show(
        request,
        "cases",
        rows=[_row(row, listed, today, policies.get(row.council), stuck) for row in listed.rows],
        count=listed.count,
        words=wanted.words,
        filters=_filters(desk, listed, asked, user.council == EVERY_COUNCIL),
        taking=uuid.uuid4().hex,
        none_next=_NONE_NEXT.get(asked.get("next", ""), ""),
        filtered=any(asked.get(name) for name in ("stage", "council", "officer", "due")),
        pagination=_pagination(asked, wanted.page, listed.count),
        first=(wanted.page - 1) * PAGE + 1,
        last=(wanted.page - 1) * PAGE + len(listed.rows),
    )


@router.post("/cases/search")
async def search(request: Request, desk: AtDesk, user: Reader, browser: Browser) -> Response:
    """What is searched for stays out of the page's address: it may be somebody's name."""
    words = " ".join((await posted(request)).value("words").split())
    await users.search(desk.database, browser.id, words)
    return RedirectResponse("/cases?found=1&stage=all" if words else "/cases", 303)


def _wanted(asked: dict[str, str], browser: SignedIn) -> Wanted:
    stage, page, user = asked.get("stage", ""), asked.get("page", ""), browser.user
    council = asked.get("council") or None
    return Wanted(
        council=council if user.council == EVERY_COUNCIL else user.council,
        stage=Stage(stage) if stage in set(Stage) else None,
        over=stage == EVERYTHING,
        officer=asked.get("officer", ""),
        due=Due(asked["due"]) if asked.get("due") in set(Due) else Due.ANY,
        words=browser.search if asked.get("found") else "",
        page=max(int(page), 1) if page.isascii() and page.isdecimal() and len(page) < 5 else 1,
    )


def _row(
    row: CaseRow, listed: PageOfCases, today: date, policy: Policy | None, stuck: Container[str]
) -> dict[str, object]:
    by_now = local_date(row.as_of) if row.demo else today
    due = urgency(listed.calendars[row.reference], row.next_due, by_now)
    council = policy.identity.council if policy else row.council
    now = NOTHING if row.stage.over else due
    level = risk.level(row.risk)
    return {
        "case": row,
        "urgency": now,
        "who": who(row.must_act, policy),
        "council": council,
        "stuck": row.reference in stuck,
        "risk": RISKS[level] if level else _NOT_ASSESSED,
    }


def who(must_act: str, policy: Policy | None) -> str:
    """Who must act, in words: a part, or an agency's name."""
    agency = policy.agency(must_act) if policy else None
    return agency.name if agency else _WHO.get(must_act, must_act.replace("_", " ").capitalize())


def _filters(desk: Desk, listed: PageOfCases, asked: dict[str, str], every_council: bool) -> list[dict[str, object]]:
    stages = [("", "Open cases"), *((stage.value, stage.value.capitalize()) for stage in Stage), (EVERYTHING, "All")]
    officers = [("", "Anybody"), (NOBODY, "Nobody yet"), *listed.officers.items()]
    chosen = [("stage", "Stage", stages), ("due", "Due", list(_DUE)), ("officer", "Officer", officers)]
    if every_council:
        councils = [("", "Every council"), *((id, desk.pages.council(id)) for id in listed.councils)]
        chosen.append(("council", "Council", councils))
    return [
        {
            "name": name,
            "label": label,
            "items": [
                {"value": value, "text": words, "selected": value == asked.get(name, "")} for value, words in options
            ],
        }
        for name, label, options in chosen
    ]


def _address(asked: dict[str, str], **changed: str) -> str:
    kept = {name: value for name, value in {**asked, **changed}.items() if value}
    return f"/cases?{urlencode(kept)}" if kept else "/cases"


def _pagination(asked: dict[str, str], page: int, count: int) -> dict[str, object]:
    pages = -(-count // PAGE)
    if pages < 2:
        return {}
    near = sorted({1, page - 1, page, page + 1, pages} & set(range(1, pages + 1)))
    items: list[dict[str, object]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            items.append({"ellipsis": True})
        href = _address(asked, page=str(number) if number > 1 else "")
        items.append({"number": str(number), "href": href, "current": number == page})
    pagination: dict[str, object] = {"items": items}
    if page > 1:
        pagination["previous"] = {"href": _address(asked, page=str(page - 1) if page > 2 else "")}
    if page < pages:
        pagination["next"] = {"href": _address(asked, page=str(page + 1))}
    return pagination
