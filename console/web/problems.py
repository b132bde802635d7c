"""What the API answers where it cannot do what it was asked: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

MEDIA = "application/problem+json"
PATH = "/api"
ASKS = {"WWW-Authenticate": 'Bearer realm="ASB Case Review"'}
_MOST_FAULTS = 100


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: its status, its title, and what whoever sent the request should do."""

    slug: str
    status: int
    title: str
    mend: str


KINDS = (
    ProblemKind("unreadable", 400, "The body is not JSON", "Send one JSON object in UTF-8, without NaN or Infinity."),
    ProblemKind(
        "no-idempotency-key", 400, "No usable Idempotency-Key", "Send one of 1 to 255 visible ASCII characters."
    ),
    ProblemKind("not-known", 401, "The key is not known", "Send Authorization: Bearer with a key that is not revoked."),
    ProblemKind(
        "another-council", 403, "The key is of another council", "Send it with the key of the council it is for."
    ),
    ProblemKind("not-found", 404, "Nothing is there", "Check the address, and that this source sent the application."),
    ProblemKind("method", 405, "Not with this method", "Use one that the answer’s Allow header names."),
    ProblemKind("too-large", 413, "The body is too large", "Send at most 2,000,000 bytes."),
    ProblemKind("not-json", 415, "The body is of another type", "Send it as Content-Type: application/json, in UTF-8."),
    ProblemKind("not-valid", 422, "The application cannot be taken", "Correct each field that errors names."),
    ProblemKind("key-used", 422, "The Idempotency-Key was used before", "Send another application with another key."),
    ProblemKind("too-often", 429, "Too many requests", "Wait for the seconds that Retry-After gives."),
    ProblemKind("broken", 500, "Something went wrong here", "Send it again with the same Idempotency-Key."),
    ProblemKind(
        "unavailable", 503, "The register does not answer", "Send it again later with the same Idempotency-Key."
    ),
    ProblemKind(
        "clock-ahead", 503, "The sender’s clock is ahead", "Send it again after the seconds that Retry-After gives."
    ),
)
_BY_SLUG = {kind.slug: kind for kind in KINDS}
_BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}


class Wrong(BaseModel):
    """One field to correct: where it is, as a JSON Pointer in a URI fragment, and what is wrong with it."""

    pointer: str = Field(examples=["#/incidents/0/reported"])
    detail: str = Field(examples=["must be a date such as 2027-01-14"])


class ProblemDetails(BaseModel):
    """A problem; ``errors`` is there where fields are to be corrected, every one at once."""

    type: str = Field(json_schema_extra={"format": "uri-reference"}, examples=["/api#not-valid"])
    title: str
    status: int
    detail: str
    errors: list[Wrong] | None = None


class Problem(Exception):
    """A request that cannot be done; raised anywhere under ``/api`` and answered as what it is."""

    def __init__(
        self, slug: str, detail: str, errors: Sequence[Wrong] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        self.slug, self.detail, self.errors, self.headers = slug, detail, tuple(errors), dict(headers or {})
        super().__init__(slug)

    @property
    def answer(self) -> JSONResponse:
        kind = _BY_SLUG[self.slug]
        body: dict[str, Any] = {
            "type": f"{PATH}#{kind.slug}", "title": kind.title, "status": kind.status, "detail": self.detail,
        }  # fmt: skip
        if self.errors:
            body["errors"] = [error.model_dump() for error in self.errors[:_MOST_FAULTS]]
        return JSONResponse(body, kind.status, self.headers, MEDIA)


def concerns(path: str) -> bool:
    """Whether an address is the API's, where nothing but JSON is answered."""
    return path.startswith(f"{PATH}/")


def of_status(status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer for a status that something else than the API's own code came to."""
    kind = _BY_STATUS.get(status)
    if kind is None:
        title = HTTPStatus(status).phrase
        body = {"type": "about:blank", "title": title, "status": status, "detail": f"{title}."}
        return JSONResponse(body, status, headers, MEDIA)
    asks = ASKS if status == 401 else {}
    return Problem(kind.slug, kind.mend, headers={**asks, **(headers or {})}).answer


def pointer(place: Sequence[str | int]) -> str:
    """``#/incidents/0/reported``: RFC 6901, as a URI fragment (section 6)."""
    tokens = (str(part).replace("~", "~0").replace("/", "~1") for part in place)
    return "#" + "".join(f"/{quote(token, safe='~!$&()*+,;=:@')}" for token in tokens)
