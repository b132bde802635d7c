"""Which routes to a review are tried, the Act's own among them, and what each counts."""

from datetime import date

import pytest

from domain.application import Category
from domain.calendar import Unit
from domain.policy import (
    Effect,
    Limit,
    Route,
    Scope,
)
from domain.threshold import assess, statutory_route
from tests.domain.threshold import (
    A_MONTH,
    FLOOR,
    MADE,
    MARCH,
    SIX_MONTHS,
    THREE_MONTHS,
    by_id,
    exclusion,
    incident,
    policy,
    route,
)


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
