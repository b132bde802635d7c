"""Which reports count toward the threshold, and why, against tables of real dates."""

from datetime import date

import pytest

from domain.calendar import Reading
from domain.policy import (
    Scope,
)
from domain.threshold import Assessment, assess
from tests.domain.threshold import MADE, MARCH, by_id, exclusion, incident, only, policy, route


@pytest.mark.parametrize(
    ("occurred", "reported", "reading"),
    [
        (date(2026, 3, 10), date(2026, 3, 10), Reading.STRICT),  # Tue, Tue
        (date(2026, 3, 10), date(2026, 4, 9), Reading.STRICT),  # Tue, Thu
        (date(2026, 3, 10), date(2026, 4, 10), Reading.GENEROUS),  # Tue, Fri
        (date(2026, 3, 10), date(2026, 4, 11), None),  # Tue, Sat
        (date(2026, 1, 31), date(2026, 2, 28), Reading.STRICT),  # Sat, Sat: February has no 31st
        (date(2026, 1, 31), date(2026, 3, 1), None),  # Sat, Sun
        (date(2026, 3, 31), date(2026, 4, 30), Reading.STRICT),  # Tue, Thu
        (date(2026, 3, 31), date(2026, 5, 1), None),  # Tue, Fri
        (date(2028, 1, 31), date(2028, 2, 29), Reading.STRICT),  # Mon, Tue: a leap year
        (date(2028, 1, 29), date(2028, 2, 29), Reading.GENEROUS),  # Sat, Tue
        (date(2028, 2, 29), date(2028, 3, 28), Reading.STRICT),  # Tue, Tue
        (date(2028, 2, 29), date(2028, 3, 29), Reading.GENEROUS),  # Tue, Wed
        (date(2028, 2, 29), date(2028, 3, 30), None),  # Tue, Thu
        (date(2026, 12, 15), date(2027, 1, 14), Reading.STRICT),  # Tue, Thu
        (date(2026, 12, 15), date(2027, 1, 15), Reading.GENEROUS),  # Tue, Fri
        (date(2026, 12, 15), date(2027, 1, 16), None),  # Tue, Sat
    ],
)
def test_a_report_within_a_month_of_the_behaviour_counts_on_either_reading(
    occurred: date, reported: date, reading: Reading | None
) -> None:
    complaint = only(assess(policy(), [incident("I1", occurred, reported)], reported))
    assert (complaint.counted, complaint.reading) == (reading is not None, reading)


@pytest.mark.parametrize(
    ("reported", "made_on", "reading"),
    [
        (date(2026, 3, 10), date(2026, 3, 10), Reading.STRICT),  # Tue, Tue
        (date(2026, 3, 10), date(2026, 9, 9), Reading.STRICT),  # Tue, Wed
        (date(2026, 3, 10), date(2026, 9, 10), Reading.GENEROUS),  # Tue, Thu
        (date(2026, 3, 10), date(2026, 9, 11), None),  # Tue, Fri
        (date(2026, 8, 31), date(2027, 2, 28), Reading.STRICT),  # Mon, Sun: February has no 31st
        (date(2026, 8, 31), date(2027, 3, 1), None),  # Mon, Mon
        (date(2027, 8, 29), date(2028, 2, 28), Reading.STRICT),  # Sun, Mon
        (date(2027, 8, 29), date(2028, 2, 29), Reading.GENEROUS),  # Sun, Tue: a leap year
        (date(2027, 8, 30), date(2028, 2, 29), Reading.STRICT),  # Mon, Tue
        (date(2028, 2, 29), date(2028, 8, 28), Reading.STRICT),  # Tue, Mon
        (date(2028, 2, 29), date(2028, 8, 29), Reading.GENEROUS),  # Tue, Tue
        (date(2028, 2, 29), date(2028, 8, 30), None),  # Tue, Wed
    ],
)
def test_an_application_within_six_months_of_the_report_counts_on_either_reading(
    reported: date, made_on: date, reading: Reading | None
) -> None:
    complaint = only(assess(policy(), [incident("I1", reported)], made_on))
    assert (complaint.counted, complaint.reading) == (reading is not None, reading)


def test_the_least_strict_of_the_two_readings_is_kept() -> None:
    late = incident("I1", date(2026, 3, 10), date(2026, 4, 10))  # Tue, Fri
    assert only(assess(policy(), [late], date(2026, 10, 9))).reading is Reading.GENEROUS  # Fri
    assert only(assess(policy(), [late], date(2026, 10, 10))).reading is Reading.GENEROUS  # Sat
    assert only(assess(policy(), [late], date(2026, 10, 11))).reading is None  # Sun


@pytest.mark.parametrize(
    ("reported", "why"),
    [
        (
            date(2026, 4, 9),  # Thu
            "Counted: you reported it on Thursday 9 April 2026, within one month of Tuesday 10 March 2026.",
        ),
        (
            date(2026, 4, 10),  # Fri
            "Counted: you reported it on Friday 10 April 2026, within one month of Tuesday 10 March 2026 on "
            "the longer of two readings.",
        ),
        (
            date(2026, 4, 11),  # Sat
            "Not counted on its own: reported on Saturday 11 April 2026; to count, the behaviour of 10 March "
            "had to be reported by Friday 10 April 2026.",
        ),
    ],
)
def test_each_complaint_says_why_in_words_the_applicant_can_read(reported: date, why: str) -> None:
    assert only(assess(policy(), [incident("I1", date(2026, 3, 10), reported)], MADE)).why == why


def test_a_report_too_long_before_the_application_says_by_when_to_apply() -> None:
    complaint = only(assess(policy(), [incident("I1", date(2026, 3, 10))], date(2026, 9, 11)))  # Tue, Fri
    assert complaint.why == (
        "Not counted on its own: reported on Tuesday 10 March 2026; for it to count, the application of "
        "Friday 11 September 2026 had to be made by Thursday 10 September 2026."
    )


def test_a_report_late_in_both_ways_gives_both_reasons() -> None:
    late = incident("I1", date(2025, 12, 1), date(2026, 1, 5))  # Mon, Mon
    assert only(assess(policy(), [late], date(2026, 7, 6))).why == (  # Mon
        "Not counted on its own: reported on Monday 5 January 2026; to count, the behaviour of 1 December "
        "2025 had to be reported by Thursday 1 January 2026; and for it to count, the application of Monday "
        "6 July 2026 had to be made by Sunday 5 July 2026."
    )


def test_the_generous_reading_of_the_six_months_is_said() -> None:
    complaint = only(assess(policy(), [incident("I1", date(2026, 3, 10))], date(2026, 9, 10)))  # Tue, Thu
    assert complaint.why.endswith(
        ". The application of Thursday 10 September 2026 is within six months of it on the longer of two readings."
    )


def test_continuing_behaviour_counts_from_its_last_day() -> None:
    went_on = incident(
        "I1",
        date(2026, 1, 5),  # Mon
        date(2026, 4, 10),  # Fri
        occurred_until=date(2026, 3, 10),  # Tue
    )
    complaint = only(assess(policy(), [went_on], MADE))
    assert complaint.counted
    assert "within one month of its last day, Tuesday 10 March 2026" in complaint.why
    late = went_on.model_copy(update={"reported": date(2026, 4, 11)})  # Sat
    assert "the behaviour that ended on 10 March had to be reported" in only(assess(policy(), [late], MADE)).why


def test_behaviour_reported_while_it_goes_on_counts() -> None:
    going_on = incident(
        "I1",
        date(2026, 1, 5),  # Mon
        date(2026, 3, 2),  # Mon
        occurred_until=date(2026, 4, 30),  # Thu
    )
    complaint = only(assess(policy(), [going_on], MADE))
    assert complaint.counted
    assert complaint.reading is Reading.STRICT
    assert complaint.why.endswith("on Monday 2 March 2026, while the behaviour was going on.")


def test_a_report_dated_after_the_application_does_not_count_and_says_when_it_can() -> None:
    future = incident("I1", date(2026, 5, 4))  # Mon
    complaint = only(assess(policy(), [future], MADE))
    assert not complaint.counted
    assert complaint.why == (
        "Not counted on its own: reported on Monday 4 May 2026, after the application of Friday 1 May 2026; "
        "it can count in a new application made by Wednesday 4 November 2026."
    )


def test_three_qualifying_complaints_meet_the_statutory_route() -> None:
    found = assess(policy(), MARCH, MADE)
    assert (found.met, found.statutory, found.route) == (True, True, "three")
    assert found.why == (
        "The threshold, the number of reports that gives a right to a review, is met: three of three reports "
        "count and three are needed. Section 104(4) of the Anti-social Behaviour, Crime and Policing Act "
        "2014 makes a review your right."
    )


def test_two_are_not_enough_and_not_a_refusal() -> None:
    found = assess(policy(), MARCH[:2], MADE)
    assert (found.met, found.statutory, found.route) == (False, False, None)
    assert "two of two reports count and three are needed" in found.why
    assert "That alone is not a refusal: the community safety manager must consider" in found.why
    assert "a new application made by Wednesday 2 September 2026" in found.why


def test_no_report_at_all_is_still_explained() -> None:
    found = assess(policy(), [], MADE)
    assert (found.met, found.complaints, found.nearest_expiry) == (False, (), None)
    assert "not reached: none yet count and three are needed." in found.why


def test_the_nearest_expiry_is_the_last_day_on_which_all_that_counts_still_counts() -> None:
    found = assess(policy(), MARCH, MADE)
    assert found.nearest_expiry == date(2026, 9, 2)  # Wed
    assert assess(policy(), MARCH, date(2026, 9, 2)).met
    assert not assess(policy(), MARCH, date(2026, 9, 3)).met  # Thu


def test_three_neighbours_with_one_report_each_meet_the_floor() -> None:
    neighbours = [said.model_copy(update={"reporter": f"Neighbour {said.id}"}) for said in MARCH]
    found = assess(policy(route(scope=Scope.SAME_PERSON)), neighbours, MADE)
    assert (found.met, found.statutory, found.route) == (True, True, "s104-4")
    assert found.complaints[0].why.startswith("Counted: it was reported on Monday 2 March 2026")


def test_the_same_behaviour_reported_twice_on_a_day_to_one_body_counts_once() -> None:
    first = incident("I1", date(2026, 3, 2), date(2026, 3, 3))  # Mon, Tue
    twin = incident(
        "I2",
        date(2026, 3, 2),
        date(2026, 3, 3),
        reported_to="Testshire police",
        what="Shouting and  banging until three in the MORNING",
    )
    found = assess(policy(), [twin, first, MARCH[2]], MADE)
    assert not found.met
    assert by_id(found)["I1"].counted
    assert by_id(found)["I2"].why == (
        "Not counted again: it is the same report as I1, reported on Tuesday 3 March 2026 to the same body in the same "
        "words. If they were two reports, the day, the words or the reference of one of them can be corrected."
    )
    assert [complaint.same_as for complaint in found.complaints] == ["", "I1", ""]
    assert found.notes == ("I2 is the same report as I1, so the two count once.",)


@pytest.mark.parametrize(
    "difference",
    [
        {"reported_to": "council"},
        {"reported": date(2026, 3, 4)},  # Wed
        {"reporter": "Neighbour"},
        {"what": "A brick through the window"},
    ],
    ids=str,
)
def test_anything_that_differs_makes_it_a_complaint_of_its_own(difference: dict[str, object]) -> None:
    first = incident("I1", date(2026, 3, 2), date(2026, 3, 3))  # Mon, Tue
    second = first.model_copy(update={"id": "I2"} | difference)
    assert assess(policy(), [first, second, MARCH[2]], MADE).statutory


def test_two_bodies_told_of_one_day_are_two_complaints_under_the_act_and_it_says_so() -> None:
    police = incident("I1", date(2026, 3, 2))  # Mon
    council = incident("I2", date(2026, 3, 2), reported_to="council")  # Mon
    days = route(3, id="days", distinct_days=True)
    found = assess(policy(days), [police, council, MARCH[2]], MADE)
    assert found.statutory
    assert by_id(found)["I2"].why.endswith(
        "It is about the same day as I1: the Act counts complaints, and read in your favour each is one."
    )
    assert not by_id(found)["I1"].why.count("same day")
    assert (found.routes[1].counted, found.routes[1].met) == (2, False)
    refused = [complaint.why for complaint in found.routes[1].complaints if not complaint.counted]
    assert refused in (
        [f"Not counted on this route: each day of behaviour counts once, and {id} is counted."] for id in ("I1", "I2")
    )


def test_a_complaint_an_agency_has_no_record_of_still_counts_and_shows_the_disagreement() -> None:
    found = assess(policy(), MARCH, MADE, denied={"I2": "No call logged\nthat week"})
    assert found.statutory
    assert by_id(found)["I2"].why.endswith(
        " An agency found no record of this report (“No call logged that week”); the date you gave stands "
        "unless it is disproved."
    )
    assert found.why.endswith("Where an agency found no record of a report, we used the date you gave.")
    assert "no record" not in by_id(found)["I1"].why


def test_an_assessment_travels_as_json() -> None:
    found = assess(policy(exclusions=(exclusion(),)), MARCH, MADE)
    assert Assessment.model_validate_json(found.model_dump_json()) == found
