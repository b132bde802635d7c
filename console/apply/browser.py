"""Which application this browser is filling in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.apply.pages import Form
from console.web.desk import AtDesk, Desk
from console.web.form_cookie import cookie
from domain.application import Means
from domain.policy import Policy
from register import unsent
from register.unsent import Unsent

IDLE = timedelta(hours=4)
"""How long a page may lie open before the application can be reached by its code only."""


@dataclass(frozen=True)
class Applicant:
    """Somebody on the form's pages: their council's policy, what they began there, if anything, and the ways
    letters go."""

    policy: Policy
    unsent: Unsent | None
    ways: Collection[Means]

    @property
    def form(self) -> Form:
        return Form(self.policy, self.unsent.values if self.unsent else {}, self.ways)

    @property
    def base(self) -> str:
        """Where their council's form is."""
        return f"/apply/{self.policy.id}"


async def visiting(request: Request, desk: AtDesk, council: str) -> Applicant:
    """Who is on a council's page. 404 where no such policy is served."""
    policy = desk.pages.policies.get(council)
    if policy is None:
        raise HTTPException(404)
    application = await begun(request, desk)
    return Applicant(policy, application if application and application.council == council else None, desk.ways)


Visitor = Annotated[Applicant, Depends(visiting)]


async def begun(request: Request, desk: Desk) -> Unsent | None:
    """What this browser began."""
    secret = request.cookies.get(cookie(desk.secure))
    return await unsent.of_browser(desk.database, hashed(secret), desk.now, IDLE) if secret else None


def secret() -> str:
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def onward(applicant: Applicant) -> Response | None:
    """Where somebody goes who is not in the middle of filling in: to the start, or to what came of it."""
    if applicant.unsent is None:
        return RedirectResponse(f"{applicant.base}?closed=1", 303)
    if applicant.unsent.reference:
        return RedirectResponse(f"{applicant.base}/sent", 303)
    return None
