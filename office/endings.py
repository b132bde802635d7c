"""What the case alone cannot know when it ends: whether another of its reference is there, and whose day is earlier."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from activities import restoring
from connection.updates import Answer, Done, NotAllowed
from domain import calendar
from domain.events import Actor, Body, CaseEnded, Cause, DateCorrected, Role, Withdrawn
from domain.policy import Milestone
from office.connected import Office
from register import queries
from register.queries import CaseRow, StoredCase

_WHO = r"(the )?(applicant|victim|complainant|client|resident|he|she|they|mr|mrs|ms)\b( [a-z]+)?"
_HAS = r"( has| have| is| was)?( now| sadly| unfortunately)?"
_DIED = re.compile(
    rf"^\W*({_WHO}{_HAS} )?(died|dead|deceased|passed away|passed on|death)\b"
    rf"|\b(the )?(applicant|victim){_HAS} (died|dead|deceased|passed away)\b|\bdeath of the (applicant|victim)\b",
    re.IGNORECASE,
)
_NOT_WITHDRAWN = (
    "nobody who has died withdraws, and the letter would go to them; if the applicant has died, use end-case with the "
    "cause died, which sends them nothing. If somebody else has died, say who"
)


async def fitted(office: Office, reference: str, what: Body, by: Actor) -> Body | NotAllowed:
    """An act as it is to be done, with what the register knows of it; or the sentence against it."""
    match what:
        case Withdrawn(reason=reason) if by.role is Role.OFFICER and _DIED.search(reason):
            return NotAllowed(_NOT_WITHDRAWN)
        case CaseEnded(cause=Cause.DUPLICATE, same_as=named) if named:
            return await _the_same(office, reference, what, by)
        case _:
            return what


async def _the_same(office: Office, reference: str, what: CaseEnded, by: Actor) -> Body | NotAllowed:
    """The earlier of the two days counts from now on in the case that goes on (s.104(11)).

    It has that day before this one ends, so that no letter says so in vain.
    """
    named = what.same_as.strip().upper()
    this, other = [await queries.case(office.database, name) for name in (reference, named)]
    if this is None:
        return what
    if other is None or (sentence := _against(this.row, other.row)):
        return NotAllowed(sentence if other else f"there is no case {named} here; name in same_as the one that goes on")
    ours, theirs = _counts_from(this), _counts_from(other)
    if ours < theirs:
        answer = await _correct(office, reference, named, ours, by)
        if not isinstance(answer, Done):
            why = answer.sentence if isinstance(answer, NotAllowed) else "it does not answer just now"
            return NotAllowed(
                f"{named} came later, and cannot take over the day of {reference}, {calendar.words(ours)}: {why}; end "
                f"{named} as the same as {reference} instead"
            )
    return what.model_copy(update={"same_as": named, "counts_from": min(ours, theirs)})


def _against(this: CaseRow, other: CaseRow) -> str:
    named = other.reference
    if named == this.reference:
        return f"{named} is this case; name the one that goes on"
    if other.council != this.council or other.demo is not this.demo:
        return f"{named} is another council’s case, or one for practice; name in same_as the one that goes on"
    if other.stage.over:
        return f"{named} is over ({other.stage}), so it does not go on; end the other one, or restore it first"
    return ""


def _counts_from(stored: StoredCase) -> date:
    """The day of an application, or the earlier one that it was found to have arrived on."""
    case = stored.folded()
    return min(case.made_on, case.arrived_on or case.made_on)


async def _correct(office: Office, reference: str, other: str, day: date, by: Actor) -> Answer:
    reason = f"You first applied about the same problem on {calendar.words(day)}, as {reference}. That day counts."
    correction = DateCorrected(milestone=Milestone.RECEIVED, to=day, reason=reason)
    id = f"same-as-{hashlib.sha256(f'{reference}/{other}/{day}'.encode()).hexdigest()[:24]}"
    return await restoring.send(office.client, office.database, other, correction, by, id=id)
