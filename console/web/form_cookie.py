"""The cookie by which a browser reaches the application it is filling in, apart from that of staff."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response


def cookie(secure: bool) -> str:
    return "__Host-casereview-apply" if secure else "casereview-apply"


def remember(answer: Response, secret: str, secure: bool) -> None:
    """Until the browser is closed."""
    answer.set_cookie(cookie(secure), secret, path="/", secure=secure, httponly=True, samesite="lax")


def forget(answer: Response, secure: bool) -> None:
    answer.delete_cookie(cookie(secure), path="/", secure=secure, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache"'


def of_ours(request: Request) -> bool:
    """Whether a page of ours or the reader's own hand led here: another site shuts nobody's form."""
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
