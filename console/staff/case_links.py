"""The links of a case as staff see them: who holds one, until when, and how it is ended or made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions.labels import plainly
from console.questions.sending import do
from console.web.desk import AtDesk, Desk, Doer, LinkMaker, opened
from domain.terms import LinkPurpose
from office import permits
from office.case_view import CaseView, viewed
from office.case_words import called, purpose
from office.link_holders import holder
from office.new_links import NotMade, made, renewal
from register import links, reads
from register.links import Link, LinkState
from register.users import User

ACT = "renew-link"

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

    @property
    def shown(self) -> bool:
        """Whether a new one is shown to who makes it."""
        return self.it.purpose is LinkPurpose.PROGRESS


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
    """Whoever acts on cases may end a link; to make one is for those who may have it."""
    ended = (await _link(desk, user, reference, link, "a link, to end it"))[1]
    await links.revoke(desk.database, ended.id, by=user.name, now=desk.now)
    return RedirectResponse(f"/cases/{ended.reference}?done=link-ended", 303)


@router.post("/cases/{reference}/links/{link}/new")
async def renew(request: Request, desk: AtDesk, user: LinkMaker, reference: str, link: str) -> Response:
    """A person's new link is shown this once, to be read out or printed; any other goes to its holder and to nobody
    else. Either is recorded in the case, and a look at the first as well."""
    view, old = await _link(desk, user, reference, link, "a link, to make it anew")
    if holder(view.case, old, view.stored.persons) is None or not desk.links.is_open:
        raise HTTPException(404)
    body, id = renewal(old)
    by = permits.actor(user)
    try:
        new = await made(desk.links, old, await do(desk, view, body, by, id), by)
    except NotMade as error:
        return desk.pages.show(
            request, "problem", 409, title="No new link was made", words=f"{plainly(str(error)).rstrip('.')}."
        )
    if not new.address:
        return RedirectResponse(f"/cases/{old.reference}?done={'left#left' if new.later else 'link-sent'}", 303)
    await reads.record(desk.database, user, old.reference, f"the new link of {called(view, old)}", desk.now)
    return desk.pages.show(
        request, "link_made", reference=old.reference, who=called(view, old), what=purpose(old), made=new.link,
        address=new.address, later=new.later,
    )  # fmt: skip


async def _link(desk: Desk, user: User, reference: str, id: str, what: str) -> tuple[CaseView, Link]:
    stored = await opened(desk, user, reference, what)
    known = await links.by_id(desk.database, id)
    if known is None or known.reference != stored.reference:
        raise HTTPException(404)
    return viewed(stored), known
