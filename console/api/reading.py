"""The body of a request as an application, or every field that is wrong with it, at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json
from starlette.requests import Request

from console.api.fields import UNSAFE
from console.web.problems import Problem, Wrong, pointer
from domain.application import ApplicationForm, Incident, with_a_name
from domain.calendar import LONDON
from office import faults
from register.taking_in import NotTakenIn

FAST_BY = timedelta(hours=1)
"""How fast a sender's clock may be: an hour, which is also what one that takes summer time for UTC is out by."""
_NO_CLOCK = timedelta(days=1)
_AHEAD = "made_at lies more than an hour ahead of our clock, so nothing was kept yet."
_DAYS = ("occurred", "occurred_until", "reported")
_DIGITS = re.compile(r"[\d.+-]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


async def application(request: Request, now: datetime) -> tuple[ApplicationForm, str]:
    """The application a request carries, and the SHA-256 of its content however it is laid out.

    The sender's clock may be an hour fast: a ``made_at`` that far ahead is ``now``, and a day that has not begun here
    is today. What lies further ahead, but within a day, may be sent again later. Raises Problem.
    """
    if not _is_json(request.headers.get("content-type", "")):
        raise Problem("not-json", "The Content-Type must be application/json, in UTF-8.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Problem("not-json", "The body must not be compressed; send it without a Content-Encoding.")
    body = await request.body()
    try:
        content = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Problem("unreadable", f"The body is not JSON: {_where(str(error))}.") from None
    wrongs = [Wrong(pointer=pointer(place), detail=words) for place, words in _not_days(content)]
    try:
        named = with_a_name(content)
        whole = body if named is content else to_json(named)
        form = ApplicationForm.model_validate_json(whole, strict=True)
    except ValidationError as error:
        known = {wrong.pointer for wrong in wrongs}
        more = (Wrong(pointer=pointer(place), detail=words) for place, words in faults.by_place(error, ApplicationForm))
        wrongs += [wrong for wrong in more if wrong.pointer not in known]
    else:
        wrongs += _not_ways(form)
    if wrongs:
        raise refused(wrongs)
    fingerprint = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return _by_our_clock(form, now), fingerprint


def refused(errors: list[Wrong]) -> Problem:
    """The problem of an application with those errors."""
    count = "one thing is" if len(errors) == 1 else f"{len(errors)} things are"
    return Problem("not-valid", f"Nothing was kept: {count} wrong with the application.", errors)


def impossible(error: NotTakenIn) -> Problem:
    """The register's own refusal: each sentence begins with its field's path."""
    return refused([Wrong(pointer=_pointed(path), detail=words) for path, words in map(_parted, error.sentences)])


def _parted(sentence: str) -> tuple[str, str]:
    path, _, words = sentence.partition(": ")
    return path, words.removesuffix(".")


def _pointed(path: str) -> str:
    return pointer(path.split("."))


def _is_json(given: str) -> bool:
    media, _, parameters = given.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    return media.strip() == "application/json" and charset in ("", "charset=utf-8")


def _where(reason: str) -> str:
    """The parser's own words, which name places and characters and never what somebody wrote."""
    return reason.rstrip(".")


def _not_days(content: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Dates written as numbers, which would be read as seconds since 1970."""
    if not isinstance(content, Mapping):
        return
    made_at = content.get("made_at")
    if isinstance(made_at, str) and _DIGITS.fullmatch(made_at) and not _DAY.fullmatch(made_at):
        yield ("made_at",), "must be a date and time such as 2027-01-14T09:30"
    incidents = content.get("incidents")
    for number, incident in enumerate(incidents if isinstance(incidents, list) else ()):
        for name in _DAYS if isinstance(incident, Mapping) else ():
            if isinstance(incident.get(name), str) and not _DAY.fullmatch(incident[name]):
                yield ("incidents", number, name), "must be a date such as 2027-01-14"


def _not_ways(form: ApplicationForm) -> Iterator[Wrong]:
    """A way to be kept from that nobody would know to keep from: a slip here can put somebody in danger."""
    for who in ("applicant", "representative"):
        person = getattr(form, who)
        if person and person.unsafe - set(UNSAFE):
            yield Wrong(pointer=pointer((who, "unsafe")), detail=f"may have only {', '.join(UNSAFE)}")


def _by_our_clock(form: ApplicationForm, now: datetime) -> ApplicationForm:
    """The form of a sender whose clock is fast: what it dates a little ahead is of now, and of today."""
    ahead = _ahead(form, now)
    if ahead > FAST_BY:
        if ahead > _NO_CLOCK:
            return form
        wait = min(ahead - FAST_BY, FAST_BY)
        seconds = int(wait.total_seconds()) + 1
        raise Problem("clock-ahead", _AHEAD, headers={"Retry-After": str(seconds)})
    if form.made_at is not None and ahead <= timedelta(0):
        return form
    today, by_then = (instant.astimezone(LONDON).date() for instant in (now, now + FAST_BY))

    def dated(incident: Incident) -> Incident:
        early = {name: today for name in _DAYS if today < (getattr(incident, name) or today) <= by_then}
        return incident.model_copy(update=early) if early else incident

    own = {"made_at": now} if form.made_at else {}
    return form.model_copy(update={**own, "incidents": tuple(map(dated, form.incidents))})


def _ahead(form: ApplicationForm, now: datetime) -> timedelta:
    if form.made_at is None:
        return timedelta(0)
    made_at = form.made_at if form.made_at.utcoffset() is not None else form.made_at.replace(tzinfo=LONDON)
    return made_at - now
