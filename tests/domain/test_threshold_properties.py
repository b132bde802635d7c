"""What holds of the threshold under every policy, published or made up."""

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.application import Category, Incident
from domain.calendar import Unit
from domain.policy import (
    Effect,
    Limit,
    Policy,
    Route,
    Scope,
)
from domain.threshold import Assessment, assess, refusal_gaps, statutory_route
from tests.domain.test_refusal_gaps import Refused
from tests.domain.threshold import A_MONTH, MADE, MARCH, SIX_MONTHS, THREE_MONTHS, exclusion, incident, policy, route

PUBLISHED = sorted(Path(__file__).parents[2].glob("policies/*.toml"))
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
