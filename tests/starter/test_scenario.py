import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

import policies
from domain.calendar import LONDON
from domain.case import Stage
from domain.events import PanelHeld, acts
from domain.letters import CATALOGUE
from office.bank_holidays import snapshot
from starter import scenario
from starter.scenario import ScenarioRefused, load, read
from starter.timing import After, dated

SATURDAY = dt.datetime(2026, 11, 21, 15, tzinfo=dt.UTC)  # Sat
CALENDAR = snapshot(dt.date(2026, 11, 21))
INCIDENTS = [
    {
        "occurred": {"days_before": n},
        "reported": {"days_before": n},
        "reported_to": "police",
        "what": "Noise.",
    }
    for n in (60, 40, 20)
]


def content(**changes: Any) -> dict[str, Any]:
    application = {"applicant": {"name": "Jo Day", "email": "jo@example.org"}, "incidents": INCIDENTS}
    return {"title": "A case", "policy": "dover", "application": application, **changes}


def faults(**changes: Any) -> tuple[str, ...]:
    with pytest.raises(ScenarioRefused) as refused:
        read(content(**changes), "mine")
    return refused.value.faults


@pytest.mark.parametrize("name", scenario.ids())
def test_a_packaged_scenario_loads_whenever_it_is_read(name: str) -> None:
    loaded = load(name)
    for year in (2026, 2028, 2033):
        now = dt.datetime(year, 12, 29, 18, tzinfo=dt.UTC)
        received = loaded.received_at(now)
        form = loaded.form(received, loaded.calendar(received.date()))
        assert received > now
        assert all(incident.reported <= received.date() for incident in form.incidents)


@pytest.mark.parametrize("name", scenario.ids())
def test_a_packaged_scenario_says_where_it_ends_and_where_a_demo_leaves_it(name: str) -> None:
    loaded = load(name)
    assert loaded.name == name
    assert loaded.expect is not None
    assert loaded.expect.stage in list(Stage)
    assert {*loaded.expect.letters, *loaded.expect.no_letters} <= CATALOGUE.keys()
    stops = sum(step.demo_stops_here for step in loaded.steps)
    assert stops == (0 if name == "seven-months" else 1)


def test_every_packaged_address_is_an_example() -> None:
    for name in scenario.ids():
        form = load(name).application
        people = [form["applicant"], *([form["representative"]] if "representative" in form else [])]
        assert all(person["email"].endswith("@example.org") for person in people), name
        assert all(person.get("phone", "01632 ").startswith("01632 ") for person in people), name


def test_without_a_date_the_application_arrives_on_the_next_working_day_at_ten() -> None:
    received = read(content(), "mine").received_at(SATURDAY)
    assert received == dt.datetime(2026, 11, 23, 10, tzinfo=LONDON)  # Mon


def test_a_day_before_christmas_goes_on_after_the_bank_holidays() -> None:
    eve = dt.datetime(2026, 12, 24, 9, tzinfo=dt.UTC)  # Thu
    assert read(content(), "mine").received_at(eve).date() == dt.date(2026, 12, 29)  # Tue


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (dt.date(2026, 11, 21), dt.date(2026, 12, 7)),  # Sat, Mon
        (dt.date(2026, 12, 7), dt.date(2027, 12, 6)),  # Mon, Mon
        (dt.date(2027, 12, 31), dt.date(2028, 12, 4)),  # Fri, Mon
        (dt.date(2031, 1, 1), dt.date(2031, 12, 8)),  # Wed, Mon
    ],
)
def test_the_nearest_weekday_is_the_next_one_still_to_come(today: dt.date, day: dt.date) -> None:
    monday = read(content(received={"weekday": "monday", "near": "12-07"}), "mine")
    now = dt.datetime.combine(today, dt.time(12), LONDON)
    assert monday.received_at(now) == dt.datetime.combine(day, dt.time(10), LONDON)


def test_a_day_that_is_past_is_refused_with_what_to_write_instead() -> None:
    past = read(content(received="2026-11-02"), "mine")
    with pytest.raises(ScenarioRefused) as refused:
        past.received_at(SATURDAY)
    assert refused.value.faults == (
        "received: Monday 2 November 2026 is past and a case's clock only moves forward; give a day to come, "
        "{weekday, near}, or leave it out for the next working day",
    )


def test_an_instant_to_come_is_kept_and_an_earlier_hour_of_today_is_now() -> None:
    later = read(content(received="2026-11-24T16:45"), "mine").received_at(SATURDAY)
    assert later == dt.datetime(2026, 11, 24, 16, 45, tzinfo=LONDON)  # Tue
    assert read(content(received="2026-11-21"), "mine").received_at(SATURDAY) == SATURDAY


def test_closures_are_the_first_that_come_after_the_receipt() -> None:
    closed = read(content(closures=[{"first": "12-29", "last": "01-02", "name": "Shut"}]), "mine")
    calendar = closed.calendar(dt.date(2026, 12, 7))  # Mon
    assert [day.date for day in calendar.closures] == [
        dt.date(2026, 12, 29) + dt.timedelta(days=n)
        for n in range(5)  # Tue to Sat
    ]
    assert calendar.next_working_day(dt.date(2026, 12, 29)) == dt.date(2027, 1, 4)  # Tue, Mon
    assert read(content(), "mine").calendar(dt.date(2026, 12, 7)).closures == ()


@pytest.mark.parametrize(
    ("after", "due", "day"),
    [
        ({"working_days": 3}, None, dt.date(2026, 12, 30)),  # Wed
        ({"days": 1}, None, dt.date(2026, 12, 24)),  # Thu
        ({"days": 2}, None, dt.date(2026, 12, 29)),  # Christmas Day moves on to Tue
        ({"months": 3}, None, dt.date(2027, 3, 23)),  # Tue
        ({"on": dt.date(2027, 1, 2)}, None, dt.date(2027, 1, 4)),  # Sat, Mon
        ({"at_deadline": "response"}, dt.date(2027, 1, 14), dt.date(2027, 1, 14)),  # Thu
        (
            {"at_deadline": "response", "working_days_before": 4},
            dt.date(2027, 1, 14),
            dt.date(2027, 1, 8),
        ),  # Fri
        (
            {"at_deadline": "response", "working_days_after": 2},
            dt.date(2027, 1, 14),
            dt.date(2027, 1, 18),
        ),  # Mon
    ],
)
def test_a_step_comes_on_a_working_day(after: dict[str, Any], due: dt.date | None, day: dt.date) -> None:
    wednesday = dt.date(2026, 12, 23)
    assert After.model_validate(after).day(wednesday, CALENDAR, due) == day


def test_dates_inside_are_counted_from_the_day() -> None:
    day = dt.date(2026, 12, 23)  # Wed
    given = {
        "on": {"days": 0},
        "list": [{"days_before": 40}, {"working_days": 2}, {"months": 1}],
        "days": "kept",
    }
    assert dated(given, day, CALENDAR) == {
        "on": day,
        "list": [dt.date(2026, 11, 13), dt.date(2026, 12, 29), dt.date(2027, 1, 25)],  # Fri, Tue, Mon
        "days": "kept",
    }


def test_json_reads_as_toml_does(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(content(received="2027-01-04", steps=[{"act": "withdraw"}])))
    loaded = load(file)
    assert loaded.received == dt.date(2027, 1, 4)  # Mon
    assert loaded.steps[0].deeds[0].what(dt.date(2027, 1, 4), CALENDAR).act == "withdraw"


def test_a_policy_file_is_sought_beside_the_scenario(tmp_path: Path) -> None:
    dover = Path(policies.__file__).parent / "dover.toml"
    (tmp_path / "ours.toml").write_text(dover.read_text("utf-8").replace('id = "dover"', 'id = "ours"'))
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(content(policy="ours.toml")))
    assert load(file).load_policy().id == "ours"


def test_each_wrong_field_has_a_line_of_its_own() -> None:
    steps = [
        {"after": {"days": 1, "months": 1}},
        {"act": "decide-treshold"},
        {"with": {"met": True}},
        {"atc": "withdraw"},
        {"expect": {"stage": "nowhere"}},
    ]
    found = faults(steps=steps, received="soon", colour="red")
    assert len(found) == 7
    starts = (
        "received",
        "steps.1.after",
        "steps.2.act",
        "steps.3",
        "steps.4.atc",
        "steps.5.expect.stage",
        "colour",
    )
    for start in starts:
        assert any(line.replace(":", " ").startswith(f"{start} ") for line in found), (start, found)
    assert all(act in next(line for line in found if "decide-treshold" in line) for act in ("withdraw", "extend"))


def test_what_an_act_says_is_held_against_the_act() -> None:
    steps = [
        {"act": "decide-threshold", "with": {"decided": "Jo"}},
        {
            "also": [
                {"act": "withdraw"},
                {"act": "extend", "with": {"step": "x", "working_days": 0, "reason": "x"}},
            ]
        },
        {"then": [{"act": "record-panel-decision", "with": {"on": {"days": 0}}}]},
    ]
    found = faults(steps=steps)
    assert [line.replace(":", "").split()[0] for line in found] == [
        "steps.1.with.met",
        "steps.1.with.decided",
        "steps.2.also.2.with.working_days",
        "steps.3.then.1.with.findings",
    ]


def test_the_application_is_held_against_the_form() -> None:
    found = faults(application={"applicant": {"name": "", "email": "jo"}, "incidents": []})
    assert [line.replace(":", "").split()[0] for line in found] == [
        "application.applicant.name",
        "application.applicant.email",
        "application.incidents",
    ]


def test_an_unknown_policy_or_scenario_is_named_with_those_there_are() -> None:
    assert "kent-district" in faults(policy="atlantis")[0]
    with pytest.raises(ScenarioRefused) as refused:
        load("atlantis")
    assert "dover-happy" in refused.value.faults[0]


@pytest.mark.parametrize("text", ["title = ", "[1, 2]", "\x00", "{"])
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, text: str) -> None:
    for ending in ("toml", "json"):
        file = tmp_path / f"mine.{ending}"
        file.write_text(text)
        with pytest.raises(ScenarioRefused):
            load(file)
    with pytest.raises(ScenarioRefused, match="cannot be used"):
        load(tmp_path / "none.toml")


def test_a_table_of_a_body_s_own_is_not_taken_for_a_date() -> None:
    held = acts()["record-panel-decision"]
    assert held is PanelHeld
    assert dated({"days": True}, dt.date(2026, 12, 23), CALENDAR) == {"days": True}


def test_the_file_s_schema_can_be_given_to_an_editor() -> None:
    schema = scenario.Scenario.model_json_schema()
    assert "name" not in schema["properties"]
