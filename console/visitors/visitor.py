"""Somebody who came by a link: which link, what it is for, which case, and who they are in it.

A router of such pages takes one of ``Progress``, ``Enquiry``, ``Recommendations``, ``Chair`` or ``AppealBody`` as its
parameter, where its path has the link's id as ``{link}`` and begins with that purpose's home:

    @router.get("/enquiry/{link}")
    async def show(request: Request, desk: AtDesk, visitor: Enquiry) -> Response:
        stored = await opened(desk, visitor, "the enquiry")
        return desk.pages.public(request, "enquiry", visitor.council, ...)

It is a ``Visitor``. What they do goes through ``questions/sending.do`` like what staff do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from console.web.desk import AtDesk, Desk
from console.web.link_homes import HOMES
from console.web.posted_forms import Fault
from domain.events import Actor
from office.case_view import CaseView, viewed
from office.link_holders import holder
from register import links, queries, reads, visits
from register.links import Link, LinkPurpose, LinkState
from register.queries import StoredCase

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=10)
NOT_NOW = Fault(
    "confirm",
    "We could not take this just now, and it is not certain that it was sent. What you typed is kept: send it "
    "again in a few minutes, it counts once, or ring us",
)
KEPT = Fault(
    "confirm",
    "Our service does not answer just now. What you sent is kept, and is taken up as soon as it answers again: you "
    "need not send it again. If you do, it counts once",
)


class VisitNeeded(Exception):
    """This browser has not opened the link, or not any more: it is to be opened again from the letter."""


class LinkOver(Exception):
    """A link that was good and is no more; ``council`` is whose case it was of."""

    def __init__(self, state: LinkState, council: str) -> None:
        super().__init__(state.value)
        self.state = state
        self.council = council


@dataclass(frozen=True)
class Visitor:
    """Who came by ``link``. ``by`` is as whom they act on the case; an agency's name in it is its id."""

    link: Link
    view: CaseView
    by: Actor
    name: str

    @property
    def reference(self) -> str:
        return self.link.reference

    @property
    def council(self) -> str:
        return self.view.stored.row.council

    @property
    def home(self) -> str:
        """The path under which everything of this link stands."""
        return home(self.link)


def cookie(secure: bool) -> str:
    return "__Host-casereview-visit" if secure else "casereview-visit"


def hashed(secret: str) -> str:
    """As whom the register knows a browser that holds this secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def home(link: Link) -> str:
    return f"{HOMES[link.purpose]}/{link.id}"


def visiting(purpose: LinkPurpose) -> Callable[[Request, Desk, str], Awaitable[Visitor]]:
    """The visitor of the link that the path names: 404 where it is for something else.

    Raises VisitNeeded where this browser has not opened it, LinkOver where it does not open any more.
    """

    async def visitor_of_link(request: Request, desk: AtDesk, link: str) -> Visitor:
        secret = request.cookies.get(cookie(desk.links.secure), "")
        if not secret or not await visits.going_on(desk.database, hashed(secret), link, desk.now, IDLE, LONGEST):
            raise VisitNeeded
        known = await links.by_id(desk.database, link)
        if known is None or known.purpose is not purpose:
            raise HTTPException(404)
        visitor = await standing(desk, known)
        request.state.visitor = visitor
        return visitor

    return visitor_of_link


async def standing(desk: Desk, link: Link) -> Visitor:
    """Whoever holds a link now. Raises LinkOver where it does not open any more, or the case is not theirs any more."""
    stored = await queries.case(desk.database, link.reference)
    if stored is None:
        raise HTTPException(404)
    state = link.state(desk.now, ended=stored.row.closed_at, after=desk.links.after_end)
    view = viewed(stored)
    who = holder(view.case, link, stored.persons) if state is LinkState.LIVE else None
    if who is None:
        raise LinkOver(LinkState.REVOKED if state is LinkState.LIVE else state, stored.row.council)
    by, name = who
    return Visitor(link, view, by, name)


async def opened(desk: Desk, visitor: Visitor, what: str) -> StoredCase:
    """The visitor's case, after it is kept that they look at it."""
    await reads.record_visit(desk.database, visitor.link, visitor.name, what, desk.now)
    return visitor.view.stored


Progress = Annotated[Visitor, Depends(visiting(LinkPurpose.PROGRESS))]
Enquiry = Annotated[Visitor, Depends(visiting(LinkPurpose.ENQUIRY))]
Recommendations = Annotated[Visitor, Depends(visiting(LinkPurpose.RECOMMENDATIONS))]
Chair = Annotated[Visitor, Depends(visiting(LinkPurpose.CHAIR))]
AppealBody = Annotated[Visitor, Depends(visiting(LinkPurpose.APPEAL))]
