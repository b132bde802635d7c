"""The links of a case as staff see them: who holds one, until when, and how it is ended or made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.web.desk import AtDesk, Desk, Doer, opened
from office.case_view import CaseView, viewed
from office.case_words import called, purpose
from office.link_holders import holder
from register import links, reads
from register.links import Link, LinkState

router = APIRouter()

_TAGS = {
    LinkState.LIVE: ("Works", "green"),
    LinkState.EXPIRED: ("Expired", "grey"),
    LinkState.REVOKED: ("Ended", "grey"),
}
_NOT_THEIRS = ("No part in the case any more", "grey")


@dataclass(frozen=True)
class LinkRow:
    """One link on a case's page. ``state`` is its words and colour, ``theirs`` if its holder still has a part in it."""

    it: Link
    who: str
    what: str
    until: datetime
    state: tuple[str, str]
    live: bool
    theirs: bool


def listed(desk: Desk, view: CaseView, known: Sequence[Link]) -> list[LinkRow]:
    """The links of a case, the latest of each holder first; those that ended and were replaced are left out."""
    rows = []
    seen: set[tuple[str, str, str]] = set()
    ended = view.stored.row.closed_at
    for link in known:
        place = (link.purpose, link.holder, link.about)
        if place in seen:
            continue
        seen.add(place)
        state = link.state(desk.now, ended=ended, after=desk.links.after_end)
        part = holder(view.case, link, view.stored.persons) is not None
        words = _TAGS[state] if part or state is not LinkState.LIVE else _NOT_THEIRS
        until = link.until(ended, desk.links.after_end)
        rows.append(
            LinkRow(link, called(view, link), purpose(link), until, words, state is LinkState.LIVE, theirs=part)
        )
    return rows


@router.post("/cases/{reference}/links/{link}/revoke")
async def revoke(request: Request, desk: AtDesk, user: Doer, reference: str, link: str) -> Response:
    ended = (await _link(desk, user, reference, link, "a link, to end it"))[1]
    await links.revoke(desk.database, ended.id, by=user.name, now=desk.now)
    return RedirectResponse(f"/cases/{ended.reference}?done=link-ended", 303)


@router.post("/cases/{reference}/links/{link}/new")
async def renew(request: Request, desk: AtDesk, user: Doer, reference: str, link: str) -> Response:
    """The new link is shown this once, to be read out or printed; it is kept who was shown it."""
    view, old = await _link(desk, user, reference, link, "a link, to make it anew")
    if holder(view.case, old, view.stored.persons) is None or not desk.links.is_open:
        raise HTTPException(404)
    made = await desk.links.renewed(old.id, by=user.name)
    await reads.record(desk.database, user, old.reference, f"the new link of {called(view, old)}", desk.now)
    return desk.pages.show(
        request, "link_made", reference=old.reference, who=called(view, old), what=purpose(old), made=made,
        address=desk.links.written(made),
    )  # fmt: skip


async def _link(desk: Desk, user: Doer, reference: str, id: str, what: str) -> tuple[CaseView, Link]:
    stored = await opened(desk, user, reference, what)
    known = await links.by_id(desk.database, id)
    if known is None or known.reference != stored.reference:
        raise HTTPException(404)
    return viewed(stored), known
