"""What the register keeps of a case for its council's figures, as rows; each follows from the case's events."""

from collections.abc import Iterable, Iterator

from domain import reckoning
from domain.case import Case, Enquiry
from domain.deadlines import Deadline

Row = dict[str, object]


def deadlines(case: Case, planned: Iterable[Deadline]) -> Iterator[Row]:
    """Every dated duty; ``spare`` are the working days left when it was done."""
    for one in planned:
        yield {
            "key": one.key,
            "step": one.step.value,
            "owner": one.owner.value,
            "agency": one.agency,
            "public": one.public,
            "due": one.due,
            "promised": one.promised,
            "state": one.state.value,
            "running": one.running,
            "ended_on": one.ended_on,
            "breached": one.breached,
            "spare": reckoning.spare(case.calendar, one),
        }


def decisions(case: Case) -> Iterator[Row]:
    """Every decision on the threshold, counted from 1."""
    for number, one in enumerate(reckoning.decisions(case), start=1):
        yield {"number": number, "decided_on": one.on, "met": one.met, "ground": one.ground.value if one.ground else ""}


def reviews(case: Case) -> Iterator[Row]:
    """Every review that was carried out, counted from 1."""
    for number, one in enumerate(reckoning.reviews(case), start=1):
        yield {"number": number, "held_on": one.on, "recommendations": one.recommendations}


def took(case: Case, enquiry: Enquiry) -> int | None:
    """The working days an agency took to answer, 0 on the day it was asked; None while it has not."""
    if enquiry.answered_on is None:
        return None
    return reckoning.working_days(case.calendar, enquiry.asked.on, enquiry.answered_on)
