"""The threshold against tables of real dates, and properties that hold under every policy."""

import tomllib
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.application import Category, Incident
from domain.calendar import Reading, Unit
from domain.policy import (
    Agency,
    CalendarRules,
    Chasing,
    Definitions,
    Discretion,
    Effect,
    Exclusion,
    Extensions,
    Identity,
    Limit,
    PanelRules,
    Participation,
    Policy,
    Publication,
    Route,
    Scope,
    Senior,
    Service,
    Source,
)
from domain.threshold import Assessment, Complaint, assess, refusal_gaps, statutory_route

SOURCE = Source(choice="written for a test")
A_MONTH = Limit(limit=1, unit=Unit.MONTHS)
THREE_MONTHS = Limit(limit=3, unit=Unit.MONTHS)
SIX_MONTHS = Limit(limit=6, unit=Unit.MONTHS)
MADE = date(2026, 5, 1)  # Fri
PUBLISHED = sorted(Path(__file__).parents[2].glob("policies/*.toml"))


def route(minimum: int = 3, **changes: object) -> Route:
    shape = {
        "id": "three",
        "title": "Three reports",
        "minimum": minimum,
        "report_within": A_MONTH,
        "apply_within": SIX_MONTHS,
        "source": SOURCE,
    }
    return Route.model_validate(shape | changes)


FLOOR = route(statutory=True)


def exclusion(id: str = "crime", effect: Effect = Effect.REFUSE, **changes: object) -> Exclusion:
    shape = {"id": id, "title": f"Caveat {id}", "effect": effect, "paragraph": "No.", "source": SOURCE}
    return Exclusion.model_validate(shape | changes)


def policy(*routes: Route, exclusions: tuple[Exclusion, ...] = (), crimes_may_count: bool = True) -> Policy:
    return Policy(
        id="testshire",
        version="1",
        effective_from=date(2026, 1, 1),
        identity=Identity(
            council="Testshire District Council",
            area="Testshire",
            lead_body="Testshire District Council",
            partnership="Testshire Community Safety Partnership",
            url="https://testshire.example.org/review",
            source=SOURCE,
        ),
        calendar=CalendarRules(cut_off=time(17), source=SOURCE),
        service=Service(source=SOURCE),
        definitions=Definitions(
            asb="harassment, alarm or distress",
            reports_to="any agency",
            crimes_may_count=crimes_may_count,
            source=SOURCE,
        ),
        routes=routes or (FLOOR,),
        discretion=Discretion(exercised_by="the community safety manager", guidance="", source=SOURCE),
        exclusions=exclusions,
        agencies=(
            Agency(
                id="police",
                role="police",
                name="Testshire Police",
                email="asb@police.example.org",
                senior=Senior(title="Chief Inspector", email="chief@police.example.org"),
                source=SOURCE,
            ),
        ),
        steps=(),
        extensions=Extensions(steps=(), at_most=10, times=1, approver="manager", source=SOURCE),
        chasing=Chasing(minimum_gap=2, ladder=(), source=SOURCE),
        participation=Participation(modes=("in person",), minutes=20, source=SOURCE),
        panel=PanelRules(quorum=3, chair="head of service", members=("police",), source=SOURCE),
        publication=Publication(period="financial year", measures=(), source=SOURCE),
    )


def incident(id: str, occurred: date, reported: date | None = None, **changes: object) -> Incident:
    shape = {
        "id": id,
        "occurred": occurred,
        "reported": reported or occurred,
        "reported_to": "police",
        "what": "Shouting and banging until three in the morning",
    }
    return Incident.model_validate(shape | changes)


def only(assessment: Assessment) -> Complaint:
    assert len(assessment.complaints) == 1
    return assessment.complaints[0]


def by_id(assessment: Assessment, route: str | None = None) -> dict[str, Complaint]:
    tried = next(tried for tried in assessment.routes if route in (None, tried.route))
    return {complaint.incident: complaint for complaint in tried.complaints}


MARCH = (
    incident("I1", date(2026, 3, 2)),  # Mon
    incident("I2", date(2026, 3, 10), date(2026, 3, 11)),  # Tue, Wed
    incident("I3", date(2026, 4, 16)),  # Thu
)


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


@pytest.mark.parametrize(
    "narrow",
    [
        {"scope": Scope.SAME_PERSON},
        {"report_within": Limit(limit=28, unit=Unit.DAYS)},
        {"apply_within": THREE_MONTHS},
        {"recent": A_MONTH},
        {"distinct_days": True},
        {"category": Category.HATE},
        {"minimum": 5},
        {"statutory": False},
    ],
    ids=str,
)
def test_the_floor_is_built_where_the_policy_has_none_as_wide_as_the_act(narrow: dict[str, object]) -> None:
    floor = statutory_route(policy(FLOOR.model_copy(update=narrow)))
    assert (floor.id, floor.minimum, floor.scope, floor.category) == ("s104-4", 3, Scope.ANYONE, None)
    assert (floor.report_within, floor.apply_within) == (A_MONTH, SIX_MONTHS)
    assert (floor.recent, floor.distinct_days, floor.statutory) == (None, False, True)


@pytest.mark.parametrize(
    "wide",
    [
        route(statutory=True),
        route(2, statutory=True),
        route(statutory=True, report_within=None),
        route(statutory=True, report_within=Limit(limit=31, unit=Unit.DAYS)),
        route(statutory=True, report_within=Limit(limit=5, unit=Unit.WEEKS)),
        route(statutory=True, apply_within=Limit(limit=12, unit=Unit.MONTHS)),
    ],
    ids=str,
)
def test_the_policy_s_own_route_is_the_floor_where_it_is_as_wide_as_the_act(wide: Route) -> None:
    assert statutory_route(policy(route(5, id="five"), wide)) is wide


def test_a_council_s_lower_number_stands_even_where_its_route_adds_a_condition() -> None:
    own = route(2, statutory=True, recent=A_MONTH)
    assert statutory_route(policy(own)).minimum == 2
    found = assess(policy(own), MARCH[:2], date(2026, 8, 3))  # Mon
    assert (found.met, found.statutory, found.route) == (True, True, "s104-4")


def test_a_lower_number_for_hate_alone_does_not_lower_the_floor() -> None:
    assert statutory_route(policy(route(1, statutory=True, category=Category.HATE))).minimum == 3


def test_every_route_is_tried_and_reported_the_statutory_one_first() -> None:
    found = assess(policy(route(5, id="five", scope=Scope.DIFFERENT_PROPERTIES), FLOOR), MARCH, MADE)
    assert [(tried.route, tried.met, tried.counted, tried.needed) for tried in found.routes] == [
        ("three", True, 3, 3),
        ("five", False, 1, 5),
    ]
    assert found.routes[0].why == "Three reports count and three are needed."
    assert found.routes[1].why == "One report from different properties counts and five are needed."


def test_a_route_of_the_council_s_own_is_met_when_the_floor_is_not() -> None:
    one_hate = route(1, id="hate", title="One hate incident", category=Category.HATE, apply_within=THREE_MONTHS)
    said = incident("I1", date(2026, 3, 2), category=Category.HATE)  # Mon
    other = incident("I2", date(2026, 3, 3))  # Tue
    found = assess(policy(FLOOR, one_hate, exclusions=(exclusion(),)), [said, other], MADE)
    assert (found.met, found.statutory, found.route) == (True, False, "hate")
    assert "met on the council's route “One hate incident”: one of two reports counts and one is needed" in found.why
    assert by_id(found, "hate")["I2"].why == ("Not counted on this route: it counts only reports recorded as hate.")
    assert found.nearest_expiry == date(2026, 6, 2)  # Tue
    assert found.exclusions[0].applies == "may be considered"


def test_one_person_s_reports_are_not_added_to_another_s_on_a_route_for_one_person() -> None:
    own = route(3, id="own", scope=Scope.SAME_PERSON)
    mixed = [
        *MARCH[:2],
        MARCH[2].model_copy(update={"reporter": "Neighbour"}),
    ]
    found = assess(policy(own), mixed, MADE)
    assert (found.routes[1].counted, found.routes[1].met) == (2, False)
    assert by_id(found, "own")["I3"].why == (
        "Not counted on this route: it counts the reports of one person, and those of another person are counted."
    )


def test_a_person_counts_once_on_a_route_for_different_people_and_the_newest_report_is_kept() -> None:
    people = route(2, id="people", scope=Scope.DIFFERENT_PEOPLE, statutory=False)
    mixed = [*MARCH[:2], MARCH[2].model_copy(update={"reporter": " neighbour  a "})]
    again = incident("I4", date(2026, 4, 20), reporter="Neighbour A")  # Mon
    found = assess(policy(people), [*mixed, again], MADE)
    assert (found.routes[1].counted, found.routes[1].met) == (2, True)
    complaints = by_id(found, "people")
    assert [id for id, complaint in complaints.items() if complaint.counted] == ["I2", "I4"]
    assert complaints["I1"].why == "Not counted on this route: each person counts once, and I2 is counted."


def test_five_properties_are_five_where_a_property_that_is_not_named_is_the_reporter_s_own_home() -> None:
    five = route(5, id="five", scope=Scope.DIFFERENT_PROPERTIES)
    homes = [incident(f"I{n}", date(2026, 4, n), reporter=f"Neighbour {n}") for n in range(1, 4)]
    named = incident("I4", date(2026, 4, 4), premises="9 Elm Row", reporter="Neighbour 4")  # Sat
    same = incident("I5", date(2026, 4, 5), premises="9  elm row", reporter="Neighbour 5")  # Sun
    found = assess(policy(five), [*homes, named, same], MADE)
    assert (found.routes[1].counted, found.routes[1].met) == (4, False)
    mine = incident("I6", date(2026, 4, 6))  # Mon
    assert assess(policy(five), [*homes, named, same, mine], MADE).routes[1].met


@pytest.mark.parametrize(
    ("made_on", "met"),
    [
        (date(2026, 5, 15), True),  # Fri
        (date(2026, 5, 16), True),  # Sat, on the generous reading
        (date(2026, 5, 17), False),  # Sun
    ],
)
def test_a_route_may_want_a_recent_report(made_on: date, met: bool) -> None:
    recent = route(2, id="recent", recent=A_MONTH)
    tried = assess(policy(recent), MARCH, made_on).routes[1]
    assert (tried.met, tried.counted) == (met, 3)
    if not met:
        assert tried.why == (
            "Three reports count and two are needed, but the newest report, of Thursday 16 April 2026, "
            "needed an application by Saturday 16 May 2026."
        )


def test_the_nearest_expiry_of_a_route_that_wants_a_recent_report_is_when_it_is_no_longer_recent() -> None:
    recent = route(2, id="recent", recent=A_MONTH)
    found = assess(policy(recent), [MARCH[0], MARCH[2]], MADE)
    assert (found.route, found.nearest_expiry) == ("recent", date(2026, 5, 16))  # Sat


def test_a_person_with_fewer_but_newer_reports_may_meet_a_route_another_person_does_not() -> None:
    own = route(2, id="own", scope=Scope.SAME_PERSON, recent=A_MONTH)
    stale = [incident(f"I{n}", date(2026, 3, n)) for n in range(2, 5)]  # Mon to Wed
    newer = [incident(f"I{n}", date(2026, 4, n), reporter="Neighbour") for n in (20, 21)]  # Mon, Tue
    tried = assess(policy(own), [*stale, *newer], MADE).routes[1]
    assert (tried.met, tried.counted) == (True, 2)


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
        "Not counted again: it is the same behaviour, reported on the same day to the same body, as I1."
    )


@pytest.mark.parametrize(
    "difference",
    [
        {"reported_to": "council"},
        {"reported": date(2026, 3, 4)},  # Wed
        {"reporter": "Neighbour"},
        {"what": "A brick through the window"},
        {"occurred": date(2026, 3, 1)},  # Sun
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


def test_different_people_on_different_days_are_matched_so_that_most_count() -> None:
    both = route(2, id="both", scope=Scope.DIFFERENT_PEOPLE, distinct_days=True)
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    said = [
        incident("I1", monday, reporter="A"),
        incident("I2", tuesday, reporter="A"),
        incident("I3", tuesday, reporter="B"),
    ]
    assert assess(policy(both), said, MADE).routes[1].counted == 2


@pytest.mark.parametrize("crimes_may_count", [True, False])
def test_crimes_always_count_toward_the_floor_and_elsewhere_if_the_page_says_so(
    crimes_may_count: bool,
) -> None:
    crimes = [said.model_copy(update={"category": Category.CRIME}) for said in MARCH]
    other = route(2, id="other", scope=Scope.SAME_PERSON)
    found = assess(policy(FLOOR, other, crimes_may_count=crimes_may_count), crimes, MADE)
    assert found.statutory
    assert found.routes[1].counted == (3 if crimes_may_count else 0)
    if not crimes_may_count:
        assert by_id(found, "other")["I1"].why == (
            "Not counted on this route: the council's page does not count reports of crime here."
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


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("defeats_statute", [True, False])
def test_no_exclusion_applies_once_the_floor_is_met(effect: Effect, defeats_statute: bool) -> None:
    caveats = (exclusion("crime", effect, defeats_statute=defeats_statute),)
    met = assess(policy(exclusions=caveats), MARCH, MADE)
    assert (met.met, met.exclusions[0].applies) == (True, "never")
    assert met.exclusions[0].words == (
        "“Caveat crime” cannot be applied: three or more qualifying complaints were made, and section 104(4) "
        "then says that the threshold is met."
    )
    below = assess(policy(exclusions=caveats), MARCH[:2], MADE)
    assert below.exclusions[0].applies == "may be considered"
    assert "fewer than three qualifying complaints" in below.exclusions[0].words


def test_a_route_with_no_time_to_report_counts_a_late_report() -> None:
    silent = route(1, id="silent", report_within=None)
    found = assess(policy(silent), [incident("I1", date(2025, 1, 6), date(2026, 3, 2))], MADE)  # Mon, Mon
    assert (found.route, found.statutory) == ("silent", False)
    assert found.complaints[0].why == (
        "Counted: you reported it on Monday 2 March 2026. The application of Friday 1 May 2026 is within six "
        "months of it."
    )


def test_a_route_in_days_or_weeks_is_counted_as_it_says() -> None:
    days = route(1, id="days", report_within=Limit(limit=30, unit=Unit.DAYS))
    weeks = route(1, id="weeks", report_within=Limit(limit=4, unit=Unit.WEEKS))
    said = incident("I1", date(2026, 3, 10), date(2026, 4, 8))  # Tue, Wed
    found = assess(policy(days, weeks), [said], MADE)
    assert [tried.met for tried in found.routes] == [False, True, False]
    assert by_id(found, "weeks")["I1"].why.endswith("had to be reported by Tuesday 7 April 2026.")


def test_a_route_in_working_days_is_refused_with_the_mend() -> None:
    with pytest.raises(ValueError, match="give it in days or months"):
        assess(policy(route(1, apply_within=Limit(limit=30))), MARCH, MADE)


@dataclass(frozen=True)
class Refused:
    persistence: str = "Two nights in four months."
    harm: str = "Lost sleep; no one else at risk."
    adequacy: str = "The police spoke to the household both times."
    alternative_action: str = "The housing officer visits on Monday."
    decided_by: str = "Officer One"
    approved_by: str = "Officer Two"


BELOW = assess(policy(), MARCH[:2], MADE)


def test_a_refusal_with_all_its_reasons_has_no_gap() -> None:
    assert refusal_gaps(BELOW, Refused()) == ()


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (
            "persistence",
            "The refusal does not say how persistent the behaviour is (s.104(5)(a)): give it in persistence.",
        ),
        (
            "harm",
            "The refusal does not say what harm the behaviour causes or could cause (s.104(5)(b)): give it in harm.",
        ),
        (
            "adequacy",
            "The refusal does not say how adequate the response to the reports was (s.104(5)(c)): give it in adequacy.",
        ),
        (
            "alternative_action",
            "The refusal does not say what will be done instead (DOV-23): give it in alternative_action.",
        ),
        ("decided_by", "The refusal does not say who decided it: give it in decided_by."),
        ("approved_by", "The refusal does not say which second person agreed to it: give it in approved_by."),
    ],
)
def test_each_missing_reason_of_a_refusal_is_one_sentence(field: str, sentence: str) -> None:
    assert refusal_gaps(BELOW, replace(Refused(), **{field: " "})) == (sentence,)


def test_nobody_approves_their_own_refusal() -> None:
    assert refusal_gaps(BELOW, replace(Refused(), approved_by=" officer  one")) == (
        "The officer who decided the refusal also approved it: name another in approved_by.",
    )


def test_a_threshold_that_is_met_cannot_be_refused_whatever_is_recorded() -> None:
    sentence = (
        "Three reports count and three are needed: section 104(4) is met and cannot be recorded as not met; "
        "record that the threshold is met."
    )
    assert refusal_gaps(assess(policy(), MARCH, MADE), Refused()) == (sentence,)


def test_a_council_s_own_route_that_is_met_cannot_be_refused_either() -> None:
    found = assess(policy(route(2, id="two", title="Two reports")), MARCH[:2], MADE)
    assert refusal_gaps(found, Refused()) == (
        "Two reports count and two are needed: the council's own route “Two reports” is met and cannot be "
        "recorded as not met; record that the threshold is met.",
    )


def test_an_assessment_travels_as_json() -> None:
    found = assess(policy(exclusions=(exclusion(),)), MARCH, MADE)
    assert Assessment.model_validate_json(found.model_dump_json()) == found


SPRING = st.dates(date(2026, 1, 1), date(2026, 12, 31))
PEOPLE = st.sampled_from(["", "Neighbour A", "Neighbour B", "Neighbour C"])
LIMITS = st.sampled_from(
    [A_MONTH, THREE_MONTHS, SIX_MONTHS, Limit(limit=30, unit=Unit.DAYS), Limit(limit=8, unit=Unit.WEEKS)]
)
EXCLUSIONS = st.lists(
    st.builds(exclusion, st.sampled_from("abc"), st.sampled_from(Effect), defeats_statute=st.booleans()),
    max_size=3,
).map(tuple)


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    occurred = draw(SPRING)
    last = occurred + timedelta(draw(st.sampled_from([0, 0, 0, 5, 45])))
    return incident(
        draw(st.sampled_from(["", "I1", "I2", "I10"])),
        occurred,
        occurred + timedelta(draw(st.integers(0, 40))),
        occurred_until=None if last == occurred else last,
        reported_to=draw(st.sampled_from(["police", "council"])),
        what=draw(st.sampled_from(["Shouting", "Fires"])),
        category=draw(st.sampled_from(Category)),
        reporter=draw(PEOPLE),
        premises=draw(st.sampled_from(["", "9 Elm Row"])),
    )


@st.composite
def routes(draw: st.DrawFn) -> Route:
    return route(
        draw(st.integers(1, 6)),
        id=draw(st.sampled_from(["one", "two", "s104-4"])),
        scope=draw(st.sampled_from(Scope)),
        category=draw(st.sampled_from([None, None, *Category])),
        report_within=draw(st.none() | LIMITS),
        apply_within=draw(LIMITS),
        recent=draw(st.none() | LIMITS),
        distinct_days=draw(st.booleans()),
        statutory=draw(st.booleans()),
    )


@cache
def published() -> tuple[Policy, ...]:
    return tuple(Policy.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in PUBLISHED)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    use_published: bool = draw(st.booleans())
    if published() and use_published:
        whole = draw(st.sampled_from(published()))
        return whole.model_copy(update={"exclusions": (*whole.exclusions, *draw(EXCLUSIONS))})
    own = draw(st.lists(routes(), min_size=1, max_size=3))
    return policy(*own, exclusions=draw(EXCLUSIONS), crimes_may_count=draw(st.booleans()))


SETS = st.lists(incidents(), max_size=7)


def counted(found: Assessment) -> list[int]:
    return [tried.counted for tried in found.routes]


@st.composite
def qualifying(draw: st.DrawFn, made_on: date) -> Incident:
    """In time on the strictest reading, by its own words apart from every other."""
    reported = made_on - timedelta(draw(st.integers(0, 179)))
    return incident(
        "I1",
        reported - timedelta(draw(st.integers(0, 26))),
        reported,
        what=draw(st.uuids()).hex,
        category=draw(st.sampled_from(Category)),
        reporter=draw(PEOPLE),
    )


@settings(deadline=None)
@given(st.data(), policies(), SPRING, SETS)
def test_three_qualifying_complaints_meet_the_threshold_under_every_policy(
    data: st.DataObject, under: Policy, made_on: date, others: list[Incident]
) -> None:
    three = data.draw(st.lists(qualifying(made_on), min_size=3, max_size=3))
    found = assess(under, [*others, *three], made_on)
    assert found.met
    assert found.statutory
    assert found.route == found.routes[0].route
    assert {read.applies for read in found.exclusions} <= {"never"}
    assert len(refusal_gaps(found, Refused())) == 1


@settings(deadline=None)
@given(policies(), SETS, incidents(), SPRING)
def test_one_more_incident_never_takes_anything_away(
    under: Policy, said: list[Incident], another: Incident, made_on: date
) -> None:
    before, after = assess(under, said, made_on), assess(under, [*said, another], made_on)
    assert (before.met, before.statutory) <= (True, True)
    assert after.met >= before.met
    assert after.statutory >= before.statutory
    assert all(now.met >= then.met for now, then in zip(after.routes, before.routes, strict=True))


@settings(deadline=None)
@given(policies(), SETS, SPRING, st.integers(0, 200))
def test_applying_earlier_but_not_before_the_reports_never_takes_anything_away(
    under: Policy, said: list[Incident], made_on: date, days: int
) -> None:
    assume(said)
    early = max(made_on, *(one.reported for one in said))
    now, later = assess(under, said, early), assess(under, said, early + timedelta(days))
    assert now.met >= later.met
    assert now.statutory >= later.statutory
    assert counted(now)[0] >= counted(later)[0]
    assert all(one.met >= two.met for one, two in zip(now.routes, later.routes, strict=True))


@settings(deadline=None)
@given(st.data(), policies(), SETS, SPRING)
def test_the_order_of_incidents_does_not_matter(
    data: st.DataObject, under: Policy, said: list[Incident], made_on: date
) -> None:
    assert assess(under, data.draw(st.permutations(said)), made_on) == assess(under, said, made_on)


@settings(deadline=None)
@given(policies(), SETS, SPRING)
def test_what_is_said_agrees_with_what_was_counted(under: Policy, said: list[Incident], made_on: date) -> None:
    found = assess(under, said, made_on)
    assert found.met == any(tried.met for tried in found.routes)
    assert found.met == (found.route is not None)
    assert refusal_gaps(found, Refused()) == () or found.met
    for tried in found.routes:
        assert tried.counted == sum(complaint.counted for complaint in tried.complaints)
        assert not tried.met or tried.counted >= tried.needed
        for complaint in tried.complaints:
            assert complaint.why.startswith("Counted: " if complaint.counted else "Not counted ")
            assert complaint.why.endswith(".")
            assert complaint.counted == (complaint.reading is not None)


@settings(deadline=None)
@given(policies(), SETS, SPRING)
def test_an_application_on_the_nearest_expiry_still_meets_what_is_met(
    under: Policy, said: list[Incident], made_on: date
) -> None:
    found = assess(under, said, made_on)
    if found.met and found.nearest_expiry:
        assert found.nearest_expiry >= made_on
        assert assess(under, said, found.nearest_expiry).met


def test_every_published_policy_gives_three_strict_complaints_a_review_through_its_floor() -> None:
    for under in published():
        found = assess(under, MARCH, MADE)
        assert found.statutory, under.id
        assert found.route == statutory_route(under).id
        assert statutory_route(under).minimum <= 3
