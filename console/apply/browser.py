"""Which application this browser is filling in: a cookie of its own, apart from that of staff."""

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
from domain.application import Means
from domain.policy import Policy
from register import unsent
from register.unsent import Unsent

IDLE = timedelta(hours=4)
"""How long a page may lie open before the application can be reached by its code only."""


def cookie(secure: bool) -> str:
    return "__Host-casereview-apply" if secure else "casereview-apply"


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
    def at(self) -> str:
        """Where their council's form is."""
        return f"/apply/{self.policy.id}"


async def visiting(request: Request, desk: AtDesk, council: str) -> Applicant:
    """Who is on a council's page. 404 where no such policy is served."""
    policy = desk.pages.policies.get(council)
    if policy is None:
        raise HTTPException(404)
    found = await begun(request, desk)
    return Applicant(policy, found if found and found.council == council else None, desk.ways)


Visitor = Annotated[Applicant, Depends(visiting)]


async def begun(request: Request, desk: Desk) -> Unsent | None:
    """What this browser began."""
    secret = request.cookies.get(cookie(desk.secure))
    return await unsent.of_browser(desk.database, hashed(secret), desk.now, IDLE) if secret else None


def secret() -> str:
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def remember(answer: Response, secret: str, secure: bool) -> None:
    """Until the browser is closed."""
    answer.set_cookie(cookie(secure), secret, path="/", secure=secure, httponly=True, samesite="lax")


def forget(answer: Response, secure: bool) -> None:
    answer.delete_cookie(cookie(secure), path="/", secure=secure, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache"'


def of_ours(request: Request) -> bool:
    """Whether a page of ours or the reader's own hand led here: another site shuts nobody's form."""
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def onward(applicant: Applicant) -> Response | None:
    """Where somebody goes who is not in the middle of filling in: to the start, or to what came of it."""
    if applicant.unsent is None:
        return RedirectResponse(f"{applicant.at}?closed=1", 303)
    if applicant.unsent.reference:
        return RedirectResponse(f"{applicant.at}/sent", 303)
    return None
