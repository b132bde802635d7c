"""Policies and calendars that many cases carry: each content is one object, and exactly what was written."""

from datetime import UTC, date, datetime

import pytest

import policies
from domain import events as e
from domain import shared
from domain.application import Application
from domain.calendar import ClosedDay
from domain.messages import Act, Start
from domain.policy import Policy
from tests.domain.history import ENGLAND, OFFICER

MADE = datetime(2026, 4, 2, 9, tzinfo=UTC)  # Thu
PARTY = ClosedDay(date=date(2027, 6, 7), name="One-off bank holiday")  # Mon


def begun(policy: Policy, reference: str = "DOV-2026-0001") -> str:
    application = Application(applicant="P1")
    start = Start(
        reference=reference, policy=policy, calendar=ENGLAND, application=application, made_at=MADE, by=OFFICER
    )
    return start.model_dump_json()


def test_cases_under_one_policy_and_calendar_share_both() -> None:
    one, other = (Start.model_validate_json(begun(policies.load("dover"), f"DOV-2026-000{n}")) for n in (1, 2))
    assert one.reference != other.reference
    assert one.policy is other.policy
    assert one.calendar is other.calendar


@pytest.mark.parametrize("council", policies.ids())
def test_what_is_shared_is_what_was_written(council: str) -> None:
    policy = policies.load(council)
    read = Start.model_validate_json(begun(policy))
    assert read.policy == policy
    assert read.calendar == ENGLAND
    assert read.policy.model_dump_json() == policy.model_dump_json()


def test_a_policy_that_differs_in_one_word_is_another() -> None:
    dover = policies.load("dover")
    later = dover.model_copy(update={"version": "2027.1"})
    one, other = (Start.model_validate_json(begun(policy)).policy for policy in (dover, later))
    assert (one.version, other.version) == (dover.version, "2027.1")


def test_cases_that_were_given_a_new_calendar_share_it_too() -> None:
    changed = Act[e.CalendarChanged](
        by=OFFICER, what=e.CalendarChanged(calendar=ENGLAND.with_holidays(PARTY), reason="It was declared.")
    )
    one, other = (Act[e.CalendarChanged].model_validate_json(changed.model_dump_json()) for _ in range(2))
    assert one.what.calendar is other.what.calendar
    assert PARTY in one.what.calendar.holidays


def test_no_more_is_kept_than_the_contents_that_were_read_last() -> None:
    once, read = shared.Once(), list[dict[str, int]]()

    def reading(value: object, handler: object = None) -> object:
        read.append(dict(value))  # type: ignore[call-overload]
        return ENGLAND

    for number in (*range(shared.KEPT + 1), 0):
        once.read({"number": number}, reading)
    once.read({"number": shared.KEPT}, reading)
    assert len(read) == shared.KEPT + 2
    assert len(once._kept) == shared.KEPT
