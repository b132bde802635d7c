"""What the register keeps of a case for its council's figures, as rows; each follows from the case's events."""

from collections.abc import Iterable, Iterator

from domain import case_figures
from domain.calendar import working_days
from domain.case import Case, Enquiry
from domain.deadlines import Deadline

Row = dict[str, object]


def deadlines(case: Case, planned: Iterable[Deadline]) -> Iterator[Row]:
    """Every dated duty; ``spare`` are the working days left when it was done."""
    for deadline in planned:
        yield {
            "key": deadline.key,
            "step": deadline.step.value,
            "owner": deadline.owner.value,
            "agency": deadline.agency,
            "public": deadline.public,
            "due": deadline.due,
            "promised": deadline.promised,
            "state": deadline.state.value,
            "running": deadline.running,
            "ended_on": deadline.ended_on,
            "breached": deadline.breached,
            "spare": case_figures.spare(case.calendar, deadline),
        }


def decisions(case: Case) -> Iterator[Row]:
    """Every decision on the threshold, counted from 1."""
    for number, decision in enumerate(case_figures.decisions(case), start=1):
        yield {
            "number": number,
            "decided_on": decision.on,
            "met": decision.met,
            "ground": decision.ground.value if decision.ground else "",
        }


def reviews(case: Case) -> Iterator[Row]:
    """Every review that was carried out, counted from 1."""
    for number, review in enumerate(case_figures.reviews(case), start=1):
        yield {"number": number, "held_on": review.on, "recommendations": review.recommendations}


def took(case: Case, enquiry: Enquiry) -> int | None:
    """The working days an agency took to answer, 0 on the day it was asked; None while it has not."""
    if enquiry.answered_on is None:
        return None
    return working_days(case.calendar, enquiry.asked.on, enquiry.answered_on)
