"""What the officer is told of by letter, because somebody outside the council put it into the case."""

from datetime import timedelta

import pytest

from domain import events as e
from domain.fold import fold
from domain.letters import letters_for
from domain.messages import Party
from tests.domain.test_letters import APPEAL, CALENDAR, DOVER, MONDAY, POLICE, REFERENCE, case_of

PHOTO = e.DocumentAdded(document="d", name="gate.jpg", media_type="image/jpeg", size=1, sha256="a" * 64)


def news(*given: tuple[e.Body, e.Role, int]) -> bool:
    """Whether the last of what these brought, each on that day of the case, is told to the officer."""
    case = case_of()
    bringing = [
        e.Event(id=f"N{n}", at=MONDAY + timedelta(days=day), by=e.Actor(role=role, name="x"), what=what)  # type: ignore[arg-type]
        for n, (what, role, day) in enumerate(given)
    ]
    case = fold(DOVER, CALENDAR, [*case.events, *bringing])
    return any(
        (one.letter, one.to.party) == ("A-18", Party.OFFICER) for one in letters_for(REFERENCE, case, bringing[-1])
    )


@pytest.mark.parametrize(
    "what",
    [
        APPEAL, e.AttendanceChosen(mode="in person", news=True), e.ClosureObjected(reason="r"), PHOTO,
        e.IncidentAdded(incident=POLICE), e.PlanCommented(), e.Withdrawn(),
    ],
)  # fmt: skip
def test_the_officer_is_told_of_what_others_put_into_the_case_and_not_of_what_they_wrote_down_themselves(
    what: e.Body,
) -> None:
    assert news((what, e.Role.APPLICANT, 3))
    assert not news((what, e.Role.OFFICER, 3))
    assert not news((what, e.Role.OPERATIONS, 3))


def test_documents_of_one_giver_are_told_once_a_day_and_not_those_that_came_with_the_application() -> None:
    assert news((PHOTO, e.Role.AGENCY, 3))
    assert not news((PHOTO, e.Role.APPLICANT, 0))
    assert not news((PHOTO, e.Role.APPLICANT, 3), (PHOTO, e.Role.APPLICANT, 3))
    assert news((PHOTO, e.Role.APPLICANT, 3), (PHOTO, e.Role.APPLICANT, 4))
    assert news((PHOTO, e.Role.APPLICANT, 3), (PHOTO, e.Role.AGENCY, 3))
