"""What every page of the console works with, and who is asking for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from console.oidc.door import Door
from console.web.known_browsers import KnownBrowsers
from console.web.pages import Pages
from console.web.throttle import Throttle
from domain.application import Means
from letters.rendering import Renderer
from office import permits, second_factor
from office.connected import Office
from office.health_watch import Pulse
from office.operations.lookout import Lookout
from office.permits import Permit
from office.preview import ways
from post.link_desk import LinkDesk
from register import queries, reads
from register.database import Database
from register.queries import StoredCase
from register.scanner import Scanner
from register.shelf import Shelf
from register.users import SignedIn, User

_SEEN_WITHIN, _LOOK_EVERY = 3.0, 0.1


@dataclass(frozen=True)
class Desk:
    """``ui`` is where the Temporal UI is, empty where nobody said; ``secure`` if staff's browsers come over https.

    ``door`` is the way in by the council's own provider, None where there is none.
    """

    office: Office
    pages: Pages
    pulse: Pulse
    lookout: Lookout
    renderer: Renderer
    throttle: Throttle
    known: KnownBrowsers
    links: LinkDesk
    ui: str
    secure: bool
    door: Door | None = None

    @property
    def database(self) -> Database:
        return self.office.database

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.office.settings.documents_path, self.office.settings.largest_file_bytes)

    @property
    def scanner(self) -> Scanner | None:
        return Scanner.of(self.office.settings.clamd)

    @property
    def ways(self) -> tuple[Means, ...]:
        """The ways letters go here."""
        return ways(self.office.settings)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


class SignInNeeded(Exception):
    """Nobody is signed in with this browser, or not any more."""


class SecondFactorOwed(Exception):
    """Who is signed in must set up a second factor before anything else."""


def desk(request: Request) -> Desk:
    return cast("Desk", request.app.state.desk)


AtDesk = Annotated[Desk, Depends(desk)]


def holder(permit: Permit) -> Callable[[Request], Awaitable[User]]:
    """Who is asking, if they hold the permit: SignInNeeded where nobody is signed in, 403 where they do not.

    Who owes a second factor holds none but that for their own account: SecondFactorOwed.
    """

    async def allowed(request: Request) -> User:
        user: User | None = request.state.user
        if user is None:
            raise SignInNeeded
        if permit is not Permit.ACCOUNT and owes_factor(request):
            raise SecondFactorOwed
        if not permits.holds(user, permit):
            raise HTTPException(403)
        return user

    return allowed


def signed_in(request: Request) -> SignedIn:
    """The browser somebody is signed in with."""
    browser: SignedIn | None = request.state.signed_in
    if browser is None:
        raise SignInNeeded
    return browser


def owes_factor(request: Request) -> bool:
    """Whether who is signed in has no second factor although the service requires one."""
    browser: SignedIn | None = request.state.signed_in
    return browser is not None and second_factor.owed(desk(request).office.settings, browser.bare)


Reader = Annotated[User, Depends(holder(Permit.READ))]
Doer = Annotated[User, Depends(holder(Permit.ACT))]
LinkMaker = Annotated[User, Depends(holder(Permit.LINKS))]
Starter = Annotated[User, Depends(holder(Permit.START))]
Second = Annotated[User, Depends(holder(Permit.AGREE))]
Overseer = Annotated[User, Depends(holder(Permit.READERS))]
Operator = Annotated[User, Depends(holder(Permit.OPERATE))]
Overlooker = Annotated[User, Depends(holder(Permit.OVERLOOK))]
AccountKeeper = Annotated[User, Depends(holder(Permit.ACCOUNTS))]
Anybody = Annotated[User, Depends(holder(Permit.ACCOUNT))]
Browser = Annotated[SignedIn, Depends(signed_in)]


async def heard(desk: Desk, reference: str, event: str) -> bool:
    """Wait a little until the register shows what follows from an event that a case took."""
    for _ in range(int(_SEEN_WITHIN / _LOOK_EVERY)):
        if await queries.shows(desk.database, reference, event):
            return True
        await asyncio.sleep(_LOOK_EVERY)
    return False


async def opened(desk: Desk, user: User, reference: str, what: str) -> StoredCase:
    """A case somebody may see, after it is kept that they look at it. 404 where there is none for them."""
    stored = await queries.case(desk.database, reference)
    if stored is None or not user.sees(stored.row.council):
        raise HTTPException(404)
    await reads.record(desk.database, user, stored.reference, what, desk.now)
    return stored
