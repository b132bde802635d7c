"""The five councils' policies beside their own pages (`pages/`, word for word)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

import policies
from domain.application import Tenure
from domain.calendar import Calendar, ClosedDay, count
from domain.policy import Clock, Owner, Policy, Source, StepId, Subject, Verification

PAGES = Path(__file__).parent / "pages"
PREFIX = {
    "dover": "DOV",
    "medway": "MED",
    "folkestone-and-hythe": "FOL",
    "south-derbyshire": "SDB",
    "kent-district": "K04",
}
HOLIDAYS = Calendar(
    source="written out by hand",
    first=date(2026, 1, 1),  # Thu
    horizon=date(2027, 12, 31),  # Fri
    holidays=tuple(
        ClosedDay(date=day, name="bank holiday")
        for day in (
            date(2026, 1, 1),  # Thu
            date(2026, 4, 3),  # Fri
            date(2026, 4, 6),  # Mon
            date(2026, 12, 25),  # Fri
            date(2026, 12, 28),  # Mon
            date(2027, 1, 1),  # Fri
        )
    ),
)


def _numbered(prefix: str, last: int) -> tuple[str, ...]:
    return tuple(f"{prefix}-{number:02d}" for number in range(1, last + 1))


PROMISES = {
    "dover": _numbered("DOV", 36),
    "medway": _numbered("MED", 33),
    "folkestone-and-hythe": _numbered("FOL", 29),
    "south-derbyshire": _numbered("SDB", 20),
    "kent-district": _numbered("K04", 36),
}
QUOTED = {
    "dover": "05 07 10 11 13 14 27 28 31 32 33 34 35 36",
    "medway": "05 06 08 09 10 14 15 25 26 28 29 30 31 32",
    "folkestone-and-hythe": "03 04 05 08 09 22 23 25 28 29",
    "south-derbyshire": "04 07 08 09 11 13 18 19 20",
    "kent-district": "03 04 09 10 11 12 13 14 15 16 21 25 26 28 30 31 32 33 34 35",
}
SILENT = {"FOL-10", "FOL-26", "MED-33", "K04-36"}


def normal(text: str) -> str:
    """Text without the differences of typing: white space, curly quotation marks, asterisks of Markdown."""
    for curly, straight in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("*", "")):
        text = text.replace(curly, straight)
    return " ".join(text.split())


def sources(value: object) -> Iterator[Source]:
    if isinstance(value, Source):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from sources(getattr(value, name))
    elif isinstance(value, tuple):
        for child in value:
            yield from sources(child)


def page(id: str) -> str:
    return normal((PAGES / f"{id}.txt").read_text(encoding="utf-8"))


def clock(policy: Policy, name: str, place: int = 0) -> Clock:
    step = policy.step(StepId(name))
    assert step
    return step.clocks[place]


def test_the_five_councils_are_packaged() -> None:
    assert policies.ids() == tuple(sorted(PREFIX))


@pytest.mark.parametrize("id", PREFIX)
def test_a_policy_bears_the_id_of_its_file(id: str) -> None:
    policy = policies.load(id)
    assert (policy.id, policy.version, policy.effective_from) == (id, "2026.1", date(2026, 1, 1))  # Thu


@pytest.mark.parametrize("id", PREFIX)
def test_every_quotation_stands_on_the_council_s_page_word_for_word(id: str) -> None:
    text = page(id)
    for source in sources(policies.load(id)):
        for part in filter(None, (normal(part) for part in source.says.split("…"))):
            assert part in text, part


@pytest.mark.parametrize("id", PREFIX)
def test_every_numbered_promise_is_cited_and_no_other(id: str) -> None:
    cited = {number for source in sources(policies.load(id)) for number in source.promise}
    assert cited == set(PROMISES[id])


@pytest.mark.parametrize("id", PREFIX)
def test_every_promise_with_a_number_limit_route_contact_or_figure_is_quoted(id: str) -> None:
    quoted = {number for source in sources(policies.load(id)) if source.says for number in source.promise}
    assert {f"{PREFIX[id]}-{number}" for number in QUOTED[id].split()} <= quoted
    assert set(PROMISES[id]) - quoted <= SILENT


@pytest.mark.parametrize("id", PREFIX)
def test_a_quotation_bears_its_number(id: str) -> None:
    assert not [source.says for source in sources(policies.load(id)) if source.says and not source.promise]


LIMITS = (
    ("dover", "response", 0, "25 working days", "received", "DOV-27"),
    ("medway", "response", 0, "25 working days", "received", "MED-25"),
    ("folkestone-and-hythe", "response", 0, "25 working days", "received", "FOL-22"),
    ("south-derbyshire", "acknowledgement", 0, "5 working days", "received", "SDB-13"),
    ("south-derbyshire", "response", 0, "25 working days", "received", "SDB-17"),
    ("kent-district", "panel", 0, "10 working days", "collated", "K04-25"),
    ("kent-district", "panel", 1, "22 working days", "received", "K04-26"),
    ("kent-district", "response", 0, "25 working days", "received", "K04-26"),
    ("kent-district", "follow_up", 0, "6 months", "first_panel_held", "K04-28"),
)


@pytest.mark.parametrize(("id", "step", "place", "words", "anchor", "promise"), LIMITS)
def test_each_published_limit_is_kept_with_its_anchor(
    id: str, step: str, place: int, words: str, anchor: str, promise: str
) -> None:
    limit = clock(policies.load(id), step, place)
    assert (limit.words, limit.anchor.value) == (words, anchor)
    assert promise in limit.source.promise


@pytest.mark.parametrize("id", ["dover", "medway", "folkestone-and-hythe"])
def test_the_choice_of_receipt_for_25_working_days_is_said(id: str) -> None:
    assert "receipt is the earliest" in clock(policies.load(id), "response").source.choice


def test_kent_s_follow_up_opens_after_three_months() -> None:
    step = policies.load("kent-district").step(StepId.FOLLOW_UP)
    assert step
    assert step.opens
    assert step.target
    assert (step.opens.words, step.target.words, step.public) == ("3 months", "4 months", True)


APPEALS = (
    ("dover", 0, ("threshold", "handling"), "20 working days", "10 working days", "5 working days", False),
    ("medway", 0, ("threshold", "handling"), "20 working days", "15 working days", "25 working days", False),
    (
        "folkestone-and-hythe",
        0,
        ("threshold", "handling", "outcome"),
        "10 working days",
        "10 working days",
        "5 working days",
        True,
    ),
    ("south-derbyshire", 0, ("outcome",), "20 working days", "10 working days", "5 working days", False),
    (
        "south-derbyshire",
        1,
        ("threshold", "handling"),
        "10 working days",
        "10 working days",
        "5 working days",
        True,
    ),
    ("kent-district", 0, ("outcome",), "10 working days", "10 working days", "5 working days", False),
    (
        "kent-district",
        1,
        ("threshold", "handling"),
        "10 working days",
        "10 working days",
        "5 working days",
        True,
    ),
)


@pytest.mark.parametrize(("id", "place", "subjects", "window", "hearing", "decision", "minimum"), APPEALS)
def test_each_appeal_route_has_its_subjects_and_limits(
    id: str, place: int, subjects: tuple[str, ...], window: str, hearing: str, decision: str, minimum: bool
) -> None:
    route = policies.load(id).appeals[place]
    assert tuple(subject.value for subject in route.subjects) == subjects
    assert route.hearing
    assert (route.window.words, route.hearing.words, route.decision.words) == (window, hearing, decision)
    assert route.statutory_minimum is minimum


def test_medway_s_second_25_working_days_run_from_the_request() -> None:
    decision = policies.load("medway").appeals[0].decision
    assert (decision.limit, decision.anchor.value, decision.source.promise) == (
        25,
        "appeal_lodged",
        ("MED-30",),
    )


def test_an_appeal_in_south_derbyshire_passes_to_the_commissioner_s_successor() -> None:
    routes = policies.load("south-derbyshire").appeals
    for route in routes:
        last, first = route.body_on(date(2028, 5, 31)), route.body_on(date(2028, 6, 1))  # Wed, Thu
        assert last
        assert first
        assert "Police and Crime Commissioner" in last.name
        assert "Commissioner" not in first.name


@pytest.mark.parametrize("id", PREFIX)
def test_anyone_with_three_reports_in_six_months_meets_the_first_route(id: str) -> None:
    route = policies.load(id).routes[0]
    assert (route.minimum, route.scope.value, route.apply_within.words) == (3, "anyone", "6 months")
    assert route.statutory
    month = route.report_within.words if route.report_within else None
    assert month == (None if id == "south-derbyshire" else "1 month")


def test_kent_s_second_route_wants_five_properties() -> None:
    route = policies.load("kent-district").routes[1]
    assert (route.minimum, route.scope.value, route.statutory) == (5, "different_properties", False)


EXCLUSIONS = {
    "medway": {"MED-08"},
    "south-derbyshire": {"SDB-07", "SDB-08", "SDB-19"},
    "kent-district": {f"K04-{number:02d}" for number in range(9, 17)},
}


@pytest.mark.parametrize("id", PREFIX)
def test_every_published_caveat_is_there_with_its_number(id: str) -> None:
    given = {number for exclusion in policies.load(id).exclusions for number in exclusion.source.promise}
    assert given == EXCLUSIONS.get(id, set())


FIGURES = {
    "dover": (2018, ["1 1 0 0", "3 3 0 0", "0 0 0 0", "6 6 0 0", "2 2 0 0"]),
    "medway": (
        2014,
        ["1 1 0 0", "3 3 0 0", "1 0 1 1", "0 0 0 0", "0 0 0 0", "2 2 0 0", "3 2 1 1", "3 1 2 2", "7 5 2 2"],
    ),
    "south-derbyshire": (2021, ["0 0 0 0", "1 0 1 1"]),
}


@pytest.mark.parametrize("id", FIGURES)
def test_every_published_year_is_kept_as_published(id: str) -> None:
    first, rows = FIGURES[id]
    figures = policies.load(id).figures
    assert [f"{f.applications} {f.not_met} {f.reviews} {f.recommendations}" for f in figures] == rows
    assert [f.period for f in figures] == [f"{first + n}-{(first + n + 1) % 100:02d}" for n in range(len(rows))]


def test_medway_s_nine_years_add_up() -> None:
    figures = policies.load("medway").figures
    assert sum(f.applications for f in figures) == 20
    assert sum(f.not_met or 0 for f in figures) == 14
    assert all(f.applications - (f.not_met or 0) == f.reviews for f in figures)


def test_folkestone_publishes_one_calendar_year_and_no_reviews() -> None:
    (year,) = policies.load("folkestone-and-hythe").figures
    assert (year.period, year.applications, year.not_met, year.reviews) == ("2022", 0, 0, None)


def test_south_derbyshire_counts_its_appeals() -> None:
    assert [year.appeals for year in policies.load("south-derbyshire").figures] == [0, 1]


CONTACTS = {
    "dover": ("csu@dover.gov.uk", "01304 872220", "CT16 3PJ"),
    "medway": ("community.safety@medway.example.org", "01634 333 333", "ME4 4TR"),
    "folkestone-and-hythe": (
        "community.safety@folkestone-hythe.example.org",
        "01303 853000",
        "Folkestone & Hythe District Council",
    ),
    "south-derbyshire": ("community.safety@southderbyshire.gov.uk", "01283 595798", "DE11 0AH"),
    "kent-district": (
        "community.safety@kent-district.example.org",
        "01632 960001",
        "Kent District Council (sample)",
    ),
}


@pytest.mark.parametrize("id", PREFIX)
def test_the_point_of_contact_is_the_page_s_own(id: str) -> None:
    contact = policies.load(id).contact
    assert contact
    assert (contact.email, contact.phone, contact.address[-1]) == CONTACTS[id]
    assert "Claire" not in contact.role


@pytest.mark.parametrize("id", PREFIX)
def test_an_address_that_the_page_does_not_give_is_an_example(id: str) -> None:
    file = Path(policies.__file__).parent / f"{id}.toml"
    for address in re.findall(r"[\w.+-]+@[\w.-]+\w", file.read_text(encoding="utf-8")):
        assert address.endswith("example.org") or address in page(id), address


@pytest.mark.parametrize("id", PREFIX)
def test_the_directory_has_the_bodies_of_section_105(id: str) -> None:
    policy = policies.load(id)
    assert {"council", "police", "icb", "landlord"} <= {body.id for body in policy.relevant_bodies}
    assert len(policy.agencies) >= (5 if id == "kent-district" else 4)


@pytest.mark.parametrize("id", PREFIX)
def test_redress_depends_on_the_body_and_on_how_the_home_is_held(id: str) -> None:
    redress = {entry.about: entry for entry in policies.load(id).redress}
    assert redress["the council"].ombudsman == "Local Government and Social Care Ombudsman"
    assert redress["the police"].ombudsman == "Independent Office for Police Conduct"
    housing = [entry for entry in redress.values() if entry.ombudsman == "Housing Ombudsman"]
    assert {tenure for entry in housing for tenure in entry.tenures} == {
        Tenure.COUNCIL_TENANT,
        Tenure.HOUSING_ASSOCIATION_TENANT,
    }
    assert not re.search(r"IPCC|Independent Police Complaints", repr(redress))


@pytest.mark.parametrize("id", PREFIX)
def test_the_wrong_double_negative_is_in_no_text_but_the_note_that_corrects_it(id: str) -> None:
    policy = policies.load(id)
    wrong = [source for source in sources(policy) if "are not obliged" in source.says]
    assert all(source in policy.notes and "one “not” too many" in source.choice for source in wrong)
    assert "are not obliged" not in policy.model_copy(update={"notes": ()}).model_dump_json()


@pytest.mark.parametrize("id", PREFIX)
def test_the_internal_steps_fit_inside_the_promised_response(id: str) -> None:
    policy = policies.load(id)
    days = {step.id.value: [clock.limit for clock in step.clocks] for step in policy.steps}
    gathered = days["threshold"][0] + days["information"][0]
    assert gathered < days["panel"][1]
    assert days["panel"][1] + days["plan"][0] <= days["response"][0] == 25
    if policy.verification is Verification.AGENCIES:
        assert days["verification"][0] < days["threshold"][0]


@pytest.mark.parametrize("id", PREFIX)
def test_every_promise_to_the_applicant_has_a_delay_letter_before_it_lapses(id: str) -> None:
    policy = policies.load(id)
    public = {step.id for step in policy.steps if step.public} | {
        StepId.APPEAL_HEARING,
        StepId.APPEAL_DECISION,
    }
    letters = [rung for rung in policy.chasing.ladder if rung.rung.value == "delay_letter"]
    assert public == {step for rung in letters for step in rung.steps}
    assert public <= set(policy.extensions.steps)
    moves = policy.extensions
    assert (moves.at_most, moves.times, moves.by_the_clock, moves.by_the_clock_times) == (20, 3, 5, 2)


@pytest.mark.parametrize("id", PREFIX)
def test_every_duty_that_is_not_the_applicants_is_told_to_somebody_over_whoever_owes_it(id: str) -> None:
    policy = policies.load(id)
    owed = {step.id for step in policy.steps if step.owner is not Owner.APPLICANT}
    told = {step for rung in policy.chasing.ladder if rung.rung.value == "escalation" for step in rung.steps}
    assert owed <= told
    assert policy.chasing.overdue == (1, 5, 10, 20, 40)
    assert policy.management is not None
    assert policy.management.deputy is not None


def test_a_file_that_does_not_say_how_often_has_two_moves_by_itself_and_is_chased_until_it_is_done(
    tmp_path: Path,
) -> None:
    text = (Path(policies.__file__).parent / "dover.toml").read_text(encoding="utf-8")
    silent = re.sub(r"(by_the_clock_times|overdue) = .*\n", "", text)
    (tmp_path / "silent.toml").write_text(silent, encoding="utf-8")
    loaded = policies.load(tmp_path / "silent.toml")
    assert (loaded.extensions.by_the_clock_times, loaded.chasing.overdue) == (2, (1, 5, 10, 20, 40))


def test_the_worked_dates_come_out_of_the_policies() -> None:
    kent, derbyshire = policies.load("kent-district"), policies.load("south-derbyshire")
    response, receipt = clock(kent, "response"), clock(derbyshire, "acknowledgement")
    panel = clock(kent, "panel")
    due = count(HOLIDAYS, date(2026, 12, 7), response.limit, response.unit).due  # Mon
    assert due == date(2027, 1, 14)  # Thu
    due = count(HOLIDAYS, date(2026, 4, 2), receipt.limit, receipt.unit).due  # Thu
    assert due == date(2026, 4, 13)  # Mon
    due = count(HOLIDAYS, date(2026, 9, 1), panel.limit, panel.unit).due  # Tue
    assert due == date(2026, 9, 15)  # Tue


@pytest.mark.parametrize("id", PREFIX)
def test_a_refusal_can_be_appealed_on_every_day_of_ten_years(id: str) -> None:
    policy = policies.load(id)
    for week in range(520):
        day = policy.effective_from + timedelta(weeks=week)
        for subject in (Subject.THRESHOLD, Subject.HANDLING):
            assert any(route.body_on(day) for route in policy.appeals_on(day, (subject,))), day


@pytest.mark.parametrize("id", PREFIX)
def test_every_file_says_where_it_comes_from(id: str) -> None:
    text = (Path(policies.__file__).parent / f"{id}.toml").read_text(encoding="utf-8")
    assert text.startswith("# ")
